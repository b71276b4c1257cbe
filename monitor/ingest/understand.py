"""One raw offer -> the offer that it means, or why it cannot be used."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

from monitor.catalog import Catalog
from monitor.core import tax
from monitor.core.matching import Match, match_title
from monitor.core.models import Condition, Money, Offer, RawOffer, Rejection, SourceInfo
from monitor.core.money import parse_money

MAX_TEXT = 500  # characters of a page that are kept as evidence
MILLIONTH = Decimal("0.000001")


def understand(
    raw: RawOffer, source: SourceInfo, catalog: Catalog, now: datetime, corrections: Mapping[str, str | None]
) -> Offer | Rejection:
    """The offer that a raw one means, or why it cannot be used. The price is per card, and as a buyer there pays it."""
    match = match_title(raw.title, catalog.matcher)
    plain = " ".join(raw.title.lower().split())
    gpu, why = (corrections[plain], "corrected by you") if plain in corrections else (match.gpu, match.reason)
    offer = _offer(raw, source, match, gpu or "", why if gpu else "", now)
    if gpu is None:
        return replace(_rejected(raw, source, why, now), offer=offer)
    return offer or _rejected(raw, source, "unreadable_price", now)


def _offer(raw: RawOffer, source: SourceInfo, match: Match, gpu: str, why: str, now: datetime) -> Offer | None:
    """The offer of a GPU (or of one that is not known: ""); `None` where its price cannot be read."""
    price = parse_money(raw.price_text, hint=raw.currency or source.currency or None, country=source.country or None)
    paid = _as_paid(price, source) if price else None
    if price is None or paid is None:
        return None
    taxed = "tax added to the net price" if paid != price else ""
    quantity = max(match.quantity, raw.quantity, 1)
    return Offer(
        gpu=gpu,
        title=raw.title[:MAX_TEXT],
        price=_per_card(paid, quantity),
        condition=worst_condition(match.condition, raw.condition, source.condition),
        source=source.name,
        region=source.country,
        seen_at=now,
        market=source.market,
        availability=raw.availability,
        quantity=quantity,
        seller="" if source.condition is Condition.USED else raw.seller,  # private sellers are nobody's business
        url=raw.url,
        sku=raw.sku,
        syntax=raw.syntax,
        snippet=(raw.snippet or raw.price_text)[:MAX_TEXT],
        reason="; ".join(part for part in (why, raw.reason, taxed) if part)[:MAX_TEXT],
    )


def worst_condition(title: Condition, page: Condition, habit: Condition) -> Condition:
    """The condition of an article: "used" wins wherever it stands, since markup calls everything new; the source's
    habit only fills silence."""
    for condition in (Condition.USED, Condition.REFURBISHED, Condition.NEW):
        if condition in (title, page):
            return condition
    return habit


def _as_paid(price: Money, source: SourceInfo) -> Money | None:
    """What a private buyer pays: shops that state net prices to business get the country's tax added."""
    return tax.with_tax(price, source.country) if source.tax_included is False else price


def _per_card(price: Money, quantity: int) -> Money:
    if quantity == 1:
        return price
    # As exactly as the store keeps money: a price that comes again must be the same price.
    amount = (price.amount / quantity).quantize(MILLIONTH, rounding=ROUND_HALF_EVEN)
    return Money(amount=amount, currency=price.currency)


def _rejected(raw: RawOffer, source: SourceInfo, reason: str, now: datetime) -> Rejection:
    text = (raw.snippet or raw.price_text)[:MAX_TEXT]
    title = raw.title[:MAX_TEXT]
    return Rejection(source=source.name, reason=reason, text=text, title=title, seen_at=now, url=raw.url)
