"""The live record, and what the same code would have said on any day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dashboard.queries.base import cached, read
from monitor.core.record import Balance, Entry, balance, first_break
from monitor.store import repo
from monitor.store.repo.record import record_entries


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
    """The number of the first entry that was changed later, or `None` where the chain is whole."""
    return first_break(record(as_of))


@cached
def backtest() -> Mapping[str, Any] | None:
    """The newest replay over the prices of this database, as `jobs.backtest` kept it; `None` before the first one."""
    with read() as session:
        found = repo.choice(session, "backtest")
    return found if isinstance(found, dict) else None
