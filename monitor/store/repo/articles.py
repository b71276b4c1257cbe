"""Offers and the articles they are about: the two explicit functions between `Offer` and its rows, and article ids."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, Select
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from monitor.core.models import Availability, Billing, Condition, Market, Money, Offer
from monitor.store.bulk import insert_into
from monitor.store.tables import ArticleRow, OfferRow

MOST = 2**31 - 1  # of a whole number in PostgreSQL
OFFERS: Select[Any] = sa_select(
    *(column for column in OfferRow.__table__.columns),  # type: ignore[attr-defined]
    *(column for column in ArticleRow.__table__.columns if column.name not in ("id", "key")),  # type: ignore[attr-defined]
).join(ArticleRow, col(ArticleRow.id) == col(OfferRow.article_id))
BELIEVED = ("", "confirmed")  # what `offers.quarantine` says of offers that count
CHUNK = 500  # parameters per IN list; SQLite's least limit is 999


def article_key(offer: Offer) -> str:
    """A digest of what makes it the same article."""
    return hashlib.blake2b(json.dumps(article_identity(offer)).encode(), digest_size=16).hexdigest()


def article_identity(offer: Offer) -> tuple[str | int, ...]:
    """The same for two offers of the same article: a shop's own number tells articles apart, else the title does."""
    return (
        offer.source,
        offer.gpu,
        offer.condition,
        offer.market,
        offer.billing or "",
        offer.region,
        offer.price.currency,
        offer.stat,
        offer.seller,
        offer.url,
        offer.sku or offer.title,
        offer.quantity,
    )


def article_values(offer: Offer, key: str) -> dict[str, Any]:
    """The `articles` row of an offer."""
    return {
        "key": key,
        "gpu": offer.gpu,
        "title": offer.title,
        "source": offer.source,
        "condition": offer.condition.value,
        "market": offer.market.value,
        "billing": offer.billing.value if offer.billing else "",
        "region": offer.region,
        "currency": offer.price.currency,
        "stat": offer.stat,
        "seller": offer.seller,
        "url": offer.url,
        "sku": offer.sku,
        "quantity": min(offer.quantity, MOST),
        "syntax": offer.syntax,
    }


def offer_values(offer: Offer, article_id: int, recorded_at: datetime) -> dict[str, Any]:
    """The `offers` row of an offer seen for the first time."""
    return {
        "article_id": article_id,
        "price": offer.price.amount,
        "availability": offer.availability.value,
        "first_seen": offer.seen_at,
        "last_seen": offer.seen_at,
        "recorded_at": recorded_at,
        "sightings": 1,
        "quarantine": "pending" if offer.quarantined else "",
        "decided_at": None,
        "snippet": offer.snippet,
        "reason": offer.reason,
    }


def offer_from(row: Row[Any], *, seen_at: datetime) -> Offer:
    """The offer that a row of `OFFERS` stands for, as seen at `seen_at`."""
    return Offer(
        gpu=row.gpu,
        title=row.title,
        price=Money(amount=row.price, currency=row.currency),
        condition=Condition(row.condition),
        source=row.source,
        region=row.region,
        seen_at=seen_at,
        market=Market(row.market),
        billing=Billing(row.billing) if row.billing else None,
        availability=Availability(row.availability),
        quantity=row.quantity,
        seller=row.seller,
        url=row.url,
        sku=row.sku,
        stat=row.stat,
        syntax=row.syntax,
        snippet=row.snippet,
        reason=row.reason,
        quarantined=row.quarantine not in BELIEVED,
    )


def article_ids(session: Session, offers: Mapping[str, Offer]) -> dict[str, int]:
    """The id of each article by its key; those not known yet are added."""
    ids = _known_ids(session, list(offers))
    missing = [article_values(offer, key) for key, offer in sorted(offers.items(), key=itemgetter(0)) if key not in ids]
    if missing:
        session.connection().execute(insert_into(session, ArticleRow).on_conflict_do_nothing(), missing)
        ids.update(_known_ids(session, [values["key"] for values in missing]))
    return ids


def _known_ids(session: Session, keys: list[str]) -> dict[str, Any]:
    query = select(ArticleRow.key, ArticleRow.id)
    return {
        key: article_id
        for some in chunks(keys)
        for key, article_id in session.exec(query.where(col(ArticleRow.key).in_(some)))
    }


def chunks(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """`items` in parts small enough for one statement."""
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
