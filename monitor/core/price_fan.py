"""The coming prices of one card in one market, from the same outlook that its call rests on, as a fan to draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from monitor.core.forecast import Z80, price_path
from monitor.core.models import SeriesKey
from monitor.core.outlook import Outlook

EPOCH = date(1970, 1, 1)
Z50 = 0.6745


@dataclass(frozen=True, kw_only=True)
class FanPoint:
    """The price expected on one day, and the ranges that hold it with 50 and 80 %, in the series' currency."""

    on: date
    weeks: int
    middle: float
    low50: float
    high50: float
    low80: float
    high80: float


@dataclass(frozen=True, kw_only=True)
class Fan:
    """A fan from one price on: of which series, made on which day, and its points, the first of them that price."""

    series: SeriesKey
    made_on: date
    points: tuple[FanPoint, ...]

    def at(self, weeks: int) -> FanPoint:
        """The point nearest to so many weeks."""
        return min(self.points, key=lambda point: abs(point.weeks - weeks))


def price_fan(view: Outlook, market: tuple[str, str, str, str], weeks: int) -> Fan | None:
    """The fan of a market (GPU, condition, region, currency): of its series in the middle, as its call is; spot prices
    have no say beside list prices. `None` where nothing fresh is known."""
    rows = [row for row, key in enumerate(view.panel.keys) if view.known[row] and _market(key) == market]
    rows = [row for row in rows if "spot" not in view.panel.keys[row].stat] or rows
    if not rows:
        return None
    steps, chosen = np.arange(weeks + 1), np.array(rows, np.int64)
    path = price_path(
        view.rate[chosen],
        view.ageing[chosen],
        view.own[chosen],
        view.premium[chosen],
        view.move[chosen],
        steps,
        view.stretch.at(chosen, steps),
    )
    ordered = sorted(range(len(rows)), key=lambda at: (path.middle[at, -1], view.panel.keys[rows[at]]))
    at = ordered[(len(ordered) - 1) // 2]
    level = float(view.panel.level[rows[at]])
    sds = (path.high[at] - path.middle[at]) / Z80
    made_on = EPOCH + timedelta(days=view.panel.day)
    points = tuple(_point(made_on, int(week), level + float(path.middle[at, week]), float(sds[week])) for week in steps)
    return Fan(series=view.panel.keys[rows[at]], made_on=made_on, points=points)


def last_day_of(keys_and_days: Sequence[tuple[SeriesKey, int]], market: tuple[str, str, str, str]) -> int | None:
    """The last day (since 1970) with a price in a market; `None` where there is none."""
    return max((day for key, day in keys_and_days if _market(key) == market), default=None)


def _market(key: SeriesKey) -> tuple[str, str, str, str]:
    return key.gpu, key.condition, key.region, key.currency


def _point(made_on: date, week: int, log_price: float, sd: float) -> FanPoint:
    def price(z: float) -> float:
        return float(np.exp(log_price + z * sd))

    return FanPoint(
        on=made_on + timedelta(weeks=week),
        weeks=week,
        middle=price(0.0),
        low50=price(-Z50),
        high50=price(Z50),
        low80=price(-Z80),
        high80=price(Z80),
    )
