import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.models import Alert, AlertRule, Goal, Measurement, NewsEvent, Rejection
from monitor.errors import StoreError
from monitor.store import repo
from monitor.store.backup import back_up, back_up_to_folder, move, restore
from monitor.store.copying import TABLES, row_counts
from monitor.store.engine import make_engine, open_store, session_scope
from monitor.store.repo.record import add_to_record
from tests.conftest import NOW, make_offer
from tests.store.test_signals import SIGNAL

DAY = timedelta(days=1)


def fill(engine) -> None:
    """At least one row in every table, with the characters that break things."""
    with session_scope(engine) as session:
        repo.add_offers(session, [make_offer(title="Ä „x“ 显卡 🚀\0"), make_offer(price="1.00", quarantined=True)], NOW)
        repo.add_offers(session, [make_offer(price="1500.00", seen_at=NOW + DAY)], NOW + DAY)
        number = repo.begin_import(session, "a.csv", NOW)
        repo.add_observations(session, [make_offer(stat="min_offer", n_obs=3), make_offer(stat="list_price")], number)
        repo.add_rejections(session, [Rejection(source="s", reason="no_match", text="t", seen_at=NOW)], NOW)
        repo.add_signals(session, [SIGNAL, replace(SIGNAL, gpu="RTX 3090")])
        repo.add_alerts(session, [ALERT], ["mail", "hook"])
        repo.save_rule(session, AlertRule(slug="r", kind="flip", muted_until=NOW), NOW)
        repo.save_rule_states(session, [repo_state()])
        repo.save_goal(session, Goal(slug="g", title="G", workload="w"), NOW)
        repo.add_news(session, [news()], NOW)
        repo.add_measurements(session, [measurement()], NOW)
        repo.record_crawl(session, "s", NOW, offers=1, rejections=1, errors=0, seconds=1.5, fault="gone")
        repo.begin_run(session, "crawl", NOW)
        repo.correct_title(session, "Some card", None, NOW)
        repo.put_choice(session, "theme", {"a": [1, None, "ü"]}, NOW)
        repo.put_choice(session, "secret.key", "topsecret", NOW)
        repo.take_lease(session, "scheduler", "me", NOW, DAY)
        repo.add_scores(session, [score()])
        repo.roll_up(session, NOW + 2 * DAY)
        add_to_record(session, "call", [("RTX 4090", "body")], NOW)


ALERT = Alert(key="k", rule="r", subject="s", body="b", payload={"a": 1, "b": ["ü"]}, created_at=NOW)


def repo_state():
    from monitor.core.models import RuleState

    return RuleState(rule="r", subject="RTX 4090|new|US", value="", looks=("a", ""), fired=(NOW,), pending=("l",))


def news() -> NewsEvent:
    return NewsEvent(
        title="t", event="launch", gpus=("RTX 5090",), expected_date="2026-Q1", effect="wait", source="f",
        url="https://x.example", published_at=NOW, language="en", key="e",
    )  # fmt: skip


def measurement() -> Measurement:
    return Measurement(
        gpu=None, device_name="X", device_kind="gpu", op="gemm", precision="fp16", value=1.5, unit="TFLOP/s",
        rel_mad=0.01, n=9, measured_at=NOW, status="ok", conditions={"power": 300},
    )  # fmt: skip


def score():
    from decimal import Decimal

    from monitor.core.models import Condition, Money, Score

    return Score(
        gpu="RTX 4090", workload="w", condition=Condition.NEW, region="US",
        price=Money(amount=Decimal("1599.00"), currency="USD"), throughput=1.0, unit="u", per_dollar=0.1, low=0.05,
        high=0.2, n=3, as_of=NOW,
    )  # fmt: skip


def all_rows(engine) -> dict[str, list[tuple]]:
    """Every row of every table as Python values, without secrets."""
    with engine.connect() as connection:
        rows = {table.name: [tuple(row) for row in connection.execute(table.select())] for table in TABLES}
    rows["user_settings"] = [row for row in rows["user_settings"] if not row[0].startswith("secret.")]
    return {name: sorted(found, key=str) for name, found in rows.items()}


@pytest.fixture
def filled(engine):
    fill(engine)
    assert all(count for count in counts(engine).values()), counts(engine)
    return engine


def counts(engine) -> dict[str, int]:
    with engine.connect() as connection:
        return row_counts(connection)


