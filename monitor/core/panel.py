"""Price series -> one table of weekly log prices that ends on the day asked about.

A week's price is the newest one known by its end. A single absurd price is set aside until a second one confirms it;
nothing looks forward, so the same prices give the same table however much is known later.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.core.models import Series, SeriesKey
from monitor.core.stats import stat_rank

WEEKS = 104  # kept: a year of trend, and a year before it to tell a glitch from a price
STALE_WEEKS = 9
ABSURD = float(np.log(1.4))  # further than this from the median of the last nine prices
CONFIRMED = 0.15  # a second price within 15 % of the first makes it a price
HOLD_WEEKS = 3  # a strange price that nothing contradicts for so long is a price
MEDIAN_OF = 9

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Panel:
    """Weekly log prices: `logs` [series, weeks] (nan in weeks without one), the last column ends on `day`.

    `level` is the newest accepted log price, `age` the weeks since anything was seen (99: nothing at all).
    """

    keys: tuple[SeriesKey, ...]
    day: int
    logs: Floats
    level: Floats
    age: NDArray[np.int64]

    @property
    def fresh(self) -> NDArray[np.bool_]:
        """Series whose newest price still counts."""
        return (self.age <= STALE_WEEKS) & np.isfinite(self.level)


def weekly_panel(series: Sequence[Series], day: int, weeks: int = WEEKS) -> Panel:
    """The weekly table of the series that were seen in the `weeks` before `day` (days since 1970)."""
    first = day - 7 * weeks
    recent = [one for one in series if len(one.days) and one.days[0] <= day and _last_by(one, day) > first]
    raw = np.full((len(recent), weeks), np.nan)
    for row, one in enumerate(recent):
        start, end = np.searchsorted(one.days, [first, day], side="right")
        column = weeks - 1 - (day - one.days[start:end].astype(np.int64)) // 7
        raw[row, column] = np.log(one.prices[start:end])  # the newest of a week comes last and stays
    logs = without_glitches(raw)
    seen, accepted = np.isfinite(raw), np.isfinite(logs)
    last = np.where(accepted.any(axis=1), weeks - 1 - accepted[:, ::-1].argmax(axis=1), 0)
    level = np.where(accepted.any(axis=1), logs[np.arange(len(recent)), last], np.nan)
    age = np.where(seen.any(axis=1), seen[:, ::-1].argmax(axis=1), 99)
    return Panel(keys=tuple(one.key for one in recent), day=day, logs=logs, level=level, age=age)


def _last_by(one: Series, day: int) -> int:
    return int(one.days[np.searchsorted(one.days, day, side="right") - 1])


def without_glitches(raw: Floats) -> Floats:
    """The same table without prices over 40 % away from the median of the nine before, unless confirmed."""
    rows, weeks = raw.shape
    kept, recent = raw.copy(), np.full((rows, MEDIAN_OF), np.nan)
    pending, since = np.full(rows, np.nan), np.full(rows, -99)
    for week in range(weeks):
        price = raw[:, week]
        has = np.isfinite(price)
        middle, count = row_medians(recent)
        strange = has & (count >= 3) & (np.abs(price - middle) > ABSURD)
        confirmed = strange & (np.abs(price - pending) < CONFIRMED)
        dropped = strange & ~confirmed
        waited = ~has & np.isfinite(pending) & (week - since >= HOLD_WEEKS)
        kept[dropped, week] = np.nan
        kept[waited, week] = pending[waited]
        recent[confirmed | waited] = np.nan
        accepted = (has & ~dropped) | waited
        recent[accepted, :-1] = recent[accepted, 1:]
        recent[accepted, -1] = np.where(waited, pending, price)[accepted]
        since[dropped] = week
        pending = np.where(has, np.where(dropped, price, np.nan), np.where(waited, np.nan, pending))
    return kept


def row_medians(table: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """The median of each row's known values, and how many they are; quicker than nanmedian on short rows."""
    ordered, count = np.sort(table, axis=1), np.isfinite(table).sum(axis=1)
    row, some = np.arange(len(table)), np.maximum(count, 1)
    return (ordered[row, (some - 1) // 2] + ordered[row, some // 2]) / 2, count


def preferred(series: Sequence[Series]) -> list[Series]:
    """One summary of each seller's offers: of several stats of one source, card and market only the best one."""
    best: dict[tuple[str, ...], int] = {}
    for one in series:
        group = _group(one.key)
        best[group] = min(best.get(group, 999), stat_rank(one.key.stat))
    return [one for one in series if stat_rank(one.key.stat) == best[_group(one.key)]]


def _group(key: SeriesKey) -> tuple[str, ...]:
    kind = key.stat.rsplit("_", 1)[0] if key.condition == "rental" else ""  # spot is another market than on demand
    return key.source, key.gpu, key.condition, key.region, key.currency, kind
