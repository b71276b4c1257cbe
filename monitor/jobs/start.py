"""What happens before a service runs: the layout is brought up to date, and a new database gets the shipped history."""

from datetime import datetime

from monitor.jobs.history import open_filled_store


def prepare(database: str, now: datetime) -> str:
    """Make the database ready; returns what to tell the user, or nothing."""
    engine, rows = open_filled_store(database, now)
    engine.dispose()
    return f"gpu-limbo: a new database; {rows} prices of the shipped history were loaded" if rows else ""
