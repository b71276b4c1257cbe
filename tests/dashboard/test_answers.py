"""What the pages keep: each answer once for a version of the data, and nobody's own values in another's answer."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from dashboard import actions, queries
from dashboard.queries import base
from dashboard.queries.answers import Answers
from monitor.clock import utc_now
from monitor.core.models import Condition, Goal, Money, Signal
from monitor.jobs.decide import decide
from monitor.store import repo
from monitor.store.engine import session_scope
from tests.conftest import make_offer

GOAL = Goal(slug="asked", title="Asked", workload="lora-8b", budget=Money(amount=Decimal("1000"), currency="USD"))
OWN_VALUES = [
    {"slug": "another"},
    {"title": "Another"},
    {"workload": "llm-decode-8b"},
    {"conditions": (Condition.RENTAL,)},
    {"region": "DE"},
    {"budget": Money(amount=Decimal("1001"), currency="USD")},
    {"budget": Money(amount=Decimal("1000"), currency="EUR")},
    {"budget": None},
    {"delay_cost_per_week": 0.006},
    {"deadline_weeks": 27},
    {"min_memory_gb": 0.5},
    {"cards": 2},
]


def test_what_many_ask_at_once_is_worked_out_once_and_told_to_all():
    answers, begun, asked = Answers(versions=1, most=10), threading.Barrier(8), []

    def work() -> object:
        asked.append(1)
        return object()

    def ask(_: int) -> object:
        begun.wait()
        return answers.get("v", "question", work)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(8)))
    assert len(asked) == 1
    assert len(set(map(id, found))) == 1


def test_a_question_does_not_wait_for_another_one():
    answers, answered = Answers(versions=1, most=10), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(answers.get, "v", "slow", lambda: answered.wait(30))
        assert answers.get("v", "quick", lambda: "at once") == "at once"
        answered.set()
        assert slow.result() is True


def test_what_went_wrong_is_told_and_tried_again():
    answers = Answers(versions=1, most=10)
    with pytest.raises(ZeroDivisionError):
        answers.get("v", "question", lambda: 1 / 0)
    assert answers.get("v", "question", lambda: 2) == 2


def test_answers_of_older_versions_are_let_go_and_of_one_version_the_oldest():
    answers = Answers(versions=2, most=2)
    for version in ("1", "2", "3"):
        answers.get(version, "question", lambda version=version: version)
    assert answers.get("2", "question", lambda: "again") == "2"
    assert answers.get("1", "question", lambda: "again") == "again"
    for question in ("a", "b", "c"):
        answers.get("1", question, lambda: "first")
    assert answers.get("1", "c", lambda: "again") == "first"
    assert answers.get("1", "a", lambda: "again") == "again"


@pytest.mark.parametrize("own", OWN_VALUES, ids=lambda own: next(iter(own)))
@pytest.mark.parametrize("kept", [base.cached, base.cached_for_a_round])
def test_whoever_asks_with_a_value_of_their_own_gets_an_answer_of_their_own(
    own: dict[str, object], kept: Callable[..., Callable[..., object]], database: Path
) -> None:
    @kept
    def told(goal: Goal) -> Goal:
        return goal

    mine, theirs = GOAL, replace(GOAL, **own)
    assert [told(mine), told(theirs), told(mine)] == [mine, theirs, mine]


def test_every_value_of_a_goal_is_tried_above() -> None:
    assert set().union(*OWN_VALUES) == set(GOAL.__dataclass_fields__)


def own_goal_called(goal: Goal, title: str) -> Goal:
    """The goal as it was saved, with the calls of a round for it."""
    kept = actions.save_goal(goal, title)
    with session_scope(base.engine()) as session:
        decide(session, queries.catalog(), utc_now())
    return kept


@pytest.mark.parametrize("title", ["Asked", "Another"])
def test_a_goal_of_an_address_is_not_answered_with_the_calls_of_a_saved_one(
    title: str, fill: Callable[[], None]
) -> None:
    fill()
    own_goal_called(replace(GOAL, budget=None, delay_cost_per_week=0.05), title)
    asked = replace(GOAL, budget=None, delay_cost_per_week=0.0)
    assert calls_of(asked) == calls_of(replace(asked, slug="by no name that is stored"))


def test_a_goal_that_was_changed_is_called_anew_at_once(fill: Callable[[], None]) -> None:
    fill()
    kept = own_goal_called(replace(GOAL, budget=None, delay_cost_per_week=0.05), "Mine")
    stored = list(map(told, queries.signals("mine")))
    assert set(calls_of(kept)) <= set(stored)  # of the round
    changed = actions.save_goal(replace(kept, delay_cost_per_week=0.0), "Mine")
    assert calls_of(changed) == calls_of(replace(changed, slug="by no name that is stored"))
    assert not set(calls_of(changed)) <= set(stored)


def calls_of(goal: Goal) -> list[tuple[object, ...]]:
    """What its verdict rests on, whatever the goal is called and whenever it was worked out."""
    return list(map(told, queries.verdict(goal).signals))


def told(call: Signal) -> tuple[object, ...]:
    saving = round(call.expected_saving, 3)
    return call.gpu, call.condition, call.action, call.window_low_weeks, call.window_high_weeks, saving


def test_a_price_renews_what_is_asked_of_it_and_not_what_is_worked_out_from_all(fill: Callable[[], None]) -> None:
    fill()
    months, offers = queries.known_months(), queries.offers("RTX 4090")
    now = utc_now()
    with session_scope(base.engine()) as session:  # as a crawl does
        repo.add_offers(session, [make_offer("RTX 4090", "1500", source="crawled-now", seen_at=now)], now)
    assert len(queries.offers("RTX 4090")) == len(offers) + 1
    assert queries.known_months() is months


def test_what_a_person_judged_or_corrected_renews_what_is_worked_out_from_all(fill: Callable[[], None]) -> None:
    fill()
    now = utc_now()
    with session_scope(base.engine()) as session:
        repo.add_offers(session, [make_offer("RTX 4090", "9", source="odd", seen_at=now, quarantined=True)], now)
    read = base.all_series()
    assert base.all_series() is read
    actions.judge(queries.quarantine()[0][0], genuine=True)
    judged = base.all_series()
    assert judged is not read
    assert any("odd" in one.key.source for one in judged)
    actions.correct_title("Something", None)
    assert base.all_series() is not judged


@pytest.mark.parametrize("as_of", [None, utc_now() - timedelta(days=60)])
def test_a_new_choice_renews_the_past_without_a_round_of_calls(
    as_of: datetime | None, fill: Callable[[], None]
) -> None:
    """Where all prices are old, a choice makes no round: each market is called on its last day."""

    def told() -> list[object]:
        scores = queries.scores("lora-8b", as_of) if as_of else []
        return [queries.remembered(queries.known_months()[-4], as_of), scores, queries.signals("", as_of)]

    fill()
    first, before = base.round_version(), told()
    with session_scope(base.engine()) as session:
        chosen = replace(queries.preferences(), delay_cost_per_week=0.03, power_price_kwh=1.5)
        repo.save_preferences(session, chosen, base.settings().preferences, utc_now())
    assert base.round_version() == first
    assert told()[0] != before[0]
    assert as_of is None or (told()[1] != before[1] and told()[2] != before[2])


def test_a_round_of_calls_renews_what_is_worked_out_from_all(fill: Callable[[], None]) -> None:
    fill()
    months = queries.known_months()
    with session_scope(base.engine()) as session:
        newest = repo.latest_signals(session)[0]
        repo.add_signals(session, [replace(newest, as_of=newest.as_of + timedelta(seconds=1))])
    assert queries.known_months() is not months
