"""The record in the database: appended in one chain, read back whole."""

from datetime import UTC, datetime

from monitor.core.record import CALL, ENDING, first_break
from monitor.store.repo.record import add_to_record, record_entries

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def test_entries_come_back_in_one_whole_chain(session):
    assert add_to_record(session, CALL, [("a", '{"x":"ü"}'), ("b", "{}")], NOW) == 2
    assert add_to_record(session, ENDING, [("a", '{"call":1}')], NOW) == 1
    entries = record_entries(session)
    assert [(entry.number, entry.kind, entry.subject) for entry in entries] == [
        (1, CALL, "a"),
        (2, CALL, "b"),
        (3, ENDING, "a"),
    ]
    assert first_break(entries) is None
    assert [entry.subject for entry in record_entries(session, kind=ENDING)] == ["a"]


def test_an_edit_in_the_database_is_found(session):
    from monitor.store.tables import RecordRow

    add_to_record(session, CALL, [("a", "{}"), ("b", "{}"), ("c", "{}")], NOW)
    session.get(RecordRow, 2).body = '{"action":"buy_now"}'
    session.flush()
    assert first_break(record_entries(session)) == 2
