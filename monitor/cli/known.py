"""What the commands about value know: prices with their days, rates, and how the owner keeps a card."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from monitor.core.models import Condition, Preferences, Signal, StreetPrice
from monitor.core.ownership import OwnershipTerms
from monitor.core.usual import USUAL_YEARS

Place = tuple[str, Condition, str]  # card, condition, region


@dataclass(frozen=True, kw_only=True)
class Known:
    """Street prices from live offers, and the newest known one where there are none (`older`: their days)."""

    prices: list[StreetPrice]
    older: Mapping[Place, date]
    dollars: dict[str, float]  # for one unit of each currency
    calls: Sequence[Signal] = ()  # as the pages know them

    def oldest(self, shown: Iterable[Place]) -> str:
        """The oldest day of a price among those shown that no live offer bears out; "" where all are live."""
        return min((self.older[place].isoformat() for place in shown if place in self.older), default="")


def known_prices() -> Known:
    """All prices that the database knows, as of now."""
    from monitor.catalog import load_catalog
    from monitor.clock import utc_now
    from monitor.core.decision import DecisionParams, decide_latest
    from monitor.core.market import street_prices
    from monitor.core.verdict import prices_of
    from monitor.jobs.history import open_filled_store
    from monitor.rates import dollars_by_currency, load_rates
    from monitor.settings import load_settings
    from monitor.store import repo
    from monitor.store.engine import session_scope

    settings, now, gpus = load_settings(), utc_now(), load_catalog().gpus
    engine, _ = open_filled_store(settings.database, now)
    with session_scope(engine, read_only=True) as session:
        live = street_prices(repo.offers_as_of(session, now), now)
        series = repo.series_as_of(session, now)
    have = {(price.gpu, price.condition, price.region) for price in live}
    calls = decide_latest(series, gpus, now, DecisionParams())
    older = [price for price in prices_of(calls) if (price.gpu, price.condition, price.region) not in have]
    prices, rates = [*live, *older], load_rates(settings.home)
    currencies = {price.price.currency for price in prices} | {"EUR", *rates.per_euro}
    return Known(
        prices=prices,
        older={(price.gpu, price.condition, price.region): price.seen_on for price in older},
        dollars=dollars_by_currency(currencies, rates),
        calls=calls,
    )


def own_preferences() -> Preferences:
    """What the owner chose on the page Settings, or by the environment; needs no database."""
    from monitor.settings import load_settings
    from monitor.store import repo
    from monitor.store.engine import open_store, session_scope

    settings = load_settings()
    file = settings.database.removeprefix("sqlite:///")
    if file != settings.database and not Path(file).exists():
        return settings.preferences
    with session_scope(open_store(settings.database), read_only=True) as session:
        return repo.preferences(session, settings.preferences)


def own_terms(years: float = USUAL_YEARS) -> OwnershipTerms:
    """How the owner keeps a card, in dollars: with the own tariff and tax."""
    from monitor.core.preferences import terms_in_dollars
    from monitor.rates import dollars_by_currency, load_rates
    from monitor.settings import load_settings

    wishes = own_preferences()
    return terms_in_dollars(wishes, dollars_by_currency({wishes.currency}, load_rates(load_settings().home)), years)
