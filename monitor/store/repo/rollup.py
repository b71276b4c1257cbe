"""Daily values of our own crawls: what stays when single offers are thinned out.

A day's values come from the offers that were live at its end and recorded by then, so they are the same whether they
are worked out at once or a year later, and a question about the past never sees what was recorded afterwards.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median_high, median_low
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, delete, func, type_coerce
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, insert, select

from monitor.core.market import FOR_SALE
from monitor.core.models import Offer
from monitor.store.bulk import add_rows, read_numbers
from monitor.store.repo.articles import article_key, chunks
from monitor.store.repo.choices import choice, put_choice
from monitor.store.repo.observations import day_start, epoch_day
from monitor.store.repo.offers import GAP, believed_at
from monitor.store.tables import ArticleRow, DailyPriceRow, DailySeriesRow, OfferRow

ROLLED_UNTIL = "rolled_until_day"  # every day before this one has its values in daily_prices
THINNED_UNTIL = "thinned_until_day"  # single offers last seen before this day may be gone
NEVER = 2_000_000  # a day far off: no offer has been recorded
WHOLE_DAYS = 25  # whose offers are all there: the shortest retention is 30 days, and an offer lasts for three
INSTANT = timedelta(microseconds=1)


class DailyKey(NamedTuple):
    """What makes one daily series; the columns of `daily_series`."""

    gpu: str
    condition: str
    market: str
    billing: str
    source: str
    region: str
    currency: str


class _DayValue(NamedTuple):
    """Prices in millionths."""

    lowest: int
    median: int
    n: int


def roll_up(session: Session, now: datetime) -> int:
    """Work out the values of every finished day that has none yet; how many days that were."""
    until, today = rolled_until(session), epoch_day(now)
    if NEVER > until > today:  # by a clock that has been set back since: those days are yet to come
        until = today - WHOLE_DAYS  # and the last of the others were not over when they were worked out
        session.execute(delete(DailyPriceRow).where(col(DailyPriceRow.epoch_day) >= until))
    newest = _newest(session)
    if newest is None or until >= today:
        return 0
    for day in range(until, min(today, epoch_day(newest + GAP) + 1)):  # nothing is live on any later day
        _save_day(session, day)
    put_choice(session, ROLLED_UNTIL, today, now)
    return today - until


def thin_out(session: Session, now: datetime, keep_days: int, most: int | None = None) -> int:
    """Drop single offers last seen more than `keep_days` ago, after their daily values are stored; how many.

    With `most` only so many at once, so that no other writer waits for long: call it until it returns 0. Counted from
    the newest offer, since a clock that runs years ahead must not make everything old.
    """
    roll_up(session, now)
    newest = _newest(session)
    if newest is None:
        return 0
    limit = day_start(min(epoch_day(now), epoch_day(newest)) - keep_days)
    if (day := epoch_day(limit)) > choice(session, THINNED_UNTIL, 0):
        put_choice(session, THINNED_UNTIL, day, now)
    old = col(OfferRow.last_seen) < limit
    some = old if most is None else col(OfferRow.id).in_(sa_select(col(OfferRow.id)).where(old).limit(most))
    done = session.execute(delete(OfferRow).where(some))
    used = sa_select(OfferRow.id).where(col(OfferRow.article_id) == col(ArticleRow.id)).exists()  # type: ignore[call-overload]
    session.execute(delete(ArticleRow).where(col(ArticleRow.stat) == "offer", ~used))
    return int(done.rowcount)  # type: ignore[attr-defined]


def redo_days(session: Session, row_ids: Sequence[int], gpus: Collection[str] = ()) -> None:
    """Work out anew the stored values of the days in which these offers were live, for their GPUs (and `gpus`, which
    they were of before) at their sources: what is known of the offers has changed. Days whose single offers were
    thinned out stay as they are."""
    columns = (OfferRow.recorded_at, OfferRow.last_seen, ArticleRow.gpu, ArticleRow.source)
    query = sa_select(*map(col, columns)).join(ArticleRow, col(ArticleRow.id) == col(OfferRow.article_id))
    rows = [row for some in chunks(list(row_ids)) for row in session.execute(query.where(col(OfferRow.id).in_(some)))]
    if not rows:
        return
    until = rolled_until(session)
    whole = choice(session, THINNED_UNTIL, until - WHOLE_DAYS - GAP.days) + GAP.days
    first, last = epoch_day(min(row[0] for row in rows)), epoch_day(max(row[1] for row in rows) + GAP)
    concerned = {row[2] for row in rows} | set(gpus)
    for day in range(max(first, whole), min(until, last + 1)):
        _save_day(session, day, gpus=concerned, sources={row[3] for row in rows})


def redo_days_of(session: Session, offers: Sequence[Offer]) -> None:
    """The same for the articles that these offers are of: they came in for days that were worked out before."""
    session.flush()
    keys = list({article_key(offer) for offer in offers})
    rows = sa_select(col(OfferRow.id)).join(ArticleRow, col(ArticleRow.id) == col(OfferRow.article_id))
    ids = [row for some in chunks(keys) for (row,) in session.execute(rows.where(col(ArticleRow.key).in_(some)))]
    redo_days(session, ids)


def daily_points_as_of(
    session: Session,
    as_of: datetime,
    first_day: int,
    *,
    gpus: Collection[str] | None = None,
    sources: Collection[str] | None = None,
) -> tuple[list[DailyKey], NDArray[np.float64]]:
    """Daily values from `first_day` on as they could be known at `as_of`; the day of `as_of` itself up to that time.

    The columns are: place of the key, day, lowest and median price in millionths, number of articles.
    """
    until, today = rolled_until(session), epoch_day(as_of)
    if until == NEVER:
        return [], np.empty((0, 5))
    ids = _series_ids(session, gpus, sources)
    stored = _stored(session, ids, first_day, min(until, today), narrowed=gpus is not None or sources is not None)
    keys = {key: place for place, key in enumerate(ids)}
    rest: list[tuple[float, ...]] = []
    for day in range(max(min(until, today), first_day), epoch_day(as_of - INSTANT) + 1):
        for key, value in _values_of(session, min(as_of, _day_end(day)), gpus=gpus, sources=sources).items():
            rest.append((keys.setdefault(key, len(keys)), day, value.lowest, value.median, value.n))
    return list(keys), np.concatenate([stored, np.array(rest, dtype=np.float64).reshape(len(rest), 5)])


def rolled_until(session: Session) -> int:
    """The first day without stored values; the day of the first offer where nothing is stored yet."""
    stored = choice(session, ROLLED_UNTIL)
    if isinstance(stored, int):
        return stored
    first = session.exec(select(func.min(OfferRow.recorded_at))).one()
    return NEVER if first is None else epoch_day(first)


def _newest(session: Session) -> datetime | None:
    return session.exec(select(func.max(OfferRow.last_seen))).one()


def _series_ids(
    session: Session, gpus: Collection[str] | None = None, sources: Collection[str] | None = None
) -> dict[DailyKey, int]:
    """The ids of the stored series."""
    query: Any = sa_select(col(DailySeriesRow.id), *(getattr(DailySeriesRow, name) for name in DailyKey._fields))
    query = query if gpus is None else query.where(col(DailySeriesRow.gpu).in_(gpus))
    query = query if sources is None else query.where(col(DailySeriesRow.source).in_(sources))
    return {DailyKey(*names): series_id for series_id, *names in session.execute(query)}


def _stored(
    session: Session, ids: dict[DailyKey, int], first_day: int, end_day: int, *, narrowed: bool
) -> NDArray[np.float64]:
    """The stored values of these series, with each series' place among them instead of its id."""
    if not ids:
        return np.empty((0, 5))
    table = DailyPriceRow.__table__  # type: ignore[attr-defined]
    query = sa_select(table.c.series_id, table.c.epoch_day, table.c.price_min, table.c.price_median, table.c.n)
    query = query.where(table.c.epoch_day >= first_day, table.c.epoch_day < end_day)
    query = query.where(table.c.series_id.in_(list(ids.values()))) if narrowed else query
    found = read_numbers(session.connection(), query)
    place_of = np.zeros(max(ids.values()) + 1)
    place_of[list(ids.values())] = np.arange(len(ids))
    found[:, 0] = place_of[found[:, 0].astype(np.int64)]
    return found


