from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from monitor.core.models import Action, Condition, Money, Reason, Score, SeriesKey, Signal, SignalFlip
from monitor.store import repo
from tests.conftest import NOW

WEEK = timedelta(weeks=1)
SIGNAL = Signal(
    gpu="RTX 4090",
    condition=Condition.USED,
    region="US",
    action=Action.WAIT,
    window_low_weeks=4.0,
    window_high_weeks=9.5,
    expected_saving=0.06,
    saving_low=-0.01,
    saving_high=0.12,
    confidence=0.7,
    price=Money(amount=Decimal("1599.00"), currency="USD"),
    as_of=NOW,
    data_on=date(2026, 10, 30),
    reasons=(Reason(code="falling", text="-4 % in 8 weeks", contribution=0.04), Reason(code="msrp", text="…")),
    goal="lora-7b-home",
    limit_price=Money(amount=Decimal("1450.00"), currency="USD"),
    would_change=("a successor is announced",),
    series=SeriesKey(source="s", gpu="RTX 4090", condition="used", stat="min_offer", region="US", currency="USD"),
)


def test_a_signal_comes_back_as_it_went_in(session):
    bare = replace(
        SIGNAL, gpu="B", price=None, data_on=None, window_low_weeks=None, limit_price=None, series=None, goal=""
    )
    repo.add_signals(session, [SIGNAL, bare])
    session.expire_all()
    assert repo.latest_signals(session) == [bare, SIGNAL]
    assert repo.signal_history(session) == [SIGNAL, bare]


def test_only_a_change_of_action_is_a_flip(session):
    assert repo.add_signals(session, [SIGNAL]) == [SignalFlip(previous=None, current=SIGNAL)]
    same = replace(SIGNAL, as_of=NOW + WEEK, expected_saving=0.05)
    assert repo.add_signals(session, [same]) == []
    flipped = replace(SIGNAL, as_of=NOW + 2 * WEEK, action=Action.BUY_NOW)
    assert repo.add_signals(session, [flipped]) == [SignalFlip(previous=same, current=flipped)]
    assert repo.signal_history(session, gpu="RTX 4090", condition=Condition.USED, region="US") == [SIGNAL, flipped]
    assert repo.latest_signals(session, goal="lora-7b-home") == [flipped]


def test_a_call_for_one_goal_flips_alone(session):
    other = replace(SIGNAL, goal="")
    repo.add_signals(session, [SIGNAL, other])
    flips = repo.add_signals(session, [replace(other, as_of=NOW + WEEK, action=Action.LIMBO)])
    assert [flip.current.goal for flip in flips] == [""]
    assert repo.latest_signals(session, goal="lora-7b-home") == [SIGNAL]


def test_an_older_signal_does_not_replace_a_newer_one(session):
    repo.add_signals(session, [SIGNAL])
    assert repo.add_signals(session, [replace(SIGNAL, as_of=NOW - WEEK, action=Action.BUY_NOW)]) == []
    assert repo.latest_signals(session) == [SIGNAL]


def test_the_past_is_told_as_it_was(session):
    flipped = replace(SIGNAL, as_of=NOW + WEEK, action=Action.BUY_NOW)
    repo.add_signals(session, [SIGNAL])
    repo.add_signals(session, [flipped])
    assert repo.signals_as_of(session, NOW - WEEK) == []
    assert repo.signals_as_of(session, NOW + WEEK / 2) == [SIGNAL]
    assert repo.signals_as_of(session, NOW + WEEK, goal="lora-7b-home") == [flipped]
    assert repo.signal_history(session, since=NOW + WEEK) == [flipped]


def test_a_ranking_replaces_that_of_its_workload_only(session):
    score = Score(
        gpu="RTX 4090", workload="resnet50-train", condition=Condition.NEW, region="US",
        price=Money(amount=Decimal("1599.00"), currency="USD"), throughput=1200.0, unit="images/s", per_dollar=0.75,
        low=0.6, high=0.9, n=12, as_of=NOW, fits="tight",
    )  # fmt: skip
    better, other = replace(score, gpu="RTX 3090", per_dollar=0.9), replace(score, workload="llm-decode-7b")
    assert repo.add_scores(session, [score, better, other]) == 3
    assert repo.latest_scores(session, workload="resnet50-train") == [better, score]
    repo.add_scores(session, [replace(score, per_dollar=1.0)])
    assert repo.latest_scores(session) == [other, replace(score, per_dollar=1.0)]
    assert repo.latest_scores(session, gpu="RTX 3090") == []


def test_sets_of_cards_have_a_ranking_of_their_own(session):
    one = Score(
        gpu="RTX 4090", workload="lora-8b", condition=Condition.NEW, region="US", throughput=1.0, unit="tokens/s",
        price=Money(amount=Decimal("1599.00"), currency="USD"), per_dollar=5.0, low=4.0, high=6.0, n=3, as_of=NOW,
    )  # fmt: skip
    eight = replace(one, cards=8, per_dollar=4.0)
    other = replace(eight, workload="lora-8b-long")
    repo.add_scores(session, [one, eight, other])
    assert repo.latest_scores(session, workload="lora-8b") == [one]
    assert repo.latest_scores(session, workload="lora-8b", cards=8) == [eight]
    assert repo.latest_scores(session, cards=None) == [one, eight, other]
    repo.add_scores(session, [one])  # a set that no goal asks for any more
    assert repo.latest_scores(session, cards=8) == [other]
