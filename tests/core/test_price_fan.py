"""The fan begins at the newest price, widens, nests, and knows nothing of later days."""

from collections.abc import Sequence

import numpy as np
import pytest

from monitor.catalog import load_catalog
from monitor.core.market import known_on
from monitor.core.models import Series
from monitor.core.outlook import outlook
from monitor.core.price_fan import Fan, price_fan
from tests.core.test_decision import START, market

DAY = START + 7 * 60


def fan(series: Sequence[Series], place: tuple[str, str, str, str], day: int = DAY, weeks: int = 26) -> Fan | None:
    return price_fan(outlook(known_on(series, day), load_catalog().gpus, day), place, weeks)


def place_of(series: Sequence[Series]) -> tuple[str, str, str, str]:
    key = next(one.key for one in series if one.key.gpu == "RTX 3080")
    return key.gpu, key.condition, key.region, key.currency


@pytest.mark.parametrize("rate", [-0.02, 0.0, 0.015])
def test_ranges_nest_and_widen_from_the_newest_price_on(rate: float) -> None:
    series = market(rate, weeks=60)
    found = fan(series, place_of(series))
    assert found is not None
    first, last = found.points[0], found.points[-1]
    assert first.low80 == first.middle == first.high80
    assert last.weeks == 26
    assert (last.on - first.on).days == 26 * 7
    for point in found.points[1:]:
        assert point.low80 < point.low50 < point.middle < point.high50 < point.high80
    widths = [np.log(point.high80 / point.low80) for point in found.points]
    assert widths == sorted(widths)


def test_a_falling_market_is_expected_to_fall_and_a_rising_one_to_rise() -> None:
    for rate, falls in ((-0.02, True), (0.02, False)):
        series = market(rate, weeks=60)
        found = fan(series, place_of(series))
        assert found is not None
        assert (found.at(13).middle < found.points[0].middle) == falls


def test_later_prices_do_not_change_the_fan_of_a_day() -> None:
    series = market(-0.02, weeks=90)
    then = [
        Series(key=one.key, days=one.days[one.days <= DAY], prices=one.prices[one.days <= DAY],
               n_obs=one.n_obs[one.days <= DAY])
        for one in series
    ]  # fmt: skip
    assert fan(series, place_of(series)) == fan(then, place_of(series))


def test_there_is_no_fan_where_nothing_fresh_is_known() -> None:
    series = market(-0.02, weeks=60)
    assert fan(series, place_of(series), day=DAY + 7 * 30) is None
    assert fan(series, ("RTX 3080", "new", "XX", "USD")) is None
