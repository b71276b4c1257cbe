"""The rules that every track record is compared with: constant ones, simple ones, and oracles that know the future."""

from collections.abc import Mapping, Sequence

import numpy as np

from monitor.core.backtest_score import Bools, Floats, Track
from monitor.core.models import Gpu

FALL = -0.03  # log price change over 8 weeks below which simple rules wait
OVER_MSRP = 1.5


def simple_rules(scored: Sequence[Track], gpus: Mapping[str, Gpu]) -> dict[str, list[Bools]]:
    """Masks of the weeks in which each rule buys; those that begin with "oracle" know what nobody can know."""
    changes = [_change(track.prices, 8) for track in scored]
    pooled = _pooled([track.weeks for track in scored], changes)
    over = [_over_msrp(track, gpus) for track in scored]
    own = [_pooled_by_source(scored, changes, track) for track in scored]
    ahead = [_shifted(values, 8) for values in own]
    own_ahead = [_shifted(values, 8) for values in changes]
    return {
        "buy_now": [np.ones(len(track.weeks), bool) for track in scored],
        "wait": [np.zeros(len(track.weeks), bool) for track in scored],
        "over_msrp": [~mask for mask in over],
        "own_trend": [~(values < FALL) for values in changes],
        "market_trend": [~(values < FALL) for values in own],
        "two_thresholds": [~((pooled_at < FALL) | mask) for pooled_at, mask in zip(pooled, over, strict=True)],
        "oracle_market": [~(values < FALL) for values in ahead],
        "oracle_own": [~(values < FALL) for values in own_ahead],
    }


def _change(prices: Floats, weeks: int) -> Floats:
    logs = np.log(prices)
    change = np.full(len(logs), np.nan)
    change[weeks:] = logs[weeks:] - logs[:-weeks]
    return change


def _shifted(values: Floats, weeks: int) -> Floats:
    return np.concatenate([values[weeks:], np.full(min(weeks, len(values)), np.nan)])


def _pooled(weeks: Sequence[np.ndarray[tuple[int], np.dtype[np.int64]]], values: Sequence[Floats]) -> list[Floats]:
    """For each series the median over all series on its own weeks."""
    grid = np.unique(np.concatenate(list(weeks))) if weeks else np.zeros(0, np.int64)
    table = np.full((len(grid), len(weeks)), np.nan)
    for column, (at, row) in enumerate(zip(weeks, values, strict=True)):
        table[np.searchsorted(grid, at), column] = row
    middle = np.full(len(grid), np.nan)
    known = np.isfinite(table).any(axis=1)
    middle[known] = np.nanmedian(table[known], axis=1)
    return [middle[np.searchsorted(grid, at)] for at in weeks]


def _pooled_by_source(scored: Sequence[Track], changes: Sequence[Floats], track: Track) -> Floats:
    place = (track.key.source, track.key.condition)
    same = [number for number, other in enumerate(scored) if (other.key.source, other.key.condition) == place]
    mine = next(at for at, number in enumerate(same) if scored[number] is track)
    return _pooled([scored[number].weeks for number in same], [changes[number] for number in same])[mine]


def _over_msrp(track: Track, gpus: Mapping[str, Gpu]) -> Bools:
    gpu = gpus.get(track.key.gpu)
    if gpu is None or gpu.msrp_usd is None or track.key.currency != "USD":
        return np.zeros(len(track.weeks), bool)
    with np.errstate(invalid="ignore"):
        return track.prices > OVER_MSRP * gpu.msrp_usd
