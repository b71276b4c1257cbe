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


def test_turkish_capitals_do_not_shift_what_stands_beside_a_price():
    menu = "".join(f"<a href='/{n}'>İNDİRİMLİ İŞLEMCİLER {n}</a> " for n in "abcdefgh")
    price = "<p>İndirim:</p><p class='price'>3.000,00 TL</p><p class='price'>39.999,00 TL</p>"
    body = f"<div>{menu}</div><h1>{CARD}</h1>{price}"
    page = f"<html lang='tr'><title>{CARD}</title><body>{body}</body></html>"
    (offer,) = read_page(page.encode(), "https://shop.example/p/1", country="TR").offers
    assert (float(offer.price_text), offer.currency) == (39999.0, "TRY")
