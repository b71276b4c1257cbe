"""What happens before a service runs: the database is made ready, so that the first page has something to say."""

from datetime import datetime

from monitor.jobs.history import open_filled_store


def prepare(database: str, now: datetime) -> str:
    """Bring the layout up to date and give a new database the shipped history; returns what to tell the user."""
    engine, rows = open_filled_store(database, now)
    engine.dispose()
    return f"the shipped price history is in ({rows} rows); today's prices come with the first crawl" if rows else ""