def test_a_backup_restores_every_row(filled, tmp_path):
    before = all_rows(filled)
    back_up(filled, tmp_path / "b.db")
    with session_scope(filled) as session:
        repo.add_offers(session, [make_offer("RTX 3090")], NOW)
        repo.delete_goal(session, "g")
    assert all_rows(filled) != before
    restore(filled, tmp_path / "b.db")
    assert all_rows(filled) == before


def test_what_follows_a_restore_gets_numbers_of_its_own(filled, tmp_path):
    back_up(filled, tmp_path / "b.db")
    restore(filled, tmp_path / "b.db")
    with session_scope(filled) as session:
        assert repo.add_offers(session, [make_offer("RTX 3090")], NOW).new == 1
        assert repo.add_news(session, [replace(news(), url="https://y.example")], NOW).new == 1
        assert repo.add_measurements(session, [replace(measurement(), op="copy")], NOW).new == 1
        again = Rejection(source="s", reason="no_match", text="u", seen_at=NOW)
        assert repo.add_rejections(session, [again], NOW).new == 1
        assert repo.add_signals(session, [replace(SIGNAL, gpu="A100")])
        assert repo.begin_import(session, "b.csv", NOW)
        assert repo.begin_run(session, "score", NOW)


def test_a_backup_restores_into_the_other_kind_of_database(filled, empty_database_url, tmp_path):
    back_up(filled, tmp_path / "b.db")
    other = make_engine(empty_database_url.replace("limbo.db", "other.db"))
    restore(other, tmp_path / "b.db")
    assert all_rows(other) == all_rows(filled)
    other.dispose()


def test_a_backup_holds_no_secret(filled, tmp_path):
    back_up(filled, tmp_path / "b.db")
    assert b"topsecret" not in (tmp_path / "b.db").read_bytes()
    assert (tmp_path / "b.db").stat().st_mode & 0o077 == 0


def test_a_backup_is_one_moment_although_others_write(filled, tmp_path):
    with session_scope(filled) as session:
        repo.put_choice(session, "half", 1, NOW)
        session.flush()
        back_up(filled, tmp_path / "b.db")
    with sqlite3.connect(tmp_path / "b.db") as file:
        assert file.execute("SELECT count(*) FROM user_settings WHERE name = 'half'").fetchone() == (0,)


def test_only_the_newest_backups_stay(filled, tmp_path):
    made = [back_up_to_folder(filled, tmp_path, NOW + days * DAY, keep=2) for days in range(3)]
    assert sorted(tmp_path.glob("gpu-limbo-*.db")) == made[1:]


def test_backups_of_a_clock_years_ahead_push_out_no_new_one(filled, tmp_path):
    for day in range(3):
        back_up_to_folder(filled, tmp_path / "kept", NOW + (3000 + day) * DAY, keep=3)
    made = [back_up_to_folder(filled, tmp_path / "kept", NOW + day * DAY, keep=3) for day in range(3)]
    assert sorted((tmp_path / "kept").iterdir()) == made


def test_a_move_keeps_every_row(filled, empty_database_url):
    url = empty_database_url.replace("limbo.db", "other.db")
    move(filled, url)
    target = make_engine(url)
    assert all_rows(target) == all_rows(filled)
    assert counts(target) == counts(filled)
    with pytest.raises(StoreError, match="not empty"):
        move(filled, url)
    target.dispose()


@pytest.mark.parametrize("content", [None, b"", b"not a database at all, but long enough to be looked at" * 100])
def test_what_is_no_backup_changes_nothing(filled, tmp_path, content):
    if content is not None:
        (tmp_path / "b.db").write_bytes(content)
    before = all_rows(filled)
    with pytest.raises(StoreError, match="backup"):
        restore(filled, tmp_path / "b.db")
    assert all_rows(filled) == before


def test_a_damaged_sqlite_file_is_set_aside_by_a_restore(tmp_path):
    good = open_store(f"sqlite:///{tmp_path / 'good.db'}")
    fill(good)
    back_up(good, tmp_path / "b.db")
    (tmp_path / "bad.db").write_bytes(b"rubbish" * 1000)
    engine = make_engine(f"sqlite:///{tmp_path / 'bad.db'}")
    restore(engine, tmp_path / "b.db")
    assert all_rows(engine) == all_rows(good)
    assert (tmp_path / "bad.db.damaged-1").read_bytes().startswith(b"rubbish")


def test_a_backup_that_cannot_be_written_leaves_nothing(filled, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="name another place"):
        back_up(filled, tmp_path / "file" / "b.db")
    assert sorted(p.name for p in tmp_path.iterdir() if "part" in p.name) == []
