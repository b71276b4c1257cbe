"""What was found becomes what is known: raw offers are understood or rejected with a reason, and stored.

Nothing is dropped without a trace, and nothing is guessed: a price that cannot be read or a title that names no single
GPU is a `Rejection`, which the data-health page shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from sqlmodel import Session

from monitor.catalog import Catalog
from monitor.core.matching import match_title
from monitor.core.models import Condition, Money, NewsEvent, Offer, RawOffer, Rejection, SourceInfo
from monitor.core.money import parse_money
from monitor.store import repo

MAX_TEXT = 500  # characters of a page that are kept as evidence


@dataclass(frozen=True, kw_only=True)
class Ingested:
    """What a batch of readings of one source came to; `new` counts prices and headlines not known before."""

    offers: tuple[Offer, ...] = ()
    news: tuple[NewsEvent, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    new: int = 0


def ingest_offers(
    session: Session, raws: Sequence[RawOffer], source: SourceInfo, catalog: Catalog, now: datetime
) -> Ingested:
    """Understand and store what a shop asks; every raw offer comes back as an offer or as a rejection."""
    understood = [understand(raw, source, catalog, now) for raw in raws]
    offers = [item for item in understood if isinstance(item, Offer)]
    rejections = [item for item in understood if isinstance(item, Rejection)]
    counts = repo.add_offers(session, offers, now)
    repo.add_rejections(session, rejections, now)
    return Ingested(offers=tuple(offers), rejections=tuple(rejections), new=counts.new)


def ingest_offer(
    session: Session, raw: RawOffer, source: SourceInfo, catalog: Catalog, now: datetime
) -> Offer | Rejection:
    """Understand and store one offer."""
    result = ingest_offers(session, [raw], source, catalog, now)
    return (result.offers or result.rejections)[0]


def ingest_prices(session: Session, offers: Sequence[Offer], now: datetime) -> Ingested:
    """Store prices that came understood, as those of clouds do."""
    counts = repo.add_offers(session, offers, now)
    return Ingested(offers=tuple(offers), new=counts.new)


def ingest_news(session: Session, events: Sequence[NewsEvent], now: datetime) -> Ingested:
    """Store headlines."""
    counts = repo.add_news(session, events, now)
    return Ingested(news=tuple(events), new=counts.new)


def ingest_rejections(session: Session, rejections: Sequence[Rejection], now: datetime) -> Ingested:
    """Store what a spider could not use."""
    repo.add_rejections(session, rejections, now)
    return Ingested(rejections=tuple(rejections))


def together(parts: Sequence[Ingested]) -> Ingested:
    """Several results as one."""
    return Ingested(
        offers=tuple(offer for part in parts for offer in part.offers),
        news=tuple(event for part in parts for event in part.news),
        rejections=tuple(rejection for part in parts for rejection in part.rejections),
        new=sum(part.new for part in parts),
    )


def understand(raw: RawOffer, source: SourceInfo, catalog: Catalog, now: datetime) -> Offer | Rejection:
    """The offer that a raw one means, or why it cannot be used. The price is per card."""
    match = match_title(raw.title, catalog.matcher)
    if match.gpu is None:
        return _rejected(raw, source, match.reason, now)
    price = parse_money(raw.price_text, hint=raw.currency or source.currency or None, country=source.country or None)
    if price is None:
        return _rejected(raw, source, "unreadable_price", now)
    quantity = max(match.quantity, raw.quantity, 1)
    return Offer(
        gpu=match.gpu,
        title=raw.title[:MAX_TEXT],
        price=_per_card(price, quantity),
        condition=worst_condition(match.condition, raw.condition, source.condition),
        source=source.name,
        region=source.country,
        seen_at=now,
        market=source.market,
        availability=raw.availability,
        quantity=quantity,
        seller=raw.seller,
        url=raw.url,
        sku=raw.sku,
        syntax=raw.syntax,
        snippet=(raw.snippet or raw.price_text)[:MAX_TEXT],
        reason="; ".join(part for part in (match.reason, raw.reason) if part)[:MAX_TEXT],
    )


def worst_condition(title: Condition, page: Condition, habit: Condition) -> Condition:
    """The condition of an article: "used" wins wherever it stands, since markup calls everything new; the source's
    habit only fills silence."""
    for condition in (Condition.USED, Condition.REFURBISHED, Condition.NEW):
        if condition in (title, page):
            return condition
    return habit


def _per_card(price: Money, quantity: int) -> Money:
    if quantity == 1:
        return price
    amount = (price.amount / quantity).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
    return Money(amount=amount, currency=price.currency)


def _rejected(raw: RawOffer, source: SourceInfo, reason: str, now: datetime) -> Rejection:
    found: dict[str, Any] = {"text": (raw.snippet or raw.price_text)[:MAX_TEXT], "title": raw.title[:MAX_TEXT]}
    return Rejection(source=source.name, reason=reason, seen_at=now, url=raw.url, **found)
