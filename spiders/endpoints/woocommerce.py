"""WooCommerce stores: the Store API `/wp-json/wc/store/v1/products`, open by design.

Prices are whole numbers in the currency's smallest unit, with the number of decimals beside them. The price of a
product with variations is "from", so it is no price of an article.
"""

import html
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from monitor.core.models import Availability, RawOffer, SourceInfo
from spiders.shop_answers import Ask, ShopAnswer, decoded, read_each, rows, shown, unexpected, with_query

PER_PAGE = 100
LAST_PAGE = 10


def asks(source: SourceInfo, key: str) -> tuple[Ask, ...]:
    """The first page of each start address."""
    return tuple(Ask(url=with_query(url, per_page=PER_PAGE, page=1)) for url in source.starts)


def parse(payload: bytes, asked: Ask, source: SourceInfo) -> ShopAnswer:
    """Every simple product as an offer; asks for the next page while this one was full."""
    try:
        products = rows(decoded(payload))
    except ValueError:
        return unexpected(payload)
    offers, rejections = read_each(products, _product)
    turn = asked.turn + 1
    more = (
        (Ask(url=with_query(asked.url, page=turn), turn=turn),)
        if len(products) >= PER_PAGE and turn <= LAST_PAGE
        else ()
    )
    return ShopAnswer(offers=offers, rejections=rejections, more=more)


def _product(product: dict[str, Any]) -> Iterator[RawOffer]:
    prices = product["prices"]
    spread = prices.get("price_range")
    if spread and spread.get("min_amount") != spread.get("max_amount"):
        raise ValueError("a range of prices is no price")
    amount = Decimal(str(prices["price"])).scaleb(-int(prices["currency_minor_unit"]))
    yield RawOffer(
        title=html.unescape(product["name"]),
        price_text=f"{prices['currency_code']} {amount:f}",
        currency=prices["currency_code"],
        availability=_stock(product),
        url=str(product.get("permalink") or ""),
        sku=str(product.get("sku") or product.get("id") or ""),
        syntax="json_api",
        snippet=shown({"name": product["name"], "prices": prices, "is_in_stock": product.get("is_in_stock")}),
    )


def _stock(product: dict[str, Any]) -> Availability:
    if product.get("is_on_backorder"):
        return Availability.BACKORDER
    if product.get("is_in_stock") is None:
        return Availability.UNKNOWN
    if not product["is_in_stock"]:
        return Availability.OUT_OF_STOCK
    return Availability.LIMITED if product.get("low_stock_remaining") else Availability.IN_STOCK
