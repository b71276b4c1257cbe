"""The owner's choices: what may be chosen, and what it does to goals, calls and costs."""

from dataclasses import replace
from decimal import Decimal

import pytest

from monitor.catalog import load_catalog
from monitor.core.card_cost import card_cost, resale_path
from monitor.core.models import Condition, Goal, Market, Money, Preferences, StreetPrice
from monitor.core.ownership import OwnershipTerms
from monitor.core.preferences import checked_preferences, localised, params_of, terms_in_dollars
from monitor.core.value import score_all
from monitor.errors import UsageError
from monitor.performance import load_throughput_model
from tests.conftest import NOW


def price(**changes: object) -> StreetPrice:
    """A card for 1,600 dollars."""
    plain = StreetPrice(
        gpu="RTX 4090", condition=Condition.NEW, region="US", price=Money(amount=Decimal(1600), currency="USD"), n=1,
        shops=1, low=Decimal(1600), high=Decimal(1600), spread=0.0, seen_on=NOW.date(), carried=False,
        market=Market.RETAIL,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"region": "Atlantis"},
        {"region": "1!"},
        {"currency": "€"},
        {"tax_percent": -1.0},
        {"tax_percent": 80.0},
        {"power_price_kwh": -0.1},
        {"delay_cost_per_week": 0.5},
        {"delay_cost_per_week": float("nan")},
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        checked_preferences(Preferences(**wrong))  # type: ignore[arg-type]


def test_codes_are_kept_in_capitals() -> None:
    found = checked_preferences(Preferences(region=" de", currency="eur "))
    assert (found.region, found.currency) == ("DE", "EUR")


def test_a_shipped_goal_moves_to_its_owner_and_keeps_a_cost_of_delay_of_its_own() -> None:
    wishes = Preferences(region="DE", delay_cost_per_week=0.02)
    usual, hurried = Goal(slug="a", title="", workload="w"), Goal(slug="b", title="", workload="w")
    hurried = replace(hurried, delay_cost_per_week=0.05)
    assert localised(usual, wishes) == replace(usual, region="DE", delay_cost_per_week=0.02)
    assert localised(hurried, wishes) == replace(hurried, region="DE")
    assert params_of(wishes).delay_cost_per_week == 0.02


def test_tax_comes_on_top_only_where_prices_are_shown_without_it() -> None:
    catalog = load_catalog()
    here = [price(region="US"), price(region="DE")]
    work = [catalog.workloads["lora-8b"]]
    plain, taxed = (
        {s.region: s for s in score_all(catalog.gpus, work, here, load_throughput_model(), NOW, terms=terms)}
        for terms in (OwnershipTerms(), terms_in_dollars(Preferences(tax_percent=10.0), {}))
    )
    assert taxed["US"].per_dollar < plain["US"].per_dollar
    assert taxed["DE"].per_dollar == plain["DE"].per_dollar


def test_the_cost_of_a_card_is_that_of_the_ranking() -> None:
    catalog, terms = load_catalog(), OwnershipTerms(power_price_kwh=0.4)
    gpu, work = catalog.gpus["RTX 4090"], catalog.workloads["lora-8b"]
    prices = [price(condition=Condition.USED)]
    score = score_all(catalog.gpus, [work], prices, load_throughput_model(), NOW, terms=terms)[0]
    found = card_cost(gpu, work, score, terms, 1.0)
    units = score.throughput * 3600 * found.cost.useful_hours
    assert found.per_million == pytest.approx(1e6 * found.cost.total / units)
    assert found.low < found.per_million < found.high
    total = found.cost.purchase + found.cost.power + found.cost.hosting - found.cost.resale
    assert found.cost.total == pytest.approx(total)


def test_a_card_fetches_less_the_longer_it_is_kept_and_that_is_known_ever_less_well() -> None:
    path = resale_path(1000.0, OwnershipTerms(), used=False)
    assert [point.middle for point in path] == sorted((point.middle for point in path), reverse=True)
    widths = [point.high / point.low for point in path]
    assert widths == sorted(widths)
    assert path[0].middle < 1000.0  # a new card is a used one at once, and selling costs


@pytest.mark.parametrize(("written", "region"), [("uk", "GB"), ("EL", "GR"), ("Germany", "DE"), ("us", "US")])
def test_a_country_may_be_written_as_people_do(written, region):
    assert checked_preferences(Preferences(region=written)).region == region