def _save_day(
    session: Session, day: int, *, gpus: Collection[str] | None = None, sources: Collection[str] | None = None
) -> None:
    stale = delete(DailyPriceRow).where(col(DailyPriceRow.epoch_day) == day)
    if gpus is not None or sources is not None:
        stale = stale.where(col(DailyPriceRow.series_id).in_(_series_ids(session, gpus, sources).values()))
    session.execute(stale)
    values = _values_of(session, _day_end(day), gpus=gpus, sources=sources)
    ids = _series_ids(session)
    if missing := [key for key in values if key not in ids]:
        session.execute(insert(DailySeriesRow), [key._asdict() for key in missing])
        ids = _series_ids(session)
    rows = [(ids[key], day, value.lowest, value.median, value.n) for key, value in values.items()]
    columns = ("series_id", "epoch_day", "price_min", "price_median", "n")
    add_rows(session.connection(), DailyPriceRow.__table__, columns, rows)  # type: ignore[attr-defined]


def _day_end(day: int) -> datetime:
    return day_start(day + 1) - INSTANT


def _values_of(
    session: Session,
    as_of: datetime,
    *,
    gpus: Collection[str] | None = None,
    sources: Collection[str] | None = None,
) -> dict[DailyKey, _DayValue]:
    """The values of the day from the offers that count as live at `as_of`, as `offers_as_of` has it."""
    price = type_coerce(col(OfferRow.price), BigInteger)
    names = (getattr(ArticleRow, name) for name in DailyKey._fields)
    query: Any = (
        sa_select(OfferRow.article_id, price, OfferRow.availability, *names)  # type: ignore[call-overload]
        .join(ArticleRow, col(ArticleRow.id) == col(OfferRow.article_id))
        .where(col(OfferRow.recorded_at) <= as_of, col(OfferRow.last_seen) >= as_of - GAP)
        .where(believed_at(as_of))
        .order_by(col(OfferRow.first_seen), col(OfferRow.id))
    )
    query = query if gpus is None else query.where(col(ArticleRow.gpu).in_(gpus))
    query = query if sources is None else query.where(col(ArticleRow.source).in_(sources))
    return _summaries(session.execute(query))


def _summaries(rows: Iterable[Any]) -> dict[DailyKey, _DayValue]:
    """One value per series from the last live price of each article."""
    groups: dict[tuple[str, ...], dict[int, int]] = defaultdict(dict)
    for article_id, price, availability, *names in rows:
        prices = groups[tuple(names)]
        prices.pop(article_id, None)
        if availability in FOR_SALE:
            prices[article_id] = price
    found: dict[DailyKey, _DayValue] = {}
    for names, by_article in groups.items():
        if prices := list(by_article.values()):
            middle = int(median_low(prices) + median_high(prices)) // 2
            found[DailyKey(*names)] = _DayValue(min(prices), middle, len(prices))
    return found
