"""What whole pages have besides the article: other boxes, ladders, labels; each read as people see it."""

from decimal import Decimal

import pytest

from monitor.core.models import RawOffer
from monitor.reading.page import read_page

TITLE = "Nordlicht RTX 4070 Graphics Card 12GB"
OTHERS = "".join(
    f"<div class='box'><a href='/p/{n}'>Nordlicht RTX {n} Graphics Card</a><span>${n / 10:.2f}</span></div>"
    for n in (3050, 3060, 3070, 3080, 3090, 4050, 4060, 4080, 4090)
)


def offers(body: str, url: str = "https://shop.example.com/p/4070", country: str = "US") -> tuple[RawOffer, ...]:
    page = f"<html><head><title>{TITLE} - Shop</title></head><body>{body}</body></html>"
    return read_page(page.encode(), url, country=country).offers


def listed(rows: list[str], head: str = "Graphics cards") -> list[tuple[str, Decimal]]:
    body = f"<html><head><title>{head}</title></head><body><h1>{head}</h1><div>{''.join(rows)}</div></body></html>"
    found = read_page(body.encode(), "https://shop.example.com/graphics-cards", country="US").offers
    return [(offer.title, Decimal(offer.price_text)) for offer in found]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<span>US$</span></p><div class='price'>555.<sup>99</sup></div>", "555.99"),
        ("<div class='price'><span>$555.<sup>99*</sup></span></div>", "555.99"),
        ("<div class='price'>\n 555.<sup>99</sup><i></i></div><p>Shipping costs: $9.00</p>", "555.99"),
    ],
)
def test_cents_in_an_element_of_their_own_belong_to_the_price(body: str, expected: str) -> None:
    assert Decimal(offers(f"<h1>{TITLE}</h1><p>{body}<button>Add to cart</button>")[0].price_text) == Decimal(expected)


def test_a_price_before_product_reviews_is_no_count_of_products() -> None:
    body = f"<h1>{TITLE}</h1><p class='price'>$555.00</p><div>Product reviews</div>{OTHERS}"
    assert [offer.price_text for offer in offers(body, "https://shop.example.com/rtx-4070.html")] == ["555.00"]


def test_the_price_of_two_together_is_not_that_of_one() -> None:
    body = (
        f"<h1>{TITLE}</h1><p>Often bought with this</p><p class='price'>Price for both: $655.00</p>"
        f"{'<p>Text.</p>' * 300}"
        "<p>Price</p><p>$555.00</p><p>Quantity:</p><button>Add to cart</button>"
    )
    assert [offer.price_text for offer in offers(body)] == ["555.00"]


def test_no_price_is_taken_where_two_boxes_far_from_the_title_have_a_button() -> None:
    box = "<p>$%s</p><button>Add to cart</button>"
    body = f"<h1>{TITLE}</h1>{'<p>Text.</p>' * 400}{box % '555.00'}<p>Another thing</p>{box % '99.00'}"
    assert offers(body) == ()


def card(name: str, price: str, more: str = "") -> str:
    return f"<div class='card'><a href='/p/{name}'>{name}</a>{more}<span class='price'>{price}</span></div>"


NAMES = [f"Nordlicht RTX {number} 12GB" for number in (4060, 4070, 4080, 4090)]


def test_the_lower_price_of_the_next_row_does_not_strike_a_rows_price() -> None:
    rows = [f"<div><a href='/p/{n}'>{n}</a><span class='regular-price'>$400.00</span></div>" for n in NAMES]
    rows[-1] = f"<div><a>{NAMES[-1]}</a><s class='regular-price'>$400.00</s><span class='price'>$320.00</span></div>"
    assert listed(rows) == [*((name, Decimal(400)) for name in NAMES[:3]), (NAMES[3], Decimal(320))]


def test_a_subtitle_is_no_title() -> None:
    rows = [card(name, "$400.00", "<div class='info_subtitle'>12 GB GDDR6X memory</div>") for name in NAMES]
    rows = [
        row.replace("<a href", "<i href").replace("</a>", "</i><a href='/x'><img alt='Nordlicht'></a>") for row in rows
    ]
    assert "12 GB GDDR6X memory" not in [title for title, _ in listed(rows)]


def test_what_an_icon_of_every_row_says_is_no_title() -> None:
    alert = (
        "<a href='#' title='Receive an e-mail alert when this maker has a new card'><img alt='Receive an alert'></a>"
    )
    names = ["RTX 4060 Ti", *NAMES[1:]]
    assert [title for title, _ in listed([card(name, "$400.00", alert) for name in names])] == names


