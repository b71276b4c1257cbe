"""How much wider or narrower than the formula the price intervals of a market must be, from its own past errors.

Split conformal prediction on the weekly table itself: what followed the weeks of the last year is held against what
was expected then, in units of the formula's 80 % reach. The errors of one calendar quarter are one experiment however
many cards there are, so each quarter weighs the same. Few quarters say little: the factor is shrunk to a prior that is
wider the further it looks (Vovk, Gammerman and Shafer, "Algorithmic Learning in a Random World", 2005).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.core.drift import WEEKS, Drift, Group
from monitor.core.forecast import Z80, market_path, path_sd
from monitor.core.panel import STALE_WEEKS, Panel

HORIZONS = (4, 13, 26)
PRIOR = {"used": (1.1, 1.35, 1.6)}  # factors of a market without a past: no list price holds a used card; others:
PRIOR_ELSE = (1.0, 1.0, 0.95)  # a list price does
PRIOR_QUARTERS = (1.0, 1.5, 2.0)  # their weight, in quarters of errors
LEAST, MOST = 0.6, 1.6
MISSED, FEW = 0.2, 0.8  # of the errors may lie outside; fewer by that share of it divided by the number of quarters
QUARTER_DAYS, LEAST_ERRORS = 91, 20

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Stretch:
    """Factors on the formula's reach, and on how many quarters of errors they rest; both [rows, horizons]."""

    factor: Floats
    quarters: Ints

    def at(self, rows: Ints, weeks: Ints) -> Floats:
        """The factor of these rows after so many weeks, [rows, weeks]: straight lines between the horizons."""
        found = np.array([np.interp(weeks, HORIZONS, self.factor[row]) for row in rows.tolist()])
        return found.reshape(len(rows), len(weeks))


def stretches(
    panel: Panel, found: Drift, markets: Sequence[Group], sources: Sequence[Group], ageing: Floats, move: Floats
) -> Stretch:
    """The factor of each row's source at each horizon."""
    rows, names = len(panel.keys), sorted(set(sources))
    of = np.array([names.index(source) for source in sources], np.int64)
    quiet = np.zeros(WEEKS)
    rates = np.array([found.path.get(market, quiet) for market in markets]).reshape(rows, WEEKS)
    factor, quarters = np.ones((rows, len(HORIZONS))), np.zeros((rows, len(HORIZONS)), np.int64)
    later = _carried(panel.logs[:, -WEEKS:])
    for at, weeks in enumerate(HORIZONS):
        row, quarter, error = _errors(panel, rates, later, ageing, move, weeks)
        for number in range(len(names)):
            mine = of[row] == number
            made, count = _factor(quarter[mine], error[mine], PRIOR.get(names[number][1], PRIOR_ELSE)[at], at)
            factor[of == number, at], quarters[of == number, at] = made, count
    return Stretch(factor=factor, quarters=quarters)


def _carried(logs: Floats) -> Floats:
    """The newest price of each week, at most nine weeks old."""
    carried, age = np.full(logs.shape, np.nan), np.full(len(logs), STALE_WEEKS + 1)
    newest = np.full(len(logs), np.nan)
    for week in range(logs.shape[1]):
        seen = np.isfinite(logs[:, week])
        newest, age = np.where(seen, logs[:, week], newest), np.where(seen, 0, age + 1)
        carried[:, week] = np.where(age <= STALE_WEEKS, newest, np.nan)
    return carried


def _errors(
    panel: Panel, rates: Floats, later: Floats, ageing: Floats, move: Floats, weeks: int
) -> tuple[Ints, Ints, Floats]:
    """Row, calendar quarter, and size in units of the formula's reach of each error of a forecast `weeks` ahead."""
    logs, origins = panel.logs[:, -WEEKS:], WEEKS - weeks
    change = later[:, weeks:] - logs[:, :origins]
    known: tuple[Ints, ...] = np.nonzero(np.isfinite(change))
    row, column = known
    rate, ahead = rates[row, column], np.array([weeks])
    reach = Z80 * path_sd(rate, move[row], ahead)[:, 0]
    error = np.abs(change[known] - market_path(rate, ageing[row], ahead)[:, 0]) / reach
    quarter = (panel.day - 7 * (WEEKS - 1 - column)) // QUARTER_DAYS
    return row, quarter, error


def _factor(quarter: Ints, error: Floats, prior: float, at: int) -> tuple[float, int]:
    """The factor with which 80 % of the errors would have been inside, each quarter weighing the same, shrunk."""
    if len(error) < LEAST_ERRORS:
        return prior, 0
    which = quarter - quarter.min()
    size = np.bincount(which)
    order = np.argsort(error)
    weight: Floats = np.cumsum(1 / size[which][order])
    count = int((size > 0).sum())
    held = 1 - MISSED * (1 - FEW / count)
    place = min(int((weight < held * float(weight[-1])).sum()), len(error) - 1)
    own = float(np.clip(error[order][place], LEAST, MOST))
    share = count / (count + PRIOR_QUARTERS[at])
    return float(np.exp(share * np.log(own) + (1 - share) * np.log(prior))), count
