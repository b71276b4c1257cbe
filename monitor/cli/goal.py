"""`gpu-limbo decide --goal`: the verdict of the first page, and the calls in the order of what a dollar buys."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from monitor.catalog import Catalog
from monitor.core.goal_card import GoalCard, card_of
from monitor.core.memory import fit
from monitor.core.models import Goal, Money, Score, Signal
from monitor.core.preferences import terms_in_dollars
from monitor.core.ranking import apart_by_age, place_of
from monitor.core.value import score_all
from monitor.core.verdict import fits_goal, goal_verdict, prices_of
from monitor.performance import load_throughput_model
from monitor.rates import dollars_by_currency, load_rates
from monitor.settings import Settings
from monitor.store import repo


def goal_scores(
    session: Session,
    catalog: Catalog,
    goal: Goal,
    signals: Sequence[Signal],
    settings: Settings,
    as_of: datetime | None,
) -> list[Score]:
    """What a dollar buys for the goal's work: as the last round ranked it, or by the prices of the calls."""
    stored = repo.latest_scores(session, workload=goal.workload, cards=goal.cards) if as_of is None else []
    if stored:
        return stored
    wishes, prices = repo.preferences(session, settings.preferences), prices_of(signals)
    dollars = dollars_by_currency({wishes.currency, *(one.price.currency for one in prices)}, load_rates(settings.home))
    moment = max((signal.as_of for signal in signals), default=as_of)
    if moment is None:
        return []
    out = {name: gpu for name, gpu in catalog.gpus.items() if gpu.launched_on and gpu.launched_on <= moment.date()}
    terms, work = terms_in_dollars(wishes, dollars), [catalog.workload(goal.workload)]
    model = load_throughput_model()
    return score_all(out, work, prices, model, moment, terms=terms, dollars=dollars, cards=goal.cards)


def for_goal(signals: Sequence[Signal], goal: Goal, scores: Sequence[Score], catalog: Catalog) -> list[Signal]:
    """The calls for cards that fit the goal and can hold its work, alone or as its set: the best value first, those at
    a price too old to be ranked last."""
    work, seen_on = catalog.workload(goal.workload), {place_of(one): one.data_on for one in signals}
    held = [replace(one, goal=goal.slug) for one in signals if fits_goal(one, goal, catalog.gpus)]
    if goal.cards == 1:
        held = [one for one in held if fit(catalog.gpus[one.gpu], work).answer != "no"]
    else:
        able = {place_of(score) for score in scores}
        held = [one for one in held if place_of(one) in able]
    places = {place_of(one) for one in held}
    ranked, old = apart_by_age([score for score in scores if place_of(score) in places], seen_on)
    order = {place_of(score): number for number, score in enumerate([*ranked, *(score for score, _ in old)])}
    return sorted(held, key=lambda one: (order.get(place_of(one), len(order)), one.gpu))


def card_for(
    goal: Goal, signals: Sequence[Signal], scores: Sequence[Score], catalog: Catalog, now: datetime
) -> GoalCard:
    """What the first page says of the goal."""
    return card_of(goal, goal_verdict(goal, signals, scores, catalog.gpus, now), now, _money)


def _money(money: Money) -> str:
    return f"{money.amount:,.{0 if money.amount >= 100 else 2}f} {money.currency}"
