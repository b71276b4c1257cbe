"""The verdict of a goal, and the card that says it in words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from monitor.catalog import load_catalog
from monitor.core.goal_card import card_of
from monitor.core.models import Action, Condition, Goal, Money, Score, Signal
from monitor.core.ranking import tied_with_best
from monitor.core.verdict import SHOWN_TIES, goal_verdict

NOW = datetime(2026, 11, 1, tzinfo=UTC)
GPUS = load_catalog().gpus
ALIKE = ("RTX 3090", "RTX 3090 Ti", "RTX 4090", "RTX 5090", "RTX A5000", "Titan RTX", "RX 7900 XTX")
PRICE = Money(amount=Decimal(1000), currency="USD")
GOAL = Goal(slug="g", title="G", workload="lora-8b")


def scored(gpu: str, per_dollar: float = 100.0, condition: Condition = Condition.NEW, cards: int = 1) -> Score:
    return Score(
        gpu=gpu, workload="lora-8b", condition=condition, region="US", price=PRICE, throughput=1.0,
        unit="tokens/s", per_dollar=per_dollar, low=0.6 * per_dollar, high=per_dollar / 0.6, n=3, as_of=NOW,
        cards=cards,
    )  # fmt: skip


def called(gpu: str, action: Action = Action.WAIT) -> Signal:
    return Signal(
        gpu=gpu, condition=Condition.NEW, region="US", action=action, window_low_weeks=4, window_high_weeks=12,
        expected_saving=0.05, saving_low=-0.02, saving_high=0.12, confidence=0.7, reasons=(), would_change=(),
        limit_price=Money(amount=Decimal(900), currency="USD"), price=PRICE, data_on=NOW.date(), as_of=NOW,
    )  # fmt: skip


@pytest.mark.parametrize("alike", range(1, len(ALIKE) + 1))
def test_all_cards_that_cannot_be_told_apart_are_counted_though_few_are_named(alike: int) -> None:
    scores = [*(scored(gpu, 100 - n) for n, gpu in enumerate(ALIKE[:alike])), scored("RTX 3060", 20.0)]
    found = goal_verdict(GOAL, [called(gpu) for gpu in ALIKE], scores, GPUS, NOW)
    assert len(found.gpus) == min(alike, SHOWN_TIES + 1)
    others = {1: "", 2: "; 1 other cannot"}.get(alike, f"; {alike - 1} others cannot")
    assert found.reasons[0].text.startswith(
        f"RTX 3090 (new) gives most for the money: about 100 tokens per dollar{others}"
    )


def test_the_same_card_used_is_no_other_card() -> None:
    scores = [scored("RTX 3090"), scored("RTX 3090", 99.0, Condition.USED)]
    found = goal_verdict(GOAL, [called("RTX 3090")], scores, GPUS, NOW)
    assert "other" not in found.reasons[0].text


def facts(goal: Goal, *gpus: str) -> dict[str, str]:
    scores = [scored(gpu, cards=goal.cards) for gpu in gpus]
    found = goal_verdict(goal, [called(gpu) for gpu in gpus], scores, GPUS, NOW)
    return dict(card_of(goal, found, NOW, lambda money: f"{money.amount:,} {money.currency}").facts)


def test_a_card_for_several_says_what_each_and_what_all_cost() -> None:
    told = facts(replace(GOAL, cards=8), "RTX 3090")
    assert told["price a card"] == "1,000 USD"
    assert told["8 cards"] == "8,000 USD"
    assert told["buy at or below, a card"] == "900 USD"


def test_a_goal_of_eight_cards_is_ranked_by_what_eight_do_together() -> None:
    alone = [scored("RTX 4090", 100.0), scored("RTX 3090", 40.0)]
    together = [scored("RTX 4090", 50.0, cards=8), scored("RTX 3090", 90.0, cards=8)]
    goal = replace(GOAL, cards=8)
    found = goal_verdict(goal, [called("RTX 3090"), called("RTX 4090")], [*alone, *together], GPUS, NOW)
    assert found.gpus == ("RTX 3090",)
    assert found.reasons[0].text.startswith("8 x RTX 3090 (new) give most for the money")
    assert card_of(goal, found, NOW, str).what == "8 x RTX 3090 (new, US)"


OLD = (NOW - timedelta(days=64)).date()


def test_a_card_whose_price_is_too_old_for_a_call_heads_no_ranking_and_stands_apart_with_its_day() -> None:
    cheap = replace(called("Titan RTX", Action.NO_CALL), data_on=OLD)
    scores = [scored("Titan RTX", 300.0), scored("RTX 3090", 100.0), scored("RTX 4090", 20.0)]
    found = goal_verdict(GOAL, [cheap, called("RTX 3090"), called("RTX 4090")], scores, GPUS, NOW)
    assert (found.action, found.gpus) == (Action.WAIT, ("RTX 3090",))
    assert found.reasons[1].text == (
        "Titan RTX (new) is left aside: its price of 1000.00 USD is from 29 August 2026, too old for a call"
    )


def test_an_old_price_that_would_not_lead_is_not_worth_a_word() -> None:
    dear = replace(called("Titan RTX", Action.NO_CALL), data_on=OLD)
    found = goal_verdict(GOAL, [dear, called("RTX 3090")], [scored("Titan RTX", 10.0), scored("RTX 3090")], GPUS, NOW)
    assert "Titan RTX" not in " ".join(reason.text for reason in found.reasons)


def test_prices_that_are_all_old_are_ranked_beside_each_other() -> None:
    calls = [replace(called(gpu), data_on=OLD) for gpu in ("Titan RTX", "RTX 3090")]
    found = goal_verdict(GOAL, calls, [scored("Titan RTX", 300.0), scored("RTX 3090")], GPUS, NOW)
    assert found.gpus[0] == "Titan RTX"


def test_the_cards_that_tie_are_those_that_compare_marks() -> None:
    edge = replace(scored("RTX 4090", 70.0), high=100.0)  # its interval just reaches the best
    below = replace(scored("RTX 5090", 90.0), high=99.0)  # a better middle, and an interval that does not
    scores = [scored("RTX 3090", 100.0), below, edge]
    found = goal_verdict(GOAL, [called(score.gpu) for score in scores], scores, GPUS, NOW)
    assert set(found.gpus) == {score.gpu for score in tied_with_best(scores)} == {"RTX 3090", "RTX 4090"}


def test_a_price_beside_several_names_says_whose_it_is() -> None:
    assert facts(GOAL, "RTX 3090", "RTX 4090")["price of the RTX 3090"] == "1,000 USD"
    assert facts(GOAL, "RTX 3090")["price"] == "1,000 USD"


def test_a_card_of_equal_value_with_another_call_is_not_named_under_the_verdict() -> None:
    calls = [called("RTX 3090", Action.BUY_NOW), called("RTX 4090"), called("RTX 5090", Action.BUY_NOW)]
    scores = [scored("RTX 3090"), scored("RTX 4090", 99.0), scored("RTX 5090", 98.0)]
    card = card_of(GOAL, goal_verdict(GOAL, calls, scores, GPUS, NOW), NOW, str)
    assert card.verdict == "Buy now"
    assert card.what == "RTX 3090 or RTX 5090 (new, US)"
    assert dict(card.facts)["as good, with another call"] == "RTX 4090 (wait)"


def test_where_no_price_of_the_country_is_known_the_countries_with_prices_are_named() -> None:
    asked = replace(GOAL, region="DE", min_memory_gb=24)
    (reason,) = goal_verdict(asked, [], [scored("RTX 3090"), scored("RTX 3060")], GPUS, NOW).reasons
    assert reason.text == (
        "no price is known in DE of a card that fits (24 GB or more); prices of such cards are known in US"
    )
    (reason,) = goal_verdict(replace(asked, min_memory_gb=500), [], [scored("RTX 3090")], GPUS, NOW).reasons
    assert reason.text == "no price is known in DE of a card that fits (500 GB or more)"


def test_the_price_on_the_card_is_the_one_that_the_call_and_its_limit_rest_on() -> None:
    call = replace(called("RTX 3090"), price=Money(amount=Decimal(980), currency="USD"))
    found = goal_verdict(GOAL, [call], [scored("RTX 3090")], GPUS, NOW)
    told = dict(card_of(GOAL, found, NOW, lambda money: f"{money.amount:,} {money.currency}").facts)
    assert told["price"] == "980 USD"
