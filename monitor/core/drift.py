"""How fast each market's prices move: a weekly rate with its uncertainty, partially pooled over markets.

Every two neighbouring prices of a series at weeks a < b say something about the sum of the rates between them, and
nothing about any single week: no price is carried forward, so two monthly points never claim three quiet weeks. Per
source only the median over its series counts, so that a source with eighty models does not outvote one with eight:

    median d(a, b) = sum of r(w), w = a+1..b, + noise,   r(w) = common g(w) + the market's own u(w)

g and u are stationary first-order autoregressions. The posterior mean is a ridge solution over 52 weeks, reweighted
three times against outliers (Huber, "Robust estimation of a location parameter", 1964).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median

import numpy as np
from numpy.typing import NDArray

from monitor.core.panel import Panel

WEEKS = 52
PERSISTENCE = 0.97  # of the weekly rate; half of it is left after 23 weeks
COMMON_STEP, OWN_STEP = 0.004, 0.006  # sd of a week's change of the common and the own rate
PAIR_SD, SERIES_SD, PRIOR_PAIRS, MOST_JUMP = 0.01, 0.05, 20.0, 0.15
LONGEST_GAP_WEEKS = 14
IMPOSSIBLE_JUMP = 0.4  # log: up by half or down by a third between two prices is a mistake or another article
HUBER, FORGOTTEN = 2.0, 6.0  # sd from which a change weighs less, and from which it soon weighs nothing
REWEIGHTED = 3  # times: once leaves the first fit, which outliers have drawn to themselves, half in the result

Floats = NDArray[np.float64]
Group = tuple[str, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Drift:
    """Rates of each market (log per week): `path` [markets, 52 weeks], the last column now; `sd` of the last one."""

    path: dict[Group, Floats]
    sd: dict[Group, float]
    pairs: dict[Group, int]  # how many price changes it rests on


@dataclass(frozen=True, kw_only=True, eq=False)
class _Pairs:
    """Median changes of one source between two weeks (columns of the last 52), with the number of series behind."""

    source: NDArray[np.int64]
    market: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    change: Floats
    series: Floats
    spread: Floats  # mean squared distance from the median


def market_drift(panel: Panel, markets: Sequence[Group], sources: Sequence[Group]) -> Drift:
    """The drift of each market; `markets` and `sources` name those of the panel's rows."""
    names, source_names = sorted(set(markets)), sorted(set(sources))
    pairs = _pairs(panel, [names.index(m) for m in markets], [source_names.index(s) for s in sources])
    if not len(pairs.change):
        return Drift(path={}, sd={}, pairs={})
    present = np.array(sorted(set(pairs.market.tolist())), np.int64)
    position = np.searchsorted(present, pairs.market)
    variance = PAIR_SD**2 + 1.5 * _series_variance(pairs, len(source_names))[pairs.source] / pairs.series
    rates, sds = _solve(pairs, position, len(present), variance)
    found = [names[int(number)] for number in present]
    counts = np.bincount(position, pairs.series, len(present))
    return Drift(
        path={name: rates[at] for at, name in enumerate(found)},
        sd={name: float(sds[at]) for at, name in enumerate(found)},
        pairs={name: int(counts[at]) for at, name in enumerate(found)},
    )


def _pairs(panel: Panel, markets: list[int], sources: list[int]) -> _Pairs:
    logs = panel.logs[:, -WEEKS - 1 :]
    grouped: dict[tuple[int, int, int, int], list[float]] = defaultdict(list)
    known: tuple[NDArray[np.int64], ...] = np.nonzero(np.isfinite(logs))
    rows, columns = known
    step: Floats = np.diff(logs[known])
    near = (rows[1:] == rows[:-1]) & (np.diff(columns) <= LONGEST_GAP_WEEKS) & (np.abs(step) < IMPOSSIBLE_JUMP)
    change = step[near]
    which = zip(rows[1:][near].tolist(), columns[:-1][near].tolist(), columns[1:][near].tolist(), strict=True)
    for (row, start, end), moved in zip(which, change.tolist(), strict=True):
        grouped[sources[row], markets[row], start, end].append(moved)
    ends = logs.shape[1] - WEEKS  # column of `logs` that is week 0 of the window
    table = np.array(
        [(s, m, a + 1 - ends, b - ends, *_middle(changes)) for (s, m, a, b), changes in sorted(grouped.items())]
    ).reshape(-1, 7)
    source, market, start, end = (table[:, at].astype(np.int64) for at in range(4))
    return _Pairs(
        source=source,
        market=market,
        start=start,
        end=end,
        change=table[:, 4],
        series=table[:, 5],
        spread=table[:, 6],
    )


