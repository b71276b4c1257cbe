"""The value of waiting: certain cases by hand, and how it must move."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.stopping import Problem, solve

WEEKS = np.arange(27)


def answer(path=0.0, deviation=0.0, noise=0.01, gap=1.0, cost=0.005):
    return solve(
        Problem(
            path=np.atleast_2d(path * WEEKS if np.isscalar(path) else path),
            deviation=np.array([deviation]),
            noise=np.array([noise]),
            gap=np.array([gap]),
            half_life_weeks=5.0,
            delay_cost=cost,
        )
    )


def test_with_no_movement_and_a_cost_of_delay_waiting_costs_a_week():
    assert answer(noise=1e-6).ratio[0] == pytest.approx(1.005, abs=1e-4)


def test_a_sure_fall_is_waited_for_to_its_end():
    step = np.where(WEEKS < 10, 0.0, np.log(0.8))
    found = answer(step, noise=1e-6)
    assert found.ratio[0] == pytest.approx(0.8 + 10 * 0.005, abs=1e-3)
    assert found.stops[0].argmax() == 10


def test_a_high_price_is_waited_out_and_a_low_one_taken():
    assert answer(deviation=0.1, noise=0.05).ratio[0] < 0.97
    assert answer(deviation=-0.1, noise=0.05).ratio[0] > 1


@settings(deadline=None, max_examples=40)
@given(st.floats(-0.03, 0.03), st.floats(-0.2, 0.2), st.floats(0.01, 0.15), st.floats(1, 6), st.floats(0, 0.02))
def test_waiting_never_gains_from_a_higher_cost_and_chances_add_up(path, deviation, noise, gap, cost):
    cheap, dear = (answer(path, deviation, noise, gap, c) for c in (cost, cost + 0.01))
    assert dear.ratio[0] >= cheap.ratio[0]
    assert cheap.stops.sum() == pytest.approx(1)
    assert (cheap.stops >= -1e-12).all()
