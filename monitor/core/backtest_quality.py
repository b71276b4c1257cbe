"""How good the calls were beside what they cost: hits, Brier score, reliability of the stated confidence, flips.

A `wait` or `limbo` is right if who followed it paid less than at once, delay included; a `buy_now` is right if the
same card cost more eight weeks later, delay included. Ties count for neither. `no_call` makes no claim.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.core.backtest_score import Arrivals, Bools, Floats, Track
from monitor.core.decision_plan import JUDGED_AFTER_WEEKS

TIE = 0.0005
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Calls:
    """The newest call of each scored series by Monday: whether it waits, says nothing, and its stated confidence."""

    waits: Sequence[Bools]
    silent: Sequence[Bools]
    confidence: Sequence[Floats]


def quality(scored: Sequence[Track], found: Arrivals, calls: Calls, delay_cost: float) -> dict[str, object]:
    """Figures over all buyers of `found`, and by what was called."""
    said, right, weight, waits, silent = _outcomes(scored, found, calls, delay_cost)
    judged = ~silent & np.isfinite(right)
    regret = found.paid - found.best
    figures: dict[str, object] = {
        "calls": int(judged.sum()),
        "no_call": float((weight * silent).sum() / weight.sum()) if weight.sum() else None,
        "brier": _mean((said - right) ** 2, weight, judged),
        "brier_of_base_rate": _brier_of_base_rate(right, weight, judged),
        "worst_regret": float(regret.max()) if len(regret) else None,
        "regret_95": float(np.quantile(regret, 0.95)) if len(regret) else None,
        "flips_per_series_and_year": _flips(calls),
        "reliability": _reliability(said, right, weight, judged),
    }
    for name, rows in (("wait", judged & waits), ("buy_now", judged & ~waits)):
        figures[name] = {"calls": int(rows.sum()), "right": _mean(right, weight, rows)}
    return figures


def _outcomes(
    scored: Sequence[Track], found: Arrivals, calls: Calls, delay_cost: float
) -> tuple[Floats, Floats, Floats, Bools, Bools]:
    """Per buyer: stated confidence, right (1), wrong (0) or tie (nan), weight, waits, silent.

    Series weigh the same, however many buyers they have.
    """
    count = len(found.week)
    said, later, waits, silent = np.zeros(count), np.zeros(count), np.zeros(count, bool), np.zeros(count, bool)
    size = np.bincount(found.track, minlength=len(scored))
    for number in np.flatnonzero(size).tolist():
        mine, track = found.track == number, scored[number]
        week = np.searchsorted(track.weeks, found.week[mine])
        said[mine] = calls.confidence[number][week]
        waits[mine], silent[mine] = calls.waits[number][week], calls.silent[number][week]
        later[mine] = track.prices[week + JUDGED_AFTER_WEEKS] / track.prices[week] + delay_cost * JUDGED_AFTER_WEEKS
    gain = np.where(waits, 1 - found.paid, later - 1)
    right = np.where(np.abs(gain) < TIE, np.nan, (gain > 0).astype(float))
    return said, right, 1 / np.maximum(size[found.track], 1), waits, silent


def _mean(values: Floats, weight: Floats, rows: Bools) -> float | None:
    return float((values[rows] * weight[rows]).sum() / weight[rows].sum()) if rows.any() else None


def _brier_of_base_rate(right: Floats, weight: Floats, rows: Bools) -> float | None:
    """What always stating the share of right calls would score: confidence is worth something only below it."""
    base = _mean(right, weight, rows)
    return None if base is None else base * (1 - base)


def _reliability(said: Floats, right: Floats, weight: Floats, rows: Bools) -> list[Mapping[str, float | int | None]]:
    table: list[Mapping[str, float | int | None]] = []
    for low, high in itertools.pairwise(BINS):
        inside = rows & (said >= low) & ((said < high) | (high == 1.0))
        if inside.any():
            stated, came = _mean(said, weight, inside), _mean(right, weight, inside)
            table.append({"from": low, "to": high, "calls": int(inside.sum()), "stated": stated, "came_true": came})
    return table


def _flips(calls: Calls) -> float | None:
    """Changes between waiting and buying, per series and year."""
    weeks = sum(len(waits) for waits in calls.waits)
    flips = sum(int(_changes(waits).sum()) for waits in calls.waits)
    return 52.18 * flips / weeks if weeks else None


def _changes(waits: Bools) -> NDArray[np.bool_]:
    return waits[1:] != waits[:-1]
