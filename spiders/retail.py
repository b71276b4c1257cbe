"""One spider for every shop: pages go to `monitor.reading`, what it reads goes to the pipeline."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Response

from monitor.clock import utc_now
from monitor.core.models import Rejection, SourceInfo
from monitor.reading.page import read_page
from spiders.endpoints import ENDPOINTS
from spiders.items import FoundOffer
from spiders.shop_answers import Ask
from spiders.sources import choose, load_sources, read_key
from spiders.watch import report_of

BLOCKS = frozenset({"blocked", "captcha"})  # rejections of a whole page that mean: cannot tell


class RetailSpider(scrapy.Spider):
    """`-a sources=a,b` names shops; without it all that are on."""

    name = "retail"

    def __init__(self, *args: Any, sources: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [name for name in sources.split(",") if name]
        self.chosen: list[SourceInfo] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.chosen = choose(load_sources(Path(crawler.settings["SOURCES_FILE"])), spider.names, kind="shop")
        return spider

    async def start(self) -> AsyncIterator[Any]:
        limit = self.settings.getint("PAGES_PER_SOURCE")
        for source in self.chosen:
            tally = report_of(self.crawler).of(source)
            key = read_key(source)
            if key is None:
                tally.fail("needs_key", f"needs key {source.key_setting}")
            elif source.reader in ENDPOINTS:
                for ask in ENDPOINTS[source.reader].asks(source, key):
                    yield self._request(source, ask)
            else:
                for url in source.starts[:limit]:
                    yield scrapy.Request(url, callback=self.parse_page, meta={"source": source}, dont_filter=True)

    def parse_answer(self, response: Response, ask: Ask) -> Iterator[Any]:
        """Offers, rejections and further requests of one answer of a JSON endpoint."""
        source: SourceInfo = response.meta["source"]
        answer = ENDPOINTS[source.reader].parse(response.body, ask, source)
        for reason, text in answer.rejections:
            yield _rejection(source, reason, text, ask.url)
        for raw in answer.offers:
            yield FoundOffer(source=source, raw=raw)
        for more in answer.more:
            yield self._request(source, more)

    def _request(self, source: SourceInfo, ask: Ask) -> scrapy.Request:
        return scrapy.Request(
            ask.url,
            method="POST" if ask.body else "GET",
            body=ask.body,
            headers=dict(ask.headers),
            callback=self.parse_answer,
            cb_kwargs={"ask": ask},
            meta={"source": source},
            dont_filter=True,
        )

    def parse_page(self, response: Response) -> Iterator[Any]:
        """Offers and rejections of one page; a captcha or a move to another host means that we cannot tell."""
        source: SourceInfo = response.meta["source"]
        asked = (response.meta.get("redirect_urls") or [response.url])[0]
        tally = report_of(self.crawler).of(source)
        if _site(asked) != _site(response.url):
            tally.fail("moved", f"{asked} leads to another host: {response.url[:200]}")
            return
        reading = read_page(
            response.body, response.url, country=source.country or None, currency=source.currency or None,
            encoding=declared_encoding(response),
        )  # fmt: skip
        for reason, text, *_ in reading.rejections:
            if reason in BLOCKS:
                tally.fail("blocked", f"{response.url}: {text[:200] or reason}")
            yield _rejection(source, reason, text, response.url)
        for raw in reading.offers:
            yield FoundOffer(source=source, raw=raw)


def declared_encoding(response: Response) -> str | None:
    """The charset of the Content-Type header, which binds before what the page says of itself."""
    header = (response.headers.get("Content-Type") or b"").decode("latin-1").lower()
    return header.partition("charset=")[2].split(";")[0].strip(" \"'") or None


def _rejection(source: SourceInfo, reason: str, text: str, url: str) -> Rejection:
    shown = url.partition("?")[0] if source.key_setting else url
    return Rejection(source=source.name, reason=reason, text=text[:500], seen_at=utc_now(), url=shown)


def _site(url: str) -> str:
    """The host without a leading www: what a redirect must not leave.

    >>> _site("https://www.shop.example/a"), _site("http://shop.example:8080/")
    ('shop.example', 'shop.example')
    """
    return (urlsplit(url).hostname or "").lower().removeprefix("www.")
