"""Price series as of a time: from price files, and day by day from our own crawls."""

from collections.abc import Collection
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session, col, select

from monitor.core.daily import daily_series
from monitor.core.models import Series, SeriesKey
from monitor.store.bulk import read_numbers
from monitor.store.columns import MICROS
from monitor.store.repo.observations import epoch_day
from monitor.store.repo.rollup import DailyKey, daily_points_as_of
from monitor.store.tables import ArticleRow, ObservationRow

CLOUD_STATS = {"on_demand": "rental_on_demand", "spot": "rental_spot", "reserved": "rental_reserved", "": "rental"}


def series_as_of(
    session: Session,
    as_of: datetime,
    *,
    since: datetime | None = None,
    gpus: Collection[str] | None = None,
    sources: Collection[str] | None = None,
) -> list[Series]:
    """Every price series with what could be known at `as_of`, sorted by key.

    Each has one point a day. Our own crawls come as two series a source: the day's lowest and median price
    ("min_offer", "median_offer"; "rental_on_demand_min" ... in the cloud).
    """
    first = epoch_day(since) if since is not None else -(2**31)
    from_files = _observed(session, first, epoch_day(as_of), gpus, sources)
    return sorted([*from_files, *_crawled(session, first, as_of, gpus, sources)], key=lambda series: series.key)


def _observed(
    session: Session, first: int, last: int, gpus: Collection[str] | None, sources: Collection[str] | None
) -> list[Series]:
    """The series of the price files: one plain scan, sorted and split by numpy."""
    keys, number_of_article = _series_of_articles(session, gpus, sources)
    if not keys:
        return []
    table = ObservationRow.__table__  # type: ignore[attr-defined]
    query = select(table.c.article_id, table.c.epoch_day, table.c.price, table.c.n_obs)
    query = query.where(table.c.epoch_day >= first, table.c.epoch_day <= last)
    if gpus is not None or sources is not None:
        wanted = select(ArticleRow.id)
        wanted = wanted if gpus is None else wanted.where(col(ArticleRow.gpu).in_(gpus))
        wanted = wanted if sources is None else wanted.where(col(ArticleRow.source).in_(sources))
        query = query.where(table.c.article_id.in_(wanted))
    article, day, price, n_obs = read_numbers(session.connection(), query).T
    number = number_of_article[article.astype(np.int64)]
    return daily_series(keys, number, day.astype(np.int32), price / MICROS, n_obs)


def _series_of_articles(
    session: Session, gpus: Collection[str] | None, sources: Collection[str] | None
) -> tuple[list[SeriesKey], NDArray[np.int32]]:
    """The keys of all series of price files, and for each article id the number of its series."""
    query = select(
        ArticleRow.id, ArticleRow.source, ArticleRow.gpu, ArticleRow.condition, ArticleRow.stat, ArticleRow.region,
        ArticleRow.currency,
    ).where(ArticleRow.stat != "offer")  # type: ignore[call-overload]  # fmt: skip
    query = query if gpus is None else query.where(col(ArticleRow.gpu).in_(gpus))
    query = query if sources is None else query.where(col(ArticleRow.source).in_(sources))
    numbers: dict[tuple[str, ...], int] = {}
    pairs = [(row[0], numbers.setdefault(tuple(row[1:]), len(numbers))) for row in session.execute(query)]
    number_of_article = np.full(max((article for article, _ in pairs), default=0) + 1, -1, dtype=np.int32)
    for article, number in pairs:
        number_of_article[article] = number
    keys = [
        SeriesKey(source=source, gpu=gpu, condition=condition, stat=stat, region=region, currency=currency)
        for source, gpu, condition, stat, region, currency in numbers
    ]
    return keys, number_of_article


def _crawled(
    session: Session,
    first: int,
    as_of: datetime,
    gpus: Collection[str] | None,
    sources: Collection[str] | None,
) -> list[Series]:
    """Two series (lowest, median) per source, GPU, condition, region and currency from our own crawls."""
    keys, points = daily_points_as_of(session, as_of, first, gpus=gpus, sources=sources)
    number, day = points[:, 0].astype(np.int32), points[:, 1].astype(np.int32)
    found: list[Series] = []
    for column, which in ((2, "min"), (3, "median")):
        named = [_crawled_key(key, which) for key in keys]
        found += daily_series(named, number, day, points[:, column] / MICROS, points[:, 4])
    return found


def _crawled_key(key: DailyKey, which: str) -> SeriesKey:
    cloud = key.market == "cloud"
    return SeriesKey(
        source=key.source,
        gpu=key.gpu,
        condition="rental" if cloud else key.condition,
        stat=f"{CLOUD_STATS[key.billing]}_{which}" if cloud else f"{which}_offer",
        region=key.region,
        currency=key.currency,
    )
