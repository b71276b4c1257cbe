"""The track record of an installation comes from its own prices, is kept, and is made anew when it is old."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from monitor.catalog import load_catalog
from monitor.core.models import Condition, Offer
from monitor.jobs.backtest import KEPT, backtest_is_due, run_backtest
from monitor.store import repo
from monitor.store.engine import session_scope
from tests.conftest import NOW, make_offer


def falling(weeks: int = 90) -> Iterator[Offer]:
    """Three used cards that lose 1 % a week."""
    for week in range(weeks):
        for name, usd in (("RTX 3080", 700.0), ("RTX 3070", 500.0), ("RTX 3060", 330.0)):
            seen = NOW - timedelta(weeks=weeks - week)
            price = f"{usd * 0.99**week:.2f}"
            yield make_offer(
                name, price, seen_at=seen, stat="monthly_mean_sold", n_obs=9, condition=Condition.USED, source="s"
            )


@pytest.fixture
def filled(engine: Engine) -> Engine:
    with session_scope(engine) as session:
        repo.add_observations(session, list(falling()))
    return engine


def kept(engine: Engine) -> dict[str, object]:
    with session_scope(engine) as session:
        return dict(repo.choice(session, KEPT))


def test_a_plain_fall_is_captured_and_the_rules_stand_beside(filled: Engine):
    heard: list[tuple[int, int]] = []
    found = run_backtest(filled, load_catalog(), NOW, on_week=lambda done, total: heard.append((done, total)))
    assert found is not None
    assert found.series == 3
    assert heard[-1] == (found.weeks, found.weeks)
    result = kept(filled)
    rules = result["rules"]
    assert isinstance(rules, dict)
    assert {"limbo", "buy_now", "wait", "over_msrp", "two_thresholds", "own_trend"} <= set(rules)
    saved = {name: -rule["sources"]["ALL"]["loss"] for name, rule in rules.items()}
    assert saved["limbo"] > 3.0
    assert saved["buy_now"] == 0.0
    assert result["prices"] == 3 * 90


def test_it_is_due_when_a_week_has_passed_and_prices_have_come(filled: Engine):
    def due(now: datetime) -> bool:
        with session_scope(filled) as session:
            return backtest_is_due(session, now)

    assert due(NOW)
    run_backtest(filled, load_catalog(), NOW)
    assert not due(NOW + timedelta(days=8))  # nothing is new
    with session_scope(filled) as session:
        repo.add_observations(session, [make_offer("RTX 3080", "300", seen_at=NOW, stat="monthly_mean_sold", n_obs=9)])
    assert not due(NOW + timedelta(days=1))
    assert due(NOW + timedelta(days=8))


def test_one_that_is_stopped_keeps_nothing_and_an_empty_store_has_an_empty_record(engine: Engine):
    with session_scope(engine) as session:
        repo.add_observations(session, list(falling()))
    assert run_backtest(engine, load_catalog(), NOW, stopped=lambda: True) is None
    with session_scope(engine) as session:
        assert repo.choice(session, KEPT) is None


def test_an_empty_store_has_an_empty_record(engine: Engine):
    found = run_backtest(engine, load_catalog(), NOW)
    assert found is not None
    assert found.series == 0
    assert kept(engine)["sources"] == {}
