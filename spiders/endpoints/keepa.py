"""Keepa's product search, with the user's own key: Amazon's present prices in eleven countries, new, used, refurbished.

Prices are whole numbers in the currency's smallest unit, -1 is "none". The index of each kind of price follows
Keepa's product object. One page of a search costs the user ten tokens.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from monitor.core.models import Availability, Condition, RawOffer, SourceInfo
from spiders.shop_answers import Ask, ShopAnswer, decoded, read_each, rows, shown, unexpected, with_query

DOMAINS = {"US": 1, "GB": 2, "DE": 3, "FR": 4, "JP": 5, "CA": 6, "IT": 8, "ES": 9, "IN": 10, "MX": 11, "BR": 12}
SITES = {
    "US": "com", "GB": "co.uk", "DE": "de", "FR": "fr", "JP": "co.jp", "CA": "ca", "IT": "it", "ES": "es", "IN": "in",
    "MX": "com.mx", "BR": "com.br",
}  # fmt: skip
WHOLE_CURRENCIES = frozenset({"JPY"})
KINDS = ((1, Condition.NEW), (2, Condition.USED), (6, Condition.REFURBISHED))  # index in `current`; 0 is Amazon's own


def asks(source: SourceInfo, key: str) -> tuple[Ask, ...]:
    """One search for each start address, with present prices and without history."""
    wanted = {"key": key, "domain": DOMAINS[source.country], "type": "product", "stats": 1, "history": 0, "page": 0}
    return tuple(Ask(url=with_query(url, **wanted)) for url in source.starts)


def parse(payload: bytes, asked: Ask, source: SourceInfo) -> ShopAnswer:
    """Each kind of price that a product has, as an offer of its own."""
    try:
        products = rows(decoded(payload)["products"])
    except (ValueError, KeyError, TypeError):
        return unexpected(payload)
    offers, rejections = read_each(products, lambda product: _prices(product, source))
    return ShopAnswer(offers=offers, rejections=rejections)


def _prices(product: dict[str, Any], source: SourceInfo) -> Iterator[RawOffer]:
    current = product["stats"]["current"]
    for index, condition in KINDS:
        if index >= len(current) or (units := int(current[index])) <= 0:
            continue
        amount = Decimal(units) if source.currency in WHOLE_CURRENCIES else Decimal(units).scaleb(-2)
        yield RawOffer(
            title=product["title"],
            price_text=f"{source.currency} {amount:f}",
            currency=source.currency,
            availability=Availability.IN_STOCK,
            condition=condition,
            url=f"https://www.amazon.{SITES[source.country]}/dp/{product['asin']}",
            sku=f"{product['asin']}-{condition.value}",
            syntax="json_api",
            snippet=shown({"title": product["title"], "current": current[:8]}),
        )