def test_a_card_that_is_one_link_is_called_like_its_picture() -> None:
    rows = [
        f"<div class='row'><a href='/p/{n}'><div>Today 17:34</div><img alt='{n}'><div> {n} <b class='price'>$400.00</b>"
        f"</div></a><a href='/p/{n}'>For sale, graphics cards and other parts of computers</a></div>"
        for n in NAMES
    ]
    assert listed(rows) == [(name, Decimal(400)) for name in NAMES]


def test_of_prices_by_quantity_the_one_of_a_single_piece_is_read() -> None:
    ladder = "<td>1 - 14</td><td>15 - 49</td><td>50+</td></tr><tr><td>$555.00</td><td>$540.00</td><td>$525.00</td>"
    body = f"<h1>{TITLE}</h1><p>As low as $525.00 each</p><table><tr>{ladder}</tr></table><button>Add to cart</button>"
    assert [offer.price_text for offer in offers(body)] == ["555.00"]


def test_three_falling_prices_without_quantities_are_no_ladder() -> None:
    rows = [card(name, price) for name, price in zip(NAMES, ("$900.00", "$800.00", "$700.00", "$600.00"), strict=True)]
    assert [price for _, price in listed(rows)] == [Decimal(900), Decimal(800), Decimal(700), Decimal(600)]


def test_the_sign_of_a_price_is_not_taken_by_a_number_that_nobody_sees() -> None:
    hidden = "<span style='display:none'>1996,00</span>"
    rows = [card(name, f"{hidden} <span>DKK 1.996,00</span> <s>DKK 2.495,00</s>") for name in NAMES]
    assert [price for _, price in listed(rows)] == [Decimal(1996)] * 4


def test_a_rows_own_markup_tells_which_of_two_prices_is_asked() -> None:
    two = (
        "<meta itemprop='price' content='1996.00'><b class='discount'>DKK 1.996,00</b> <i class='sale'>DKK 2.495,00</i>"
    )
    assert [price for _, price in listed([card(name, two) for name in NAMES])] == [Decimal(1996)] * 4


def test_the_last_row_of_a_grid_may_stand_alone_in_its_line() -> None:
    lines = [NAMES, [f"{NAMES[0]} OC"]]
    grid = [
        "<ul class='line'>" + "".join(f"<li>{card(name, '$400.00')}</li>" for name in line) + "</ul>" for line in lines
    ]
    assert listed(grid) == [(name, Decimal(400)) for line in lines for name in line]


def test_more_info_below_an_article_is_no_second_one() -> None:
    rows = [
        f"<div class='card'><a href='/p/{n}'>{name}</a><b>$40{n}.00</b></div>"
        f"<div class='card'><a href='/p/{n}'>Product information</a><b>$40{n}.00</b></div>"
        for n, name in enumerate(NAMES)
    ]
    assert [title for title, _ in listed(rows)] == NAMES


def test_sizes_that_are_sold_out_do_not_sell_out_the_article() -> None:
    sizes = "<ul><li>8 GB</li><li>12 GB</li><li>16 GB sold out</li></ul>"
    body = f"<h1>{TITLE}</h1>{sizes}<p class='price'>$555.00</p><button>Add to basket</button>"
    assert [offer.availability.value for offer in offers(body)] == ["in_stock"]
    gone = body.replace("8 GB<", "8 GB sold out<").replace("12 GB<", "12 GB sold out<", 1)
    assert [offer.availability.value for offer in offers(gone)] == ["out_of_stock"]


def test_not_available_for_some_service_is_no_word_on_stock() -> None:
    said = "<p>This product is NOT available for %s</p>"
    body = f"<h1>{TITLE}</h1><p class='price'>$555.00</p>{said}<button>Add to cart</button>"
    assert [offer.availability.value for offer in offers(body % "tax relief")] == ["in_stock"]
    assert [offer.availability.value for offer in offers(body % "purchase")] == ["out_of_stock"]


def test_a_picture_of_a_button_is_a_button() -> None:
    body = f"<h1>{TITLE}</h1><p class='price'>$555.00</p><a href='/cart'><img alt='Add To Cart'></a>"
    assert [offer.availability.value for offer in offers(body)] == ["in_stock"]


def test_a_heading_that_says_something_else_is_not_the_title() -> None:
    body = f"<div class='big'>{TITLE}</div><p class='price'>$555.00</p><h1>Free standard shipping above $35</h1>"
    assert [(offer.title, offer.price_text) for offer in offers(body)] == [(TITLE, "555.00")]


