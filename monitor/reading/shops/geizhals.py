"""Geizhals and its sisters: an article's page is a table of shops, of which the markup states only the lowest price."""

from monitor.core.models import Availability
from monitor.core.money import parse_money
from monitor.reading.claims import Claim, Product
from monitor.reading.document import Document, Element
from monitor.reading.stock import stock_in
from monitor.reading.tidy import tidy

MAX_ROWS = 200
CURRENCY = "EUR"


def offers_of_all_shops(document: Document, products: list[Product]) -> list[Product]:
    """The article with one claim a shop, the cheapest first; the products unchanged where there is no such table."""
    rows = document.root.xpath(".//div[contains(concat(' ', @class, ' '), ' offer ')]")[:MAX_ROWS]
    claims = [claim for row in rows if (claim := _claim(row)) is not None]
    main = next((product for product in products if product.syntax == "microdata"), None)
    if not claims or main is None:
        return products
    cheapest, *others = sorted(claims, key=lambda claim: claim.price or 0)
    first = Claim(
        price=cheapest.price,
        currency=CURRENCY,
        price_text=cheapest.price_text,
        availability=cheapest.availability,
        seller=cheapest.seller,
        lowest=True,
    )
    return [Product(name=main.name, syntax="shop_rule", url=main.url, sku=main.sku, claims=(first, *others))]


def _claim(row: Element) -> Claim | None:
    text = _text(row, "gh_price")
    price = parse_money(text, hint=CURRENCY)
    if price is None:
        return None
    delivery = _text(row, "offer__delivery-time").lower()
    return Claim(
        price=price.amount,
        currency=price.currency,
        price_text=text,
        availability=stock_in(delivery.split(". ")) if delivery else Availability.UNKNOWN,
        seller=_text(row, "merchant__logo-caption"),
    )


def _text(row: Element, name: str) -> str:
    for element in row.xpath(f".//*[contains(@class, '{name}')]"):
        return tidy("".join(element.itertext())[:1000])
    return ""
