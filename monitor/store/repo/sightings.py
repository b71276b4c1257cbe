"""What is known of articles that are being seen again, so that a reading can be weighed against it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, update
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from monitor.core.models import Offer
from monitor.core.trust import SOURCE_FAULT
from monitor.store.repo.articles import BELIEVED, article_key, chunks
from monitor.store.repo.choices import put_choice
from monitor.store.repo.quarantine import JUDGED
from monitor.store.repo.rollup import redo_days
from monitor.store.tables import ArticleRow, OfferRow

REMEMBERED, YOUNG = timedelta(days=60), timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class Past:
    """What was read of an article before: the newest believed price, and the price that waits, if one does."""

    believed: Decimal | None = None
    waiting: Decimal | None = None
    waiting_since: datetime | None = None
    waiting_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class SeenAgain:
    """An article that a crawl saw again: what was believed before, and what the crawl read. `row_id` is the new row,
    `None` where nothing changed."""

    row_id: int | None
    price_before: Decimal
    price_now: Decimal
    stock_before: str
    stock_now: str


@dataclass(frozen=True, kw_only=True)
class OnShelf:
    """The prices of one kind of article at one source: those believed before a crawl, and those that it read.
    `waiting_ids` are rows that it saw and that are in doubt; `row_ids` are the rows that it added, with those of the
    days before that are believed, when a page may have shown too little to tell that it is misread."""

    before: Sequence[Decimal]
    now: Sequence[Decimal]
    row_ids: Sequence[int]
    waiting_ids: Sequence[int]


def pasts(session: Session, offers: Sequence[Offer]) -> list[Past]:
    """What is known of each offer's article, in the order of `offers`."""
    keys = [article_key(offer) for offer in offers]
    rows: dict[str, list[Any]] = {key: [] for key in keys}
    newest = _of_articles(session, list(rows), col(ArticleRow.latest_offer_id) == col(OfferRow.id))
    for row in newest:
        rows[row.key] = [row]
    doubted = [key for key, found in rows.items() if found and found[0].quarantine not in BELIEVED]
    rows |= {key: [] for key in doubted}
    for row in _of_articles(session, doubted, col(OfferRow.article_id) == col(ArticleRow.id)):
        rows[row.key].append(row)
    return [_past(rows[key]) for key in keys]


def _of_articles(session: Session, keys: list[str], joined: Any) -> Iterator[Any]:
    """Rows of offers of these articles in order of time, as far as weighing needs them."""
    columns = (OfferRow.price, OfferRow.quarantine, OfferRow.first_seen, OfferRow.reason)
    query = sa_select(col(ArticleRow.key), *map(col, columns)).join(OfferRow, joined)
    for some in chunks(keys):
        wanted = query.where(col(ArticleRow.key).in_(some)).order_by(col(OfferRow.last_seen), col(OfferRow.id))
        yield from session.execute(wanted)


def seen_again(session: Session, source: str, since: datetime) -> list[SeenAgain]:
    """Every article of a source that was known before `since` and read after: what was believed, what is read."""
    now_live = (
        select(OfferRow.article_id)
        .join(ArticleRow, col(ArticleRow.id) == col(OfferRow.article_id))
        .where(ArticleRow.source == source, ArticleRow.stat == "offer", col(OfferRow.last_seen) >= since)
    )
    query = (
        select(OfferRow)
        .where(col(OfferRow.article_id).in_(now_live), col(OfferRow.last_seen) >= since - REMEMBERED)
        .order_by(col(OfferRow.last_seen), col(OfferRow.id))
    )
    by_article: dict[int, list[OfferRow]] = {}
    for row in session.exec(query):
        by_article.setdefault(row.article_id, []).append(row)
    return [again for rows in by_article.values() if (again := _again(rows, since)) is not None]


def shelf(session: Session, source: str, since: datetime) -> list[OnShelf]:
    """By GPU, condition and currency: what a source asked before `since` and what it asks in the crawl begun then,
    whether the articles are the same or not."""
    query = (
        select(ArticleRow.gpu, ArticleRow.condition, ArticleRow.currency, OfferRow)
        .join(OfferRow, col(OfferRow.article_id) == col(ArticleRow.id))
        .where(ArticleRow.source == source, ArticleRow.stat == "offer", col(OfferRow.last_seen) >= since - REMEMBERED)
        .order_by(col(OfferRow.last_seen), col(OfferRow.id))
    )
    kinds: dict[tuple[str, ...], list[OfferRow]] = {}
    for *kind, row in session.exec(query):
        kinds.setdefault(tuple(kind), []).append(row)
    return [_on_shelf(rows, since) for rows in kinds.values()]


def doubt_offers(session: Session, row_ids: Sequence[int], reason: str, now: datetime) -> None:
    """Put rows into quarantine that were believed when they came, that the same crawl has confirmed, or that wait for a
    second sighting already: what they wait for must not come from a source at fault."""
    told = col(OfferRow.reason).startswith(SOURCE_FAULT)
    doubtful = or_(col(OfferRow.quarantine).in_(BELIEVED), (col(OfferRow.quarantine) == "pending") & ~told)
    changed: list[int] = []
    for some in chunks(list(row_ids)):
        rows = session.exec(select(OfferRow.id).where(col(OfferRow.id).in_(some), doubtful))
        changed += [row_id for row_id in rows if row_id is not None]
    for some in chunks(changed):
        rows_of = update(OfferRow).where(col(OfferRow.id).in_(some))
        session.execute(rows_of.values(quarantine="pending", reason=reason))
    if changed:
        redo_days(session, changed)
        put_choice(session, JUDGED, changed[-1], now)


def _past(rows: Sequence[Any]) -> Past:
    believed = next((row for row in reversed(rows) if row.quarantine in BELIEVED), None)
    waiting = rows[-1] if rows and rows[-1].quarantine == "pending" else None
    return Past(
        believed=believed.price if believed else None,
        waiting=waiting.price if waiting else None,
        waiting_since=waiting.first_seen if waiting else None,
        waiting_reason=waiting.reason if waiting else "",
    )


def _on_shelf(rows: Sequence[OfferRow], since: datetime) -> OnShelf:
    believed = [row for row in rows if row.quarantine in BELIEVED]
    before = {row.article_id: row.price for row in believed if row.first_seen < since}
    now = {row.article_id: row.price for row in rows if row.last_seen >= since}
    young = [row for row in believed if row.first_seen >= since - YOUNG and row.last_seen >= since]
    own = [row for row in young if row.quarantine == "" or (row.decided_at is not None and row.decided_at >= since)]
    waiting = [row.id for row in rows if row.id and row.quarantine == "pending" and row.last_seen >= since]
    added = [row.id for row in own if row.id is not None] + waiting
    return OnShelf(before=list(before.values()), now=list(now.values()), row_ids=added, waiting_ids=waiting)


def _again(rows: Sequence[OfferRow], since: datetime) -> SeenAgain | None:
    now = rows[-1]
    earlier = [row for row in rows if row.first_seen < since and row.quarantine in BELIEVED]
    if not earlier or now.last_seen < since:
        return None
    before = earlier[-1]
    return SeenAgain(
        row_id=None if now.first_seen < since else now.id,
        price_before=before.price,
        price_now=now.price,
        stock_before=before.availability,
        stock_now=now.availability,
    )