def test_an_empty_cart_is_no_count_of_results() -> None:
    head = f"<p>0 item(s) in the cart</p><div class='product-name'>{TITLE}</div>"
    body = f"{head}<p>Your Price:</p><p class='price'>$555.00</p><button>Add to cart</button>{OTHERS}"
    assert [offer.price_text for offer in offers(body, "https://shop.example.com/rtx-4070.html")] == ["555.00"]


def test_the_price_at_the_counter_is_another_one() -> None:
    body = f"<h1>{TITLE}</h1><p>€ 430,00 prezzo online + € 90,00 di trasporto</p><p>€ 450,00 prezzo in negozio</p>"
    assert [offer.price_text for offer in offers(body, country="IT")] == ["430.00"]


def test_what_a_shop_pays_for_used_ones_is_no_price() -> None:
    rows = [f"<div class='card'><a href='/p/{n}'>{n}</a><p>Buy $400.00</p><p>Get cash $150.00</p></div>" for n in NAMES]
    assert listed(rows) == [(name, Decimal(400)) for name in NAMES]


def test_no_article_of_a_front_page_is_the_pages_own() -> None:
    marked = (
        "<div itemscope itemtype='https://schema.org/Product'>"
        "<a href='/p/%d'><b itemprop='name'>Nordlicht RTX %d Card</b></a>"
        "<p itemprop='offers' itemscope itemtype='https://schema.org/Offer'><i itemprop='price'>$%d.00</i></p></div>"
    )
    rows = "".join(marked % (number, number, number / 10) for number in (4060, 4070, 4080, 4090))
    found = offers(f"<h1>All cards of the north at prices for all</h1>{rows}", "https://shop.example.com/")
    assert [offer.price_text for offer in found] == ["406.00", "407.00", "408.00", "409.00"]
    assert offers(f"<h1>{TITLE}</h1><p class='price'>$555.00</p>", "https://shop.example.com/index.php") == ()


def test_shipping_between_the_price_and_the_button_is_not_the_price() -> None:
    body = f"<h1>{TITLE}</h1>{'<p>Text.</p>' * 300}<p>$79.99</p><p>s&amp;s</p><p>$9.99</p><button>Add to cart</button>"
    assert "9.99" not in [offer.price_text for offer in offers(body)]


def test_a_price_in_the_link_is_cut_from_the_name() -> None:
    rows = [f"<li><a href='/p/{n}'><p>{n}</p> <b>400,00 &euro;</b> <i>-20%</i></a></li>" for n in NAMES]
    assert listed([f"<ul>{''.join(rows)}</ul>"]) == [(name, Decimal(400)) for name in NAMES]


def test_a_number_in_a_models_name_is_not_taken_for_the_price_in_the_link() -> None:
    rows = [f"<li><a href='/p/{n}'>{n} <b>$40</b></a></li>" for n in NAMES]
    assert listed([f"<ul>{''.join(rows)}</ul>"]) == [(name, Decimal(40)) for name in NAMES]


def test_a_few_left_above_the_label_says_more_than_in_stock_behind_it() -> None:
    body = f"<h1>{TITLE}</h1><p class='price'>$555.00</p><p>2 left!</p><p>Availability:</p><p>In stock</p>"
    assert [offer.availability.value for offer in offers(body)] == ["limited"]


@pytest.mark.parametrize(("days", "expected"), [("2-3", "in_stock"), ("20", "backorder")])
def test_what_is_shipped_in_days_comes_from_the_shelf(days: str, expected: str) -> None:
    body = f"<h1>{TITLE}</h1><p class='price'>$555.00</p><p>Usually will be shipped in {days} days</p>"
    assert [offer.availability.value for offer in offers(body)] == [expected]


def test_a_price_that_a_script_is_to_decode_is_not_read() -> None:
    body = f"<h1>{TITLE}</h1><p>Online price <b>MzI5Ljk5</b> $</p><button>Add to cart</button>"
    assert offers(body) == ()


def test_a_fee_by_the_year_above_the_button_is_not_the_price() -> None:
    far = "<p>Text.</p>" * 90
    body = f"<h1>{TITLE}</h1>{far}<p>Start 30 day free trial. $19.95/year.</p><button>Add to cart</button>"
    assert offers(body) == ()


def test_one_article_in_the_cart_is_no_count_of_results() -> None:
    cart = "<p>Your cart now holds 1 item.</p>"
    body = f"<h1>{TITLE}</h1><p>$555.00</p><p>Quantity:</p><button>Pre-order</button>{cart}{OTHERS}"
    assert [offer.price_text for offer in offers(body, "https://shop.example.com/rtx-4070.html")] == ["555.00"]


