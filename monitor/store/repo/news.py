"""Headlines, once each."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from monitor.core.models import NewsEvent
from monitor.store.bulk import insert_into
from monitor.store.repo.articles import chunks
from monitor.store.repo.offers import Counts
from monitor.store.tables import NewsRow


def add_news(session: Session, events: Iterable[NewsEvent], recorded_at: datetime) -> Counts:
    """Store headlines; one that is stored already (same source and address, or title) counts as known."""
    given = list(events)
    found = {_key(event): event for event in reversed(given)}
    query = select(NewsRow.key)
    known = {key for some in chunks(list(found)) for key in session.exec(query.where(col(NewsRow.key).in_(some)))}
    new = [_values(event, key, recorded_at) for key, event in found.items() if key not in known]
    if new:
        session.connection().execute(insert_into(session, NewsRow).on_conflict_do_nothing(), new)
    return Counts(new=len(new), known=len(given) - len(new))


def news_as_of(
    session: Session, as_of: datetime, *, since: datetime | None = None, limit: int | None = None
) -> list[NewsEvent]:
    """Headlines known at `as_of`, newest first; `since` bounds the time of publication."""
    query = select(NewsRow).where(col(NewsRow.recorded_at) <= as_of, col(NewsRow.published_at) <= as_of)
    query = query.order_by(col(NewsRow.published_at).desc(), col(NewsRow.id).desc())
    query = query if since is None else query.where(col(NewsRow.published_at) >= since)
    return [_event_from(row) for row in session.exec(query if limit is None else query.limit(limit))]


def _key(event: NewsEvent) -> str:
    return hashlib.blake2b(json.dumps([event.source, event.url or event.title]).encode(), digest_size=16).hexdigest()


def _values(event: NewsEvent, key: str, recorded_at: datetime) -> dict[str, Any]:
    return {
        "key": key,
        "event_key": event.key,
        "title": event.title,
        "event": event.event,
        "gpus": list(event.gpus),
        "expected_date": event.expected_date,
        "effect": event.effect,
        "source": event.source,
        "url": event.url,
        "language": event.language,
        "published_at": event.published_at,
        "recorded_at": recorded_at,
    }


def _event_from(row: NewsRow) -> NewsEvent:
    return NewsEvent(
        title=row.title,
        event=row.event,
        gpus=tuple(row.gpus),
        expected_date=row.expected_date,
        effect=row.effect,
        source=row.source,
        url=row.url,
        published_at=row.published_at,
        language=row.language,
        key=row.event_key,
    )
