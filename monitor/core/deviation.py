"""A card's own price beside its market: how far it stands from where it was, how noisy it is, how dear beside peers.

A market's trend lasts, a card's own deviation from it comes back: that is why the two are told apart. What is larger
than the card's own noise is not noise but a change (a card whose making has stopped), and is not expected back. A price
that stands far off says nothing of where the card was or how noisy it is: it counts for neither.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.core.drift import WEEKS, Drift, Group
from monitor.core.models import Gpu
from monitor.core.panel import Panel, row_medians

LOOK_BACK_WEEKS = 26
PRIOR_PRICES = 6.0  # weight of "no deviation" against that many prices
PRIOR_SD, PRIOR_SD_PAIRS, OWN_SD_PAIRS, MOST_STEP = 0.03, 30.0, 10.0, 0.3
FAR_OFF = 0.5  # log: a price so far from where the card was, or from the one before, is a mistake or another article
NOISE_OVER_STEPS = 1.15  # neighbouring prices share a part of their noise, so that their difference shows less than all
CENTRE_PRIOR = 4.0  # series

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Deviation:
    """Per row of the panel, in log price: `own` deviation from the last half year moved along with the market,
    `unshrunk` the same before shrinkage, `noise` its sd, `gap` the usual weeks between two prices, `prices` in 26
    weeks."""

    own: Floats
    unshrunk: Floats
    noise: Floats
    gap: Floats
    prices: NDArray[np.int64]


def deviations(panel: Panel, drift: Drift, markets: Sequence[Group], sources: Sequence[Group]) -> Deviation:
    """Where each series stands against its own last 26 weeks, each price first moved to now with its market."""
    logs = panel.logs[:, -WEEKS:]
    quiet = np.zeros(WEEKS)
    paths = np.array([drift.path.get(market, quiet) for market in markets]).reshape(-1, WEEKS)
    later = np.cumsum(paths[:, ::-1], axis=1)[:, ::-1]
    moved = logs + np.column_stack([later[:, 1:], np.zeros(len(paths))])
    recent, seen = moved[:, -LOOK_BACK_WEEKS:], np.isfinite(logs)
    count = seen[:, -LOOK_BACK_WEEKS:].sum(axis=1)
    raw = panel.level - _mean(recent, panel.level)
    first = np.where(seen.any(axis=1), seen.argmax(axis=1), WEEKS - 1)
    span = np.minimum(LOOK_BACK_WEEKS, WEEKS - first)
    fresh = panel.fresh
    return Deviation(
        own=_centred(raw * count / (count + PRIOR_PRICES), sources, fresh),
        unshrunk=_centred(raw, sources, fresh),
        noise=_noise(moved, sources),
        gap=np.maximum(1.0, span / np.maximum(count, 1)),
        prices=count,
    )


def _mean(recent: Floats, level: Floats) -> Floats:
    """The mean of each row's prices that are not far off their median; `level` where there is none."""
    middle, _ = row_medians(recent)
    near = np.abs(recent - middle[:, None]) < FAR_OFF  # never where there is no price
    count = near.sum(axis=1)
    return np.where(count, np.where(near, recent, 0.0).sum(axis=1) / np.maximum(count, 1), level)


def _centred(values: Floats, sources: Sequence[Group], fresh: NDArray[np.bool_]) -> Floats:
    """What is common to a source is its market's movement, which does not come back."""
    result = values.copy()
    for rows in _rows_of(sources, fresh):
        result[rows] -= np.median(values[rows]) * len(rows) / (len(rows) + CENTRE_PRIOR)
    return result


def _noise(moved: Floats, sources: Sequence[Group]) -> Floats:
    """Sd of a single price around its own level: root of half the mean squared step, shrunk to its source, and more
    for what neighbouring prices share."""
    known: tuple[NDArray[np.int64], ...] = np.nonzero(np.isfinite(moved))
    rows, values = known[0], moved[known]
    step = np.diff(values)
    possible = (rows[1:] == rows[:-1]) & (np.abs(step) < FAR_OFF)
    step, of = np.clip(step[possible], -MOST_STEP, MOST_STEP), rows[1:][possible]
    square, steps = np.bincount(of, step**2, len(moved)), np.bincount(of, minlength=len(moved)).astype(float)
    variance = np.full(len(moved), 2 * PRIOR_SD**2)
    for mine in _rows_of([source[:1] for source in sources], np.ones(len(moved), bool)):
        pool = (square[mine].sum() + PRIOR_SD_PAIRS * 2 * PRIOR_SD**2) / (steps[mine].sum() + PRIOR_SD_PAIRS)
        variance[mine] = (square[mine] + OWN_SD_PAIRS * pool) / (steps[mine] + OWN_SD_PAIRS)
    return NOISE_OVER_STEPS * np.sqrt(variance / 2)


