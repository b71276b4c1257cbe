"""Whether a listing's article is there: what its row says, and where that is silent, what markup says of it."""

import json

import pytest

from monitor.core.models import Availability
from monitor.reading.page import read_page

CARDS = [("ASUS GeForce RTX 4090 TUF", 1599), ("MSI GeForce RTX 4070 Ventus", 599), ("Palit GeForce RTX 4060", 299)]


def page(in_markup: list[str], in_rows: list[str], price_in_markup: int = 0) -> bytes:
    items = [
        {
            "@type": "Product", "name": title, "url": f"/p/{n}",
            "offers": {"@type": "Offer", "price": price + price_in_markup, "priceCurrency": "USD",
                       "availability": f"https://schema.org/{stock}"},
        }
        for n, ((title, price), stock) in enumerate(zip(CARDS, in_markup, strict=True))
    ]  # fmt: skip
    listed = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": item} for item in items]}
    rows = "".join(
        f'<li><a href="/p/{n}">{title}</a><b>${price}.00</b><i>{said}</i></li>'
        for n, ((title, price), said) in enumerate(zip(CARDS, in_rows, strict=True))
    )
    markup = json.dumps({"@context": "https://schema.org", **listed})
    return f'<html><script type="application/ld+json">{markup}</script><h1>Cards</h1><ul>{rows}</ul></html>'.encode()


IN, OUT, UNKNOWN = Availability.IN_STOCK, Availability.OUT_OF_STOCK, Availability.UNKNOWN


@pytest.mark.parametrize(
    ("in_markup", "in_rows", "dearer", "expected"),
    [
        (["InStock", "OutOfStock", "InStock"], ["", "", ""], 0, [IN, OUT, IN]),
        (["InStock", "InStock", "InStock"], ["", "Sold out", ""], 0, [IN, OUT, IN]),  # what people see decides
        (["OutOfStock"] * 3, ["", "", ""], 50, [UNKNOWN] * 3),  # another price: markup speaks of something else
    ],
)
def test_markup_fills_in_what_the_row_leaves_open(in_markup, in_rows, dearer, expected):
    reading = read_page(page(in_markup, in_rows, dearer), "https://shop.example/cards", country="US")
    assert [offer.availability for offer in reading.offers] == expected


LONG = "ASUS TUF Gaming GeForce RTX 4070 SUPER OC Edition 12GB GDDR6X {}"


@pytest.mark.parametrize(("said", "expected"), [("Sold out", OUT), ("In stock", IN), ("", UNKNOWN)])
def test_stock_is_read_where_title_and_price_stand_in_the_same_line(said, expected):
    """Inline elements make one line of a row; a number that ends the title is no count of pieces."""
    rows = "".join(
        f'<div class=item><a href="/p/{n}">{LONG.format(n)}</a> <span>${600 + n}.00</span> <em>{said}</em></div>'
        for n in range(4)
    )
    body = f"<html><h1>Cards</h1><div>{rows}</div></html>".encode()
    reading = read_page(body, "https://shop.example/cards", country="US")
    assert [offer.availability for offer in reading.offers] == [expected] * 4