@pytest.mark.parametrize("said", ["You save $50.00", "-10 %", "(10% off)"])
def test_of_two_prices_the_one_is_old_that_differs_by_the_saving_said(said: str) -> None:
    body = f"<h1>{TITLE}</h1><p>$500.00 $450.00 {said}</p><p>In stock</p>{OTHERS}"
    assert [offer.price_text for offer in offers(body)] == ["450.00"]


def test_two_prices_that_differ_by_something_else_decide_nothing() -> None:
    body = f"<h1>{TITLE}</h1><p>$500.00 Set of two</p><p>$450.00 Single piece -30 %</p>{OTHERS}"
    assert offers(body) == ()


def test_the_first_price_after_the_title_with_a_button_below_is_sure_without_names() -> None:
    body = f"<h1>{TITLE}</h1><p>A card.</p><p>$555.00</p><p>Quantity:</p><button>Add to cart</button>{OTHERS}"
    assert [offer.price_text for offer in offers(body, "https://shop.example.com/rtx-4070.html")] == ["555.00"]


def test_a_saving_for_members_above_a_price_makes_it_theirs() -> None:
    said = "<p>Regular Price</p><p>$159.00</p><p>$30.00 off Rewards Exclusive</p><p>$129.00</p>"
    body = f"<h1>{TITLE}</h1>{said}<p>Pickup</p><button>Add to cart</button>"
    assert [offer.price_text for offer in offers(body)] == ["159.00"]


def test_the_price_may_stand_twice_above_the_button() -> None:
    twice = f"<p>$349</p><p>4.7 (18)</p><p>{TITLE}</p><p>$349</p><p>4.7 (18)</p>"
    body = f"<h1>{TITLE}</h1>{twice}<button>Add To Cart</button>"
    assert [offer.price_text for offer in offers(f"{body}<p>Goes on a shelf</p><p>$79</p>")] == ["349"]


def test_todays_price_may_be_called_the_discount() -> None:
    two = "<i>-20%</i> <b class='discount'>DKK 1.996,00</b> <b class='sale'>DKK 2.495,00</b>"
    assert [price for _, price in listed([card(name, two) for name in NAMES])] == [Decimal(1996)] * 4
    amount = "<i>-20%</i> <b class='discount'>DKK 499,00</b> <b class='sale'>DKK 1.996,00</b>"
    assert [price for _, price in listed([card(name, amount) for name in NAMES])] == [Decimal(1996)] * 4


def test_a_page_goes_on_behind_an_early_end_of_its_body() -> None:
    head = f"<html><head><title>{TITLE}</title></head><body><div>Menu: gifts under $50</div></body></html>"
    shown = f"</div><main><h1>{TITLE}</h1><p class='price'>$555.00</p><button>Add to cart</button></main>"
    for again, expected in (("", ["555.00"]), (f"<!DOCTYPE html><html><body>{OTHERS}", [])):
        page = f"{head}{again}{shown if not again else ''}</body></html>"
        found = read_page(page.encode(), "https://shop.example.com/p/4070", country="US").offers
        assert [offer.price_text for offer in found] == expected


def test_a_price_that_is_shown_unstruck_is_no_old_one_whatever_it_is_called() -> None:
    row = (
        "<div class='cell'><a href='/p/{0}'>Nordlicht RTX 40{0} Graphics Card</a><div><span style='text-decoration:"
        " line-through'>$9{0}.00</span> <b id='old_price_link' style='text-decoration: none'>$5{0}.00</b></div></div>"
    )
    rows = [row.format(n) for n in (60, 70, 80, 90)]
    assert [price for _, price in listed(rows)] == [Decimal(f"5{n}") for n in (60, 70, 80, 90)]


@pytest.mark.parametrize("words", ["Cards Under ${}", "${} and Above", "${} and Below"])
def test_classes_of_prices_in_a_menu_are_no_articles(words: str) -> None:
    rows = [f"<li><a href='/c/{n}'>Graphics {words.format(n)}</a></li>" for n in (100, 200, 300, 400)]
    assert listed(rows, "Sign in") == []


@pytest.mark.parametrize("gross", ["Cena s DPH:", "Cena vč. DPH:", "Cena včetně DPH:"])
def test_a_czech_price_with_tax_comes_before_the_one_without(gross: str) -> None:
    body = (
        f"<h1>{TITLE}</h1><table><tr><td>{gross}<td>21 777 Kč<tr><td>Cena bez DPH:<td>17 997 Kč</table>"
        "<p>Skladem</p><button>Koupit</button>"
    )
    found = offers(body, "https://obchod.example.cz/rtx-4070", "CZ")
    assert [(Decimal(offer.price_text), offer.currency) for offer in found] == [(Decimal(21777), "CZK")]
