"""Which price is for all and which for those with a code."""

import pytest

from monitor.reading.codes import is_code_price
from monitor.reading.page import read_page

PAGE = """<html lang="en"><head><title>RTX 5070 Twin Edge</title>
<script type="application/ld+json">{"@type":"Product","name":"RTX 5070 Twin Edge","offers":[%s]}</script></head>
<body><h1>RTX 5070 Twin Edge</h1><p>Ships tomorrow</p></body></html>"""
USUAL = '{"@type":"Offer","price":"599.00","priceCurrency":"USD"%s}'
CODED = '{"@type":"Offer","price":"539.10","priceCurrency":"USD","description":"%s"}'


def _prices(*offers: str) -> list[str]:
    page = PAGE % ",".join(offers)
    return [offer.price_text for offer in read_page(page.encode(), "https://gpu-store.example/p/1").offers]


def test_an_offer_that_tells_what_a_code_takes_off_keeps_its_price() -> None:
    assert _prices(USUAL % ',"description":"Extra 10% off with code TEN"') == ["599.00"]
    assert _prices(USUAL % ',"description":"Save $60 with promo code SIXTY"') == ["599.00"]


def test_the_price_with_a_code_is_not_taken() -> None:
    assert _prices(CODED % "Price with code TEN") == []
    assert _prices(CODED % "With discount code TEN", USUAL % "") == ["599.00"]
    assert _prices(CODED % "10% off with code TEN", USUAL % "") == ["599.00"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("price with code save10", True),
        ("mit rabattcode tv20", True),
        ("extra 10% off with code x", False),
        ("$50 off with code x", False),
        ("50 € rabatt mit code x", False),
        ("avec le code promo x: 50 € de remise", False),
        ("game code", False),
    ],
)
def test_a_code_price_is_told_from_a_saving(text: str, expected: bool) -> None:
    assert is_code_price(text) is expected
