"""Shopify stores: `/products.json` and `/collections/NAME/products.json`, made for the shop's own front.

What an answer says is read by `monitor.reading.answers`, as for any JSON page; here is only how to ask for all of it.
The answer does not name the currency: the source does.
"""

from monitor.core.models import SourceInfo
from spiders.shop_answers import Ask, ShopAnswer, decoded, first_pages, next_page, read_as_page, rows, unexpected

PER_PAGE = 250
LAST_PAGE = 8


def asks(source: SourceInfo, key: str) -> tuple[Ask, ...]:
    """The first page of each start address."""
    return first_pages(source, limit=PER_PAGE)


def parse(payload: bytes, asked: Ask, source: SourceInfo) -> ShopAnswer:
    """Every variant as an offer; asks for the next page while this one was full."""
    try:
        products = rows(decoded(payload)["products"])
    except (ValueError, KeyError, TypeError):
        return unexpected(payload)
    more = next_page(asked, LAST_PAGE) if len(products) >= PER_PAGE else ()
    return read_as_page(payload, asked, source, more) if products else ShopAnswer()
