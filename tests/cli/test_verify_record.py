"""What `backtest --verify-record` finds when somebody edits the database, on both kinds of it."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from monitor.cli import run
from monitor.core.record import CALL, ENDING
from monitor.store.engine import open_store, session_scope
from monitor.store.repo.record import add_to_record
from tests.conftest import NOW

CALLED = '{"action":"wait","currency":"USD","price":"1600.0000"}'
ENDED = '{"call":1,"currency":"USD","followed":-120.0,"hit":"hit","waited":60.0,"weeks":9}'


@pytest.fixture
def engine(database_url, tmp_path, monkeypatch):
    """A store with two calls and the ending of the first."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("GPU_LIMBO_HOME", str(tmp_path / "home"))
    made = open_store(database_url)
    with session_scope(made) as session:
        add_to_record(session, CALL, [("RTX 4090|new|US|", CALLED), ("RTX 4080|new|US|", CALLED)], NOW)
        add_to_record(session, ENDING, [("RTX 4090|new|US|", ENDED)], NOW + timedelta(weeks=26))
    yield made
    made.dispose()


def verified(capsys, *options):
    code = run(["backtest", "--verify-record", "--json", *options])
    return code, json.loads(capsys.readouterr().out)


def test_a_whole_record_says_so_and_gives_a_digest_to_note(engine, capsys):
    code, state = verified(capsys)
    assert (code, state["entries"], state["first_broken"], state["missing_at_the_end"]) == (0, 3, None, 0)
    assert (state["calls"], state["settled"], state["hits"], state["misses"]) == (2, 1, 1, 0)
    assert (state["cost_of_following"], state["cost_of_waiting_always"]) == ({"USD": -120.0}, {"USD": 60.0})
    assert run(["backtest", "--verify-record"]) == 0
    assert state["newest_digest"] in capsys.readouterr().out


EDITS = {
    "a miss into a hit": ("UPDATE record SET body = replace(body, '60.0', '160.0') WHERE number = 3", 3),
    "another call": ("UPDATE record SET body = replace(body, 'wait', 'buy_now') WHERE number = 1", 1),
    "another day": ("UPDATE record SET made_at = (SELECT made_at FROM record WHERE number = 3) WHERE number = 1", 1),
    "another card": ("UPDATE record SET subject = 'RTX 3060|new|US|' WHERE number = 2", 2),
    "a call taken out": ("DELETE FROM record WHERE number = 2", 3),
    "the first taken out": ("DELETE FROM record WHERE number = 1", 2),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_by_sql_is_found(engine, name, capsys):
    statement, number = EDITS[name]
    with engine.begin() as connection:
        connection.execute(text(statement))
    code, state = verified(capsys)
    assert (code, state["first_broken"]) == (1, number)
    assert run(["backtest", "--verify-record"]) == 1
    assert f"entry {number} does not follow" in capsys.readouterr().out


def test_a_cut_end_is_found(engine, capsys):
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM record WHERE number >= 2"))
    code, state = verified(capsys)
    assert (code, state["first_broken"], state["missing_at_the_end"]) == (1, None, 2)
    assert run(["backtest", "--verify-record"]) == 1
    assert "its last 2 entries are gone" in capsys.readouterr().out


def test_a_record_written_anew_is_found_by_a_digest_that_was_noted(engine, capsys):
    _, before = verified(capsys)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM record"))
    with session_scope(engine) as session:
        better = CALLED.replace("wait", "buy_now")
        add_to_record(session, CALL, [("RTX 4090|new|US|", better), ("a", "{}"), ("b", "{}")], NOW)
    assert verified(capsys)[0] == 0  # the chain alone cannot see it
    code, state = verified(capsys, "--noted", before["newest_digest"])
    assert (code, state["noted_digest_found"]) == (1, False)
    _, now = verified(capsys)
    assert verified(capsys, "--noted", now["newest_digest"])[0] == 0
