"""The live record, and what the same code would have said on any day."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from dashboard.queries.base import all_series, cached, cached_for_a_round, catalog, preferences, read
from monitor.clock import utc_now
from monitor.core.decision import DecisionParams
from monitor.core.preferences import params_of
from monitor.core.record import Balance, Entry, RunningSum, balance, first_break, missing_at_the_end, running_sums
from monitor.core.replay import Remembered, day_of, remember
from monitor.store import repo
from monitor.store.repo.record import record_entries, record_head

EPOCH = date(1970, 1, 1)


@cached
def record(as_of: datetime | None = None) -> list[Entry]:
    """Every call as it was made by `as_of`, and how it ended, oldest first."""
    with read() as session:
        found = record_entries(session)
    return [entry for entry in found if as_of is None or entry.made_at <= as_of]


@cached
def record_balance(as_of: datetime | None = None) -> Balance:
    """The record in figures."""
    return balance(record(as_of))


@cached
def record_broken_at(as_of: datetime | None = None) -> int | None:
    """The number of the first entry that was changed or taken away later, or `None` where the chain is whole."""
    entries = record(as_of)
    broken = first_break(entries)
    if broken is not None or as_of is not None:
        return broken
    with read() as session:
        gone = missing_at_the_end(entries, record_head(session))
    return len(entries) + 1 if gone else None


@cached
def record_sums(as_of: datetime | None = None) -> dict[str, list[RunningSum]]:
    """How the record grew, by currency."""
    return running_sums(record(as_of))


@cached
def gauge_history(as_of: datetime | None = None) -> list[tuple[date, float, float, float]]:
    """The limbo gauge (value, low, high) of each Monday up to `as_of`, from the newest backtest; empty before one."""
    found = backtest()
    rows = found.get("gauge", []) if found else []
    days = [(date.fromisoformat(day), float(value), float(low), float(high)) for day, value, low, high in rows]
    return [row for row in days if as_of is None or row[0] <= as_of.date()]


@cached_for_a_round
def known_months(as_of: datetime | None = None) -> list[str]:
    """Every month from the first stored price on, as "2017-12"."""
    series = all_series(as_of)
    if not series:
        return []
    first = EPOCH + timedelta(days=min(int(one.days[0]) for one in series))
    last = EPOCH + timedelta(days=max(int(one.days[-1]) for one in series))
    count = 12 * (last.year - first.year) + last.month - first.month + 1
    months = [first.year * 12 + first.month - 1 + number for number in range(count)]
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in months]


def remembered(month: str, as_of: datetime | None = None) -> list[Remembered]:
    """What would have been called in the middle of a month, and what is known by `as_of` of what came."""
    return _remembered(month, params_of(preferences()), as_of)


@cached_for_a_round
def _remembered(month: str, params: DecisionParams, as_of: datetime | None) -> list[Remembered]:
    known_by = as_of or utc_now()
    moment = min(day_of(month), known_by)
    with read() as session:
        news = repo.news_as_of(session, moment)
    return remember(all_series(as_of), catalog().gpus, moment, params, news, known_by=known_by)


@cached
def backtest() -> Mapping[str, Any] | None:
    """The newest replay over the prices of this database, as `jobs.backtest` kept it; `None` before the first one."""
    with read() as session:
        found = repo.choice(session, "backtest")
    return found if isinstance(found, dict) else None
