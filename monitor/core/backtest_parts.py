"""How good the calls were in each market, half-year and condition, and for buyers who must buy sooner."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from monitor.core.backtest import CallBook
from monitor.core.backtest_quality import TIE, Calls, quality
from monitor.core.backtest_score import Arrivals, Bools, Track, arrivals, half_year, share_by_source

HORIZONS_WEEKS = (4, 8, 13, 26)


def parts(
    scored: Sequence[Track], book: CallBook, delay_cost: float, horizon_weeks: int
) -> dict[str, dict[str, Mapping[str, object]]]:
    """For each "sources", "conditions", "episodes" the figures of `quality` with the win rate; and "horizons": share,
    loss and worst regret of who buys after so many weeks at the latest, following the same calls."""
    found = arrivals(scored, book.buys, delay_cost, horizon_weeks)
    keys = [f"{track.key.source} {track.key.condition}" for track in scored]
    conditions = [track.key.condition for track in scored]
    halves = np.array([half_year(int(week)) for week in found.week])
    return {
        "sources": {name: _of_tracks(scored, found, book.calls, keys, name, delay_cost) for name in _seen(found, keys)},
        "conditions": {
            name: _of_tracks(scored, found, book.calls, conditions, name, delay_cost)
            for name in _seen(found, conditions)
        },
        "episodes": {
            str(name): _of_half_year(scored, found, book.calls, halves, str(name), delay_cost)
            for name in np.unique(halves)
        },
        "horizons": {
            str(weeks): _of_horizon(scored, book, delay_cost, weeks)
            for weeks in sorted({*HORIZONS_WEEKS, horizon_weeks})
        },
    }


def _seen(found: Arrivals, names: Sequence[str]) -> list[str]:
    numbers: list[int] = np.unique(found.track).tolist()
    return sorted({names[number] for number in numbers})


def _of_tracks(
    scored: Sequence[Track], found: Arrivals, calls: Calls, names: Sequence[str], name: str, delay_cost: float
) -> Mapping[str, object]:
    mine = [number for number, other in enumerate(names) if other == name]
    rows = np.isin(found.track, mine)
    waits = [calls.waits[number] for number in mine]
    return {**quality(scored, _only(found, rows), calls, delay_cost), **_wins(found, rows), **_flips(waits)}


def _of_half_year(
    scored: Sequence[Track], found: Arrivals, calls: Calls, halves: NDArray[np.str_], name: str, delay_cost: float
) -> Mapping[str, object]:
    rows: Bools = halves == name
    waits = [
        mask[[half_year(int(week)) == name for week in track.weeks]]
        for track, mask in zip(scored, calls.waits, strict=True)
    ]
    return {**quality(scored, _only(found, rows), calls, delay_cost), **_wins(found, rows), **_flips(waits)}


def _of_horizon(scored: Sequence[Track], book: CallBook, delay_cost: float, weeks: int) -> Mapping[str, object]:
    found = arrivals(scored, book.buys, delay_cost, weeks)
    never = arrivals(scored, [np.zeros_like(mask) for mask in book.buys], delay_cost, weeks)
    shares = [share_by_source(one).get("ALL") for one in (found, never)]
    if shares[0] is None or shares[1] is None:
        return {"arrivals": 0}
    return {
        "arrivals": shares[0].arrivals,
        "share": shares[0].share,
        "loss": shares[0].loss,
        "possible": shares[0].possible,
        "loss_of_always_waiting": shares[1].loss,
        "worst_regret": float((found.paid - found.best).max()),
        **_wins(found, np.ones(len(found.week), bool)),
    }


def _only(found: Arrivals, rows: Bools) -> Arrivals:
    columns = {name: getattr(found, name)[rows] for name in ("track", "week", "paid", "best", "buys")}
    return replace(found, **columns)


def _wins(found: Arrivals, rows: Bools) -> dict[str, float | None]:
    """Of the buyers who paid something else than at once, how many paid less; series weigh the same."""
    paid, track = found.paid[rows], found.track[rows]
    other = np.abs(paid - 1) >= TIE
    if not other.any():
        return {"win_rate": None}
    weight = 1 / np.maximum(np.bincount(track)[track], 1)
    return {"win_rate": float((weight * other * (paid < 1)).sum() / (weight * other).sum())}


def _flips(waits: Sequence[Bools]) -> dict[str, float | None]:
    weeks = sum(len(mask) for mask in waits)
    flips = sum(int((mask[1:] != mask[:-1]).sum()) for mask in waits)
    return {"flips_per_series_and_year": 52.18 * flips / weeks if weeks else None}
