"""Prices over time, the offers behind them, and the news beside them."""

from datetime import datetime, timedelta

from dashboard.queries.base import cached, read
from monitor.clock import utc_now
from monitor.core.models import NewsEvent, Offer, Series
from monitor.store import repo


@cached
def price_series(gpu: str, as_of: datetime | None = None) -> list[Series]:
    """Every price series of one GPU, up to `as_of`."""
    with read() as session:
        return repo.series_as_of(session, as_of or utc_now(), gpus=[gpu])


@cached
def offers(gpu: str, as_of: datetime | None = None, max_age_days: float = 3.0) -> list[Offer]:
    """The single offers of one GPU that were live at `as_of`, cheapest first."""
    with read() as session:
        found = repo.offers_as_of(session, as_of or utc_now(), gpu=gpu, max_age_days=max_age_days)
    return sorted(found, key=lambda offer: offer.price.amount)


@cached
def news(as_of: datetime | None = None, days: int = 365, limit: int = 200) -> list[NewsEvent]:
    """Headlines of the last `days` days before `as_of`, newest first."""
    end = as_of or utc_now()
    with read() as session:
        found = repo.news_as_of(session, end, since=end - timedelta(days=days), limit=limit)
    return sorted(found, key=lambda event: event.published_at, reverse=True)
