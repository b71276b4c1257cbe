"""One spider for every news feed: headlines that say something to a buyer become events, the rest is passed over.

Scrapy fetches, so that ETag and Last-Modified save the feed's host a full answer (spiders/settings.py, HTTP cache).
"""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from monitor.catalog import load_headline_rules
from monitor.clock import utc_now
from monitor.core.headlines import HeadlineRules, plain_title, read_headline
from monitor.core.models import NewsEvent, Rejection, SourceInfo
from monitor.rates import save_rates
from spiders.ecb import read_rates
from spiders.feed_entries import FeedEntry, read_feed
from spiders.sources import choose, load_sources
from spiders.watch import book_dropped, report_of

OLDEST = timedelta(days=400)  # what an archive feed repeats from before is no news


class FeedsSpider(scrapy.Spider):
    """`-a sources=a,b` names feeds; without it all that are on."""

    name = "feeds"

    def __init__(self, *args: Any, sources: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [name for name in sources.split(",") if name]
        self.chosen: list[SourceInfo] = []
        self.rules = load_headline_rules()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.chosen = choose(load_sources(Path(crawler.settings["SOURCES_FILE"])), spider.names, kind="feed")
        return spider

    async def start(self) -> AsyncIterator[Any]:
        for source in self.chosen:
            report_of(self.crawler).of(source)
            for url in source.starts[: self.settings.getint("PAGES_PER_SOURCE")]:
                yield scrapy.Request(url, errback=self.failed, meta={"source": source}, dont_filter=True)

    def failed(self, failure: Failure) -> None:
        """What could not be asked for at all is on the tally already."""
        book_dropped(failure, self.crawler)

    def parse(self, response: Response, **_kwargs: Any) -> Iterator[NewsEvent | Rejection]:
        """The feed's events; a page that is no feed is a failure of the source, an empty feed is not."""
        source: SourceInfo = response.meta["source"]
        if source.reader == "ecb":
            self._keep_rates(response, source)
            return
        now = utc_now()
        reading = read_feed(response.body)
        if reading.problem:
            report_of(self.crawler).of(source).fail("failed", f"{response.url}: {reading.problem}")
            text = response.body[:300].decode("utf-8", "replace")
            yield Rejection(source=source.name, reason=reading.problem, text=text, seen_at=now, url=response.url)
        for entry in reading.entries:
            if event := read_entry(entry, source, self.rules, now):
                yield event

    def _keep_rates(self, response: Response, source: SourceInfo) -> None:
        """Exchange rates come as a feed too; they go into the home folder, not into the store."""
        tally = report_of(self.crawler).of(source)
        rows = read_rates(response.body)
        if not rows:
            tally.fail("failed", f"{response.url}: no exchange rates in the answer")
            return
        tally.news += len(rows)
        if not self.settings.getbool("CHECK_ONLY"):
            tally.new += save_rates(Path(self.settings["SOURCES_FILE"]).parent, rows)


def read_entry(entry: FeedEntry, source: SourceInfo, rules: HeadlineRules, now: datetime) -> NewsEvent | None:
    """The event that an entry reports, or `None` if it says nothing to a buyer or is long past.

    An entry without a date, or with one in the future, counts as published when it was seen.
    """
    published = min(entry.published or now, now)
    if published < now - OLDEST:
        return None
    reading = read_headline(entry.title, rules, published.date())
    if reading.event == "other":
        return None
    return NewsEvent(
        title=plain_title(entry.title),
        event=reading.event,
        gpus=reading.gpus,
        expected_date=reading.expected_date,
        effect=reading.effect,
        source=source.name,
        url=entry.url,
        published_at=published,
        language=source.language,
    )
