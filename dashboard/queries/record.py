"""The live record, and what the same code would have said on any day."""

from dashboard.queries.base import cached, read
from monitor.core.record import Balance, Entry, balance, first_break
from monitor.store.repo.record import record_entries


@cached
def record() -> list[Entry]:
    """Every call as it was made, and how it ended, oldest first."""
    with read() as session:
        return record_entries(session)


def record_balance() -> Balance:
    """The record in figures."""
    return balance(record())


def record_broken_at() -> int | None:
    """The number of the first entry that was changed later, or `None` where the chain is whole."""
    return first_break(record())
