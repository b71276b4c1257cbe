"""A replay is marked on every page, and the mailbox shows its letters as a mail program would."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.queries import base
from monitor.core.models import Alert
from monitor.store import repo
from monitor.store.engine import open_store, session_scope
from tests.dashboard.test_pages import PATHS, opened, words
from tests.dashboard.test_routes import get
from tests.filled import HOSTILE

THEN = datetime(2017, 12, 7, 12, tzinfo=UTC)
CHART = {"title": "GTX 1080 new", "currency": "EUR", "points": [[17000, 520.0], [17100, 534.0]], "msrp": None}


@pytest.fixture
def replayed(database: Path) -> Iterator[None]:
    """A database in the middle of a replay, with one letter that holds a hostile title."""
    engine = open_store(f"sqlite:///{database}")
    alert = Alert(
        key="k1", rule="calls", subject="GTX 1080: wait", body=HOSTILE, payload={"chart": CHART}, created_at=THEN
    )
    with session_scope(engine) as session:
        repo.put_replay_state(session, repo.Replay(now=THEN, act="the winter"))
        repo.add_alerts(session, [alert], ["mailbox", "mail:me@home.example"])
        [letter] = repo.claim_alerts(session, THEN + timedelta(minutes=1), channel="mailbox")
        repo.record_sent(session, letter, THEN)
    base.forget()
    yield
    engine.dispose()


@pytest.mark.parametrize("path", PATHS)
def test_a_replay_is_marked_on_every_page(path: str, replayed: None):
    app = opened(path)
    assert not app.exception
    assert "Replay of shipped history, not today: 7 December 2017" in words(app)


@pytest.mark.parametrize("path", PATHS)
def test_the_live_service_never_says_that_it_is_a_replay(path: str, database: Path):
    assert "replay of shipped history" not in words(opened(path)).lower()


MARKED = {
    "/feed.atom": "<title>Replay, not today: gpu-limbo",
    "/calendar.ics": "Replay\\, not today: GPU launches",
    "/badge.svg?gpu=rtx-4090": "Replay, not today: ",
    "/api/v1/prices?gpu=rtx-4090": '"replay":true',
    "/api/v1/evidence?gpu=rtx-4090": '"replay":true',
}


@pytest.mark.parametrize("address", MARKED)
def test_what_programs_read_of_a_replay_says_so(address: str, replayed: None):
    assert MARKED[address] in get(address).text


@pytest.mark.parametrize("address", [*MARKED, "/api/v1/signals"])
def test_what_programs_read_of_the_live_service_names_no_replay(address: str, database: Path):
    assert "replay" not in get(address).text.lower()


def test_every_call_of_a_replay_says_so(fill: Callable[[], None], database: Path):
    fill()
    engine = open_store(f"sqlite:///{database}")
    with session_scope(engine) as session:
        repo.put_replay_state(session, repo.Replay(now=THEN, act="the winter"))
    engine.dispose()
    calls = get("/api/v1/signals").json()
    assert calls
    assert all(call["replay"] is True for call in calls)


def test_the_mailbox_lists_its_letters_and_no_other_channels(replayed: None):
    app = opened("mailbox")
    assert app.selectbox[0].options == [
        "The newest: 7 December 2017: GTX 1080: wait",
        "7 December 2017: GTX 1080: wait",
    ]


@pytest.mark.parametrize(
    ("url", "shown"),
    [("https://shop.example/p/1", "https://shop.example/p/1"), ("javascript:alert(1)", None), (None, None)],
)
@pytest.mark.parametrize("page", ["mailbox", "data-health"])
def test_the_lists_of_messages_lead_to_the_offer(page: str, url: str | None, shown: str | None, database: Path):
    changes = [{"subject": "x", "line": "x"}, {"subject": "y", "line": "y", "offer_url": url}]
    payload = {"kind": "price_below", "changes": changes}
    alert = Alert(key="k1", rule="deal", subject=HOSTILE, body="x", payload=payload, created_at=THEN)
    engine = open_store(f"sqlite:///{database}")
    with session_scope(engine) as session:
        repo.add_alerts(session, [alert], ["mailbox"])
        [letter] = repo.claim_alerts(session, THEN + timedelta(minutes=1), channel="mailbox")
        repo.record_sent(session, letter, THEN)
    engine.dispose()
    base.forget()
    tables = [table.value for table in opened(page).dataframe]
    [links] = [list(table["Offer"]) for table in tables if "Offer" in table]
    assert links == [shown]


def test_a_letter_is_shown_as_its_mail_and_runs_nothing(replayed: None):
    answer = get("/letter?key=k1")
    assert answer.status_code == 200
    assert "data:image/png;base64," in answer.text
    assert "cid:" not in answer.text
    assert "<script" not in answer.text
    assert "mute" not in answer.text  # whoever may look may not therefore mute
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy


@pytest.mark.parametrize("key", ["", "unknown", "<script>alert(1)</script>", "x" * 5000])
def test_a_letter_that_is_not_there_is_404(key: str, replayed: None):
    answer = get(f"/letter?key={key}")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")


def test_a_letter_on_a_broken_database_is_503(database: Path):
    database.write_bytes(b"this is no database at all" * 100)
    assert get("/letter?key=k1").status_code == 503
