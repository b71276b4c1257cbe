"""What the data are worth: how old they are, what was rejected or waits for a decision, how jobs and sources do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dashboard.queries.base import cached, catalog, read
from monitor.clock import utc_now
from monitor.core.matching import REASONS
from monitor.core.matching_nearest import nearest_names
from monitor.core.models import Delivery, Rejection
from monitor.core.source_memory import SourceMemory, memory_from_json
from monitor.errors import MonitorError
from monitor.ingest import MEMORY
from monitor.store import repo
from monitor.store.repo import Run, SourceHealth

STALE_DAYS = 7
SHOWN_DAYS = 30
UNMATCHED = ("unknown_model", "ambiguous", "several_models")  # the likeliest to be a card after all


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


@cached
def _newest_prices() -> dict[str, datetime]:
    with read() as session:
        return repo.newest_prices(session)


def freshness() -> dict[str, Freshness]:
    """How old each source's newest price is."""
    return {source: age_of(seen.date()) for source, seen in _newest_prices().items()}


def newest_day() -> date | None:
    """The day of the newest price of all."""
    return max((seen.date() for seen in _newest_prices().values()), default=None)


def age_of(day: date | None, as_of: datetime | None = None) -> Freshness:
    """How old one day is at `as_of` (now, if `None`)."""
    age = ((as_of or utc_now()).date() - day).days if day else 10_000
    return Freshness(day=day, age_days=age, stale=age > STALE_DAYS)


@cached
def sources() -> list[SourceHealth]:
    """How each source's last crawl went."""
    with read() as session:
        return repo.source_health(session)


@cached
def source_memories() -> dict[str, SourceMemory]:
    """What is remembered of each source's crawls: how many of its readings were confirmed, how many crawls failed."""
    with read() as session:
        stored = repo.choices(session, MEMORY)
    return {name.removeprefix(MEMORY): memory_from_json(value) for name, value in stored.items()}


@cached
def rejections(limit: int = 300) -> list[Rejection]:
    """The newest things that could not be used."""
    with read() as session:
        return repo.rejections(session, limit=limit)


def unmatched() -> list[Rejection]:
    """Titles that no GPU was found in: what a person can put right, those that may be a card after all first."""
    told = [rejection for rejection in rejections() if rejection.reason in REASONS and rejection.title]
    return sorted(told, key=lambda rejection: rejection.reason not in UNMATCHED)


def with_nearest(title: str) -> str:
    """A title with the catalogue names that it may mean, to be shown; they only suggest."""
    near = nearest_names(title, catalog().matcher)
    return f"{title} (perhaps {' or '.join(near)})" if near else title


def rejected_beside(gpu: str) -> list[Rejection]:
    """Rejected things whose title speaks of this GPU by its number: the neighbours that an offer was told from."""
    words = gpu.lower().split()
    number = next((word for word in reversed(words) if any(c.isdigit() for c in word)), words[-1])
    return [r for r in rejections() if number in f"{r.title} {r.text}".lower()]


@cached
def quarantine() -> list[Any]:
    """Offers whose price jumped beyond what the market explains, waiting for a second sighting or a person; not those
    of pages that have not been read for a month."""
    with read() as session:
        return list(repo.quarantined(session, since=utc_now() - timedelta(days=SHOWN_DAYS)))


@cached
def corrections() -> dict[str, str | None]:
    """What was said about titles, the newest first."""
    with read() as session:
        return repo.title_corrections(session)


@cached
def runs(limit: int = 50) -> list[Run]:
    """The newest runs of jobs."""
    with read() as session:
        return repo.runs(session, limit=limit)


@cached
def deliveries(limit: int = 100) -> list[Delivery]:
    """The newest messages on their way."""
    with read() as session:
        return repo.deliveries(session, limit=limit)


def health() -> dict[str, Any]:
    """The state for /healthz: `status` is ok or failed, with the reason."""
    try:
        day = newest_day()
    except MonitorError as error:
        return {"status": "failed", "reason": str(error)}
    return {"status": "ok", "newest_price_on": day.isoformat() if day else None}


def figures() -> Figures:
    """The numbers for /metrics."""
    now = utc_now()
    with read() as session:
        return Figures(
            ages={source: (now - seen).total_seconds() for source, seen in repo.newest_prices(session).items()},
            last_good={job: ended.timestamp() for job, ended in repo.last_good_runs(session).items()},
            deliveries=repo.delivery_counts(session),
            faults={source.source: int(bool(source.fault)) for source in repo.source_health(session)},
            rejections=_by_reason(repo.rejection_counts(session, now - timedelta(days=SHOWN_DAYS))),
        )


def _by_reason(counts: Mapping[tuple[str, str], int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for (_, reason), n in counts.items():
        found[reason] = found.get(reason, 0) + n
    return found
