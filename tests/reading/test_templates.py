"""Pages as shop systems print them, without the style sheet that shows one of several parts."""

import pytest

from monitor.reading.page import read_page

TITLE = "Gigabyte GeForce RTX 4070 Windforce OC 12GB"
DAWN = """<div class="price price--large {state}"><div class="price__container"><div class="price__regular">
<span class="visually-hidden">Regular price</span><span class="price-item price-item--regular">$649.00</span></div>
<div class="price__sale"><span class="visually-hidden">Regular price</span><s class="price-item">$649.00</s>
<span class="visually-hidden">Sale price</span><span class="price-item price-item--sale">{sale}</span></div></div>
<span class="badge price__badge-sale">Sale</span><span class="badge price__badge-sold-out">Sold out</span></div>
<button type="submit" name="add">{button}</button>"""


def read(body: str, *, country: str = "US", title: str = TITLE) -> tuple[float, str] | None:
    page = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    offers = read_page(page.encode(), "https://shop.example.com/products/x", country=country).offers
    return (float(offers[0].price_text), offers[0].availability.value) if offers else None


@pytest.mark.parametrize(
    ("state", "sale", "button", "expected"),
    [
        ("price--on-sale", "$579.00", "Add to cart", (579.0, "in_stock")),
        ("", "$649.00", "Add to cart", (649.0, "in_stock")),
        ("price--sold-out", "$649.00", "Sold out", (649.0, "out_of_stock")),
    ],
)
def test_what_the_style_sheet_hides_is_not_read(state: str, sale: str, button: str, expected: tuple[float, str]):
    assert read(f"<h1>{TITLE}</h1>{DAWN.format(state=state, sale=sale, button=button)}") == expected


@pytest.mark.parametrize(
    ("body", "country", "expected"),
    [
        # OpenCart: a price for two, without a sign of its own system's class
        ("<ul><li><h2>£599.00</h2></li><li>2 or more £580.00</li></ul><button>Add to Cart</button>", "GB", 599.0),
        # Shopware: a table of prices by quantity
        (
            "<table><tr><th>Bis 4</th><td>599,00 €</td></tr><tr><th>Ab 5</th><td>589,00 €</td></tr></table>"
            "<button>In den Warenkorb</button>",
            "DE",
            599.0,
        ),
        # nopCommerce: the price for all, then the customer's
        (
            "<div class='prices'><div><span>Price:</span> <span>$620.00</span></div><div class='product-price'>"
            "<label>Your price:</label> <span>$590.00</span></div></div><button>Add to cart</button>",
            "US",
            590.0,
        ),
        # Shift4Shop: the list price stands below, right above the button
        (
            "<div class='yourprice price'>Your Price: <b>$579.00</b></div><div class='retailprice price'>Worth: $639.00"
            "</div><button>Add to Cart</button>",
            "US",
            None,
        ),
        # T-Soft: by bank transfer it costs less
        (
            "<div class='product-price-not-discounted'>28.999,00 TL</div>"
            "<div class='product-current-price'>25.499,00 TL</div><div>Havale ile: 24.734,03 TL</div>"
            "<a>Sepete Ekle</a>",
            "TR",
            25499.0,
        ),
        # DanDomain: what one saves
        ("<p class='product-price'>DKK 4.795,00</p><p>Du sparer: DKK 700,00</p><b>Læg i kurv</b>", "DK", 4795.0),
        # Cafe24: the price and the reduced price, each named
        ("<p>판매가</p><p><b>949,000원</b></p><p>할인판매가</p><p><b>899,000원</b></p>", "KR", 899000.0),
        # a dash for the cents is no minus of the next price
        ("<p>UVP € 699,–</p><p><b>579</b><b>,99</b><b>€</b></p>", "DE", 579.99),
        # what is left when a rebate has come
        ("<p class='price'>$589.99</p><p class='price'>$569.99 after $20.00 rebate card</p>", "US", 589.99),
        # Magento: a bundle
        ("<p><b>From</b></p><p>$899.00</p><p><b>To</b></p><p>$1,299.00</p><button>Add to Cart</button>", "US", None),
        ("<p>Bitte melden Sie sich an, um Preise zu sehen</p><p>Mindestbestellwert 50,00 €</p>", "DE", None),
        ("<p>From $899.00</p><p><b>To</b> $1,299.00</p><button>Add to Cart</button>", "US", None),
        # BigCommerce: the label of a list price that this article has not
        ("<p style='display: none;'>MSRP:</p><p class='price'>$309.99</p><button>Add to Cart</button>", "US", 309.99),
        ("<p>599,00 €</p><p>Noch 401,00 € bis zum kostenlosen Versand</p><p>Auf Lager</p>", "DE", 599.0),
        # Squarespace: the price without its sign, before the original one with it
        ("<p class='product-price'><b>589.00</b> <span class='original-price'>$<b>659.00</b></span></p>", "US", None),
        # UNAS: a box that is named after the old price that it also holds
        ("<div class='price with-rrp'><span class='price-gross'>229 990</span> Ft</div>", "HU", 229990.0),
    ],
)
def test_the_price_of_one_article_for_all_is_read(body: str, country: str, expected: float | None):
    found = read(f"<h1>{TITLE}</h1>{body}", country=country)
    assert (found and found[0]) == expected


def test_the_name_of_the_shop_is_no_title():
    boxes = "<td class='infoBoxHeading'>Shopping Cart</td><td>Specials <a>Old mouse</a> <s>$42.00</s> $39.99</td>"
    body = (
        f"<table><tr>{boxes}</tr></table><table><tr><td class='pageHeading'>{TITLE}</td><td>$589.99</td></tr></table>"
    )
    assert read(body, title="Shop") == (589.99, "unknown")


def test_lines_of_a_title_are_not_glued_together():
    page = "<h1>GeForce RTX 4070<br>12GB GDDR6X</h1><p class='price'>$589.99</p><button>Add to cart</button>"
    (offer,) = read_page(page.encode(), "https://shop.example.com/products/x", country="US").offers
    assert offer.title == "GeForce RTX 4070 12GB GDDR6X"
