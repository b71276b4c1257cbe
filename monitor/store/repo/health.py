"""How each source is doing, and how old the newest price is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from monitor.store.repo.choices import choice, choices, put_choice
from monitor.store.repo.observations import day_start
from monitor.store.repo.offers import GAP
from monitor.store.repo.rollup import rolled_until
from monitor.store.tables import ArticleRow, DailyPriceRow, DailySeriesRow, ObservationRow, OfferRow, SourceStateRow

CHANGES, MOST_CHANGES = "faults/", 100  # of a source's state: what a preview of rules on sources replays


@dataclass(frozen=True, kw_only=True)
class SourceHealth:
    """A source's last crawl; `fault` is empty while it does well, and `fault_since` says since when it does not."""

    source: str
    last_try_at: datetime
    last_good_at: datetime | None
    offers: int
    rejections: int
    errors: int
    seconds: float
    fault: str = ""
    fault_since: datetime | None = None


def record_crawl(
    session: Session,
    source: str,
    now: datetime,
    *,
    offers: int,
    rejections: int,
    errors: int,
    seconds: float,
    fault: str = "",
) -> SourceHealth:
    """Store how a crawl of a source went; without a `fault` it was a good one."""
    row = session.get(SourceStateRow, source) or SourceStateRow(source=source, last_try_at=now)
    if row.fault != fault or row.last_try_at == now:
        _note_change(session, source, fault, now)
    row.last_try_at, row.offers, row.rejections, row.errors, row.seconds = now, offers, rejections, errors, seconds
    if fault:
        row.fault_since = row.fault_since or now
    else:
        row.last_good_at, row.fault_since = now, None
    row.fault = fault
    session.add(row)
    session.flush()
    return _health_from(row)


def fault_history(session: Session) -> dict[str, list[tuple[datetime, str]]]:
    """For each source since when which fault held ("": none), oldest first; its newest changes only."""
    stored = choices(session, CHANGES)
    return {
        name.removeprefix(CHANGES): [(datetime.fromisoformat(at), fault) for at, fault in changes]
        for name, changes in stored.items()
    }


def source_health(session: Session) -> list[SourceHealth]:
    """Every source that was ever crawled, by name."""
    return [_health_from(row) for row in session.exec(select(SourceStateRow).order_by(SourceStateRow.source))]


def newest_prices(session: Session) -> dict[str, datetime]:
    """When each source last showed a price."""
    live = (
        select(ArticleRow.source, func.max(OfferRow.last_seen))
        .join(OfferRow, col(OfferRow.article_id) == col(ArticleRow.id))
        .where(col(OfferRow.last_seen) >= day_start(rolled_until(session)) - GAP)
        .group_by(ArticleRow.source)
    )
    found: dict[str, datetime] = {source: seen for source, seen in session.exec(live) if seen is not None}
    # the newest day of each series or line is one step down an index; to look at all days takes a second
    summed_day = select(func.max(DailyPriceRow.epoch_day)).where(DailyPriceRow.series_id == DailySeriesRow.id)
    filed_day = select(func.max(ObservationRow.epoch_day)).where(ObservationRow.article_id == ArticleRow.id)
    summed = select(DailySeriesRow.source, summed_day.correlate(DailySeriesRow).scalar_subquery())
    filed = select(ArticleRow.source, filed_day.correlate(ArticleRow).scalar_subquery()).where(
        ArticleRow.stat != "offer"
    )
    for query in (summed, filed):
        for source, day in session.exec(query):
            if day is not None:
                found[source] = max(found.get(source, day_start(day)), day_start(day))
    return found


def offer_count(session: Session) -> int:
    """How many rows of single offers are stored."""
    return session.exec(select(func.count()).select_from(OfferRow)).one()


def is_empty(session: Session) -> bool:
    """Whether no price at all is stored."""
    tables = (ObservationRow.article_id, OfferRow.id, DailyPriceRow.epoch_day)
    return all(session.exec(select(column).limit(1)).first() is None for column in tables)


def _note_change(session: Session, source: str, fault: str, now: datetime) -> None:
    known = choice(session, f"{CHANGES}{source}", [])
    if not known or known[-1][1] != fault:
        put_choice(session, f"{CHANGES}{source}", [*known, [now.isoformat(), fault]][-MOST_CHANGES:], now)


def _health_from(row: SourceStateRow) -> SourceHealth:
    return SourceHealth(
        source=row.source,
        last_try_at=row.last_try_at,
        last_good_at=row.last_good_at,
        offers=row.offers,
        rejections=row.rejections,
        errors=row.errors,
        seconds=row.seconds,
        fault=row.fault,
        fault_since=row.fault_since,
    )
