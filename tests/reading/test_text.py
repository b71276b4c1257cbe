"""Which texts of a page belong together."""

import pytest

from monitor.reading.page import read_page

CARD = "Sapphire Radeon RX 7900 XTX 24GB"
ROWS = {
    "beside each other": '<li><a href="/p/{n}">{title}</a> <b>{price}</b></li>',
    "one in the other": '<li><a href="/p/{n}">{title} <span class="price">{price}</span></a></li>',
}


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize(
    ("end", "price", "wanted"),
    [
        ("Edition 18", "717,03 €", "717.03"),
        ("Edition 4", "1 099,00 €", "1099.00"),
        ("Edition X", "717,03 €", "717.03"),
        ("Edition 18", "899 €", "899"),
    ],
)
def test_a_title_that_ends_in_a_number_is_no_part_of_the_price(row: str, end: str, price: str, wanted: str):
    rows = "".join(
        ROWS[row].format(n=n, title=f"{CARD} {last}", price=amount)
        for n, (last, amount) in enumerate([("Nitro", "952,17 €"), (end, price), ("Pulse", "972,17 €")])
    )
    page = f"<html><body><h1>Graphics cards</h1><ul>{rows}</ul></body></html>"
    found = {offer.url: offer.price_text for offer in read_page(page.encode(), "https://shop.example/cards").offers}
    assert float(found["https://shop.example/p/1"]) == float(wanted)
