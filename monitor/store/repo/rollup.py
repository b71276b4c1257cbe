"""Daily values of our own crawls: what stays when single offers are thinned out.

A day's values come from the offers that were live at its end and recorded by then, so they are the same whether they
are worked out at once or a year later, and a question about the past never sees what was recorded afterwards.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from sqlalchemy import delete, func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, insert, select

from monitor.store.repo.choices import choice, put_choice
from monitor.store.repo.observations import day_start, epoch_day
from monitor.store.repo.offers import GAP, believed_at
from monitor.store.tables import ArticleRow, DailyPriceRow, OfferRow

ROLLED_UNTIL = "rolled_until_day"  # every day before this one has its values in daily_prices
LIVE = ("in_stock", "limited", "unknown")
NEVER = 2_000_000  # a day far off: no offer has been recorded
INSTANT = timedelta(microseconds=1)


def roll_up(session: Session, now: datetime) -> int:
    """Work out the values of every finished day that has none yet; how many days that were."""
    until, today = rolled_until(session), epoch_day(now)
    if until >= today:
        return 0
    for day in range(until, today):
        _save_day(session, day)
    put_choice(session, ROLLED_UNTIL, today, now)
    return today - until


def thin_out(session: Session, now: datetime, keep_days: int) -> int:
    """Drop single offers last seen more than `keep_days` ago, after their daily values are stored; how many."""
    roll_up(session, now)
    limit = day_start(epoch_day(now) - keep_days)
    old = col(OfferRow.last_seen) < limit
    done = session.execute(delete(OfferRow).where(old, OfferRow.quarantine != "pending"))  # type: ignore[arg-type]
    used = sa_select(OfferRow.article_id).distinct()  # type: ignore[call-overload]
    session.execute(delete(ArticleRow).where(col(ArticleRow.stat) == "offer", col(ArticleRow.id).not_in(used)))
    return int(done.rowcount)  # type: ignore[attr-defined]


def daily_rows_as_of(
    session: Session,
    as_of: datetime,
    first_day: int,
    *,
    gpus: Collection[str] | None = None,
    sources: Collection[str] | None = None,
) -> list[DailyPriceRow]:
    """Daily values from `first_day` on as they could be known at `as_of`; the day of `as_of` itself up to that time."""
    until, today = rolled_until(session), epoch_day(as_of)
    if until == NEVER:
        return []
    query = select(DailyPriceRow).where(col(DailyPriceRow.epoch_day) >= first_day)
    query = query.where(col(DailyPriceRow.epoch_day) < min(until, today))
    query = query if gpus is None else query.where(col(DailyPriceRow.gpu).in_(gpus))
    query = query if sources is None else query.where(col(DailyPriceRow.source).in_(sources))
    rows = list(session.exec(query))
    for day in range(max(min(until, today), first_day), epoch_day(as_of - INSTANT) + 1):
        rows += _values_of(session, day, min(as_of, _day_end(day)), gpus=gpus, sources=sources)
    return rows


def rolled_until(session: Session) -> int:
    """The first day without stored values; the day of the first offer where nothing is stored yet."""
    stored = choice(session, ROLLED_UNTIL)
    if isinstance(stored, int):
        return stored
    first = session.exec(select(func.min(OfferRow.recorded_at))).one()
    return NEVER if first is None else epoch_day(first)


def _save_day(session: Session, day: int) -> None:
    session.execute(delete(DailyPriceRow).where(DailyPriceRow.epoch_day == day))  # type: ignore[arg-type]
    rows = _values_of(session, day, _day_end(day))
    if rows:
        session.execute(insert(DailyPriceRow), [row.model_dump() for row in rows])


def _day_end(day: int) -> datetime:
    return day_start(day + 1) - INSTANT


def _values_of(
    session: Session,
    day: int,
    as_of: datetime,
    *,
    gpus: Collection[str] | None = None,
    sources: Collection[str] | None = None,
) -> list[DailyPriceRow]:
    """A day's values from the offers that count as live at `as_of`, as `offers_as_of` has it."""
    article = (ArticleRow.gpu, ArticleRow.condition, ArticleRow.market, ArticleRow.billing, ArticleRow.source)
    columns = (*article, ArticleRow.region, ArticleRow.currency, OfferRow.article_id, OfferRow.price)
    query: Any = (
        sa_select(*columns, OfferRow.availability)  # type: ignore[call-overload]
        .join(ArticleRow, col(ArticleRow.id) == col(OfferRow.article_id))
        .where(col(OfferRow.recorded_at) <= as_of, col(OfferRow.last_seen) >= as_of - GAP)
        .where(believed_at(as_of))
        .order_by(col(OfferRow.first_seen), col(OfferRow.id))
    )
    query = query if gpus is None else query.where(col(ArticleRow.gpu).in_(gpus))
    query = query if sources is None else query.where(col(ArticleRow.source).in_(sources))
    return _summaries(session.execute(query), day)


def _summaries(rows: Iterable[Any], day: int) -> list[DailyPriceRow]:
    """One row per group from the last live price of each article; `price_last` is the newest of them."""
    groups: dict[tuple[str, ...], dict[int, Decimal]] = defaultdict(dict)
    for *group, article_id, price, availability in rows:
        prices = groups[tuple(group)]
        prices.pop(article_id, None)
        if availability in LIVE:
            prices[article_id] = price
    names = ("gpu", "condition", "market", "billing", "source", "region", "currency")
    return [
        DailyPriceRow(
            **dict(zip(names, group, strict=True)),
            epoch_day=day,
            price_min=min(prices.values()),
            price_median=median(prices.values()),
            price_last=list(prices.values())[-1],
            n=len(prices),
        )
        for group, prices in groups.items()
        if prices
    ]
