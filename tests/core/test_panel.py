"""The weekly table: newest price of a week, glitches set aside, nothing that looks forward."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.panel import preferred, weekly_panel, without_glitches
from tests.core.test_market import DAY, series


def test_a_weeks_price_is_the_newest_known_by_its_end():
    panel = weekly_panel([series(prices=(100.0, 110.0, 120.0), days=(DAY - 8, DAY - 7, DAY - 2))], DAY)
    assert np.exp(panel.logs[0, -2:]).round(6).tolist() == [110.0, 120.0]
    assert panel.age.tolist() == [0]


def test_an_absurd_price_is_set_aside_until_a_second_one_confirms_it():
    usual = np.log([[100.0, 101, 99, 100, 10, 100, 100, 11, 11]])
    kept = np.exp(without_glitches(usual))[0].round(3).tolist()
    assert np.isnan(kept[4])
    assert np.isnan(kept[7])
    assert kept[8] == 11


def test_a_strange_price_that_nothing_contradicts_becomes_the_price():
    row = np.full((1, 9), np.nan)
    row[0, :4] = np.log([100.0, 101, 99, 100])
    row[0, 4] = np.log(50.0)
    kept = without_glitches(row)
    assert np.isnan(kept[0, 4])
    assert np.exp(kept[0, 7]).round(6) == 50


@given(
    st.lists(st.floats(1, 1e6), min_size=5, max_size=40),
    st.integers(1, 39),
)
def test_later_prices_never_change_what_was_accepted_before(prices, cut):
    table = np.log(np.array([prices]))
    cut = min(cut, table.shape[1])
    np.testing.assert_array_equal(without_glitches(table[:, :cut]), without_glitches(table)[:, :cut])


def test_of_several_summaries_of_the_same_offers_the_preferred_one_is_kept():
    both = [series(stat="median_offer"), series(stat="p25_offer"), series("b", stat="median_offer")]
    assert [(one.key.source, one.key.stat) for one in preferred(both)] == [("a", "p25_offer"), ("b", "median_offer")]
