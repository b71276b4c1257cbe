"""WooCommerce stores: the Store API `/wp-json/wc/store/v1/products`, open by design.

What an answer says is read by `monitor.reading.answers`, as for any JSON page; here is only how to ask for all of it.
"""

from monitor.core.models import SourceInfo
from spiders.shop_answers import Ask, ShopAnswer, decoded, first_pages, next_page, read_as_page, rows, unexpected

PER_PAGE = 100
LAST_PAGE = 10


def asks(source: SourceInfo, key: str) -> tuple[Ask, ...]:
    """The first page of each start address."""
    return first_pages(source, per_page=PER_PAGE)


def parse(payload: bytes, asked: Ask, source: SourceInfo) -> ShopAnswer:
    """Every simple product as an offer; asks for the next page while this one was full."""
    try:
        products = rows(decoded(payload))
    except ValueError:
        return unexpected(payload)
    more = next_page(asked, LAST_PAGE) if len(products) >= PER_PAGE else ()
    return read_as_page(payload, asked, source, more) if products else ShopAnswer()
