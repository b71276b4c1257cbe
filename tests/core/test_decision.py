"""The call: never from the future, right in plain markets, silent without data, the same for every scale."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from monitor.catalog import load_catalog
from monitor.core.decision import DecisionParams, decide, decide_latest
from monitor.core.models import Action, Goal, NewsEvent, Series, SeriesKey
from monitor.history import read_price_files

GPUS = load_catalog().gpus
PARAMS = DecisionParams()
EPOCH = date(1970, 1, 1)
START = (date(2023, 1, 2) - EPOCH).days
CARDS = ["RTX 3060", "RTX 3060 Ti", "RTX 3070", "RTX 3070 Ti", "RTX 3080", "RTX 3080 Ti", "RTX 3090", "RX 6600",
         "RX 6700 XT", "RX 6800", "RX 6800 XT", "RX 6900 XT"]  # fmt: skip


def market(weekly=0.0, weeks=52, noise=0.004, source="shop", condition="new", cards=CARDS):
    """A market whose prices move by `weekly` (log) a week, from launch prices."""
    rng = np.random.default_rng(7)
    days = np.arange(START, START + 7 * weeks, 7, dtype=np.int32)
    made = []
    for name in cards:
        level = GPUS[name].msrp_usd * np.exp(weekly * np.arange(weeks) + noise * rng.standard_normal(weeks))
        key = SeriesKey(source=source, gpu=name, condition=condition, stat="min_offer", region="US", currency="USD")
        made.append(Series(key=key, days=days, prices=level, n_obs=np.full(weeks, np.nan)))
    return made


def moment(day):
    return datetime.combine(EPOCH + timedelta(days=int(day)), datetime.min.time(), UTC)


def call(series, day=None, params=PARAMS, **options):
    day = max(int(one.days[-1]) for one in series) if day is None else day
    return decide(series, GPUS, moment(day), params, **options)


def actions(series, **options):
    return {signal.action for signal in call(series, **options)}


def cut(one, day):
    end = int(np.searchsorted(one.days, day, side="right"))
    return Series(key=one.key, days=one.days[:end], prices=one.prices[:end], n_obs=one.n_obs[:end])


def poisoned(one, day):
    after = one.days > day
    rng = np.random.default_rng(int(day))
    prices = np.where(after, one.prices * rng.uniform(0.1, 10, len(one.prices)), one.prices)
    return Series(key=one.key, days=one.days, prices=prices, n_obs=one.n_obs)


def test_a_falling_market_is_waited_for_and_a_rising_one_bought():
    assert actions(market(-0.02)) <= {Action.WAIT, Action.LIMBO}
    assert actions(market(+0.02)) == {Action.BUY_NOW}
    assert actions(market(0.0)) == {Action.BUY_NOW}


def test_a_waiting_call_says_how_long_up_to_which_price_and_why():
    for signal in call(market(-0.02)):
        assert 0 < signal.window_low_weeks <= signal.window_high_weeks
        assert signal.limit_price is None or signal.limit_price.amount < signal.price.amount
        assert signal.saving_low < signal.expected_saving < signal.saving_high
        assert signal.expected_saving > 0.03
        drift = {reason.code: reason.contribution for reason in signal.reasons}["market_falls"]
        assert drift == pytest.approx(signal.expected_saving, abs=0.1)
        assert any("a market that" in text for text in signal.would_change)


@pytest.mark.parametrize("weekly", [-0.02, -0.006, 0.0, 0.02])
def test_what_the_reasons_contribute_adds_up_to_the_saving(weekly):
    for signal in call(market(weekly, noise=0.03)):
        if signal.action is not Action.NO_CALL and signal.reasons[0].code != "quiet":
            total = sum(reason.contribution for reason in signal.reasons)
            assert total == pytest.approx(signal.expected_saving, abs=0.0006)


def test_a_higher_cost_of_delay_never_makes_anybody_wait_longer():
    series = market(-0.01)
    savings = [
        [s.expected_saving for s in call(series, params=DecisionParams(delay_cost_per_week=c))]
        for c in (0, 0.005, 0.02, 0.05)
    ]
    assert (np.diff(np.array(savings), axis=0) <= 1e-12).all()
    assert actions(series, params=DecisionParams(delay_cost_per_week=0.03)) == {Action.BUY_NOW}


def test_goals_have_their_own_cost_of_delay_and_deadline():
    goal = Goal(slug="g", title="g", workload="w", delay_cost_per_week=0.03, deadline_weeks=8)
    params = DecisionParams.for_goal(goal)
    assert (params.delay_cost_per_week, params.deadline_weeks) == (0.03, 8)
    assert all((s.window_high_weeks or 0) <= 52 for s in call(market(-0.02), params=params))


def test_the_unit_of_money_changes_nothing():
    series = market(-0.012, condition="used")
    gpus = {name: replace(gpu, msrp_usd=gpu.msrp_usd and gpu.msrp_usd * 3.7) for name, gpu in GPUS.items()}
    scaled = [Series(key=s.key, days=s.days, prices=s.prices * 3.7, n_obs=s.n_obs) for s in series]
    before = call(series)
    after = decide(scaled, gpus, before[0].as_of, PARAMS)
    assert [s.action for s in after] == [s.action for s in before]
    assert [s.expected_saving for s in after] == pytest.approx([s.expected_saving for s in before], abs=1e-9)


def test_a_card_dearer_by_its_usual_noise_is_not_bought_sooner():
    series = market(0.0, noise=0.03)
    for row, one in enumerate(series[:4]):
        savings = []
        for above in (0.0, 0.01, 0.02):
            prices = one.prices.copy()
            prices[-1] = np.exp(np.log(prices[-26:-1]).mean() + above)
            changed = Series(key=one.key, days=one.days, prices=prices, n_obs=one.n_obs)
            found = call([*series[:row], changed, *series[row + 1 :]])
            savings.append({s.gpu: s for s in found}[one.key.gpu].expected_saving)
        assert savings[2] > savings[0] - 0.002  # the market itself rises a little with it


@pytest.mark.parametrize("change", [cut, poisoned], ids=["cut off", "poisoned"])
def test_what_comes_later_changes_no_call(change):
    series = [*market(-0.01, noise=0.05), *market(0.01, noise=0.05, source="b", condition="used")]
    for day in (START + 70, START + 203, START + 300):
        later = [c for one in series if len((c := change(one, day)).days)]
        assert call(series, day) == call(later, day)


@pytest.mark.parametrize("day", [date(2022, 3, 14), date(2022, 9, 5)])
def test_what_comes_later_changes_no_call_on_real_prices(shared, day):
    files = [shared / "data/prices" / name for name in ("used_ebay_us_auctions.csv", "retail_amazon_us.csv")]
    series, on = read_price_files(files).known, (day - EPOCH).days
    expected = call(series, on, per_series=True)
    assert len(expected) > 20
    for change in (cut, poisoned):
        later = [c for one in series if len((c := change(one, on)).days)]
        assert call(later, on, per_series=True) == expected


def test_later_launches_change_no_call():
    day = START + 203
    on = EPOCH + timedelta(days=day)
    gpus = {
        name: replace(gpu, launched_on=gpu.launched_on + timedelta(days=400))
        if gpu.launched_on and gpu.launched_on > on
        else gpu
        for name, gpu in GPUS.items()
    }
    series = market(-0.01)
    assert decide(series, gpus, moment(day), PARAMS) == decide(series, GPUS, moment(day), PARAMS)


ODD = {
    "one point": ([100.0], [START]),
    "no movement at all": ([100.0] * 30, range(START, START + 210, 7)),
    "prices of zero and below": ([0.0, -5.0, 100.0], [START, START + 7, START + 14]),
    "not a number": ([np.nan, np.inf, 100.0], [START, START + 7, START + 14]),
    "a gap of a year": ([100.0, 90.0], [START - 365, START]),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_series_alone_give_no_call_or_buy_and_no_crash(name):
    prices, days = ODD[name]
    key = SeriesKey(source="x", gpu="RTX 3080", condition="new", stat="min_offer", region="US", currency="USD")
    one = Series(
        key=key, days=np.array(days, np.int32), prices=np.array(prices, float), n_obs=np.full(len(prices), np.nan)
    )
    found = call([one])
    assert {s.action for s in found} <= {Action.NO_CALL, Action.BUY_NOW}
    if name in ("one point", "a gap of a year", "prices of zero and below"):
        assert found[0].action is Action.NO_CALL
        assert found[0].reasons[0].text


def test_nothing_known_gives_no_calls():
    assert decide([], GPUS, moment(START), PARAMS) == []


def test_stale_prices_give_no_call_that_says_so():
    for weeks in (10, 60, 200):
        found = call(market(-0.02), START + 7 * (51 + weeks))
        assert {s.action for s in found} == {Action.NO_CALL}
        assert f"{weeks} weeks old" in found[0].reasons[0].text


def test_a_market_whose_prices_ended_is_asked_on_its_last_day_and_says_so():
    old, fresh = market(-0.02), market(0.01, weeks=120, condition="used")
    now = moment(START + 7 * 119)
    found = decide_latest([*old, *fresh], GPUS, now, PARAMS)
    new = [s for s in found if s.condition == "new"]
    used = [s for s in found if s.condition == "used"]
    assert {s.as_of.date() for s in new} == {EPOCH + timedelta(days=START + 7 * 51)}
    assert all(s.reasons[0].code == "history" for s in new)
    assert {s.as_of for s in used} == {now}
    assert new[0].action in (Action.WAIT, Action.LIMBO)


def test_absurd_prices_change_hardly_any_call():
    series = market(-0.015, noise=0.02)
    rng = np.random.default_rng(3)
    spoilt = []
    for one in series:
        wrong = rng.random(len(one.prices)) < 0.01
        prices = np.where(wrong, one.prices * rng.choice([0.1, 10.0], len(one.prices)), one.prices)
        spoilt.append(Series(key=one.key, days=one.days, prices=prices, n_obs=one.n_obs))
    days = range(START + 105, START + 357, 14)
    pairs = [
        (a.action in (Action.WAIT, Action.LIMBO), b.action in (Action.WAIT, Action.LIMBO))
        for day in days
        for a, b in zip(call(series, day), call(spoilt, day), strict=True)
    ]
    assert sum(a != b for a, b in pairs) <= 0.02 * len(pairs)  # those at the edge of the margin


def memory(weekly):
    """A memory module whose price moves by `weekly` (log) a week over the last quarter."""
    like = market()[0]
    key = SeriesKey(source="m", gpu="memory:DDR5", condition="new", stat="min_offer", region="KR", currency="KRW")
    prices = 100 * np.exp(np.maximum(0, np.arange(len(like.days)) - 38) * weekly)
    return Series(key=key, days=like.days, prices=prices, n_obs=like.n_obs)


def test_dearer_memory_makes_waiting_for_new_cards_rarer_and_cheaper_memory_changes_nothing():
    for condition in ("new", "used"):
        series = market(-0.004, noise=0.02, condition=condition)
        before, dearer, cheaper = (call([*series, *more]) for more in ([], [memory(0.03)], [memory(-0.03)]))
        savings = [[s.expected_saving for s in found] for found in (before, dearer)]
        assert cheaper == before
        if condition == "used":
            assert dearer == before
        else:
            assert all(now < then for then, now in zip(*savings, strict=True))


def test_news_of_three_outlets_turns_waiting_into_limbo_and_moves_no_saving():
    series = market(-0.008, noise=0.02, cards=["RTX 3060", "RTX 3070", "RTX 3080", "RTX 3090"])
    series = [Series(key=s.key, days=s.days - 7 * 95, prices=s.prices, n_obs=s.n_obs) for s in series]
    now = moment(int(series[0].days[-1]))
    told = [
        NewsEvent(
            title="NVIDIA next generation in autumn", event="rumour", gpus=(), expected_date="", effect="wait",
            source=source, url=f"https://{source}.example", published_at=now - timedelta(days=3),
        )
        for source in "abc"
    ]  # fmt: skip
    before, after = (decide(series, GPUS, now, PARAMS, news) for news in ((), told))
    assert [s.expected_saving for s in after] == [s.expected_saving for s in before]
    waits = [s for s in before if s.action is Action.WAIT]
    limbo = {s.gpu for s in after if s.action is Action.LIMBO}
    assert waits
    assert {s.gpu for s in waits} & limbo
