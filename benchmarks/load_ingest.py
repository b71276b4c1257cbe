"""How many offers an hour come from the spider's item to the committed row, beside the plain way of an ORM.

usage: tools/with-postgres python benchmarks/load_ingest.py [ARTICLES]     (without with-postgres: SQLite only)

The pipeline of a crawl gets items as the spider yields them: titles are matched, prices read, each offer is weighed
against its market and its own past, batches are committed, and every source is judged at its end. Each visit of 40
shops is a crawl of its own: the first finds everything new, the later ones find 6 % of the prices changed. The peer
understands the same offers by the same code, then adds a row for each sighting by SQLAlchemy's ORM; nothing is weighed.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from scrapy.settings import Settings
from simulated_crawl import StandInCrawler
from sqlmodel import Session, select

from monitor.catalog import load_catalog
from monitor.core.models import Availability, Condition, Offer, RawOffer, SourceInfo
from monitor.ingest.understand import understand
from monitor.store import repo
from monitor.store.engine import open_store, session_scope
from monitor.store.repo.articles import article_key, article_values, offer_values
from monitor.store.tables import ArticleRow, OfferRow

SHOPS, VISITS, CHANGED, PEER_BATCH = 40, 3, 0.06, 200
LETTERS = str.maketrans("0123456789", "BCDFHJKLNQ")  # for numbers in titles: "edition 290" would name another card
START = datetime(2026, 11, 1, 6, tzinfo=UTC)
CARDS = {
    "ASUS TUF GeForce RTX 4090 OC 24GB": 1790, "MSI GeForce RTX 4080 Super Gaming X 16GB": 999,
    "Palit GeForce RTX 4070 Dual 12GB": 599, "Gigabyte GeForce RTX 4060 Windforce 8GB": 309,
    "Sapphire Nitro+ Radeon RX 7900 XTX 24GB": 959, "XFX Radeon RX 7800 XT 16GB": 509,
    "Zotac GeForce RTX 3060 Twin Edge 12GB": 289, "PNY GeForce RTX 5090 32GB": 2399,
    "Inno3D GeForce RTX 5070 Ti X3 16GB": 799, "PowerColor Radeon RX 9070 XT Hellhound 16GB": 649,
}  # fmt: skip


def main(articles: int) -> int:
    """Run each database in a process of its own, so that its memory is its own; 1 where the bars are missed."""
    with tempfile.TemporaryDirectory() as folder:
        urls = {"SQLite": f"sqlite:///{folder}/limbo.db", "PostgreSQL": os.environ.get("TEST_DATABASE_URL", "")}
        met = [_run(kind, url, articles, folder) for kind, url in urls.items() if url]
    return int(not all(met))


def _run(kind: str, url: str, articles: int, folder: str) -> bool:
    environment = os.environ | {"GPU_LIMBO_HOME": folder, "DATABASE_URL": url}
    command = [sys.executable, __file__, "--one", str(articles)]
    said = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
    offers, seconds, cpu, memory, rows, peer_seconds, peer_cpu = map(float, said.split())
    hourly = 3600 * offers / seconds
    print(
        f"{kind:11s} {offers:.0f} offers in {seconds:.1f} s ({cpu:.1f} s of this process): {hourly / 1e6:.2f} million "
        f"an hour, {memory:.0f} MB, {rows:.0f} rows; a row a sighting by the ORM, nothing weighed: "
        f"{3600 * offers / peer_seconds / 1e6:.2f} million ({peer_cpu:.1f} s): {peer_seconds / seconds:.1f} times ours",
        flush=True,
    )
    return (hourly >= 1e6 or kind == "SQLite") and memory < 500


def one(articles: int) -> None:
    """Our figures and the peer's, as plain numbers on one line."""
    engine = open_store(os.environ["DATABASE_URL"])
    offers, begun, cpu = 0, time.perf_counter(), time.process_time()
    for visit in range(VISITS):
        offers += _crawl(visit, articles)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    memory = _peak_mb()
    with session_scope(engine) as session:
        rows = repo.offer_count(session)
    begun, peer_cpu = time.perf_counter(), time.process_time()
    _plain(engine, articles)
    print(offers, seconds, cpu, memory, rows, time.perf_counter() - begun, time.process_time() - peer_cpu)
    engine.dispose()


def _crawl(visit: int, articles: int) -> int:
    """One crawl of all shops, item after item, as the spider yields them."""
    from spiders import pipelines, watch
    from spiders.items import FoundOffer

    now = START + timedelta(days=visit)
    settings = Settings()
    settings.setmodule("spiders.settings")
    with patch.object(pipelines, "utc_now", lambda: now), patch.object(watch, "utc_now", lambda: now):
        crawler: Any = StandInCrawler(settings)
        pipeline = pipelines.StorePipeline(crawler)
        pipeline.open_spider()
        count = 0
        for source, raw in _found(visit, articles):
            crawler.report.of(source)
            pipeline.process_item(FoundOffer(source=source, raw=raw))
            count += 1
        pipeline.close_spider()
    assert sum(tally.offers for tally in crawler.report.tallies.values()) == count
    return count


def _found(visit: int, articles: int) -> Iterator[tuple[SourceInfo, RawOffer]]:
    """What the shops show at a visit, in turns, since a crawl reads them side by side."""
    cards, sources = list(CARDS.items()), [_source(n) for n in range(SHOPS)]
    for number in range(articles // SHOPS):
        for source in sources:
            title, usd = cards[number % len(cards)]
            edition = f"{number:03d}".translate(LETTERS)
            dice = random.Random(f"{source.name}/{number}")
            price = usd * dice.uniform(0.97, 1.1)
            for _ in range(visit):
                price *= dice.uniform(0.97, 1.03) if dice.random() < CHANGED else 1.0
            yield source, RawOffer(
                title=f"{title} edition {edition}", price_text=f"${price:,.2f}", currency="USD",
                availability=Availability.IN_STOCK, url=f"https://{source.name}.example/p/{number}", sku=str(number),
                syntax="jsonld", snippet=f"${price:,.2f}",
            )  # fmt: skip


def _source(number: int) -> SourceInfo:
    return SourceInfo(name=f"shop-{number}", country="US", currency="USD", condition=Condition.NEW)


def _plain(engine: Any, articles: int) -> None:
    """The same items, understood by the same code, as rows of the ORM: one of the article, one of each sighting."""
    catalog = load_catalog()
    with Session(engine) as session:
        for visit in range(VISITS):
            now = START + timedelta(days=100 + visit)  # beside our rows, of other articles
            for number, (source, raw) in enumerate(_found(visit, articles)):
                offer = understand(raw, source, catalog, now, {})
                assert isinstance(offer, Offer)
                _add(session, offer, now)
                if number % PEER_BATCH == PEER_BATCH - 1:
                    session.commit()
            session.commit()


def _add(session: Session, offer: Offer, now: datetime) -> None:
    key = f"plain-{article_key(offer)}"
    article = session.exec(select(ArticleRow).where(ArticleRow.key == key)).first()
    if article is None:
        article = ArticleRow(**article_values(offer, key))
        session.add(article)
        session.flush()
    assert article.id is not None
    session.add(OfferRow(**offer_values(offer, article.id, now)))


def _peak_mb() -> float:
    """The largest size of this process so far; `ru_maxrss` would count its parent's at the fork too."""
    status = Path("/proc/self/status").read_text().split("\n")
    return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]))
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 12_000))
