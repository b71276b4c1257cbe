"""Prices over time, the offers behind them, and the news beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import inf, isfinite

from dashboard.queries.base import all_series, cached, cached_for_a_round, catalog, dollars, read
from monitor.clock import utc_now
from monitor.core.market import known_on
from monitor.core.models import NewsEvent, Offer, Series, SeriesKey
from monitor.core.outlook import Outlook, outlook
from monitor.core.panel import STALE_WEEKS
from monitor.core.price_fan import Fan, last_day_of, price_fan
from monitor.store import repo

EPOCH = date(1970, 1, 1)


@cached
def price_series(gpu: str, as_of: datetime | None = None) -> list[Series]:
    """Every price series of one GPU, up to `as_of`."""
    with read() as session:
        return repo.series_as_of(session, as_of or utc_now(), gpus=[gpu])


@cached
def fan(market: tuple[str, str, str, str], as_of: datetime | None = None, weeks: int = 26) -> Fan | None:
    """The coming prices of a market (GPU, condition, region, currency), from the outlook over all markets.

    A market whose prices have ended is asked on its last day, as its call is. `None` where too little is known.
    """
    end = ((as_of or utc_now()).date() - EPOCH).days
    last = last_day_of([(one.key, int(one.days[-1])) for one in price_series(market[0], as_of)], market)
    if last is None:
        return None
    return price_fan(_outlook(end if end - last <= 7 * STALE_WEEKS else last, as_of), market, weeks)


@cached_for_a_round
def _outlook(day: int, as_of: datetime | None) -> Outlook:
    return outlook(known_on(all_series(as_of), day), catalog().gpus, day)


@dataclass(frozen=True, kw_only=True)
class Newest:
    """The newest price of one series: what it sums up, of how many offers (`None`: not stated), and on which day."""

    key: SeriesKey
    price: float
    day: date
    n: int | None


def newest_of(series: Sequence[Series]) -> list[Newest]:
    """The newest price of each series, the newest first: what a call and a chart end on."""
    found = [
        Newest(
            key=one.key,
            price=float(one.prices[-1]),
            day=EPOCH + timedelta(days=int(one.days[-1])),
            n=int(one.n_obs[-1]) if isfinite(one.n_obs[-1]) else None,
        )
        for one in series
        if len(one.days)
    ]
    return sorted(found, key=lambda newest: (newest.day, newest.key), reverse=True)


@cached
def offers(gpu: str, as_of: datetime | None = None, max_age_days: float = 3.0) -> list[Offer]:
    """The single offers of one GPU that were live at `as_of`, cheapest first; those without an exchange rate last."""
    with read() as session:
        found = repo.offers_as_of(session, as_of or utc_now(), gpu=gpu, max_age_days=max_age_days)
    worth = dollars()
    return sorted(found, key=lambda offer: float(offer.price.amount) * worth.get(offer.price.currency, inf))


@cached
def news(as_of: datetime | None = None, days: int = 365, limit: int = 200) -> list[NewsEvent]:
    """Headlines of the last `days` days before `as_of`, newest first."""
    end = as_of or utc_now()
    with read() as session:
        found = repo.news_as_of(session, end, since=end - timedelta(days=days), limit=limit)
    return sorted(found, key=lambda event: event.published_at, reverse=True)
