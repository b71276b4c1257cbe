"""Offers as of a moment -> what one GPU costs in each market, with the number of offers and shops behind it.

Two stages, so that a shop with a hundred listings has one vote: the median of a shop's offers, then the median over
shops.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import blake2b
from statistics import median

import numpy as np

from monitor.core.models import (
    Ask,
    Availability,
    Billing,
    Condition,
    Market,
    Money,
    Offer,
    Series,
    SeriesKey,
    StreetPrice,
)

CARRY_DAYS = 3
ASKS_KEPT = 4  # of the cheapest articles
# What can be had now, or may be: a price for a card that is yet to come is no street price.
FOR_SALE = frozenset({Availability.IN_STOCK, Availability.LIMITED, Availability.UNKNOWN})

_Place = tuple[str, Condition, str, str, Market, Billing | None]


def street_prices(offers: Iterable[Offer], as_of: datetime, carry_days: int = CARRY_DAYS) -> list[StreetPrice]:
    """The street price of every GPU, condition, region and currency that has an offer of the last `carry_days` days.

    Of one article (source, seller, address, sku) only the newest offer counts; what is out of stock or yet to come,
    quarantined, not positive or seen after `as_of` does not count at all.
    """
    by_place: dict[_Place, list[Offer]] = defaultdict(list)
    for offer in _newest_of_each_article(offers, as_of, carry_days):
        place = (offer.gpu, offer.condition, offer.region, offer.price.currency, offer.market, offer.billing)
        by_place[place].append(offer)
    return [
        _street_price(place, live, as_of) for place, live in sorted(by_place.items(), key=lambda item: str(item[0]))
    ]


def _newest_of_each_article(offers: Iterable[Offer], as_of: datetime, carry_days: int) -> list[Offer]:
    oldest = as_of - timedelta(days=carry_days)
    newest: dict[tuple[str, ...], Offer] = {}
    for offer in offers:
        if offer.quarantined or offer.price.amount <= 0 or not oldest <= offer.seen_at <= as_of:
            continue
        billing = offer.billing or ""
        article = (offer.gpu, offer.condition, offer.region, offer.price.currency, billing, *_article_of(offer))
        if article not in newest or newest[article].seen_at <= offer.seen_at:
            newest[article] = offer
    return [offer for offer in newest.values() if offer.availability in FOR_SALE]


def _street_price(place: _Place, offers: Sequence[Offer], as_of: datetime) -> StreetPrice:
    by_shop: dict[str, list[Decimal]] = defaultdict(list)
    for offer in offers:
        by_shop[offer.source].append(offer.price.amount)
    votes = [median(prices) for prices in by_shop.values()]
    newest: dict[str, datetime] = {}
    for offer in offers:
        newest[offer.source] = max(offer.seen_at, newest.get(offer.source, offer.seen_at))
    price, seen_on = median(votes), max(newest.values()).date()
    cheapest = min(by_shop, key=lambda shop: median(by_shop[shop]))
    gpu, condition, region, currency, market, billing = place
    return StreetPrice(
        gpu=gpu,
        condition=condition,
        region=region,
        price=Money(amount=price, currency=currency),
        n=sum(offer.n_obs or 1 for offer in offers),
        shops=len(votes),
        low=min(votes),
        high=max(votes),
        spread=float((max(votes) - min(votes)) / price),
        seen_on=seen_on,
        carried=seen_on < as_of.date(),
        market=market,
        billing=billing,
        newest_at=max(newest.values()),
        low_seen_at=newest[cheapest],
        asks=_asks(offers),
    )


def _asks(offers: Iterable[Offer]) -> tuple[Ask, ...]:
    """The cheapest single offers; a price file's summary is nobody's offer."""
    single = [offer for offer in offers if offer.stat == "offer"]
    cheapest = sorted(single, key=lambda offer: (offer.price.amount, _article_of(offer)))[:ASKS_KEPT]
    return tuple(
        Ask(
            amount=offer.price.amount,
            source=offer.source,
            article=blake2b("\x1f".join(_article_of(offer)).encode(errors="replace"), digest_size=6).hexdigest(),
            seen_at=offer.seen_at,
            offer=offer,
        )
        for offer in cheapest
    )


def _article_of(offer: Offer) -> tuple[str, ...]:
    return offer.source, offer.seller, offer.url, offer.sku or offer.title, offer.stat


def price_on(series: Series, day: int, max_age_days: int = 63) -> float | None:
    """The newest price known on `day`, or `None` if it is older than `max_age_days`."""
    at = _place(series, day, max_age_days)
    return None if at is None else float(series.prices[at])


def _place(series: Series, day: int, max_age_days: int) -> int | None:
    at = int(np.searchsorted(series.days, day, side="right")) - 1
    return None if at < 0 or day - int(series.days[at]) > max_age_days else at


def known_on(series: Iterable[Series], day: int) -> list[Series]:
    """The same series without anything after `day`, and without prices that are not positive numbers."""
    return [cut for one in series if len((cut := _cut(one, day)).days)]


def _cut(series: Series, day: int) -> Series:
    end = int(series.days.searchsorted(day, side="right"))
    known = series.prices[:end]
    if end and known.min() > 0 and known.max() < np.inf:  # the usual case; not a number fails both
        if end == len(series.days):
            return series
        return Series(key=series.key, days=series.days[:end], prices=known, n_obs=series.n_obs[:end])
    good = np.isfinite(known) & (known > 0)
    return Series(
        key=series.key, days=series.days[:end][good], prices=series.prices[:end][good], n_obs=series.n_obs[:end][good]
    )


def market_of(key: SeriesKey) -> tuple[str, str]:
    """A market is a condition in a region: that is within what prices move together."""
    return key.condition, key.region
