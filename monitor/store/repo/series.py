"""Price series as of a time: from price files, and day by day from our own crawls."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session, col, select

from monitor.core.daily import daily_series
from monitor.core.models import Series, SeriesKey
from monitor.store.columns import MICROS
from monitor.store.repo.observations import epoch_day
from monitor.store.repo.rollup import daily_rows_as_of
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
    columns = _columns(session, query)
    article, day, price, n_obs = (columns[:, i] for i in range(4))
    number = number_of_article[article.astype(np.int64)]
    return daily_series(keys, number, day.astype(np.int32), price / MICROS, n_obs)


def _columns(session: Session, query: Any) -> NDArray[np.float64]:
    """A query's integer columns as floats, missing ones as nan; past SQLAlchemy's handling of rows, for speed."""
    connection = session.connection()
    compiled = query.compile(connection, compile_kwargs={"render_postcompile": True})
    cursor = connection.connection.cursor()
    try:
        parameters = (
            compiled.params if compiled.positiontup is None else [compiled.params[n] for n in compiled.positiontup]
        )
        cursor.execute(str(compiled), parameters)
        rows = cursor.fetchall()
    finally:
        cursor.close()
    return np.array(rows, dtype=np.float64).reshape(len(rows), 4)


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
    points: dict[SeriesKey, list[tuple[int, float, int]]] = defaultdict(list)
    for row in daily_rows_as_of(session, as_of, first, gpus=gpus, sources=sources):
        cloud = row.market == "cloud"
        base = CLOUD_STATS[row.billing] if cloud else ""
        for stat, price in (("min", row.price_min), ("median", row.price_median)):
            key = SeriesKey(
                source=row.source,
                gpu=row.gpu,
                condition="rental" if cloud else row.condition,
                stat=f"{base}_{stat}" if cloud else f"{stat}_offer",
                region=row.region,
                currency=row.currency,
            )
            points[key].append((row.epoch_day, float(price), row.n))
    found: list[Series] = []
    for key, values in points.items():
        values.sort()
        table = np.array(values, dtype=np.float64)
        found.append(Series(key=key, days=table[:, 0].astype(np.int32), prices=table[:, 1], n_obs=table[:, 2]))
    return found
