"""What is named as turning a call turns it: the same rule, asked again with it."""

from dataclasses import replace

import numpy as np
import pytest

from monitor.core.decision import DecisionParams
from monitor.core.decision_plan import Facts, plan
from monitor.core.decision_text import changes_mind
from monitor.core.market import known_on
from monitor.core.models import Action, Series
from monitor.core.outlook import outlook
from monitor.core.turning import FURTHEST
from monitor.history import read_price_files
from tests.core.test_decision import GPUS, START, call, market

PARAMS = DecisionParams()
WAITS = {Action.WAIT, Action.LIMBO}


def a_week_later(series, day, of=None, price=None):
    """Every fresh series with one price more, which moved as its market was expected to; the one of `of` at `price`."""
    view = outlook(series, GPUS, day)
    expected = dict(zip(view.panel.keys, np.exp(view.panel.level + view.rate), strict=True))
    later = []
    for one in series:
        new = price if one.key == of else expected.get(one.key, np.nan)
        days = np.append(one.days, day + 7).astype(np.int32)
        more = Series(key=one.key, days=days, prices=np.append(one.prices, new), n_obs=np.full(len(days), np.nan))
        later.append(more if np.isfinite(new) else one)
    return later


def share_that_turns(series, day, waiting):
    """Of up to twelve calls that name a price, how many are another call a week later at that price."""
    turned, view = [], outlook(series, GPUS, day)
    facts = dict(zip(view.panel.keys, plan(view, PARAMS), strict=True))
    named = [
        (key, fact)
        for key, fact in facts.items()
        if fact.limit is not None and fact.action is (Action.WAIT if waiting else Action.BUY_NOW)
    ]
    for key, fact in named[:12]:
        price = float(np.exp(view.panel.level[view.panel.keys.index(key)] + fact.limit))
        again = call(a_week_later(series, day, key, price), day + 7, per_series=True, explain=False)
        turned.append(({s.series: s for s in again}[key].action in WAITS) is not waiting)
    return sum(turned), len(turned)


def test_a_price_that_is_named_turns_most_calls():
    steady, falling = market(0.0, noise=0.03), market(-0.006, noise=0.03)
    for series, waiting in ((steady, False), (falling, True)):
        turned, asked = share_that_turns(series, START + 7 * 51, waiting)
        assert asked >= 4
        assert turned >= 0.7 * asked


def test_a_price_that_is_named_turns_most_calls_on_real_prices(shared):
    series = read_price_files([shared / "data/prices/used_ebay_us_monthly.csv"]).known
    day = 19_417  # 2023-03-01
    turned, asked = share_that_turns(known_on(series, day), day, waiting=True)
    assert asked >= 5
    assert turned >= 0.6 * asked


@pytest.mark.parametrize("weekly", [-0.012, -0.004, 0.0, 0.006])
def test_the_market_that_is_named_turns_every_call(weekly):
    view = outlook(market(weekly, noise=0.02), GPUS, START + 7 * 51)
    before = plan(view, PARAMS)
    for row, fact in enumerate(before):
        if fact.market_limit is None:
            continue
        waits = fact.action is Action.WAIT
        further = 0.02 if waits else -0.02
        rate = view.rate.copy()
        rate[row] += (np.log1p(fact.market_limit) - np.log1p(fact.change_8_weeks)) / 6.3 + further / 8
        assert (plan(replace(view, rate=rate), PARAMS)[row].action is Action.WAIT) is not waits


def test_who_waits_is_told_of_a_lower_price_and_who_buys_of_a_higher_one():
    for weekly in (-0.02, -0.004, 0.0, 0.02):
        view = outlook(market(weekly, noise=0.03), GPUS, START + 7 * 51)
        for fact in plan(view, PARAMS):
            if fact.limit is not None and fact.action is not Action.NO_CALL:
                assert (fact.limit < 0) is (fact.action is Action.WAIT)
                assert abs(fact.limit) <= FURTHEST


def test_in_a_steep_fall_no_price_alone_is_a_reason_to_buy_and_it_says_so():
    for signal in call(market(-0.03)):
        assert signal.limit_price is None
        assert "; no price of this card within a fifth would" in signal.would_change[0]


def test_where_nothing_near_turns_a_call_it_says_that_alone():
    facts = Facts(action=Action.WAIT, saving=0.3)
    (said,) = changes_mind(facts, 100.0, "USD", None, Action.WAIT)
    assert said.startswith("nothing near: no price of this card")
