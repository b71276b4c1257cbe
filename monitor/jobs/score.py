"""Prices known now -> the stored ranking of what a dollar buys."""

from datetime import datetime

from sqlmodel import Session

from monitor.catalog import Catalog
from monitor.core.calibration import efficiencies
from monitor.core.fx import Rates
from monitor.core.market import street_prices
from monitor.core.models import Preferences, Score
from monitor.core.preferences import USUAL, terms_in_dollars
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
    """Score every GPU for every workload: from live offers, where there are none from the price of its last call.

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
    return score_all(
        catalog.gpus,
        list(catalog.workloads.values()),
        prices,
        load_throughput_model(),
        now,
        terms=terms_in_dollars(wishes, dollars),
        dollars=dollars,
        efficiencies=efficiencies(measured, catalog.gpus, load_probe_priors(), now, buying=True),
    )
