"""The page behind the mute link of a message."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from dashboard import actions
from dashboard.mute import ROUTES
from monitor.clock import utc_now
from monitor.core.models import Alert
from monitor.jobs.links import links_of
from monitor.notify.rendering import message_of
from monitor.store import repo
from monitor.store.engine import open_store, session_scope
from tests.dashboard.loops import awaited


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made = open_store(f"sqlite:///{tmp_path / 'limbo.db'}")
    monkeypatch.setattr(actions, "engine", lambda: made)
    yield made
    made.dispose()


def ask(method: str, address: str, **given: object) -> httpx.Response:
    """One request to the routes, without a server."""

    async def one() -> httpx.Response:
        transport = httpx.ASGITransport(app=Starlette(routes=ROUTES))
        async with httpx.AsyncClient(transport=transport, base_url="https://limbo.example") as client:
            return await client.request(method, address, **given)  # type: ignore[arg-type]

    return awaited(one())


def link(engine, rule: str = "calls", age: timedelta = timedelta(0)) -> str:
    """The mute link of a message of this rule, without the host."""
    now = utc_now() - age
    alert = Alert(key="k", rule=rule, subject="s", body="b", payload={}, created_at=now)
    with session_scope(engine) as session:
        links = links_of(session, "https://limbo.example", now)
    return message_of(alert, links).mute_url.removeprefix("https://limbo.example")


def muted(engine) -> set[str]:
    with session_scope(engine) as session:
        return {rule.slug for rule in repo.rules_in_force(session) if rule.muted_until is not None}


def test_a_mail_program_that_only_looks_at_the_link_mutes_nothing(engine):
    answer = ask("GET", link(engine))
    assert answer.status_code == 200
    assert "Silence" in answer.text
    assert muted(engine) == set()


def test_the_button_mutes_the_rule_and_keeps_the_others(engine):
    address = link(engine)
    assert ask("POST", address).status_code == 200
    assert muted(engine) == {"calls"}
    with session_scope(engine) as session:
        assert {rule.slug for rule in repo.rules_in_force(session)} == {"calls", "sources"}


def test_the_unsubscribe_button_of_a_mail_program_does_the_same(engine):
    answer = ask("POST", link(engine), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert muted(engine) == {"calls"}


@pytest.mark.parametrize("change", ["forged", "old", "unknown", "none"])
def test_any_other_link_is_refused(engine, change: str):
    good = link(engine)
    bad = {
        "forged": good[:-6] + "AAAAAA",
        "old": link(engine, age=timedelta(days=31)),
        "unknown": link(engine, rule="gone"),
        "none": "/mute",
    }[change]
    assert ask("POST", bad).status_code == 403
    assert muted(engine) == set()


def test_the_page_shows_nothing_of_the_address_as_markup(engine):
    answer = ask("GET", "/mute", params={"token": '"><script>alert(1)</script>'})
    assert "<script>" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
