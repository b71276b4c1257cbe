"""Calls, rankings and verdicts: the stored ones for today, worked out anew for any day in the past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dashboard.queries.base import all_series, cached, cached_for_a_round, catalog, dollars, preferences, read
from monitor.clock import utc_now
from monitor.core.decision import DecisionParams, decide, decide_latest
from monitor.core.gauge import Gauge, fresh, limbo_gauge
from monitor.core.models import Action, AlertRule, Goal, Preferences, Score, Signal, Verdict, Workload
from monitor.core.preferences import localised, params_of, terms_in_dollars
from monitor.core.successor import Successor, successors
from monitor.core.value import score_all
from monitor.core.verdict import goal_verdict, prices_of
from monitor.performance import load_throughput_model
from monitor.store import repo


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was called and ranked at one moment."""

    signals: tuple[Signal, ...]
    scores: tuple[Score, ...]


@cached
def signals(goal: str = "", as_of: datetime | None = None) -> list[Signal]:
    """The call of each GPU and market that held at `as_of` (now, if `None`), for a goal or in general."""
    if as_of is not None:
        return list(_past(as_of, params_of(preferences()), preferences()).signals)
    with read() as session:
        return repo.latest_signals(session, goal=goal)


@cached
def goals() -> list[Goal]:
    """The user's own goals; while there are none, the shipped ones where the user lives."""
    with read() as session:
        own = repo.goals(session)
    return own or [localised(goal, preferences()) for goal in catalog().goals.values()]


@cached
def rules() -> list[AlertRule]:
    """The alert rules in force: the user's, or the default ones while nothing was ever changed."""
    with read() as session:
        return repo.rules_in_force(session)


@cached
def verdict(goal: Goal, as_of: datetime | None = None) -> Verdict:
    """What to do for one goal, at its own cost of delay."""
    params = DecisionParams.for_goal(goal)
    if as_of is not None:
        calls = _past(as_of, params, preferences()).signals
        return goal_verdict(goal, calls, scores(goal.workload, as_of, goal.cards), catalog().gpus, as_of)
    stored = signals() if params == params_of(preferences()) else _stored(goal)
    ranked, now = scores(goal.workload, None, goal.cards), utc_now()
    if stored is not None:
        found = goal_verdict(goal, stored, ranked, catalog().gpus, now)
        if {call.gpu for call in found.signals} == set(found.gpus):
            return found
    return goal_verdict(goal, _calls(params), ranked, catalog().gpus, now)  # a card that the last round did not call


@cached
def held_before(goal: Goal) -> list[Signal]:
    """The newest calls made for a goal that said something, before those of now: from shipped or older prices. For a
    goal of an address those of one that is kept for the same work, place and number of cards."""
    kept = [one for one in goals() if (one.workload, one.region, one.cards) == (goal.workload, goal.region, goal.cards)]
    slug = goal.slug if goal in kept or not kept else kept[0].slug
    with read() as session:
        past = [call for call in repo.signal_history(session, goal=slug) if call.action is not Action.NO_CALL]
    newest = max((call.as_of for call in past), default=None)
    return [call for call in past if call.as_of == newest]


def _stored(goal: Goal) -> list[Signal] | None:
    """What the last round called for a goal; `None` where it did not know it as it is now: a goal of an address, or
    one that was saved since."""
    if goal not in goals():
        return None
    with read() as session:
        saved_at = repo.goal_saved_at(session, goal.slug)
    called = {(call.gpu, call.condition, call.region): call.as_of for call in signals()}
    if not called or (saved_at is not None and saved_at > max(called.values())):
        return None
    own = signals(goal.slug)
    found = [call for call in own if called.get((call.gpu, call.condition, call.region)) == call.as_of]
    return found if found or not own else None


