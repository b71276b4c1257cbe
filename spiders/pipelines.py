"""The last step of a crawl: each reading goes to `monitor.ingest`, in batches of one transaction each."""

import logging
from collections import Counter
from pathlib import Path
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.utils.reactor import is_reactor_installed
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from monitor import ingest
from monitor.catalog import load_catalog
from monitor.clock import utc_now
from monitor.core.models import NewsEvent, Offer, Rejection
from monitor.core.source_memory import lost_markup
from monitor.errors import MonitorError
from monitor.rates import load_rates
from monitor.store.engine import make_engine, session_scope, upgrade
from spiders.items import FoundOffer
from spiders.watch import Tally, report_of

log = logging.getLogger(__name__)

OFFLINE_LEAST = 3  # sources that all fail to be found or reached
MAX_TOLD = 20  # readings of a source that a check tells of
BATCH, BATCH_SECONDS = 200, 5.0  # items, and time since the first of them: a crash of the crawl loses no more


class StorePipeline:
    """Buffers items and hands them on; what a batch came to is booked on its sources."""

    later: Any = None  # the call that stores a batch that does not fill up

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.buffer: list[Any] = []
        self.only_check = crawler.settings.getbool("CHECK_ONLY")
        self.catalog = load_catalog()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def open_spider(self) -> None:
        self.report = report_of(self.crawler)
        self.engine = make_engine(self.crawler.settings["DATABASE"])
        upgrade(self.engine)
        self.began = utc_now()
        rates = load_rates(Path(self.crawler.settings["SOURCES_FILE"]).parent)
        with session_scope(self.engine, read_only=True) as session:
            self.knowledge = ingest.gather(session, self.catalog, self.began, rates)
            if self.crawler.settings.getbool("LEAVE_REFUSERS_ALONE"):
                self.report.left_alone = ingest.left_alone(session, self.began)

    def process_item(self, item: Any) -> Any:
        if not isinstance(item, FoundOffer | Offer | NewsEvent | Rejection):
            raise DropItem(f"spiders yield the types of spiders/items.py, not {type(item).__name__}")
        self.buffer.append(item)
        if len(self.buffer) >= BATCH:
            self.flush()
        elif len(self.buffer) == 1:
            self._flush_soon()
        return item

    def _flush_soon(self) -> None:
        """Store the batch that begins now in some seconds, full or not. Without a running engine nobody waits."""
        if is_reactor_installed():
            from twisted.internet import reactor

            self.later = reactor.callLater(BATCH_SECONDS, self.flush)  # type: ignore[attr-defined]

    def close_spider(self) -> None:
        self.flush()
        if not self._offline():
            for tally in self.report.tallies.values():
                self._end(tally)
        self.engine.dispose()

    def flush(self) -> None:
        """Store what is buffered. What cannot be stored costs this batch and is said on its sources."""
        items, self.buffer = self.buffer, []
        if self.later is not None and self.later.active():
            self.later.cancel()
        if not items:
            return
        try:
            with session_scope(self.engine) as session:
                results = self._ingest(session, items)
                if self.only_check:
                    session.rollback()
        except Exception as error:
            if not isinstance(error, MonitorError | SQLAlchemyError):
                log.exception("a batch could not be stored")
            for name, count in Counter(map(_source_name, items)).items():
                why = f"{type(error).__name__}: {error}".splitlines()[0][:200]
                self.report.tallies[name].fail("failed", f"{count} readings could not be stored: {why}")
            return
        for name, result in results.items():
            _book(self.report.tallies[name], result)

    def _offline(self) -> bool:
        """Whether no source at all could be reached: that is our own network's fault and says nothing of them."""
        tried = [tally for tally in self.report.tallies.values() if tally.state not in ("needs_key", "left_alone")]
        return len(tried) >= OFFLINE_LEAST and all(tally.unreachable for tally in tried)

    def _end(self, tally: Tally) -> None:
        """Write down how the crawl of one source went; a check only looks up what changed."""
        name, now = tally.source.name, utc_now()
        try:
            with session_scope(self.engine, read_only=self.only_check) as session:
                if self.only_check:
                    memory = ingest.recall(session, name)
                    tally.told, tally.changed = True, lost_markup(memory, tuple(tally.syntaxes), tally.readings)
                elif tally.state == "left_alone":  # tried, as far as the next crawl is concerned
                    ingest.end_untried(session, name, now, tally.faults[0])
                elif tally.state != "needs_key":
                    facts, errors = tally.facts(), tally.errors
                    tally.fault = ingest.end_crawl(session, tally.source, facts, self.began, now, errors=errors)
        except (MonitorError, SQLAlchemyError) as error:
            tally.fail("failed", f"its end could not be stored: {str(error).splitlines()[0][:200]}")

    def _ingest(self, session: Session, items: list[Any]) -> dict[str, ingest.Ingested]:
        """Store a batch; what came of it by source."""
        raws = [(item.source, item.raw) for item in items if isinstance(item, FoundOffer)]
        readings = [item for item in items if not isinstance(item, FoundOffer)]
        return ingest.ingest_batch(session, raws, readings, self.catalog, utc_now(), self.knowledge)


def _source_name(item: Any) -> str:
    return item.source.name if isinstance(item, FoundOffer) else item.source


def _book(tally: Tally, result: ingest.Ingested) -> None:
    tally.offers += len(result.offers)
    tally.news += len(result.news)
    tally.new += result.new
    tally.compared += result.compared
    tally.agreed += result.agreed
    tally.rejections.update(rejection.reason for rejection in result.rejections)
    tally.syntaxes.update(offer.syntax for offer in result.offers)
    for reading in (*result.offers, *result.news)[: MAX_TOLD - len(tally.read)]:
        tally.read.append(_told(reading))


def _told(reading: Offer | NewsEvent) -> dict[str, Any]:
    """A reading as `sources check` and `sources add` show it."""
    if isinstance(reading, NewsEvent):
        gpus = ", ".join(reading.gpus)
        return {"title": reading.title, "gpu": gpus, "price": "", "currency": "", "availability": reading.event}
    price = {"price": str(reading.price.amount), "currency": reading.price.currency}
    state = {"availability": reading.availability.value, "condition": reading.condition.value, "url": reading.url}
    return {"title": reading.title, "gpu": reading.gpu, **price, **state}
