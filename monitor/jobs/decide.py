"""Prices and news known now -> stored calls, and the alerts of the user's rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from monitor.catalog import Catalog
from monitor.core.alerting import alerts_for
from monitor.core.decision import DecisionParams, decide_latest_for
from monitor.core.models import Goal, NewsEvent, Preferences, Series, Signal, SignalFlip, Verdict
from monitor.core.preferences import USUAL, params_of
from monitor.core.verdict import goal_verdict
from monitor.jobs.card_pages import with_card_pages
from monitor.jobs.digests import with_cards
from monitor.jobs.looks import look_at, with_chart
from monitor.jobs.record import keep_record
from monitor.jobs.score import goals_in_force
from monitor.store import repo


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What a round of decisions came to."""

    signals: tuple[Signal, ...]
    verdicts: tuple[Verdict, ...]
    flips: tuple[SignalFlip, ...]
    alerts: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Called:
    """The calls of every market, in general and at each goal's cost of delay, and what they were made from."""

    series: Sequence[Series]
    news: Sequence[NewsEvent]
    wishes: Preferences
    goals: Sequence[Goal]
    calls: Mapping[DecisionParams, Sequence[Signal]]

    @property
    def general(self) -> Sequence[Signal]:
        return self.calls[params_of(self.wishes)]


def call_markets(session: Session, catalog: Catalog, now: datetime, defaults: Preferences = USUAL) -> Called:
    """Call every market, and store nothing.

    The owner's preferences, over `defaults`, say what a week of delay costs and where the shipped goals are to be met.
    """
    series, news = repo.series_as_of(session, now), repo.news_as_of(session, now)
    wishes = repo.preferences(session, defaults)
    goals = goals_in_force(session, catalog, wishes)
    wanted = dict.fromkeys([params_of(wishes), *(DecisionParams.for_goal(goal) for goal in goals)])
    calls = decide_latest_for(series, catalog.gpus, now, wanted, news)
    return Called(series=series, news=news, wishes=wishes, goals=goals, calls=calls)


def decide(
    session: Session,
    catalog: Catalog,
    now: datetime,
    channels: Sequence[str] = (),
    defaults: Preferences = USUAL,
    called: Called | None = None,
) -> Decided:
    """Call every market (unless `called` says how) and every goal, store what changed, and queue the alerts for these
    channels."""
    called = called or call_markets(session, catalog, now, defaults)
    signals, series, news, goals = called.general, called.series, called.news, called.goals
    scores = repo.latest_scores(session, cards=None)
    verdicts = [
        goal_verdict(goal, called.calls[DecisionParams.for_goal(goal)], scores, catalog.gpus, now) for goal in goals
    ]
    for_goals = [replace(signal, goal=v.goal) for v in verdicts for signal in v.signals[:1]]
    tied = [replace(signal, goal=v.goal) for v in verdicts for signal in v.signals]  # what the pages show for a goal
    flips = repo.add_signals(session, [*signals, *tied])
    delays = {"": called.wishes.delay_cost_per_week} | {goal.slug: goal.delay_cost_per_week for goal in goals}
    keep_record(session, [*signals, *for_goals], series, now, delays)
    rules = repo.rules_in_force(session)
    look = look_at(session, now, [*signals, *for_goals], verdicts, series, news)
    states = {(state.rule, state.subject): state for state in repo.rule_states(session)}
    alerts, remembered = alerts_for(states, look, rules)
    paged = (with_card_pages(with_cards(alert, goals, verdicts, now), catalog.gpus) for alert in alerts)
    written = [with_chart(alert, series, catalog.gpus) for alert in paged]
    repo.add_alerts(session, written, channels)
    repo.save_rule_states(session, [state for state in remembered if states.get((state.rule, state.subject)) != state])
    return Decided(signals=tuple(signals), verdicts=tuple(verdicts), flips=tuple(flips), alerts=len(alerts))