@cached
def scores(workload: str, as_of: datetime | None = None, cards: int = 1) -> list[Score]:
    """The ranking for one kind of work, of single cards or of sets of `cards`, best value first."""
    wishes, work = preferences(), catalog().workloads[workload]
    if as_of is not None:
        asked = _past(as_of, params_of(wishes), wishes)
        if cards > 1:
            return _ranked(asked.signals, as_of, wishes, [work], cards)
        return [score for score in asked.scores if score.workload == workload]
    with read() as session:
        stored = repo.latest_scores(session, workload=workload, cards=cards)
    if stored or cards == 1:
        return stored
    return _ranked(signals(), utc_now(), wishes, [work], cards)  # for a goal that no round knows, of an address


@cached_for_a_round
def _past(as_of: datetime, params: DecisionParams, wishes: Preferences) -> Asked:
    """What the same code would have said at `as_of`, from what was known then, to an owner with these wishes."""
    with read() as session:
        news = repo.news_as_of(session, as_of)
    calls = decide(all_series(as_of), catalog().gpus, as_of, params, news)
    ranked = _ranked(calls, as_of, wishes, list(catalog().workloads.values()))
    return Asked(signals=tuple(calls), scores=tuple(ranked))


@cached
def successor_of(gpu: str, as_of: datetime | None = None) -> Successor | None:
    """The outlook for a card's successor; `None` where it has one, or is not on sale."""
    now = as_of or utc_now()
    with read() as session:
        news = repo.news_as_of(session, now, since=now - timedelta(days=365))
    return successors([gpu], catalog().gpus, now, news).get(gpu)


@dataclass(frozen=True, kw_only=True)
class ExpectedWindow:
    """When the follower of a card is expected (days), and what that rests on."""

    gpu: str
    low: date
    high: date
    evidence: str
    announced: bool


@cached
def expected_windows(as_of: datetime | None = None) -> list[ExpectedWindow]:
    """The window of the follower of each card that may have one, the soonest first; none beyond five years."""
    now = as_of or utc_now()
    with read() as session:
        news = repo.news_as_of(session, now, since=now - timedelta(days=365))
    found = successors(list(catalog().gpus), catalog().gpus, now, news)
    windows = [
        ExpectedWindow(
            gpu=gpu,
            low=now.date() + timedelta(weeks=outlook.low_weeks),
            high=now.date() + timedelta(weeks=outlook.high_weeks),
            evidence=outlook.evidence,
            announced=outlook.announced,
        )
        for gpu, outlook in found.items()
        if outlook.low_weeks is not None and outlook.high_weeks is not None
    ]
    return sorted(windows, key=lambda window: (window.low, window.gpu))


def gauge(as_of: datetime | None = None) -> Gauge | None:
    """How much of the market one should wait for, from calls that were no more than nine weeks old."""
    return limbo_gauge(fresh(signals("", as_of), as_of or utc_now()))


@cached
def flips(gpu: str = "", goal: str = "", as_of: datetime | None = None) -> list[Signal]:
    """Every change of the call for one GPU (empty: for any) up to `as_of`, oldest first."""
    with read() as session:
        found = repo.signal_history(session, gpu=gpu or None, goal=goal)
    return [flip for flip in found if as_of is None or flip.as_of <= as_of]


@cached_for_a_round
def _calls(params: DecisionParams) -> list[Signal]:
    now = utc_now()
    with read() as session:
        news = repo.news_as_of(session, now)
    return decide_latest(all_series(), catalog().gpus, now, params, news)


def _ranked(
    calls: Sequence[Signal], as_of: datetime, wishes: Preferences, workloads: Sequence[Workload], cards: int = 1
) -> list[Score]:
    known = {name: gpu for name, gpu in catalog().gpus.items() if gpu.launched_on and gpu.launched_on <= as_of.date()}
    prices, worth = prices_of(calls), dollars()
    terms, model = terms_in_dollars(wishes, worth), load_throughput_model()
    return score_all(known, workloads, prices, model, as_of, terms=terms, dollars=worth, cards=cards)
