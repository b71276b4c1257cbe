"""A card's own price beside its market: what it says of the card, and what a mistake in it does not."""

import numpy as np
import pytest

from monitor.core.deviation import NOISE_OVER_STEPS, deviations
from monitor.core.drift import market_drift
from monitor.core.panel import weekly_panel
from tests.core.test_market import DAY, series

MONTHLY = tuple(range(DAY - 28 * 11, DAY + 1, 28))
USUAL = (100.0, 103.0, 98.0, 101.0, 104.0, 99.0, 100.0, 103.0, 97.0, 101.0, 99.0, 102.0)


def own(*prices, days=MONTHLY):
    """What is found of a source whose cards had these prices."""
    rows = [series(gpu=f"RTX 30{50 + at}", prices=one, days=days) for at, one in enumerate(prices)]
    panel = weekly_panel(rows, DAY)
    place = [("shop", "new", "US", "")] * len(rows)
    return deviations(panel, market_drift(panel, place, place), place, place)


def with_one(price, at):
    return (*USUAL[:at], price, *USUAL[at + 1 :])


@pytest.mark.parametrize("price", [10.0, 25.0, 400.0, 1000.0])
@pytest.mark.parametrize("at", [4, 7, 9])
def test_one_absurd_price_hardly_moves_the_noise_and_the_mean_of_its_card_and_of_others(price, at):
    clean, spoilt = own(USUAL, USUAL, USUAL), own(USUAL, with_one(price, at), USUAL)
    assert spoilt.noise == pytest.approx(clean.noise, rel=0.05)
    assert spoilt.unshrunk == pytest.approx(clean.unshrunk, abs=0.01)


def test_a_price_that_merely_swings_counts():
    clean, swinging = own(USUAL, USUAL), own(USUAL, with_one(125.0, 9))
    assert swinging.noise[1] > 1.1 * clean.noise[1]
    assert swinging.unshrunk[1] < clean.unshrunk[1] - 0.01


def test_two_prices_that_contradict_each_other_tell_no_deviation():
    found = own((100.0, 300.0), days=(DAY - 70, DAY - 7))
    assert found.unshrunk.tolist() == [0.0]
    assert np.isfinite(found.noise).all()


def test_the_noise_of_a_known_noisy_card_is_found_a_little_above_its_steps():
    rng = np.random.default_rng(3)
    days = tuple(range(DAY - 7 * 51, DAY + 1, 7))
    noisy = [tuple(100 * np.exp(0.06 * rng.standard_normal(52))) for _ in range(8)]
    assert own(*noisy, days=days).noise == pytest.approx(np.full(8, NOISE_OVER_STEPS * 0.06), rel=0.25)
