"""Whose "$" it is on a page whose address names no country."""

import pytest

from monitor.reading.page import read_page

SPANISH = "Agregar al carrito. Envío gratis. "
ROW = "<li><a href='/p/{n}'>Tarjeta de video RTX 40{n}0 Ventus 8GB</a> <b>$ 649{n}90</b></li>"


def currencies(
    words: str, *, head: str = "", url: str = "https://tarjetas.example.com/buscar?q=rtx"
) -> set[str | None]:
    rows = "".join(ROW.format(n=n) for n in range(6, 9))
    page = f"<html><head>{head}</head><body><h1>Tarjetas de video</h1><ul>{rows}</ul><p>{words}</p></body></html>"
    reading = read_page(page.encode(), url)
    return {offer.currency for offer in reading.offers} or set(dict(reading.rejections))


@pytest.mark.parametrize(
    ("words", "head", "expected"),
    [
        ("", "", "no_currency"),
        ("Precios en MXN, IVA incluido", "", "MXN"),
        ("Moneda: MXN / USD", "", "no_currency"),  # a visitor may choose
        ("CUIT: 30-12345678-9", "", "ARS"),
        ("", '<meta name="geo.region" content="CL-RM">', "CLP"),
        ("", '<script>var LS = {}; LS.currency = {"code":"ARS","display_short":"$"};</script>', "ARS"),
        ("", '<script>Shopify.currency = {"active":"COP","rate":"1.0"};</script>', "COP"),
        ("", '<script>fbq("track", "ViewContent", {currency: "USD"})</script>', "no_currency"),  # a template's
        ("", '<script>x={"currency":"MXN"}; y={"currency":"CLP"}</script>', "no_currency"),
        ("Envíos a todo Chile. <a href='tel:+56222345678'>Llámanos</a>", "", "CLP"),
        ("Envíos a todo Chile", "", "no_currency"),  # of one weak sign nothing follows
        ("Envíos a todo Chile, oficinas en Buenos Aires, Webpay", "", "no_currency"),
        ("Bogotá, Medellín", "", "COP"),
        ("Precios en MXN. CUIT: 30-12345678-9", "", "no_currency"),
    ],
)
def test_what_a_page_tells_of_its_shop_decides(words: str, head: str, expected: str) -> None:
    assert currencies(SPANISH + words, head=head) == {expected}


def test_dollars_of_a_shop_that_says_where_it_is_are_not_those_of_the_united_states() -> None:
    page = "<h1>MSI GeForce RTX 4060 Ventus</h1><p class='price'>$449.00</p><p>Add to cart</p><p>{}</p>"
    told = {
        words: [
            offer.currency
            for offer in read_page(page.format(words).encode(), "https://gpu-store.example.com/p/1").offers
        ]
        for words in ("ABN 12 345 678 901", "All prices in CAD", "Ships within Canada", "Free shipping")
    }
    assert list(told.values()) == [["AUD"], ["CAD"], ["USD"], ["USD"]]
