"""What the pages and addresses read. Results are cached by the newest rows, so that a page is quick and never old."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine

from monitor.catalog import Catalog, load_catalog
from monitor.clock import utc_now
from monitor.core.models import Goal, Rejection, Score, Series, Signal, Verdict
from monitor.core.verdict import goal_verdict
from monitor.errors import MonitorError
from monitor.settings import load_settings
from monitor.store import repo
from monitor.store.engine import open_store, session_scope
from monitor.store.repo import Run, SourceHealth

EPOCH = date(1970, 1, 1)
STALE_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What /metrics shows: seconds, timestamps and counts by name."""

    ages: Mapping[str, float]
    last_good: Mapping[str, float]
    deliveries: Mapping[str, int]
    faults: Mapping[str, int]
    rejections: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """How old the prices are: the day of the newest one, its age, and whether it is too old to act on."""

    day: date | None
    age_days: int
    stale: bool


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The database of this process, with its layout brought up to date; raises `MonitorError`."""
    return open_store(load_settings().database)


@lru_cache(maxsize=1)
def catalog() -> Catalog:
    """The shipped facts."""
    return load_catalog()


def version() -> str:
    """Changes whenever a price, signal or choice changes: the key of every cache."""
    with session_scope(engine(), read_only=True) as session:
        return repo.data_version(session)


def signals(goal: str = "") -> list[Signal]:
    """The newest call of each GPU and market, for a goal or in general."""
    with session_scope(engine(), read_only=True) as session:
        return repo.latest_signals(session, goal=goal)


def goals() -> list[Goal]:
    """The user's own goals first, then the shipped ones that they did not replace."""
    with session_scope(engine(), read_only=True) as session:
        own = repo.goals(session)
    names = {goal.slug for goal in own}
    return [*own, *(goal for goal in catalog().goals.values() if goal.slug not in names)]


def verdict(goal: Goal) -> Verdict:
    """What to do for one goal, from the stored calls and scores."""
    with session_scope(engine(), read_only=True) as session:
        calls = repo.latest_signals(session, goal=goal.slug) or repo.latest_signals(session, goal="")
        scores = repo.latest_scores(session, workload=goal.workload)
    newest = max((call.as_of for call in calls), default=utc_now())
    return goal_verdict(goal, calls, scores, catalog().gpus, newest)


def scores(workload: str) -> list[Score]:
    """The newest ranking for one kind of work."""
    with session_scope(engine(), read_only=True) as session:
        return repo.latest_scores(session, workload=workload)


def price_series(gpu: str) -> list[Series]:
    """Every price series of one GPU up to now."""
    with session_scope(engine(), read_only=True) as session:
        return repo.series_as_of(session, utc_now(), gpus=[gpu])


def flips(gpu: str) -> list[Signal]:
    """Every change of the general call for one GPU."""
    with session_scope(engine(), read_only=True) as session:
        return repo.signal_history(session, gpu=gpu, goal="")


def freshness() -> dict[str, Freshness]:
    """How old each source's newest price is."""
    now = utc_now()
    with session_scope(engine(), read_only=True) as session:
        newest = repo.newest_prices(session)
    return {source: _freshness(seen.date(), now) for source, seen in newest.items()}


def age_of(day: date | None) -> Freshness:
    """How old one day is today."""
    return _freshness(day, utc_now())


def sources() -> list[SourceHealth]:
    """How each source's last crawl went."""
    with session_scope(engine(), read_only=True) as session:
        return repo.source_health(session)


def rejections(limit: int = 200) -> list[Rejection]:
    """The newest things that could not be used."""
    with session_scope(engine(), read_only=True) as session:
        return repo.rejections(session, limit=limit)


def rejection_counts() -> Mapping[Any, int]:
    """How many rejections stand under each reason."""
    with session_scope(engine(), read_only=True) as session:
        return repo.rejection_counts(session, utc_now() - timedelta(days=30))


def runs(limit: int = 50) -> Sequence[Run]:
    """The newest runs of jobs."""
    with session_scope(engine(), read_only=True) as session:
        return repo.runs(session, limit=limit)


def health() -> dict[str, Any]:
    """The state for /healthz: `status` is ok or failed, with the reason."""
    try:
        newest = max((f.day for f in freshness().values() if f.day), default=None)
    except MonitorError as error:
        return {"status": "failed", "reason": str(error)}
    return {"status": "ok", "newest_price_on": newest.isoformat() if newest else None}


def figures() -> Figures:
    """The numbers for /metrics."""
    now = utc_now()
    with session_scope(engine(), read_only=True) as session:
        return Figures(
            ages={source: (now - seen).total_seconds() for source, seen in repo.newest_prices(session).items()},
            last_good={job: ended.timestamp() for job, ended in repo.last_good_runs(session).items()},
            deliveries=repo.delivery_counts(session),
            faults={source.source: int(bool(source.fault)) for source in repo.source_health(session)},
            rejections=_by_reason(repo.rejection_counts(session, now - timedelta(days=30))),
        )


def day_of(days: int) -> datetime:
    """Days since 1970-01-01 as a moment."""
    return datetime.combine(EPOCH + timedelta(days=days), datetime.min.time(), UTC)


def _by_reason(counts: Mapping[Any, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, n in counts.items():
        reason = key[-1] if isinstance(key, tuple) else key
        found[str(reason)] = found.get(str(reason), 0) + n
    return found


def _freshness(day: date | None, now: datetime) -> Freshness:
    age = (now.date() - day).days if day else 10_000
    return Freshness(day=day, age_days=age, stale=age > STALE_DAYS)
