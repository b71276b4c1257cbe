"""A market that is too new for calls says on which day the first is due, and keeps the day."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from monitor.catalog import load_catalog
from monitor.core.decision import DecisionParams, decide, decide_latest
from monitor.core.models import Action, Series, SeriesKey

GPUS = load_catalog().gpus
EPOCH, START = date(1970, 1, 1), (date(2026, 11, 2) - date(1970, 1, 1)).days
PARAMS = DecisionParams()


def prices_of(cards: int, days: int) -> list[Series]:
    """So many cards of one shop, read on each of so many days, falling a little."""
    found = np.arange(START, START + days)
    return [
        Series(
            key=SeriesKey(gpu=gpu, condition="new", region="US", source="shop", currency="USD", stat="daily_min"),
            days=found,
            prices=1000.0 + 50 * number - 2.0 * np.arange(days),
            n_obs=np.full(days, 3.0),
        )
        for number, gpu in enumerate(sorted(GPUS)[:cards])
    ]


def asked(day: int) -> datetime:
    return datetime.combine(EPOCH + timedelta(days=day), datetime.max.time(), UTC)


@pytest.mark.parametrize(("cards", "due"), [(15, 7), (5, 14), (1, 21)])
def test_the_first_call_is_made_on_the_day_that_was_said(cards: int, due: int) -> None:
    said = f"a first call is due on {EPOCH + timedelta(days=START + due):%-d %B %Y}"
    for passed in range(due):
        for call in decide(prices_of(cards, passed + 1), GPUS, asked(START + passed), PARAMS):
            assert call.action is Action.NO_CALL
            assert call.would_change[0].endswith(said)
    made = decide(prices_of(cards, due + 1), GPUS, asked(START + due), PARAMS)
    assert len(made) == cards
    assert all(call.action is not Action.NO_CALL for call in made)


def test_a_market_that_ended_before_its_first_call_waits_for_none() -> None:
    (call,) = decide_latest(prices_of(1, 3), GPUS, asked(START + 200), PARAMS)
    assert (call.action, call.would_change) == (Action.NO_CALL, ("more and newer prices",))