def _middle(changes: list[float]) -> tuple[float, int, float]:
    """Median, number, and mean square around the median (around zero for one or two, whose median says nothing)."""
    count, middle = len(changes), float(median(changes))
    around = middle if count > 2 else 0.0
    return middle, count, sum((change - around) ** 2 for change in changes) / max(count - (count > 2), 1)


def _series_variance(pairs: _Pairs, sources: int) -> Floats:
    """Variance of a single series' change beside its market, per source, shrunk to a prior."""
    freedom = np.maximum(pairs.series - (pairs.series > 2), 0)
    total = np.bincount(pairs.source, np.minimum(pairs.spread, MOST_JUMP**2) * freedom, sources)
    return (total + PRIOR_PAIRS * 2 * SERIES_SD**2) / (np.bincount(pairs.source, freedom, sources) + PRIOR_PAIRS)


def _solve(pairs: _Pairs, position: NDArray[np.int64], markets: int, variance: Floats) -> tuple[Floats, Floats]:
    """Rates [markets, weeks] and the sd of the newest one, of the sum of common and own rate."""
    week = np.arange(WEEKS)
    inside = ((week >= pairs.start[:, None]) & (week <= pairs.end[:, None])).astype(float)
    rates, sds = _posterior(inside, pairs.change, 1 / variance, position, markets)
    for _ in range(REWEIGHTED):
        distance = np.abs(pairs.change - (inside * rates[position]).sum(axis=1)) / np.sqrt(variance)
        far = np.maximum(distance, 1e-9)
        weight = np.minimum(1, HUBER / far) * np.minimum(1, FORGOTTEN / far) / variance
        rates, sds = _posterior(inside, pairs.change, weight, position, markets)
    return rates, sds


def _posterior(
    inside: Floats, change: Floats, weight: Floats, position: NDArray[np.int64], markets: int
) -> tuple[Floats, Floats]:
    """Posterior of common + own rates. Given the common rate the markets are independent: one 52 x 52 system each."""
    told, right = np.zeros((markets, WEEKS, WEEKS)), np.zeros((markets, WEEKS))
    for at in range(markets):
        mine = position == at
        weighted = inside[mine] * weight[mine, None]
        told[at], right[at] = weighted.T @ inside[mine], weighted.T @ change[mine]
    own = np.asarray(np.linalg.inv(_autoregression(OWN_STEP) + told), np.float64)
    taken: Floats = np.eye(WEEKS) - told @ own  # what a market's own rate leaves to the common one
    common = np.asarray(np.linalg.inv(_autoregression(COMMON_STEP) + (taken @ told).sum(axis=0)), np.float64)
    shared: Floats = common @ (taken @ right[:, :, None]).sum(axis=0)[:, 0]
    rates: Floats = shared + (own @ (right - told @ shared)[:, :, None])[:, :, 0]
    newest: Floats = taken[:, :, -1]  # how the newest rate of each market hangs on the common one
    return rates, np.sqrt(np.einsum("ki,ij,kj->k", newest, common, newest) + own[:, -1, -1])


@cache
def _autoregression(step: float) -> Floats:
    """Precision matrix of a stationary first-order autoregression over the window."""
    precision = np.diag(np.full(WEEKS, 1 + PERSISTENCE**2))
    precision[0, 0] = precision[-1, -1] = 1.0
    neighbours = np.arange(WEEKS - 1)
    precision[neighbours, neighbours + 1] = precision[neighbours + 1, neighbours] = -PERSISTENCE
    return precision / step**2
