"""What shop systems and official interfaces answer, and the traps in each: units, ranges, variants, pages, keys."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.models import Availability, Condition, SourceInfo
from spiders.endpoints import ENDPOINTS
from spiders.shop_answers import Ask, ShopAnswer

ADDRESS = "https://shop.example/products.json?limit=250&page=1"


def source(reader: str, **changes: Any) -> SourceInfo:
    values = {
        "name": "s",
        "reader": reader,
        "country": "DE",
        "currency": "EUR",
        "starts": ("https://shop.example/x?q=rtx+5090",),
    }
    return SourceInfo(**{**values, **changes})


def read(reader: str, answer: Any, url: str = ADDRESS, turn: int = 1, **changes: Any) -> ShopAnswer:
    payload = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return ENDPOINTS[reader].parse(payload, Ask(url=url, turn=turn), source(reader, **changes))


def shopify(*variants: dict[str, Any], title: str = "GeForce RTX 4090") -> dict[str, Any]:
    return {"products": [{"title": title, "handle": "rtx-4090", "variants": list(variants)}]}


def test_shopify_variants_are_articles_of_their_own_in_the_shops_currency() -> None:
    answer = read(
        "shopify",
        shopify(
            {"id": 1, "title": "TUF", "price": "1999.00", "available": True, "sku": "T"},
            {"id": 2, "title": "Strix", "price": "2199.00", "compare_at_price": "2499.00", "available": False},
        ),
    )
    assert [(o.title, o.price_text, o.sku, o.availability) for o in answer.offers] == [
        ("GeForce RTX 4090 - TUF", "1999.00", "T", Availability.IN_STOCK),
        ("GeForce RTX 4090 - Strix", "2199.00", "2", Availability.OUT_OF_STOCK),
    ]
    assert answer.offers[0].url == "https://shop.example/products/rtx-4090?variant=1"


def test_shopify_silence_about_stock_is_unknown() -> None:
    (offer,) = read("shopify", shopify({"id": 1, "title": "Default Title", "price": "1.00"})).offers
    assert (offer.title, offer.availability) == ("GeForce RTX 4090", Availability.UNKNOWN)


def test_a_full_page_asks_for_the_next_and_a_last_one_does_not() -> None:
    full = {"products": shopify({"id": 1, "title": "A", "price": "1"})["products"] * 250}
    (more,) = read("shopify", full).more
    assert (more.url, more.turn) == ("https://shop.example/products.json?limit=250&page=2", 2)
    assert read("shopify", full, turn=8).more == ()
    assert read("shopify", shopify()).more == ()


def woo(**changes: Any) -> list[dict[str, Any]]:
    prices = {"price": "28990", "regular_price": "31990", "currency_code": "EUR", "currency_minor_unit": 2}
    product = {"id": 5, "name": "RTX 4060 &#8211; B-Ware", "permalink": "https://w/5", "is_in_stock": True}
    return [{**product, "prices": {**prices, **changes.pop("prices", {})}, **changes}]


def test_woocommerce_prices_are_in_the_smallest_unit() -> None:
    (offer,) = read("woocommerce", woo()).offers
    assert (offer.title, offer.price_text, offer.availability) == (
        "RTX 4060 – B-Ware",
        "289.90",
        Availability.IN_STOCK,
    )
    (yen,) = read(
        "woocommerce", woo(prices={"price": "39800", "currency_code": "JPY", "currency_minor_unit": 0})
    ).offers
    assert (yen.price_text, yen.currency) == ("39800", "JPY")


@pytest.mark.parametrize(
    ("changes", "availability"),
    [
        ({"is_in_stock": False}, Availability.OUT_OF_STOCK),
        ({"is_in_stock": False, "is_on_backorder": True}, Availability.BACKORDER),
        ({"low_stock_remaining": 2}, Availability.LIMITED),
        ({"is_in_stock": None}, Availability.UNKNOWN),
    ],
)
def test_woocommerce_stock(changes, availability) -> None:
    assert read("woocommerce", woo(**changes)).offers[0].availability is availability


def test_a_range_of_prices_is_no_price() -> None:
    answer = read("woocommerce", woo(prices={"price_range": {"min_amount": "100", "max_amount": "200"}}))
    assert answer.offers == ()
    assert answer.rejections[0][0] == "no_price"


def ebay(**changes: Any) -> dict[str, Any]:
    item = {
        "itemId": "v1|1|0", "title": "RTX 3090 24GB", "price": {"value": "700.00", "currency": "USD"},
        "conditionId": "3000", "itemWebUrl": "https://www.ebay.com/itm/1?hash=x", "seller": {"username": "a person"},
    }  # fmt: skip
    return {"itemSummaries": [{**item, **changes}]}


def test_ebay_first_asks_for_a_token_then_searches_the_countrys_marketplace() -> None:
    (ask,) = ENDPOINTS["ebay"].asks(source("ebay"), "id:secret")
    assert ask.body.startswith("grant_type=client_credentials")
    assert ask.headers["Authorization"] == "Basic aWQ6c2VjcmV0"
    (search,) = ENDPOINTS["ebay"].parse(b'{"access_token": "tok"}', ask, source("ebay")).more
    assert search.headers == {"Authorization": "Bearer tok", "X-EBAY-C-MARKETPLACE-ID": "EBAY_DE"}
    assert "buyingOptions%3A%7BFIXED_PRICE%7D" in search.url


@pytest.mark.parametrize(
    ("condition_id", "condition"),
    [("1000", Condition.NEW), ("2500", Condition.REFURBISHED), ("3000", Condition.USED), ("", Condition.UNKNOWN)],
)
def test_ebay_conditions(condition_id, condition) -> None:
    assert read("ebay", ebay(conditionId=condition_id)).offers[0].condition is condition


def test_ebay_cards_for_parts_are_no_offers_and_sellers_are_not_kept() -> None:
    broken = read("ebay", ebay(conditionId="7000"))
    assert broken.offers == ()
    assert broken.rejections[0][0] == "broken"
    (offer,) = read("ebay", ebay()).offers
    assert "a person" not in repr(offer)
    assert offer.url == "https://www.ebay.com/itm/1"


def test_ebay_prices_converted_for_display_are_taken_in_their_own_currency() -> None:
    price = {"value": "0.75", "currency": "USD", "convertedFromValue": "0.99", "convertedFromCurrency": "CAD"}
    assert read("ebay", ebay(price=price)).offers[0].price_text == "CAD 0.99"


def test_bestbuy_stock_condition_and_pages() -> None:
    card = {"sku": 1, "name": "RTX 5090", "salePrice": 1999.99, "regularPrice": 2499.99, "url": "https://b/1?x=2"}
    pages = {"products": [{**card, "orderable": "SoldOut", "condition": "Pre-Owned"}], "totalPages": 3}
    answer = read("bestbuy", pages, url="https://api/x?apiKey=k&page=1")
    (offer,) = answer.offers
    assert (offer.price_text, offer.availability, offer.condition, offer.url) == (
        "USD 1999.99", Availability.OUT_OF_STOCK, Condition.USED, "https://b/1",
    )  # fmt: skip
    assert answer.more[0].url.endswith("page=2")


def test_keepa_prices_are_cents_yen_are_yen_and_minus_one_is_none() -> None:
    products = {
        "products": [{"title": "RTX 4090", "asin": "B0", "stats": {"current": [-1, 199900, 150000, 0, 0, 0, -1]}}]
    }
    answer = read("keepa", products)
    assert [(o.price_text, o.condition) for o in answer.offers] == [
        ("EUR 1999.00", Condition.NEW), ("EUR 1500.00", Condition.USED),
    ]  # fmt: skip
    assert answer.offers[0].url == "https://www.amazon.de/dp/B0"
    yen = read("keepa", products, country="JP", currency="JPY").offers[0]
    assert yen.price_text == "JPY 199900"


@pytest.mark.parametrize("reader", sorted(ENDPOINTS))
@pytest.mark.parametrize(
    "payload", [b"", b"<html>no</html>", b"[]", b"{}", b"null", b'{"products": 7}', b"[" * 100_000]
)
def test_an_answer_of_another_form_is_a_rejection(reader, payload) -> None:
    answer = ENDPOINTS[reader].parse(payload, Ask(url=ADDRESS), source(reader))
    assert answer.offers == ()


NAMES = ["products", "variants", "prices", "price", "title", "itemSummaries", "stats", "current", "name", "next"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=20,
)


@given(st.sampled_from(sorted(ENDPOINTS)), JSON)
def test_no_answer_makes_a_reader_raise(reader, answer) -> None:
    read(reader, answer)