def premium(panel: Panel, gpus: Mapping[str, Gpu], conditions: Sequence[str], sources: Sequence[Group]) -> Floats:
    """How much dearer each fresh card is than peers of its speed, memory, maker and launch price (log; nan unknown).

    A robust ridge regression of log price per condition, with a level for each source; the residual against the
    median of its source, shrunk for few peers. A card that is being sold is known to the world, whatever its date.
    """
    found = np.full(len(panel.keys), np.nan)
    facts = np.array([_facts(gpus.get(key.gpu)) for key in panel.keys]).reshape(-1, 5)
    usable = panel.fresh & np.isfinite(facts[:, :4]).all(axis=1)
    for condition in ("new", "used"):
        rows = np.flatnonzero(usable & np.array([name == condition for name in conditions], bool))
        if len(rows) >= 8:
            found[rows] = _residuals(
                _with_launch_prices(facts[rows]), panel.level[rows], [sources[row] for row in rows.tolist()]
            )
    return found


def _facts(gpu: Gpu | None) -> list[float]:
    if gpu is None:
        return [np.nan] * 5
    numbers = [gpu.fp32_tflops, gpu.bandwidth_gb_s, gpu.memory_gb, gpu.msrp_usd]
    logs = [float(np.log(number)) if number else np.nan for number in numbers]
    return [*logs[:3], float(gpu.vendor == "NVIDIA"), logs[3]]


def _with_launch_prices(facts: Floats) -> Floats:
    """Missing launch prices filled from the other facts of the cards at hand."""
    known, filled = np.isfinite(facts[:, 4]), facts.copy()
    if known.sum() < 6:
        filled[:, 4] = 0.0
    elif not known.all():
        rest = np.column_stack([np.ones(len(facts)), facts[:, :4]])
        fit = np.asarray(np.linalg.lstsq(rest[known], facts[known, 4], rcond=None)[0], np.float64)
        filled[~known, 4] = rest[~known] @ fit
    return filled


def _residuals(facts: Floats, level: Floats, sources: Sequence[Group]) -> Floats:
    names = sorted(set(sources))
    of = np.array([names.index(source) for source in sources])
    size = np.bincount(of)
    base = 1 / np.sqrt(size[of])
    base = base / base.mean()
    prior = np.array([0.0, 0.0, 0.0, 0.0, 1.0])  # a priori a price follows the launch price
    ridge = np.diag([0.8, 0.8, 0.8, 0.8, 0.2])
    weight, residual = base, np.zeros(len(level))
    slope: Floats = prior
    for _ in range(4):
        total = np.bincount(of, weight)
        prices = level - (np.bincount(of, weight * level) / total)[of]
        means: Floats = np.column_stack(
            [np.bincount(of, weight * facts[:, at]) / total for at in range(facts.shape[1])]
        )
        centred = facts - means[of]
        left = (centred * weight[:, None]).T @ centred + ridge
        right = (centred * weight[:, None]).T @ (prices - centred @ prior)
        slope = prior + np.asarray(np.linalg.solve(left, right), np.float64)
        residual = prices - centred @ slope
        scale = 1.48 * np.median(np.abs(residual)) + 1e-3
        weight = base * np.minimum(1, 1.5 * scale / np.maximum(np.abs(residual), 1e-9))
    result = np.full(len(level), np.nan)
    for rows in _rows_of(sources, np.ones(len(level), bool)):
        if len(rows) >= 4:
            result[rows] = (residual[rows] - np.median(residual[rows])) * len(rows) / (len(rows) + 4)
    return result


def _rows_of(names: Sequence[Group], wanted: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """The wanted rows of each name."""
    rows: dict[Group, list[int]] = {}
    for row in np.flatnonzero(wanted).tolist():
        rows.setdefault(names[int(row)], []).append(int(row))
    return [np.array(found) for found in rows.values()]
