"""A call whose time is up is held against what the price did."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from monitor.core.models import Action, Condition, Money, Series, SeriesKey, Signal
from monitor.core.settled import EPOCH, HORIZON, settled_calls

CALLED = datetime(2026, 4, 1, 12, tzinfo=UTC)
DAY = (CALLED.date() - EPOCH).days


def call(action: Action = Action.WAIT, **changes: object) -> Signal:
    values: dict[str, object] = {
        "gpu": "RTX 4090", "condition": Condition.NEW, "region": "US", "action": action, "window_low_weeks": None,
        "window_high_weeks": None, "expected_saving": 0.1, "saving_low": 0.0, "saving_high": 0.2, "confidence": 0.6,
        "price": Money(amount=Decimal(1600), currency="USD"), "as_of": CALLED, "data_on": CALLED.date(),
    }  # fmt: skip
    return Signal(**(values | changes))  # type: ignore[arg-type]


def series(*points: tuple[int, float], source: str = "shop", currency: str = "USD") -> Series:
    """Points by days after the call."""
    key = SeriesKey(source=source, gpu="RTX 4090", condition="new", stat="min_offer", region="US", currency=currency)
    days = np.array([DAY + day for day, _ in points], np.int32)
    return Series(key=key, days=days, prices=np.array([p for _, p in points]), n_obs=np.full(len(days), np.nan))


FALLING = series((-7, 900.0), (0, 1000.0), (7, 1590.0), (50, 1500.0), (120, 1440.0), (180, 1450.0), (190, 100.0))


def test_the_lowest_price_of_the_horizon_is_told():
    [(key, text)] = settled_calls([call()], [FALLING], CALLED + HORIZON).items()
    assert key == "RTX 4090|new|US|2026-04-01"
    assert text == (
        "RTX 4090 new in US: wait of 2026-04-01 at 1600.00 USD: the lowest price of the 26 weeks after it was "
        "1440.00 USD on 2026-07-30 (-10.0%)"
    )


@pytest.mark.parametrize(
    ("late", "told"),
    [(timedelta(seconds=-1), 0), (timedelta(0), 1), (timedelta(days=13), 1), (timedelta(days=14), 0)],
)
def test_it_is_told_when_the_time_is_up_and_not_long_after(late: timedelta, told: int):
    assert len(settled_calls([call()], [FALLING], CALLED + HORIZON + late)) == told


def test_what_cannot_be_judged_is_left_out():
    now = CALLED + HORIZON
    assert settled_calls([call(Action.NO_CALL)], [FALLING], now) == {}
    assert settled_calls([call(price=None)], [FALLING], now) == {}
    assert settled_calls([call()], [series((7, 1.0), (8, 1.0), (9, 1.0))], now) == {}
    assert settled_calls([call(region="DE")], [FALLING], now) == {}
    assert settled_calls([call()], [series((1, 1.0), (2, 1.0), (3, 1.0), (4, 1.0), currency="EUR")], now) == {}


def test_the_fuller_series_is_asked():
    full = series(*((day, 1550.0) for day in range(1, 100)), source="other")
    assert "1550.00 USD" in next(iter(settled_calls([call()], [FALLING, full], CALLED + HORIZON).values()))
