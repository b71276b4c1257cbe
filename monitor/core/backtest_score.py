"""The fixed, public rules of the score: what a buyer pays who follows the calls, against one who knows the future.

A buyer arrives in each week at each series and buys in the first week whose newest call (at most 9 weeks old) is
`buy_now` or `no_call`, at the latest after `horizon_weeks`. Cost = price / arrival price + delay cost x weeks waited.
Share = (buying at once - rule) / (buying at once - perfect foresight); loss = rule - buying at once, in percent.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.core.models import Gpu, Series, SeriesKey
from monitor.core.stats import stat_rank

EPOCH = date(1970, 1, 1)
CARRY_WEEKS, SCOPE_YEARS, MOST_SERIES_OF_A_SOURCE = 9, 6.5, 10
DAILY_COLLECTOR_BEGINS = (date(2024, 7, 9) - EPOCH).days  # danawa_kr; danawa_kr_long counts only before it

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Track:
    """One scored series on Mondays: `weeks` are days since 1970, `prices` carried forward (nan where unknown)."""

    key: SeriesKey
    weeks: NDArray[np.int64]
    prices: Floats
    in_scope: Bools


@dataclass(frozen=True, kw_only=True, eq=False)
class Arrivals:
    """Buyers of all tracks as columns: the track's number, the week, the cost of the rule and of perfect foresight."""

    track: NDArray[np.int64]
    week: NDArray[np.int64]
    paid: Floats
    best: Floats
    buys: Bools
    keys: tuple[SeriesKey, ...]


@dataclass(frozen=True, kw_only=True)
class Share:
    """Share of the perfect saving, loss and possible saving in percent of the price, over some buyers."""

    share: float
    loss: float
    possible: float
    buys: float
    series: int
    arrivals: int


def tracks(series: Sequence[Series], gpus: Mapping[str, Gpu]) -> list[Track]:
    """The series that count: 10 dates over 270 days, 40 known weeks, a card with a launch date, one stat a series."""
    kept = [one for one in map(_without_overlap, series) if len(one.days)]
    best: dict[tuple[str, ...], int] = {}
    for one in kept:
        group = _group(one.key)
        best[group] = min(best.get(group, 99), stat_rank(one.key.stat))
    chosen = sorted((one for one in kept if stat_rank(one.key.stat) == best[_group(one.key)]), key=lambda one: one.key)
    made = (_track(one, gpus[one.key.gpu].launched_on) for one in chosen if one.key.gpu in gpus)
    return [track for track in made if track is not None]


def arrivals(
    scored: Sequence[Track], buys: Sequence[Bools], delay_cost: float = 0.005, horizon_weeks: int = 26
) -> Arrivals:
    """Every buyer of `scored` under a rule that says in which weeks to buy (`buys`, one mask a track)."""
    parts: list[tuple[NDArray[Any], ...]] = []
    for number, (track, buy) in enumerate(zip(scored, buys, strict=True)):
        found = _buyers(track, buy, delay_cost, horizon_weeks)
        if found is not None and len(found[0]) >= 8:
            parts.append((np.full(len(found[0]), number), *found))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)] if parts else [np.zeros(0)] * 5
    return Arrivals(
        track=columns[0].astype(np.int64),
        week=columns[1].astype(np.int64),
        paid=columns[2],
        best=columns[3],
        buys=columns[4].astype(bool),
        keys=tuple(track.key for track in scored),
    )


def share_by_source(found: Arrivals, rows: Bools | None = None) -> dict[str, Share]:
    """Shares by "source condition" and, last, "ALL", where a source weighs as many series as it has, at most 10."""
    rows = np.ones(len(found.week), bool) if rows is None else rows
    means = _series_means(found, rows)
    by_source: dict[str, list[tuple[float, float, float, int]]] = defaultdict(list)
    for number, mean in means.items():
        key = found.keys[number]
        by_source[f"{key.source} {key.condition}"].append(mean)
    shares: dict[str, Share] = {}
    total, weights = np.zeros(3), 0.0
    for source, rows_of in sorted(by_source.items()):
        middle = np.mean([row[:3] for row in rows_of], axis=0)
        weight = min(len(rows_of), MOST_SERIES_OF_A_SOURCE)
        total, weights = total + weight * middle, weights + weight
        shares[source] = _share(middle, len(rows_of), sum(row[3] for row in rows_of))
    if weights:
        shares["ALL"] = _share(total / weights, len(means), int(rows.sum()))
    return shares


