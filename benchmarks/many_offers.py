"""Offers in any number for a database that already has its catalogue: live ones, and a year of changes behind them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Engine, text

from monitor.catalog import load_catalog
from monitor.clock import utc_now
from monitor.core.models import Condition, Money, Offer
from monitor.jobs.decide import decide
from monitor.jobs.score import score
from monitor.store import repo
from monitor.store.engine import open_store, session_scope

SHOPS, VARIANTS, DAYS = 30, 4, 365
COLUMNS = "article_id, price, availability, first_seen, last_seen, recorded_at, sightings, quarantine, snippet, reason"


def add_offers(home: Path, wanted: int) -> str:
    """Fill the SQLite database in `home` up to `wanted` offers, decide and score; says what there is now."""
    engine, now = open_store(f"sqlite:///{home / 'gpu-limbo.db'}"), utc_now()
    with session_scope(engine) as session:
        first = repo.add_offers(session, list(_live(now)), now).new
    _fill(engine, first, wanted - first, now)
    with session_scope(engine) as session:
        days = repo.roll_up(session, now)
    for _ in range(2):
        with session_scope(engine) as session:
            decide(session, load_catalog(), now)
        with session_scope(engine) as session:
            score(session, load_catalog(), now)
    with session_scope(engine, read_only=True) as session:
        rows = repo.offer_count(session)
    size = (home / "gpu-limbo.db").stat().st_size / 1e6
    return f"{rows} offers ({first} of them live), {days} days summed up, {size:.0f} MB"


def _live(now: datetime) -> list[Offer]:
    cards = [gpu for gpu in load_catalog().gpus.values() if gpu.msrp_usd and gpu.launched_on]
    return [
        Offer(
            gpu=gpu.name,
            title=f"Maker {variant} {gpu.name} edition {variant}",
            price=Money(amount=Decimal(gpu.msrp_usd * (0.9 + 0.02 * variant + 0.005 * shop)).quantize(Decimal("0.01")),
                        currency="USD"),
            condition=Condition.NEW,
            source=f"shop-{shop}",
            region="US",
            seen_at=now - timedelta(hours=2),
            url=f"https://shop-{shop}.example/{gpu.slug}/{variant}",
            sku=f"{gpu.slug}-{variant}",
            snippet="as found",
            reason="alias",
        )
        for gpu in cards
        for shop in range(SHOPS)
        for variant in range(VARIANTS)
    ]  # fmt: skip


def _fill(engine: Engine, articles: int, rows: int, now: datetime) -> None:
    """Old prices of the same articles, each in sight for a day, made by the database itself."""
    start = (now - timedelta(days=DAYS)).astimezone(UTC).strftime("%Y-%m-%d")
    moment = f"datetime('{start}', '+' || ((n / {articles}) % {DAYS - 1}) || ' days', '+{{hours}} hours') || '.000000'"
    first, last = moment.format(hours=2), moment.format(hours=22)
    statement = (
        f"INSERT INTO offers ({COLUMNS}) WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c "
        f"WHERE n < {rows - 1}), live(number, article, price) AS (SELECT row_number() OVER (ORDER BY o.id) - 1, "
        "o.article_id, o.price FROM offers o) "
        f"SELECT article, price + price / 1000 * (n % 41 - 20), 'in_stock', {first}, {last}, {first}, 2, '', "
        f"'as found', 'alias' FROM c JOIN live ON number = n % {articles}"
    )
    with session_scope(engine) as session:
        session.connection().execute(text(statement))
