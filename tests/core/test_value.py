"""Cost, value per dollar, rent or buy, power limits, progress: examples, then what must always hold."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.catalog import load_catalog
from monitor.core.forecast import ageing_of
from monitor.core.models import Billing, Condition, Market, Money, StreetPrice
from monitor.core.ownership import OwnershipTerms, cost_of_ownership
from monitor.core.parallel import estimate_several
from monitor.core.power import best_power_limit
from monitor.core.progress import FIELD_DOUBLING_YEARS, FIELD_WEEKLY_GAIN, ProgressPoint, launch_points, progress
from monitor.core.ranking import tied_with_best
from monitor.core.rent import Rental, delay_cost_per_week, rent_or_buy, rental_cost
from monitor.core.value import rental_options, score_all, tpu_or_gpu
from monitor.performance import load_throughput_model

CATALOG, MODEL = load_catalog(), load_throughput_model()
NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
LORA = CATALOG.workloads["lora-8b"]


def price_of(gpu: str, amount: str, currency: str = "USD", **changes: object) -> StreetPrice:
    price = Decimal(amount)
    values: dict[str, object] = {
        "gpu": gpu,
        "condition": Condition.NEW,
        "region": "US",
        "price": Money(amount=price, currency=currency),
        "n": 5,
        "shops": 3,
        "low": price * Decimal("0.97"),
        "high": price * Decimal("1.05"),
        "spread": 0.08,
        "seen_on": NOW.date(),
        "carried": False,
    }
    return StreetPrice(**{**values, **changes})  # type: ignore[arg-type]


def rented(gpu: str, amount: str, **changes: object) -> StreetPrice:
    market = {"condition": Condition.RENTAL, "market": Market.CLOUD, "billing": Billing.ON_DEMAND}
    return price_of(gpu, amount, **{**market, **changes})


def test_new_used_and_rented_stand_in_one_ranking() -> None:
    prices = [price_of("RTX 4090", "1800"), price_of("RTX 3090", "800", condition=Condition.USED)]
    scores = score_all(CATALOG.gpus, [LORA], [*prices, rented("RTX 4090", "0.40")], MODEL, NOW)
    assert {str(score.condition) for score in scores} == {"new", "used", "rental"}
    assert [score.per_dollar for score in scores] == sorted((s.per_dollar for s in scores), reverse=True)
    assert all(score.low < score.per_dollar < score.high for score in scores)
    assert scores[0] in tied_with_best(scores)


def test_what_does_not_fit_or_has_no_exchange_rate_gets_no_score() -> None:
    prices = [price_of("RTX 3060", "300"), price_of("RTX 4090", "9999", "SEK")]
    assert score_all(CATALOG.gpus, [LORA], prices, MODEL, NOW) == []
    one = score_all(CATALOG.gpus, [LORA], prices, MODEL, NOW, dollars={"USD": 1.0, "SEK": 0.1})
    assert [score.gpu for score in one] == ["RTX 4090"]


def test_a_set_is_worth_what_its_cards_do_together_for_the_price_of_all() -> None:
    work = CATALOG.workloads["transformer-pretrain"]
    prices = [price_of("RTX 4090", "1800"), price_of("A100 80GB", "9000")]
    one = {score.gpu: score for score in score_all(CATALOG.gpus, [work], prices, MODEL, NOW)}
    for score in score_all(CATALOG.gpus, [work], prices, MODEL, NOW, cards=8):
        together = estimate_several(CATALOG.gpus[score.gpu], work, 8, MODEL)
        assert score.throughput == together.throughput
        lost = score.throughput / (8 * one[score.gpu].throughput)
        assert 0.2 < lost < 1.0
        assert score.per_dollar == pytest.approx(one[score.gpu].per_dollar * lost)
        assert (score.cards, score.price) == (8, one[score.gpu].price)


def test_a_card_too_small_alone_may_do_the_work_as_one_of_several() -> None:
    prices = [price_of("RTX 3060", "300")]  # 12 GB; the work needs 19
    assert score_all(CATALOG.gpus, [LORA], prices, MODEL, NOW) == []
    (score,) = score_all(CATALOG.gpus, [LORA], prices, MODEL, NOW, cards=8)
    assert score.fits == "yes"


@settings(max_examples=40, deadline=None)
@given(st.integers(100, 50_000), st.integers(1, 50_000))
def test_a_higher_price_is_never_better_value(amount: int, more: int) -> None:
    def per_dollar(price: int) -> float:
        return score_all(CATALOG.gpus, [LORA], [price_of("RTX 4090", str(price))], MODEL, NOW)[0].per_dollar

    assert per_dollar(amount + more) < per_dollar(amount)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 10))
def test_scaling_all_prices_scales_the_result(factor: float) -> None:
    terms = OwnershipTerms()
    scaled = replace(terms, power_price_kwh=terms.power_price_kwh * factor)
    gpu = CATALOG.gpus["RTX 4090"]
    before, after = cost_of_ownership(gpu, 1800, terms), cost_of_ownership(gpu, 1800 * factor, scaled)
    assert after.total == pytest.approx(before.total * factor, rel=1e-9)
    rental = [rented("RTX 4090", "1"), rented("RTX 4090", f"{factor:.9f}")]
    one, other = (score_all(CATALOG.gpus, [LORA], [price], MODEL, NOW)[0].per_dollar for price in rental)
    assert other == pytest.approx(one / factor, rel=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.25, 10), st.floats(0, 1), st.floats(0, 1))
def test_cost_grows_with_use_and_its_interval_holds_it(years: float, duty: float, more: float) -> None:
    gpu = CATALOG.gpus["RTX 4090"]
    low = cost_of_ownership(gpu, 1800, OwnershipTerms(years=years, duty=duty))
    high = cost_of_ownership(gpu, 1800, OwnershipTerms(years=years, duty=min(duty + more, 1)))
    assert high.total >= low.total
    assert low.low <= low.total <= low.high
    assert low.resale <= 1800


def test_rent_or_buy_names_a_threshold_and_what_it_hangs_on() -> None:
    gpu = CATALOG.gpus["RTX 4090"]
    found = rent_or_buy(gpu, 1800, OwnershipTerms(), Rental(price_per_hour=0.40))
    assert found.hours_a_day is not None
    assert 2 < found.low < found.hours_a_day < found.high < 16
    assert len(found.sensitivities) == 3
    assert found.sentence.startswith("above")
    below, above = (point for point in found.curve if point.hours_a_day in (1, 12))
    assert below.owning > below.renting
    assert above.owning < above.renting


def test_renting_so_cheap_that_power_alone_costs_more_is_never_beaten() -> None:
    found = rent_or_buy(CATALOG.gpus["RTX 4090"], 1800, OwnershipTerms(), Rental(price_per_hour=0.01))
    assert found.hours_a_day is None
    assert found.sentence.startswith("rent")


@settings(max_examples=40, deadline=None)
@given(st.floats(0.05, 10), st.floats(0.01, 5))
def test_dearer_rent_never_raises_the_threshold(price: float, more: float) -> None:
    def threshold(hourly: float) -> float:
        gpu = CATALOG.gpus["RTX 4090"]
        return rent_or_buy(gpu, 1800, OwnershipTerms(), Rental(price_per_hour=hourly)).hours_a_day or 1e9

    assert threshold(price + more) <= threshold(price)


def test_a_week_of_delay_costs_the_rent_meanwhile_the_lost_work_or_nothing() -> None:
    gpu, terms, rental = CATALOG.gpus["RTX 4090"], OwnershipTerms(), Rental(price_per_hour=0.4)
    rent = delay_cost_per_week(gpu, 1800, terms, 8, "rent", rental)
    assert 0.008 < rent < 7 * 8 * 0.4 / 1800
    assert delay_cost_per_week(gpu, 1800, terms, 8, "nothing") == 0
    assert 0.003 < delay_cost_per_week(gpu, 1800, terms, 8, "lost") < 0.02


def test_a_falling_rent_costs_less_than_one_that_stays() -> None:
    terms = OwnershipTerms()
    falls, stays = Rental(price_per_hour=1.0, drift=-0.2), Rental(price_per_hour=1.0, drift=0.0)
    assert rental_cost(falls, terms, 8) < rental_cost(stays, terms, 8)


def test_a_power_limit_below_the_maximum_is_recommended_where_arithmetic_hardly_suffers() -> None:
    found = best_power_limit(CATALOG.gpus["RTX 3090"], 800, OwnershipTerms(), {"compute": 0.5})
    assert found is not None
    assert 200 <= found.watts <= 300
    assert 0 <= found.loss_low <= found.loss <= found.loss_high < 0.2


def test_tpu_or_gpu_is_answered_in_dollars_for_the_work() -> None:
    cards = {**CATALOG.gpus, **CATALOG.reference}
    work = CATALOG.workloads["transformer-pretrain"]
    offers = [rented("TPU v5e", "1.20"), rented("H100 SXM", "2.50"), rented("RTX 4090", "0.40")]
    text = tpu_or_gpu(rental_options(cards, work, offers, MODEL), work)
    assert "TPU v5e" in text
    assert "dollars a million tokens" in text
    full = CATALOG.workloads["finetune-7b-full"]
    several = rental_options(cards, full, offers, MODEL)
    assert all(one.cards > 1 for one in several)
    assert "x TPU" in tpu_or_gpu(several, full)
    assert "No TPU" in tpu_or_gpu(rental_options(cards, work, offers[1:], MODEL), work)


def test_what_waiting_brings_is_the_fields_progress_of_the_named_kinds_of_work() -> None:
    found = [
        progress(launch_points(CATALOG.gpus.values(), work, MODEL), work.slug) for work in CATALOG.workloads.values()
    ]
    middle = sorted(one.doubling_years for one in found if one)[len(found) // 2]
    assert middle == pytest.approx(FIELD_DOUBLING_YEARS, rel=0.15)
    used, new = ageing_of(["used", "new"])
    assert used == pytest.approx(-0.9 * FIELD_WEEKLY_GAIN)
    assert used < new < 0


def test_a_week_without_the_card_costs_by_what_is_done_meanwhile() -> None:
    gpu, rental = CATALOG.gpus["RTX 4090"], Rental(price_per_hour=0.40)
    cost = {
        how: delay_cost_per_week(gpu, 1800, OwnershipTerms(), 6.0, how, rental) for how in ("rent", "nothing", "lost")
    }
    assert cost["nothing"] == 0
    assert 0 < cost["lost"] < 0.02
    assert 0 < cost["rent"] < 0.02
    more = delay_cost_per_week(gpu, 1800, OwnershipTerms(), 12.0, "rent", rental)
    assert more > cost["rent"]


def test_progress_recovers_a_known_doubling_time() -> None:
    points = [
        ProgressPoint(gpu=str(i), on=date(2012 + i // 2, 1 + 6 * (i % 2), 1), per_dollar=2 ** (i / 5))
        for i in range(20)
    ]
    found = progress(points, "x")
    assert found is not None
    assert found.doubling_years == pytest.approx(2.5, rel=0.02)
    assert found.low <= found.doubling_years <= found.high
    assert progress(points[:4], "x") is None


def test_the_catalogue_shows_progress_in_arithmetic_faster_than_in_bandwidth() -> None:
    cards = CATALOG.gpus.values()
    trained, decoded = (
        progress(launch_points(cards, CATALOG.workloads[slug], MODEL), slug)
        for slug in ("transformer-pretrain", "llm-decode-8b-b1-q4")
    )
    assert trained is not None
    assert decoded is not None
    assert 1.5 < trained.doubling_years < 5
    assert decoded.doubling_years > trained.doubling_years
