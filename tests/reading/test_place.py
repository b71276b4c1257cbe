"""Whose sign "$" is."""

import pytest

from monitor.reading.page import read_page

TITLE = "MSI GeForce RTX 4060 Ventus 2X 8GB"


def read(words: str, *, tag: str = "", price: str = "$ 649.990", url: str = "", country: str | None = None):
    page = (
        f"<html{tag}><title>{TITLE}</title><body><h1>{TITLE}</h1><p class=price>{price}</p><p>{words}</p></body></html>"
    )
    reading = read_page(page.encode(), url, country=country)
    return [(offer.price_text, offer.currency) for offer in reading.offers] or reading.rejections[0][0]


@pytest.mark.parametrize(
    ("words", "more", "expected"),
    [
        ("Agregar al carrito. Envío gratis en 24 horas", {"price": "$649990"}, "no_currency"),
        ("", {"tag": " lang=es", "price": "$649990"}, "no_currency"),
        ("Agregar al carrito. Envío gratis", {"country": "CL"}, [("649990", "CLP")]),
        ("Agregar al carrito. Envío gratis", {"url": "https://placas.example.com.ar/p/1"}, [("649990", "ARS")]),
        ("Agregar al carrito. Envío gratis", {"price": "US$ 329,90"}, [("329.90", "USD")]),
        ("Add to cart. Free shipping with every order", {"price": "$329.90"}, [("329.90", "USD")]),
        ("", {"price": "$329.90"}, [("329.90", "USD")]),
    ],
)
def test_a_dollar_sign_on_a_spanish_page_names_no_currency_unless_its_country_is_known(words, more, expected):
    assert read(words, **more) == expected
