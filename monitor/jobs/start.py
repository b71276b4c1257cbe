"""What happens before a service runs: the database is made ready, so that the first page has something to say."""

from datetime import datetime

from monitor.clock import utc_now
from monitor.jobs.history import open_filled_store
from monitor.jobs.rounds import Rounds, channels_of
from monitor.settings import Settings


def begin(settings: Settings) -> str:
    """`prepare`, and the first calls where there is none yet; raises where an address of a channel cannot be used."""
    channels_of(settings)  # this should be heard of now, not at the first alert
    engine, rows = open_filled_store(settings.database, utc_now())
    Rounds(engine, settings).make_first_calls()
    engine.dispose()
    return _said(rows)


def prepare(database: str, now: datetime) -> str:
    """Bring the layout up to date and give a new database the shipped history; returns what to tell the user."""
    engine, rows = open_filled_store(database, now)
    engine.dispose()
    return _said(rows)


def _said(rows: int) -> str:
    return f"the shipped price history is in ({rows} rows); today's prices come with the first crawl" if rows else ""
