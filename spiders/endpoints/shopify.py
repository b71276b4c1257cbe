"""Shopify stores: `/products.json` and `/collections/NAME/products.json`, made for the shop's own front.

Prices are text in the shop's currency, which the answer does not name ("199.00"; integers, in cents, only in `.js`).
A product's variants may be different cards, so each is an offer of its own.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from monitor.core.models import Availability, RawOffer, SourceInfo
from spiders.shop_answers import Ask, ShopAnswer, decoded, read_each, rows, shown, unexpected, with_query

PER_PAGE = 250
LAST_PAGE = 8
NO_VARIANT = "Default Title"  # what Shopify calls the only variant of a product without variants


def asks(source: SourceInfo, key: str) -> tuple[Ask, ...]:
    """The first page of each start address."""
    return tuple(Ask(url=with_query(url, limit=PER_PAGE, page=1)) for url in source.starts)


def parse(payload: bytes, asked: Ask, source: SourceInfo) -> ShopAnswer:
    """Every variant as an offer; asks for the next page while this one was full."""
    try:
        products = rows(decoded(payload)["products"])
    except (ValueError, KeyError, TypeError):
        return unexpected(payload)
    offers, rejections = read_each(products, lambda product: _variants(product, asked, source))
    turn = asked.turn + 1
    more = (
        (Ask(url=with_query(asked.url, page=turn), turn=turn),)
        if len(products) >= PER_PAGE and turn <= LAST_PAGE
        else ()
    )
    return ShopAnswer(offers=offers, rejections=rejections, more=more)


def _variants(product: dict[str, Any], asked: Ask, source: SourceInfo) -> Iterator[RawOffer]:
    page = urljoin(asked.url, f"/products/{product['handle']}")
    for variant in product["variants"]:
        name = str(variant.get("title") or "")
        title = product["title"] if name in ("", NO_VARIANT) else f"{product['title']} {name}"
        available = variant.get("available")
        yield RawOffer(
            title=title,
            price_text=f"{source.currency} {variant['price']}",
            currency=source.currency or None,
            availability=_stock(available),
            url=page if name in ("", NO_VARIANT) else f"{page}?variant={variant['id']}",
            sku=str(variant.get("sku") or variant.get("id") or ""),
            syntax="json_api",
            snippet=shown({key: variant.get(key) for key in ("title", "price", "compare_at_price", "available")}),
        )


def _stock(available: object) -> Availability:
    if available is None:
        return Availability.UNKNOWN
    return Availability.IN_STOCK if available else Availability.OUT_OF_STOCK
