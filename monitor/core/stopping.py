"""When to stop waiting: the value of waiting for a price that drifts and is noisy, solved backward in time.

With b(k) the expected log price path without noise, e the card's own deviation (an autoregression with half-life of a
few weeks, a new price only every `gap` weeks) and c the weekly cost of not having the card:

    J(K, e) = exp(b(K) + e)
    W(k, e) = 1/g E[J(k+1, e')] + (1 - 1/g) J(k+1, e) + c exp(e0)
    J(k, e) = min(exp(b(k) + e), W(k, e))

Buying at once costs exp(e0); waiting pays where w = W(0, e0) / exp(e0) < 1. This is McCall's reservation price
("Economics of Information and Job Search", 1970) with a drift.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from monitor.core.normal import normal_cdf

STEPS, WIDEST = 29, 3.5
GRID = np.linspace(-WIDEST, WIDEST, STEPS)  # deviations in units of the noise
SHORTEST_GAP, LONGEST_GAP = 1.0, 6.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Problem:
    """Cards to decide about, one a row: `path` [rows, deadline + 1] of expected log price, starting at 0."""

    path: Floats
    deviation: Floats
    noise: Floats
    gap: Floats
    half_life_weeks: float
    delay_cost: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """`ratio`: cost of waiting over buying at once; `stops` [rows, deadline + 1]: chance to buy in each week by this
    plan."""

    ratio: Floats
    stops: Floats


def solve(problem: Problem, *, with_plan: bool = True) -> Answer:
    """The value of waiting for each card; the plan (`stops`) costs a pass more and may be left out."""
    rows, weeks = len(problem.path), int(problem.path.shape[1])
    answer = Answer(ratio=np.ones(rows), stops=np.zeros((rows, weeks)))
    gaps: Floats = np.round(np.clip(problem.gap, SHORTEST_GAP, LONGEST_GAP) * 2) / 2
    usual: list[float] = gaps.tolist()
    for gap in sorted(set(usual)):
        _solve_gap(problem, np.flatnonzero(gaps == gap), gap, answer, with_plan)
    return answer


def _solve_gap(problem: Problem, rows: NDArray[np.int64], gap: float, answer: Answer, with_plan: bool) -> None:
    path, noise = np.exp(problem.path[rows]), problem.noise[rows]
    start = np.clip(problem.deviation[rows] / noise, -WIDEST, WIDEST)
    now, levels = np.exp(noise * start), np.exp(noise[:, None] * GRID)
    step, weeks = _transition(gap, problem.half_life_weeks), path.shape[1]
    cost, value = problem.delay_cost * now[:, None], path[:, -1:] * levels
    waits: list[NDArray[np.bool_]] = []
    waiting = value
    for week in range(weeks - 2, -1, -1):
        waiting = (value @ step.T) / gap + (1 - 1 / gap) * value + cost
        buying = path[:, week : week + 1] * levels
        value = np.minimum(buying, waiting)
        if with_plan:
            waits.append(waiting < buying)
    answer.ratio[rows] = _at(waiting, start) / now
    if with_plan:
        answer.stops[rows] = _stops(waits[::-1], start, step, gap)


def _at(values: Floats, start: Floats) -> Floats:
    """Values on the grid, interpolated at each row's deviation."""
    place = (start + WIDEST) / (GRID[1] - GRID[0])
    left = np.clip(place.astype(int), 0, STEPS - 2)
    row, share = np.arange(len(values)), place - left
    return values[row, left] * (1 - share) + values[row, left + 1] * share


def _stops(waits: list[NDArray[np.bool_]], start: Floats, step: Floats, gap: float) -> Floats:
    """Chance to buy in each week: the deviation's distribution moved forward, what lies in "buy" taken out."""
    weeks = len(waits)
    mass = _spread(start)
    stops = np.zeros((len(start), weeks + 1))
    for week in range(weeks):
        stay = mass * waits[week] if week else mass  # asked of those who wait now
        stops[:, week] = mass.sum(axis=1) - stay.sum(axis=1)
        mass = (stay @ step) / gap + (1 - 1 / gap) * stay
    stops[:, weeks] = mass.sum(axis=1)
    return stops


def _spread(start: Floats) -> Floats:
    place = (start + WIDEST) / (GRID[1] - GRID[0])
    left = np.clip(place.astype(int), 0, STEPS - 2)
    mass, row = np.zeros((len(start), STEPS)), np.arange(len(start))
    mass[row, left] = 1 - (place - left)
    mass[row, left + 1] = place - left
    return mass


@cache
def _transition(gap: float, half_life_weeks: float) -> Floats:
    """Chance to go from one deviation of the grid to another until the next price, `gap` weeks later."""
    keeps = 0.5 ** (gap / half_life_weeks)
    edges = np.concatenate([[-np.inf], (GRID[1:] + GRID[:-1]) / 2, [np.inf]])
    reached: Floats = normal_cdf((edges[None, :] - keeps * GRID[:, None]) / np.sqrt(1 - keeps**2))
    return np.diff(reached, axis=1)
