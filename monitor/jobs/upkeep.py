"""Whether the nightly upkeep has come due: asked every hour, so that a night that was slept through is made up for."""

from datetime import UTC, datetime, time, timedelta

from sqlmodel import Session

from monitor.store import repo

NIGHT = time(4, 0)  # by this machine's clock; no change to or from summer time skips or repeats that hour


def upkeep_is_due(session: Session, now: datetime) -> bool:
    """True where no upkeep has ended well since last night; one that ended in the future did so by a wrong clock."""
    ended = repo.last_good_runs(session).get("upkeep")
    return ended is None or not last_night(now) <= ended <= now


def last_night(now: datetime) -> datetime:
    """The last time at or before `now` that it was four in the morning here, in UTC."""
    local = now.astimezone()
    day = local.date() if local.time() >= NIGHT else local.date() - timedelta(days=1)
    return datetime.combine(day, NIGHT).astimezone(UTC)
