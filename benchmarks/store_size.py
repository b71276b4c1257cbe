"""How fast offers go in, how large the database grows, and how quick questions stay with ten million rows.

usage: tools/with-postgres python benchmarks/store_size.py [ROWS]    (without with-postgres: SQLite only)

40 shops with 250 articles each, crawled twice a day; 6 % of prices change in a day. Ten million rows are made by SQL.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Engine, text

from monitor.core.models import Condition, Money, Offer
from monitor.store import repo
from monitor.store.engine import is_sqlite, open_store, session_scope

START = datetime(2026, 1, 1, 6, tzinfo=UTC)
SHOPS, ARTICLES, CHANGE, DAYS, BATCH, THINNED = 40, 250, 0.06, 10, 200, 20_000


def main(rows: int) -> None:
    """Print one line per figure and database."""
    with tempfile.TemporaryDirectory() as folder:
        urls = [f"sqlite:///{folder}/limbo.db", os.environ.get("TEST_DATABASE_URL", "")]
        for url in filter(None, urls):
            engine = open_store(url)
            kind = "SQLite" if is_sqlite(engine) else "PostgreSQL"
            for line in (*crawl(engine), *grow(engine, rows)):
                print(f"{kind:11s} {line}", flush=True)
            engine.dispose()


def crawl(engine: Engine) -> list[str]:
    """Days of crawls in batches of one commit each, as the pipeline stores them."""
    dice = random.Random(1)
    prices = {(shop, n): dice.randrange(20_000, 200_000) for shop in range(SHOPS) for n in range(ARTICLES)}
    sightings, begun, empty = 0, time.perf_counter(), size(engine)
    for half_day in range(2 * DAYS):
        now = START + timedelta(hours=12 * half_day)
        for key in prices:
            prices[key] += dice.randrange(-900, 900) if dice.random() < CHANGE / 2 else 0
        offers = [offer(shop, n, cents, now) for (shop, n), cents in prices.items()]
        for first in range(0, len(offers), BATCH):
            with session_scope(engine) as session:
                repo.add_offers(session, offers[first : first + BATCH], now)
        sightings += len(offers)
    seconds = time.perf_counter() - begun
    with session_scope(engine) as session:
        stored = repo.offer_count(session)
        summed = repo.roll_up(session, START + timedelta(days=DAYS))
    grown = size(engine) - empty
    return [
        f"crawl: {sightings} offers in {seconds:.0f} s = {3600 * sightings / seconds / 1e6:.2f} million an hour",
        f"crawl: {stored} rows for {sightings} sightings, {summed} days summed up, {grown / 1e6:.1f} MB",
    ]


def grow(engine: Engine, rows: int) -> list[str]:
    """Old offers up to `rows`, made by the database itself; then what each question takes."""
    with session_scope(engine) as session:
        repo.put_choice(session, "rolled_until_day", 0, START)
        session.connection().execute(text(_filler(is_sqlite(engine), rows)))
        repo.put_choice(session, "rolled_until_day", (START - datetime(1970, 1, 1, tzinfo=UTC)).days + DAYS, START)
    if not is_sqlite(engine):
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    now = START + timedelta(days=DAYS)
    questions: dict[str, Callable[..., object]] = {
        "offers_as_of": lambda session: repo.offers_as_of(session, now),
        "series_as_of": lambda session: repo.series_as_of(session, now),
        "series of one GPU": lambda session: repo.series_as_of(session, now, gpus=["GPU 7"]),
        "newest_prices": repo.newest_prices,
        "data_version": repo.data_version,
        "a batch of 200": lambda session: repo.add_offers(session, [offer(3, n, 55_555, now) for n in range(200)], now),
    }
    told = [f"{rows / 1e6:.1f} million rows: {size(engine) / 1e6:.0f} MB"]
    for name, ask in questions.items():
        with session_scope(engine) as session:
            begun = time.perf_counter()
            ask(session)
            told.append(f"{name}: {time.perf_counter() - begun:.3f} s")
    begun = time.perf_counter()
    with session_scope(engine) as session:
        thinned = repo.thin_out(session, now, keep_days=365, most=THINNED)
    return [*told, f"thin_out of {thinned} rows: {time.perf_counter() - begun:.2f} s"]


def offer(shop: int, number: int, cents: int, now: datetime) -> Offer:
    """One article of one shop."""
    return Offer(
        gpu=f"GPU {number % 80}",
        title=f"Maker {number % 12} GPU {number % 80} Gaming OC 16 GB edition {number}",
        price=Money(amount=Decimal(cents) / 100, currency="USD"),
        condition=Condition.NEW,
        source=f"shop-{shop}",
        region="US",
        seen_at=now,
        url=f"https://shop-{shop}.example/articles/graphics-card-{number}",
        sku=str(number),
        syntax="jsonld",
        snippet=f"{cents / 100:.2f} USD",
        reason="alias",
    )


def size(engine: Engine) -> int:
    """Bytes of the database."""
    with session_scope(engine) as session:
        run = session.connection().exec_driver_sql
        if is_sqlite(engine):
            return run("PRAGMA page_count").scalar_one() * run("PRAGMA page_size").scalar_one()
        return run("SELECT pg_database_size(current_database())").scalar_one()


def _filler(sqlite: bool, rows: int) -> str:
    """Old rows of two years before the crawl, each in sight for two days."""
    articles = SHOPS * ARTICLES
    columns = (
        "article_id, price, availability, first_seen, last_seen, recorded_at, sightings, quarantine, snippet, reason"
    )
    if sqlite:
        moment = "datetime('2023-12-01', '+' || ((n / {a}) % 730) || ' days', '+{h} hours') || '.000000'"
        numbers = f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {rows})"
        first, last, source = moment.format(a=articles, h=0), moment.format(a=articles, h=48), "c"
    else:
        moment = "timestamptz '2023-12-01Z' + ((n / {a}) % 730) * interval '1 day' + interval '{h} hours'"
        numbers, source = "", f"generate_series(1, {rows}) AS c(n)"
        first, last = moment.format(a=articles, h=0), moment.format(a=articles, h=48)
    return (
        f"INSERT INTO offers ({columns}) {numbers} "
        f"SELECT n % {articles} + 1, 500000000 + (n % 999) * 1000000, 'in_stock', "
        f"{first}, {last}, {first}, 4, '', '1599.00 USD', 'alias' FROM {source}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
