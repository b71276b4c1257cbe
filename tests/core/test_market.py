"""Street prices: one vote a shop, nothing from the future, nothing that is not for sale."""

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest

from monitor.core.market import known_on, street_prices
from monitor.core.models import Availability, Condition, Series, SeriesKey
from tests.conftest import NOW, make_offer

DAY = 20_000


def price_of(offers):
    (only,) = street_prices(offers, NOW)
    return only.price.amount


def series(source="a", prices=(100.0, 90.0), days=(DAY - 56, DAY), **key):
    of = {"gpu": "RTX 4090", "condition": "new", "stat": "min_offer", "region": "US", "currency": "USD", **key}
    return Series(
        key=SeriesKey(source=source, **of),
        days=np.array(days, np.int32),
        prices=np.array(prices, float),
        n_obs=np.full(len(days), np.nan),
    )


def test_a_shop_with_many_listings_has_one_vote():
    cheap = [make_offer(price="1000", url=f"https://a.example/{n}") for n in range(9)]
    others = [make_offer(price="2000", source="shop-b"), make_offer(price="2100", source="shop-c")]
    assert price_of([*cheap, *others]) == 2000


@pytest.mark.parametrize(
    "change",
    [
        {"seen_at": NOW + timedelta(minutes=1)},
        {"seen_at": NOW - timedelta(days=4)},
        {"availability": Availability.OUT_OF_STOCK},
        {"availability": Availability.PREORDER},
        {"availability": Availability.BACKORDER},
        {"quarantined": True},
        {"price": "0"},
    ],
)
def test_what_is_not_a_live_offer_does_not_count(change):
    changed = make_offer(**{"price": "1", "source": "shop-b", **change})
    assert price_of([make_offer(price="1500"), changed]) == 1500


def test_used_offers_do_not_move_the_new_price():
    found = street_prices([make_offer(price="1500"), make_offer(price="700", condition=Condition.USED)], NOW)
    assert {str(one.condition): one.price.amount for one in found} == {"new": 1500, "used": 700}


def test_only_the_newest_price_of_an_article_counts_and_a_sold_out_one_is_gone():
    old, new = make_offer(price="1500", seen_at=NOW - timedelta(days=1)), make_offer(price="1400")
    assert price_of([new, old]) == 1400
    gone = make_offer(availability=Availability.OUT_OF_STOCK)
    assert street_prices([old, gone], NOW) == []


def test_a_price_of_yesterday_is_flagged_as_carried_forward():
    (found,) = street_prices([make_offer(seen_at=NOW - timedelta(days=2))], NOW)
    assert found.carried
    assert (found.n, found.shops, found.spread) == (1, 1, 0.0)
    assert found.low == found.high == Decimal("1599.00")


def test_what_is_known_holds_nothing_later_and_no_impossible_price():
    (found,) = known_on([series(prices=(100.0, 0.0, np.nan, 90.0), days=(DAY - 3, DAY - 2, DAY - 1, DAY + 1))], DAY)
    assert found.days.tolist() == [DAY - 3]
