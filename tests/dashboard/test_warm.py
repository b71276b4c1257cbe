"""What is done beforehand, so that no visitor waits for it."""

import asyncio
import gc
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from streamlit import config

from dashboard import queries, warm
from dashboard.queries import base
from dashboard.views.record import first_month
from dashboard.warm import prepare_round, warm_up
from monitor.store import repo
from monitor.store.engine import session_scope
from tests.dashboard.loops import awaited

SETTINGS = Path(__file__).parents[2] / "dashboard" / ".streamlit" / "config.toml"


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked meanwhile, but for the version of the data."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "signal_states.as_of" not in statement or "imports" not in statement:
            asked.append(statement)

    event.listen(base.engine(), "before_cursor_execute", note)
    yield asked
    event.remove(base.engine(), "before_cursor_execute", note)


def test_what_takes_seconds_is_there_after_a_round_of_calls(fill: Callable[[], None]) -> None:
    def ask() -> None:
        queries.remembered(first_month(queries.known_months()))
        for goal in queries.goals():
            queries.verdict(goal)

    fill()
    prepare_round()
    with statements() as asked:
        ask()
    assert [one for one in asked if "BEGIN" not in one] == []
    base.forget()
    with statements() as asked:
        ask()
    assert [one for one in asked if "BEGIN" not in one]


def test_a_verdict_that_a_round_found_needs_no_prices(fill: Callable[[], None]) -> None:
    fill()
    with statements() as asked:
        goals = [queries.verdict(goal) for goal in queries.goals()]
    assert any(not verdict.signals for verdict in goals)  # nothing to call is an answer, too
    assert any(verdict.signals for verdict in goals)
    assert [one for one in asked if "daily_prices" in one or "FROM offers" in one] == []
    with statements() as asked:
        base.all_series()
    assert [one for one in asked if "daily_prices" in one or "FROM offers" in one]


def test_what_was_loaded_is_set_aside_from_collections(fill: Callable[[], None]) -> None:
    fill()
    try:
        warm_up()
        assert gc.get_freeze_count() > 100_000
    finally:
        gc.unfreeze()


def test_no_page_ends_with_a_collection_of_the_whole_process() -> None:
    assert tomllib.loads(SETTINGS.read_text("utf-8"))["runner"]["postScriptGC"] is False
    assert config.get_option("runner.postScriptGC") in (True, False)  # Streamlit still knows it


def test_the_watch_over_rounds_goes_on_whatever_one_of_them_holds(
    fill: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill()
    tried: list[str] = []

    def fail() -> None:
        tried.append(queries.round_version())
        raise ZeroDivisionError

    monkeypatch.setattr(warm, "prepare_round", fail)
    monkeypatch.setattr(warm, "LOOKED_EVERY_SECONDS", 0.05)

    async def serve() -> None:
        async with warm.warmed(None):
            for _ in range(600):
                await asyncio.sleep(0.1)
                if len(tried) == 1:
                    with session_scope(base.engine()) as session:
                        newest = repo.latest_signals(session)[0]
                        repo.add_signals(session, [replace(newest, as_of=newest.as_of + timedelta(days=1))])
                if len(tried) > 1:
                    break
            await asyncio.sleep(0.5)

    try:
        awaited(serve())
    finally:
        gc.unfreeze()
    assert len(tried) == len(set(tried)) == 2  # each round once
    wait_for_the_end()


def wait_for_the_end() -> None:
    """No thread outlives the server by more than a look."""
    for thread in threading.enumerate():
        if thread.name == "warm-up":
            thread.join(10)
            assert not thread.is_alive()
