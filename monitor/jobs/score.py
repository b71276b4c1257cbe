"""Prices known now -> the stored ranking of what a dollar buys."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlmodel import Session

from monitor.catalog import Catalog
from monitor.core.calibration import efficiencies
from monitor.core.fx import Rates
from monitor.core.market import street_prices
from monitor.core.models import Goal, Preferences, Score
from monitor.core.preferences import USUAL, localised, terms_in_dollars
from monitor.core.value import score_all
from monitor.core.verdict import prices_of
from monitor.performance import load_probe_priors, load_throughput_model
from monitor.rates import dollars_by_currency, load_rates
from monitor.store import repo


def score(
    session: Session, catalog: Catalog, now: datetime, rates: Rates | None = None, defaults: Preferences = USUAL
) -> list[Score]:
    """The ranking of what is known now, stored in place of the last one."""
    scores = rank(session, catalog, now, rates, defaults)
    repo.add_scores(session, scores)
    return scores


def rank(
    session: Session, catalog: Catalog, now: datetime, rates: Rates | None = None, defaults: Preferences = USUAL
) -> list[Score]:
    """Score every GPU for every workload, and sets of cards for the goals that ask for several: from live offers, where
    there are none from the price of its last call.

    Prices in other currencies count by the newest of `rates` (the shipped ones, where none are given); power and tax
    are those of the owner's preferences, over `defaults`.
    """
    wishes = repo.preferences(session, defaults)
    live = street_prices(repo.offers_as_of(session, now), now)
    have = {(price.gpu, price.condition, price.region) for price in live}
    older = prices_of(repo.latest_signals(session, goal=""))
    prices = [*live, *(price for price in older if (price.gpu, price.condition, price.region) not in have)]
    measured = repo.measurements_as_of(session, now)
    currencies = {wishes.currency, *(price.price.currency for price in prices)}
    dollars = dollars_by_currency(currencies, rates or load_rates())
    ranked = partial(
        score_all,
        catalog.gpus,
        prices=prices,
        model=load_throughput_model(),
        as_of=now,
        terms=terms_in_dollars(wishes, dollars),
        dollars=dollars,
        efficiencies=efficiencies(measured, catalog.gpus, load_probe_priors(), now, buying=True),
    )
    sets = {(goal.workload, goal.cards) for goal in goals_in_force(session, catalog, wishes) if goal.cards > 1}
    return [
        *ranked(list(catalog.workloads.values())),
        *(score for slug, cards in sorted(sets) for score in ranked([catalog.workload(slug)], cards=cards)),
    ]


def goals_in_force(session: Session, catalog: Catalog, wishes: Preferences) -> list[Goal]:
    """The user's goals; while there are none, the shipped ones where the user lives."""
    return repo.goals(session) or [localised(goal, wishes) for goal in catalog.goals.values()]


def is_ranked(session: Session, goals: Sequence[Goal]) -> bool:
    """Whether there is a ranking for each of these goals, of as many cards as it asks for."""
    known = {(score.workload, score.cards) for score in repo.latest_scores(session, cards=None)}
    return all((goal.workload, goal.cards) in known for goal in goals)
