"""What a price is held against, and what is believed at once."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.catalog import load_catalog
from monitor.core.models import Condition
from monitor.core.trust import Change, Trust, Usual, burst, explained, judge, shift, usual_prices

MARKET = Usual(price_usd=1000.0, shops=4)
YOUNG = Usual(price_usd=1000.0, shops=0, young=True)
OLD = Usual(price_usd=1000.0, shops=0, young=False)
NEW, USED, RENTAL = Condition.NEW, Condition.USED, Condition.RENTAL


@pytest.mark.parametrize(
    ("price", "condition", "usual", "last", "trust"),
    [
        (1000, NEW, MARKET, None, Trust.BELIEVED),
        (650, NEW, MARKET, None, Trust.BELIEVED),
        (550, NEW, MARKET, None, Trust.UNCONFIRMED),
        (2100, NEW, MARKET, None, Trust.UNCONFIRMED),
        (250, NEW, MARKET, None, Trust.SUSPICIOUS),
        (6000, NEW, MARKET, None, Trust.SUSPICIOUS),
        (550, NEW, MARKET, 560, Trust.BELIEVED),  # its own, believed before
        (250, NEW, MARKET, 251, Trust.BELIEVED),
        (1000, NEW, MARKET, 1900, Trust.BELIEVED),  # a return to the market
        (700, NEW, MARKET, 1300, Trust.UNCONFIRMED),
        (700, NEW, None, 1300, Trust.UNCONFIRMED),
        (1000, NEW, None, 1300, Trust.BELIEVED),
        (500, NEW, YOUNG, None, Trust.BELIEVED),
        (350, NEW, YOUNG, None, Trust.UNCONFIRMED),
        (75, NEW, YOUNG, None, Trust.SUSPICIOUS),  # a water block
        (250, USED, YOUNG, None, Trust.BELIEVED),
        (250, NEW, OLD, None, Trust.BELIEVED),
        (60, USED, OLD, None, Trust.BELIEVED),
        (15, USED, OLD, None, Trust.SUSPICIOUS),
        (3000, NEW, YOUNG, None, Trust.BELIEVED),  # a boom
        (12000, NEW, YOUNG, None, Trust.SUSPICIOUS),
        (5, NEW, None, None, Trust.BELIEVED),  # nothing to doubt it by
        (None, NEW, MARKET, 900, Trust.BELIEVED),
        (300, RENTAL, MARKET, 900, Trust.BELIEVED),  # spot prices move by themselves
        (50, RENTAL, MARKET, None, Trust.UNCONFIRMED),
    ],
)
def test_what_is_believed_at_once(price, condition, usual, last, trust) -> None:
    judged = judge(price, condition, usual, last)
    assert judged.trust is trust
    assert bool(judged.reason) == (trust is not Trust.BELIEVED)


@given(
    st.floats(1, 1e6),
    st.sampled_from([NEW, USED]),
    st.none() | st.floats(1, 1e6),
    st.sampled_from([0.25, 0.5, 2.0, 1024.0]),
)
def test_the_unit_of_all_prices_does_not_matter(price, condition, last, scale) -> None:
    scaled = Usual(price_usd=1000.0 * scale, shops=4)
    before = judge(price, condition, MARKET, last).trust
    assert judge(price * scale, condition, scaled, last * scale if last else None).trust is before


@given(st.floats(0.76, 1.34))
def test_what_the_market_asks_is_always_explained(share) -> None:
    assert explained(1000.0 * share, MARKET)
    assert judge(1000.0 * share, NEW, MARKET, 5000.0).trust is Trust.BELIEVED


def test_one_shop_is_no_market_and_many_listings_are_one_vote() -> None:
    gpus = {"RTX 4090": load_catalog().gpus["RTX 4090"]}
    kind = ("RTX 4090", NEW)
    alone = usual_prices({kind: [("a", 900.0)] * 9}, gpus, date(2026, 11, 1))[kind]
    assert (alone.shops, alone.price_usd) == (0, 1599.0)
    three = [("a", 900.0)] * 9 + [("b", 1600.0), ("c", 1700.0)]
    assert usual_prices({kind: three}, gpus, date(2026, 11, 1))[kind].price_usd == 1600.0


def changes(prices: list[tuple[float, float]], stock: tuple[str, str] = ("in_stock", "in_stock")) -> list[Change]:
    before, now = stock
    return [Change(price_before=a, price_now=b, stock_before=before, stock_now=now) for a, b in prices]


@pytest.mark.parametrize(
    ("seen", "is_burst"),
    [
        (changes([(100, 60)] * 6), True),
        (changes([(100, 60)] * 6 + [(100, 100)] * 3), True),
        (changes([(100, 60)] * 6 + [(100, 100)] * 9), False),
        (changes([(100, 60)] * 4), False),  # too few to tell
        (changes([(100, 80)] * 20), False),  # a sale
        (changes([(100, 100)] * 20, ("in_stock", "out_of_stock")), True),
        (changes([(100, 100)] * 8, ("in_stock", "out_of_stock")), False),
        ([], False),
    ],
)
def test_a_burst_of_changes_is_told_from_a_market_that_moves(seen, is_burst) -> None:
    assert bool(burst(seen)) is is_burst


def test_a_shop_that_begins_to_say_what_is_in_stock_is_not_at_fault() -> None:
    changes = [Change(price_before=100, price_now=100, stock_before="unknown", stock_now="in_stock")] * 12
    assert burst(changes) == ""
    assert burst([replace(change, stock_before="in_stock", stock_now="unknown") for change in changes]) == ""


@pytest.mark.parametrize(
    ("shelf", "fault"),
    [
        ([([1000.0], [650.0]), ([500.0], [330.0]), ([300.0], [195.0])], "the prices of 3 of 3 articles fell"),
        ([([1000.0] * 4, [650.0] * 4)], "the prices of 4 of 4 articles fell"),
        ([([1000.0], [650.0]), ([500.0], [330.0]), ([300.0, 310.0], [400.0, 305.0])], ""),  # up and down: a market
        (
            [([1000.0] * 2, [650.0, 9000.0]), ([500.0] * 3, [325.0] * 2)],
            "the prices of 3 of 4",
        ),  # one misread otherwise
        ([([1000.0], [650.0]), ([500.0], [330.0])], ""),  # too few to tell
        ([([1000.0], [800.0]), ([500.0], [400.0]), ([300.0], [240.0])], ""),  # a sale of a fifth
        ([([], [650.0]), ([], [330.0]), ([300.0], [])], ""),  # another assortment
    ],
)
def test_a_shop_whose_prices_move_together_under_new_addresses_is_at_fault(shelf, fault) -> None:
    assert shift(shelf).startswith(fault)
    assert bool(shift(shelf)) == bool(fault)
