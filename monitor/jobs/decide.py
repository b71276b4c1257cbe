"""Prices and news known now -> stored calls, and the alerts of the user's rules."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from monitor.catalog import Catalog
from monitor.core.alerting import alerts_for
from monitor.core.decision import DecisionParams, decide_latest
from monitor.core.models import Goal, NewsEvent, Preferences, Series, Signal, SignalFlip, Verdict
from monitor.core.preferences import USUAL, localised, params_of
from monitor.core.verdict import goal_verdict
from monitor.jobs.looks import look_at, with_chart
from monitor.jobs.record import keep_record
from monitor.jobs.rules import rules_in_force
from monitor.store import repo


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What a round of decisions came to."""

    signals: tuple[Signal, ...]
    verdicts: tuple[Verdict, ...]
    flips: tuple[SignalFlip, ...]
    alerts: int


def decide(
    session: Session, catalog: Catalog, now: datetime, channels: Sequence[str] = (), defaults: Preferences = USUAL
) -> Decided:
    """Call every market and every goal, store what changed, and queue the alerts for these channels.

    The owner's preferences, over `defaults`, say what a week of delay costs and where the shipped goals are to be met.
    """
    series, news = repo.series_as_of(session, now), repo.news_as_of(session, now)
    wishes = repo.preferences(session, defaults)
    signals = decide_latest(series, catalog.gpus, now, params_of(wishes), news)
    goals = goals_in_force(session, catalog, wishes)
    verdicts = goal_verdicts(session, catalog, goals, series, news, now)
    for_goals = [replace(signal, goal=v.goal) for v in verdicts for signal in v.signals[:1]]
    tied = [replace(signal, goal=v.goal) for v in verdicts for signal in v.signals]  # what the pages show for a goal
    flips = repo.add_signals(session, [*signals, *tied])
    delays = {"": wishes.delay_cost_per_week} | {goal.slug: goal.delay_cost_per_week for goal in goals}
    keep_record(session, [*signals, *for_goals], series, now, delays)
    rules = rules_in_force(session)
    look = look_at(session, now, [*signals, *for_goals], verdicts, series, news)
    states = {(state.rule, state.subject): state for state in repo.rule_states(session)}
    alerts, remembered = alerts_for(states, look, rules)
    repo.add_alerts(session, [with_chart(alert, series, catalog.gpus) for alert in alerts], channels)
    repo.save_rule_states(session, [state for state in remembered if states.get((state.rule, state.subject)) != state])
    return Decided(signals=tuple(signals), verdicts=tuple(verdicts), flips=tuple(flips), alerts=len(alerts))


def goal_verdicts(
    session: Session,
    catalog: Catalog,
    goals: Sequence[Goal],
    series: Sequence[Series],
    news: Sequence[NewsEvent],
    now: datetime,
) -> list[Verdict]:
    """The verdict of each of these goals, from the stored scores."""
    scores, calls = repo.latest_scores(session), dict[DecisionParams, list[Signal]]()
    verdicts: list[Verdict] = []
    for goal in goals:
        params = DecisionParams.for_goal(goal)
        if params not in calls:
            calls[params] = decide_latest(series, catalog.gpus, now, params, news)
        verdicts.append(goal_verdict(goal, calls[params], scores, catalog.gpus, now))
    return verdicts


def goals_in_force(session: Session, catalog: Catalog, wishes: Preferences) -> list[Goal]:
    """The user's goals; while there are none, the shipped ones where the user lives."""
    return repo.goals(session) or [localised(goal, wishes) for goal in catalog.goals.values()]
