"""The only place that reads the clock, so that everything else can be asked about any moment."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present moment, aware and in UTC."""
    return datetime.now(UTC)
