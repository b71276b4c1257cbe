"""Best Buy's Products API, with the user's own key: https://bestbuyapis.github.io/api-documentation/

Its terms allow caching "on a temporary basis" only: whoever switches this source on should read them first.
"""

from collections.abc import Iterator
from typing import Any

from monitor.core.models import Availability, Condition, RawOffer, SourceInfo
from spiders.shop_answers import Ask, ShopAnswer, decoded, first_pages, next_page, read_each, rows, shown, unexpected

FIELDS = "sku,name,salePrice,regularPrice,onlineAvailability,orderable,condition,url"
PER_PAGE = 100
LAST_PAGE = 5
ORDERABLE = {
    "Available": Availability.IN_STOCK,
    "SoldOut": Availability.OUT_OF_STOCK,
    "PreOrder": Availability.PREORDER,
    "BackOrder": Availability.BACKORDER,
    "ComingSoon": Availability.PREORDER,
}
CONDITIONS = {"new": Condition.NEW, "refurbished": Condition.REFURBISHED, "pre-owned": Condition.USED}


def asks(source: SourceInfo, key: str) -> tuple[Ask, ...]:
    """The first page of each start address, with the key."""
    return first_pages(source, format="json", show=FIELDS, pageSize=PER_PAGE, apiKey=key)


def parse(payload: bytes, asked: Ask, source: SourceInfo) -> ShopAnswer:
    """The products of a page; asks for the next while there is one."""
    try:
        answer = decoded(payload)
        products, pages = rows(answer["products"]), int(answer.get("totalPages", 1))
    except (ValueError, KeyError, TypeError):
        return unexpected(payload)
    offers, rejections = read_each(products, _product)
    return ShopAnswer(offers=offers, rejections=rejections, more=next_page(asked, min(pages, LAST_PAGE)))


def _product(product: dict[str, Any]) -> Iterator[RawOffer]:
    availability = ORDERABLE.get(str(product.get("orderable")), Availability.UNKNOWN)
    if availability is Availability.UNKNOWN and product.get("onlineAvailability") is not None:
        availability = Availability.IN_STOCK if product["onlineAvailability"] else Availability.OUT_OF_STOCK
    yield RawOffer(
        title=product["name"],
        price_text=f"USD {product['salePrice']}",
        currency="USD",
        availability=availability,
        condition=CONDITIONS.get(str(product.get("condition")).lower(), Condition.UNKNOWN),
        seller="Best Buy",
        url=str(product.get("url") or "").partition("?")[0],
        sku=str(product["sku"]),
        syntax="json_api",
        snippet=shown({name: product.get(name) for name in ("name", "salePrice", "regularPrice", "orderable")}),
    )
