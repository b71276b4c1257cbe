"""The only place that reads the clock, so that everything else can be asked about any moment."""

from collections.abc import Callable
from datetime import UTC, datetime

_elsewhen: Callable[[], datetime | None] = lambda: None  # noqa: E731 - one word for "the clock's own time"


def utc_now() -> datetime:
    """The present moment, aware and in UTC."""
    return _elsewhen() or wall_now()


def wall_now() -> datetime:
    """What the clock says, also in a replay: for what guards the dashboard (sessions, tries of a password)."""
    return datetime.now(UTC)


def live_at(moment: Callable[[], datetime | None]) -> None:
    """Have this whole process take its present from `moment`, and from the clock while that says `None`.

    For the dashboard of a replay only: its pages then say what they would have said at that moment.
    """
    global _elsewhen
    _elsewhen = moment