def share_by_half_year(found: Arrivals) -> dict[str, tuple[Share, Share | None]]:
    """For each half-year of arrival ("2022H1"): its share, and that of all others together."""
    names = np.array([half_year(int(week)) for week in found.week])
    result: dict[str, tuple[Share, Share | None]] = {}
    for name in sorted(set(names.tolist())):
        rows = names == name
        result[name] = share_by_source(found, rows)["ALL"], share_by_source(found, ~rows).get("ALL")
    return result


def share_by_condition(found: Arrivals) -> dict[str, Share]:
    """The pooled share of new and of used cards."""
    names = np.array([key.condition for key in found.keys] or [""])[found.track]
    return {name: share_by_source(found, names == name)["ALL"] for name in sorted(set(names.tolist()))}


def half_year(day: int) -> str:
    """The calendar half-year of a day since 1970.

    >>> half_year(19000)
    '2022H1'
    """
    on = EPOCH + timedelta(days=day)
    return f"{on.year}H{1 if on.month <= 6 else 2}"


def monday_after(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """The Monday on or after each day since 1970 (1970-01-05 was one)."""
    return days + (4 - days) % 7


def _without_overlap(one: Series) -> Series:
    if one.key.source != "danawa_kr_long":
        return one
    end = int(np.searchsorted(one.days, DAILY_COLLECTOR_BEGINS))
    return Series(key=one.key, days=one.days[:end], prices=one.prices[:end], n_obs=one.n_obs[:end])


def _group(key: SeriesKey) -> tuple[str, ...]:
    return key.source, key.gpu, key.condition, key.region, key.currency


def _track(one: Series, launched_on: date | None) -> Track | None:
    if launched_on is None or len(one.days) < 10 or int(one.days[-1]) - int(one.days[0]) < 270:
        return None
    weeks, prices = weekly_grid(one)
    if np.isfinite(prices).sum() < 40:
        return None
    age = (weeks - (launched_on - EPOCH).days) / 365.25
    return Track(key=one.key, weeks=weeks, prices=prices, in_scope=(age >= 0) & (age <= SCOPE_YEARS))


def weekly_grid(one: Series) -> tuple[NDArray[np.int64], Floats]:
    """Mondays from the first to the last price, each with the newest price of its week, carried at most 9 weeks."""
    at = monday_after(one.days.astype(np.int64))
    weeks: NDArray[np.int64] = np.arange(int(at[0]), int(at[-1]) + 1, 7, dtype=np.int64)
    newest = np.searchsorted(one.days, weeks, side="right") - 1
    age = (weeks - at[newest]) // 7
    return weeks, np.where(age <= CARRY_WEEKS, one.prices[newest], np.nan)


def _buyers(
    track: Track, buy: Bools, delay_cost: float, horizon: int
) -> tuple[NDArray[np.int64], Floats, Floats, Bools] | None:
    count = len(track.prices) - horizon
    if count <= 8:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(track.prices, horizon + 1)[8:count]
    bought = np.lib.stride_tricks.sliding_window_view(buy, horizon + 1)[8:count]
    good = track.in_scope[8:count] & np.isfinite(windows).all(axis=1)
    windows, bought = windows[good], bought[good]
    cost = windows / windows[:, :1] + delay_cost * np.arange(horizon + 1)
    first = np.where(bought.any(axis=1), bought.argmax(axis=1), horizon)
    paid = cost[np.arange(len(cost)), first]
    return track.weeks[8:count][good], paid, cost.min(axis=1), bought[:, 0]


def _series_means(found: Arrivals, rows: Bools) -> dict[int, tuple[float, float, float, int]]:
    size = len(found.keys)
    count = np.bincount(found.track[rows], minlength=size)
    sums = [np.bincount(found.track[rows], column[rows], size) for column in (found.paid, found.best, found.buys)]
    means: dict[int, tuple[float, float, float, int]] = {}
    for number in np.flatnonzero(count):
        paid, best, buys = (float(column[number] / count[number]) for column in sums)
        means[int(number)] = (paid, best, buys, int(count[number]))
    return means


def _share(mean: Floats, series: int, rows: int) -> Share:
    paid, best, buys = (float(value) for value in mean)
    share = (1 - paid) / (1 - best) if best < 1 else 0.0
    loss, possible = 100 * (paid - 1), 100 * (1 - best)
    return Share(share=share, loss=loss, possible=possible, buys=buys, series=series, arrivals=rows)
