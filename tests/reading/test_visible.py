"""Which amounts people would take for the article's price, on pages without any markup."""

from decimal import Decimal

import pytest

from monitor.core.models import Availability, Condition
from monitor.reading.page import read_page

TITLE = "MSI GeForce RTX 4070 Ventus 12GB"


def offers(body: str, *, head: str = "", country: str = "DE"):
    html = f"<html><head><title>{TITLE}{head}</title></head><body><h1>{TITLE}</h1>{body}</body></html>"
    reading = read_page(html.encode(), "https://shop.example/p/1", country=country)
    return [(offer.price_text, offer.availability, offer.condition) for offer in reading.offers]


def price(body: str, country: str = "DE") -> Decimal | None:
    found = offers(body, country=country)
    return Decimal(found[0][0]) if found else None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # Related articles, told by the heading above them or by their classes, never lend their price.
        ("<p>Ausverkauft</p><h3>Das könnte Ihnen auch gefallen</h3><div><a>RTX 4060</a><b>299,00 €</b></div>", None),
        ("<p>Ausverkauft</p><div class='accessories'><a>Netzteil</a><span class='price'>89,00 €</span></div>", None),
        ("<h2>599,00 €</h2><h3>Ähnliche Artikel</h3><p class='price'>649,00 €</p>", "599.00"),
        # A heading about the price is no heading of other articles.
        ("<div><strong>Empfohlener Preis</strong><p>599,00 €</p></div>", "599.00"),
        # Of two prices side by side the lower one, unless they differ by a tax or words follow.
        ("<div><span>649,00 €</span> <span>599,00 €</span></div>", "599.00"),
        ("<div><p>499,00 €</p><p>593,81 €</p></div>", None),
        ("<p>599,00 €</p><p>569,00 € für Mitglieder im Club</p>", "599.00"),
        # With and without tax.
        ("<p><span>499,00 € netto</span> <span>593,81 € brutto</span></p>", "593.81"),
        ("<p>499,00 € zzgl. MwSt.</p>", "499.00"),
        # The price of an extra is not the article's.
        ("<p>UVP 649,00 €</p><p>3 Jahre mehr Schutzbrief 49,90 €</p>", None),
        ("<p>Niedrigster Preis der letzten 30 Tage: 579,00 €</p><p class='price'>599,00 €</p>", "599.00"),
        # Amounts in pieces.
        ("<p>599<sup>€90</sup></p>", "599.90"),
        ("<p>€ 599<sup>,90</sup></p>", "599.90"),
        ("<p>1 599<small>,90 €</small></p>", "1599.90"),
        ("<p>599,-</p>", "599"),
        ("<p><span>599€<sup>90</sup></span> <s>649€<sup>90</sup></s></p>", "599.90"),
        # Part numbers are no money.
        ("<p>SKU: EV10G53885KR</p><p class='price'>599,00 €</p>", "599.00"),
    ],
)
def test_the_price_of_the_article_is_found(body, expected):
    assert price(body) == (None if expected is None else Decimal(expected))


def test_a_live_button_says_in_stock_and_a_dead_one_nothing():
    assert offers("<p>599,00 €</p><input type='submit' value='In den Warenkorb'>")[0][1] is Availability.IN_STOCK
    assert offers("<p>599,00 €</p><button disabled>In den Warenkorb</button>")[0][1] is Availability.UNKNOWN


def test_the_page_title_tells_the_condition_where_the_page_does_not():
    assert offers("<p>399,00 €</p>", head=" gebraucht kaufen")[0][2] is Condition.USED
    stated = offers("<p>399,00 €</p><p>Zustand: generalüberholt</p>", head=" gebraucht kaufen")
    assert stated[0][2] is Condition.REFURBISHED
