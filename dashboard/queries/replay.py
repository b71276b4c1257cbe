"""Whether the database shows a replay of shipped history, at which moment it stands, and the mailbox."""

import time
from datetime import datetime

from dashboard.queries.base import cached, one_version, read, settings
from monitor.core.models import Delivery
from monitor.errors import MonitorError
from monitor.store import repo
from monitor.store.repo import Replay

KEPT_SECONDS = 0.3
MOST_LETTERS = 500
_last: tuple[float, datetime] | None = None


@cached
def replay() -> Replay | None:
    """Where the replay stands; `None` for a database of the live service."""
    with read() as session:
        return repo.replay_state(session)


def replay_now() -> datetime | None:
    """The replay's moment; `None` until it has begun, and where the database does not answer."""
    global _last
    if _last is None or time.monotonic() - _last[0] > KEPT_SECONDS:
        try:
            state = replay()
        except MonitorError:
            state = None
        _last = (time.monotonic(), state.now) if state else None
    return _last[1] if _last else None


@cached
def letters() -> list[Delivery]:
    """What lies in the mailbox of the dashboard, newest first."""
    with read() as session:
        return repo.deliveries(session, state="sent", channel="mailbox", limit=MOST_LETTERS)


def has_mailbox() -> bool:
    """Whether there is a mailbox to show: one is set, or letters lie in it."""
    try:
        with one_version():
            return replay() is not None or "mailbox://" in settings().channels.split() or bool(letters())
    except MonitorError:
        return False
