"""Intervals of a market follow its own past errors, and are wide where it has none."""

import numpy as np
import pytest

from monitor.catalog import load_catalog
from monitor.core import forecast
from monitor.core.conformal import HORIZONS, LEAST, MOST, PRIOR, PRIOR_ELSE
from monitor.core.models import Series, SeriesKey
from monitor.core.outlook import outlook
from tests.core.test_decision import CARDS, START, market

GPUS = load_catalog().gpus


def reverting(weeks: int, seed: int = 1) -> list[Series]:
    """Cards whose prices come back to a market (half of a deviation in five weeks) that walks at random."""
    rng, made = np.random.default_rng(seed), []
    days = np.arange(START, START + 7 * weeks, 7, dtype=np.int32)
    common, keeps = np.cumsum(0.01 * rng.standard_normal(weeks)), 0.5 ** (1 / 5)
    for name in CARDS:
        own = np.zeros(weeks)
        for week in range(1, weeks):
            own[week] = keeps * own[week - 1] + 0.02 * rng.standard_normal()
        key = SeriesKey(source="s", gpu=name, condition="new", stat="min_offer", region="US", currency="USD")
        made.append(Series(key=key, days=days, prices=500 * np.exp(common + own), n_obs=np.full(weeks, np.nan)))
    return made


def test_a_market_without_a_past_has_the_prior_and_says_so():
    for condition, prior in (("used", PRIOR["used"]), ("new", PRIOR_ELSE)):
        view = outlook(market(weeks=3, condition=condition), GPUS, START + 14)
        assert view.stretch.factor[0] == pytest.approx(prior)
        assert view.stretch.quarters[0].tolist() == [0, 0, 0]


def test_between_the_horizons_the_factor_runs_in_straight_lines():
    view = outlook(market(weeks=60), GPUS, START + 59 * 7)
    low, high = view.stretch.factor[0, :2]
    between = view.stretch.at(np.array([0]), np.array([4, 8, 13]))[0]
    assert between == pytest.approx([low, low + (high - low) * 4 / 9, high])
    assert ((view.stretch.factor >= LEAST) & (view.stretch.factor <= MOST)).all()


def test_intervals_hold_about_as_often_as_they_say_in_a_market_that_walks_with_cards_that_come_back():
    held: list[bool] = []
    for seed in range(6):
        series = reverting(150, seed)
        for week in range(105, 145, 9):
            known = [
                Series(key=s.key, days=s.days[:week], prices=s.prices[:week], n_obs=s.n_obs[:week]) for s in series
            ]
            view = outlook(known, GPUS, int(known[0].days[-1]))
            rows = np.arange(len(view.panel.keys))
            ahead = np.array(HORIZONS[:1])
            path = forecast.price_path(
                view.rate, view.ageing, view.own, view.premium, view.move, ahead, view.stretch.at(rows, ahead)
            )
            later = {s.key: np.log(s.prices[week + 3]) for s in series}
            change = np.array([later[key] for key in view.panel.keys]) - view.panel.level
            held += ((path.low[:, 0] <= change) & (change <= path.high[:, 0])).tolist()
    assert 0.68 <= np.mean(held) <= 0.9  # a card's own deviation is not among the past errors: a little too narrow


def test_later_prices_change_no_interval():
    series, day = reverting(104), START + 80 * 7
    known = [Series(key=s.key, days=s.days[:81], prices=s.prices[:81], n_obs=s.n_obs[:81]) for s in series]
    assert (outlook(known, GPUS, day).stretch.factor == outlook(series[:], GPUS, day).stretch.factor).all()
