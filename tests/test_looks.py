"""What the rules are shown of the shops: a page that says nothing of its stock is no page that is sold out."""

import pytest

from monitor.core.market import street_prices
from monitor.core.models import Availability
from monitor.jobs.looks import cheapest_on_sale, stock_of
from tests.conftest import NOW, make_offer


def offers(*stock: str):
    return [
        make_offer(seen_at=NOW, url=f"https://shop.example/{number}", availability=Availability(one))
        for number, one in enumerate(stock)
    ]


@pytest.mark.parametrize(
    ("stock", "there"),
    [
        (["in_stock", "out_of_stock"], True),
        (["limited"], True),
        (["unknown"], None),
        (["unknown", "out_of_stock"], None),
        (["unknown", "in_stock"], True),
        (["out_of_stock"], False),
        (["preorder", "backorder"], False),
    ],
)
def test_a_shop_that_says_nothing_of_its_stock_cannot_be_told(stock, there):
    assert list(stock_of(offers(*stock)).values()) == [there]


def test_a_price_without_a_word_of_its_stock_counts_as_a_price():
    assert len(street_prices(offers("unknown"), NOW)) == 1
    assert street_prices(offers("out_of_stock"), NOW) == []


def test_of_what_is_on_sale_in_a_shop_the_cheapest_is_shown():
    found = [
        make_offer(price="900", seen_at=NOW, url="https://shop.example/1", availability=Availability.OUT_OF_STOCK),
        make_offer(price="1200", seen_at=NOW, url="https://shop.example/2", availability=Availability.IN_STOCK),
        make_offer(price="1100", seen_at=NOW, url="https://shop.example/3", availability=Availability.LIMITED),
        make_offer(price="0", seen_at=NOW, url="https://shop.example/4", availability=Availability.IN_STOCK),
        make_offer(price="950", seen_at=NOW, url="https://shop.example/5"),
    ]
    assert [offer.url for offer in cheapest_on_sale(found).values()] == ["https://shop.example/3"]
