"""WooCommerce stores: the Store API `/wp-json/wc/store/v1/products`, open by design.

What an answer says is read by `monitor.reading.answers`, as for any JSON page; here is only how to ask for all of it.
"""

from monitor.core.models import SourceInfo
from spiders.shop_answers import Ask, ShopAnswer, decoded, read_as_page, rows, unexpected, with_query

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
    turn = asked.turn + 1
    more = (
        (Ask(url=with_query(asked.url, page=turn), turn=turn),)
        if len(products) >= PER_PAGE and turn <= LAST_PAGE
        else ()
    )
    return read_as_page(payload, asked, source, more) if products else ShopAnswer()
