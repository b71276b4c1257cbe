"""A database of ten million offers, made by the database itself in a minute or two: what load_dashboard.py reads.

40 shops with 250 articles each, one row a day for each article over the last 1,000 days, of cards of the catalogue;
daily values worked out by SQL. Prices swing slowly about the launch price, each shop a little apart.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, text

from monitor.catalog import load_catalog
from monitor.core.models import Condition
from monitor.store import repo
from monitor.store.engine import is_sqlite, session_scope

SHOPS, ARTICLES = 40, 250
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
COLUMNS = "article_id, price, availability, first_seen, last_seen, recorded_at, sightings, quarantine, snippet, reason"
NUMBERS = "WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < {rows} - 1)"
PER_ARTICLE = SHOPS * ARTICLES
PRICE = "b.base * (1000 + (b.id * 37) % 90 + ((n / {all}) * 7 + b.id) % 40) / 1000"


def fill(engine: Engine, rows: int, now: datetime) -> None:
    """So many offers up to `now`, their articles and daily values."""
    gpus = [gpu for gpu in load_catalog().gpus.values() if gpu.msrp_usd and gpu.launched_on]
    gpus = sorted(gpus, key=lambda gpu: (gpu.launched_on or EPOCH.date(), gpu.name), reverse=True)[:60]
    with session_scope(engine) as session:
        run = session.connection().exec_driver_sql if is_sqlite(engine) else None
        connection = session.connection()
        connection.execute(text("CREATE TEMP TABLE bases (id bigint primary key, base bigint)"))
        articles, bases = [], []
        for number in range(PER_ARTICLE):
            shop, gpu = number % SHOPS, gpus[(number // SHOPS) % len(gpus)]
            articles.append(_article(number + 1, shop, gpu.name))
            bases.append({"id": number + 1, "base": int((gpu.msrp_usd or 1) * 1_000_000)})
        connection.execute(text(_ARTICLE), articles)
        connection.execute(text("INSERT INTO bases VALUES (:id, :base)"), bases)
        days = rows // PER_ARTICLE
        connection.execute(text(_offers(is_sqlite(engine), rows, now - timedelta(days=days))))
        del run
    with session_scope(engine) as session:
        for statement in _daily(is_sqlite(engine)):
            session.connection().execute(text(statement))
        repo.put_choice(session, "rolled_until_day", (now - EPOCH).days, now)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def see_prices(engine: Engine, articles: int, now: datetime) -> None:
    """What a crawl stores in a moment: so many articles, by chance, at the price that they had last."""
    moment = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    moment = f"'{moment}'" if is_sqlite(engine) else f"timestamptz '{moment}+00'"
    with session_scope(engine) as session:
        session.connection().execute(text(_SEEN.format(now=moment)), {"articles": articles})


_SEEN = (
    f"INSERT INTO offers ({COLUMNS}) SELECT a.id, o.price, 'in_stock', {{now}}, {{now}}, {{now}}, 1, '', '', 'alias' "
    "FROM articles a JOIN offers o ON o.id = a.latest_offer_id ORDER BY random() LIMIT :articles"
)
_ARTICLE = (
    "INSERT INTO articles (id, key, gpu, title, source, condition, market, billing, region, currency, stat, seller, "
    "url, sku, quantity, syntax) VALUES (:id, :key, :gpu, :title, :source, :condition, 'retail', '', 'US', 'USD', "
    "'offer', '', :url, :sku, 1, 'jsonld')"
)


def _article(number: int, shop: int, gpu: str) -> dict[str, object]:
    return {
        "id": number, "key": f"load-{number}", "gpu": gpu, "title": f"Maker {gpu} edition {number}",
        "source": f"shop-{shop:02d}", "condition": (Condition.USED if shop % 5 == 4 else Condition.NEW).value,
        "url": f"https://shop-{shop:02d}.example/p/{number}", "sku": str(number),
    }  # fmt: skip


def _offers(sqlite: bool, rows: int, start: datetime) -> str:
    day = f"(n / {PER_ARTICLE})"
    if sqlite:
        begin = start.strftime("%Y-%m-%d %H:%M:%S")
        at = f"datetime('{begin}', '+' || {day} || ' days', '+{{h}} hours') || '.000000'"
        source = "c"
    else:
        at = f"timestamptz '{start.isoformat()}' + {day} * interval '1 day' + interval '{{h}} hours'"
        source = f"generate_series(0, {rows - 1}) AS c(n)"
    first, last = at.format(h=1), at.format(h=20)
    return (
        f"INSERT INTO offers ({COLUMNS}) {NUMBERS.format(rows=rows) if sqlite else ''} "
        f"SELECT b.id, {PRICE.format(all=PER_ARTICLE)}, 'in_stock', {first}, {last}, {first}, 2, '', '', 'alias' "
        f"FROM {source} JOIN bases b ON b.id = n % {PER_ARTICLE} + 1"
    )


def _daily(sqlite: bool) -> list[str]:
    names = "gpu, condition, market, billing, source, region, currency"
    joined = " AND ".join(f"s.{name} = a.{name}" for name in names.split(", "))
    seconds = "CAST(strftime('%s', o.first_seen) AS integer)" if sqlite else "extract(epoch FROM o.first_seen)::bigint"
    return [
        f"INSERT INTO daily_series ({names}) SELECT DISTINCT {names} FROM articles a WHERE a.stat = 'offer'",
        "INSERT INTO daily_prices (series_id, epoch_day, price_min, price_median, n) "
        f"SELECT s.id, {seconds} / 86400, min(o.price), CAST(avg(o.price) AS bigint), count(*) "
        f"FROM offers o JOIN articles a ON a.id = o.article_id JOIN daily_series s ON {joined} GROUP BY 1, 2",
        "UPDATE articles SET latest_offer_id = (SELECT max(id) FROM offers o WHERE o.article_id = articles.id) "
        "WHERE stat = 'offer'",
    ]
