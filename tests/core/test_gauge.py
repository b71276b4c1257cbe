"""The gauge lies between nothing and everything, and follows the calls."""

from dataclasses import replace
from datetime import timedelta

from monitor.core.gauge import fresh, limbo_gauge
from monitor.core.models import Action, Condition
from tests.core.test_decision import call, market


def test_the_gauge_is_low_in_a_rise_and_high_in_a_fall():
    fall, rise = limbo_gauge(call(market(-0.02))), limbo_gauge(call(market(0.02)))
    assert rise.value == 0
    assert fall.value > 60
    assert fall.low <= fall.value <= fall.high <= 100


def test_each_market_weighs_the_same_and_silence_counts_for_nothing():
    falling, rising = call(market(-0.02)), call(market(0.02, condition="used", cards=["RTX 3080"]))
    both = limbo_gauge([*falling, *rising])
    assert both.segments == 2
    assert both.value < limbo_gauge(falling).value
    silent = [replace(signal, action=Action.NO_CALL) for signal in falling]
    assert limbo_gauge(silent) is None
    assert limbo_gauge([*falling, *rising, *[replace(s, region="DE") for s in silent]]) == both


def test_all_clouds_are_one_market():
    falling = call(market(-0.02))
    rented = [replace(s, condition=Condition.RENTAL, action=Action.BUY_NOW, region=r) for s in falling for r in "abc"]
    assert limbo_gauge([*falling, *rented]).segments == 2


def test_old_prices_are_left_out():
    calls = call(market(-0.02))
    now = calls[0].as_of
    assert len(fresh(calls, now)) == len(calls)
    assert fresh(calls, now + timedelta(days=80)) == []
