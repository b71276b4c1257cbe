"""Prices and news known now -> stored calls, and the alerts of the user's rules."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from monitor.catalog import Catalog
from monitor.core.alerting import alerts_for
from monitor.core.decision import DecisionParams, decide_latest
from monitor.core.models import Goal, NewsEvent, Series, Signal, SignalFlip, Verdict
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


def decide(session: Session, catalog: Catalog, now: datetime, channels: Sequence[str] = ()) -> Decided:
    """Call every market and every goal, store what changed, and queue the alerts for these channels."""
    series, news = repo.series_as_of(session, now), repo.news_as_of(session, now)
    signals = decide_latest(series, catalog.gpus, now, DecisionParams(), news)
    verdicts = goal_verdicts(session, catalog, series, news, now)
    for_goals = [replace(signal, goal=v.goal) for v in verdicts for signal in v.signals[:1]]
    tied = [replace(signal, goal=v.goal) for v in verdicts for signal in v.signals]  # what the pages show for a goal
    flips = repo.add_signals(session, [*signals, *tied])
    keep_record(session, [*signals, *for_goals], series, now)
    rules = rules_in_force(session)
    look = look_at(session, now, [*signals, *for_goals], verdicts, series, news)
    states = {(state.rule, state.subject): state for state in repo.rule_states(session)}
    alerts, remembered = alerts_for(states, look, rules)
    repo.add_alerts(session, [with_chart(alert, series, catalog.gpus) for alert in alerts], channels)
    repo.save_rule_states(session, [state for state in remembered if states.get((state.rule, state.subject)) != state])
    return Decided(signals=tuple(signals), verdicts=tuple(verdicts), flips=tuple(flips), alerts=len(alerts))


def goal_verdicts(
    session: Session, catalog: Catalog, series: Sequence[Series], news: Sequence[NewsEvent], now: datetime
) -> list[Verdict]:
    """The verdict of each of the user's goals (the shipped ones while there are none), from the stored scores."""
    scores, calls = repo.latest_scores(session), dict[DecisionParams, list[Signal]]()
    verdicts: list[Verdict] = []
    for goal in goals_in_force(session, catalog):
        params = DecisionParams.for_goal(goal)
        if params not in calls:
            calls[params] = decide_latest(series, catalog.gpus, now, params, news)
        verdicts.append(goal_verdict(goal, calls[params], scores, catalog.gpus, now))
    return verdicts


def goals_in_force(session: Session, catalog: Catalog) -> list[Goal]:
    return repo.goals(session) or list(catalog.goals.values())
