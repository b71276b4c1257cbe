"""Price path of a card: expected log price and an 80 % interval for each of the coming weeks.

    E[l(t+h) - l(t)] = mu h + (m - mu) (1 - phi^h) / (1 - phi) - e (1 - 2^(-h/5)) - 0.3 q (1 - 2^(-h/26))

m is the market's weekly drift, mu the ageing it returns to, e the card's own deviation, q its premium over peers. The
spread grows with the source's own weekly movement v, and with the drift itself, which may turn:

    sd(h)^2 = k(h)^2 v^2 h + (m (1 - phi^h) / (1 - phi) / 2)^2,   k(h) = 0.9 + 0.02 h

k was set so that 80 % intervals hold in quiet and in moving markets alike; conformal.py widens or narrows them by
what a market's own forecasts of the last year came to, and benchmarks/coverage.py prints how well they hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.core.drift import LONGEST_GAP_WEEKS, WEEKS, Group
from monitor.core.panel import Panel
from monitor.core.progress import FIELD_WEEKLY_GAIN

PHI = 0.91  # of the market's drift, per week: half of it is left after seven
# What the field gains in throughput per dollar is the prior for what waiting brings: the share of it by which prices of
# cards that exist fall in quiet times. Makers keep list prices of new cards, used ones follow the newer generation.
PASSED_ON = {"used": 0.9, "rental": 0.3}  # others:
PASSED_ON_NEW = 0.15
OWN_HALF_LIFE_WEEKS, PREMIUM_HALF_LIFE_WEEKS, PREMIUM_SHARE = 5.0, 26.0, 0.3
Z80 = 1.2816
USUAL_MOVE, USUAL_MOVE_PAIRS, MOST_MOVE, APART_WEEKS = 0.02, 15.0, 0.3, 4

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class PricePath:
    """Log price relative to now, [rows, horizons]: the middle, and the ends of the 80 % interval."""

    weeks: NDArray[np.int64]
    middle: Floats
    low: Floats
    high: Floats


def market_path(rate: Floats, ageing: Floats, weeks: NDArray[np.int64]) -> Floats:
    """Expected log change of the market after so many weeks, [rows, horizons]: the drift fades to the ageing."""
    faded = (1 - PHI**weeks) / (1 - PHI)
    return ageing[:, None] * weeks + (rate - ageing)[:, None] * faded


def price_path(
    rate: Floats,
    ageing: Floats,
    own: Floats,
    premium: Floats,
    move: Floats,
    weeks: NDArray[np.int64],
    stretch: Floats | float = 1.0,
) -> PricePath:
    """The price path of each card; `own` and `premium` as in deviation.py, `move` as in `weekly_move`, `stretch` of the
    interval [rows, horizons] as in conformal.py."""
    middle = market_path(rate, ageing, weeks)
    middle = middle - own[:, None] * (1 - 0.5 ** (weeks / OWN_HALF_LIFE_WEEKS))
    middle = middle - PREMIUM_SHARE * premium[:, None] * (1 - 0.5 ** (weeks / PREMIUM_HALF_LIFE_WEEKS))
    reach = Z80 * path_sd(rate, move, weeks) * stretch
    return PricePath(weeks=weeks, middle=middle, low=middle - reach, high=middle + reach)


def path_sd(rate: Floats, move: Floats, weeks: NDArray[np.int64]) -> Floats:
    """Sd of the log price after so many weeks, [rows, horizons]."""
    faded = (1 - PHI**weeks) / (1 - PHI)
    own = (0.9 + 0.02 * weeks) * np.sqrt(weeks) * move[:, None]
    return np.sqrt(own**2 + (0.5 * rate[:, None] * faded) ** 2)


def ageing_of(conditions: Sequence[str]) -> Floats:
    """The rate that drift returns to, log per week, by condition: its share of the field's progress."""
    return np.array([-FIELD_WEEKLY_GAIN * PASSED_ON.get(condition, PASSED_ON_NEW) for condition in conditions])


def weekly_move(panel: Panel, sources: Sequence[Group]) -> Floats:
    """Usual size of a week's lasting price change in each row's source: root mean square over a year, shrunk to 2 %.

    Prices at least four weeks apart are compared, so that noise which comes back counts little.
    """
    logs = panel.logs[:, -WEEKS:]
    names = sorted(set(sources))
    of = np.array([names.index(source) for source in sources], np.int64)
    total, count = np.zeros(len(names)), np.zeros(len(names))
    before, age = np.full(len(logs), np.nan), np.zeros(len(logs))
    for week in range(APART_WEEKS, WEEKS):
        earlier, now = logs[:, week - APART_WEEKS], logs[:, week]
        age = np.where(np.isfinite(earlier), APART_WEEKS, age + 1)
        before = np.where(np.isfinite(earlier), earlier, before)
        good = np.isfinite(now) & np.isfinite(before) & (age <= LONGEST_GAP_WEEKS)
        square = np.minimum(np.abs(now - before), MOST_MOVE)[good] ** 2 / age[good]
        total += np.bincount(of[good], square, len(names))
        count += np.bincount(of[good], minlength=len(names))
    return np.sqrt((total + USUAL_MOVE_PAIRS * USUAL_MOVE**2) / (count + USUAL_MOVE_PAIRS))[of]
