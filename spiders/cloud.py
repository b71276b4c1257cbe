"""One spider for every cloud's price API: asks, lets the cloud's reader parse, and hands on what can be compared.

What a reader could read but nobody could rent for (a price with a Windows licence, a GPU without cores and memory,
a summary of other clouds) is stored as a rejection with its price, so that it is seen and moves nothing.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.http.request.json_request import JsonRequest
from twisted.python.failure import Failure

from monitor.clock import utc_now
from monitor.core.models import Condition, Market, Offer, Rejection, SourceInfo
from spiders.cloud_answers import Answer, BadRow, Cloud, CloudOffer, CloudReader, decode
from spiders.clouds import CLOUDS
from spiders.sources import choose, load_sources, read_key
from spiders.watch import book_dropped, report_of

WHOLE_ANSWER = frozenset({"unexpected_answer", "not_json", "empty_answer", "nested_too_deep", "unreadable_csv"})
UNUSED_BASIS = {
    "windows": "windows_licence",
    "gpu_only": "cores_and_memory_besides",
    "summary": "summary_of_others",
}


class CloudSpider(scrapy.Spider):
    """`-a sources=a,b` names clouds; without it all that are on."""

    name = "cloud"

    def __init__(self, *args: Any, sources: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [name for name in sources.split(",") if name]
        self.chosen: list[SourceInfo] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.chosen = choose(load_sources(Path(crawler.settings["SOURCES_FILE"])), spider.names, kind="cloud")
        return spider

    async def start(self) -> AsyncIterator[Any]:
        for source in self.chosen:
            tally = report_of(self.crawler).of(source)
            reader = CLOUDS.get(source.reader)
            key = read_key(source)
            if reader is None:
                tally.fail("failed", f"there is no reader {source.reader!r}; one of {', '.join(CLOUDS)}")
            elif key is None:
                tally.fail("needs_key", f"set {source.key_setting} to your own key")
            else:
                for number, url in enumerate(source.starts[: self.settings.getint("PAGES_PER_SOURCE")]):
                    yield _request(url, source, reader.cloud, key, number).replace(errback=self.failed)

    def failed(self, failure: Failure) -> None:
        """What could not be asked for at all is on the tally already."""
        book_dropped(failure, self.crawler)

    def parse(self, response: Response, **_kwargs: Any) -> Iterator[Any]:
        """Offers and rejections of one answer, and the request for its next page."""
        source: SourceInfo = response.meta["source"]
        reader = CLOUDS[source.reader]
        tally = report_of(self.crawler).of(source)
        answer = reader.parse(response.body)
        for reason, _ in answer.rejections:
            if reason in WHOLE_ANSWER and not answer.offers:
                tally.fail("failed", f"{response.url} answered in a form that we do not know ({reason})")
        yield from _items(answer, source)
        yield from self._next(response, reader)

    def _next(self, response: Response, reader: CloudReader) -> Iterator[Request]:
        page = response.meta.get("page", 1)
        if reader.cloud.next_page is None or page >= self.settings.getint("PAGES_PER_SOURCE"):
            return
        try:
            url = reader.cloud.next_page(decode(response.body))
        except BadRow:
            return
        if url and urlsplit(response.urljoin(url)).netloc == urlsplit(response.url).netloc:
            source: SourceInfo = response.meta["source"]
            key = read_key(source) or ""
            request = _request(response.urljoin(url), source, reader.cloud, key, 0, page=page + 1)
            yield request.replace(errback=self.failed)


def _request(url: str, source: SourceInfo, cloud: Cloud, key: str, number: int, page: int = 1) -> Request:
    """The request for one address. robots.txt is for crawlers: a documented API is asked as its documents say."""
    body = cloud.asks[min(number, len(cloud.asks) - 1)].body
    headers = {"Accept": "application/json"}
    meta: dict[str, Any] = {"source": source, "page": page, "dont_obey_robotstxt": source.posture == "api"}
    if key:
        headers[cloud.key_header] = f"{cloud.key_prefix}{key}"  # spiders/watch.py keeps it from going elsewhere
    shared: dict[str, Any] = {"headers": headers, "meta": meta, "dont_filter": True}
    if body is not None:
        return JsonRequest(url, data=body, **shared)
    return Request(url, **shared)


def _items(answer: Answer, source: SourceInfo) -> Iterator[Offer | Rejection]:
    now = utc_now()
    url = source.starts[0]
    for found in answer.offers:
        if reason := UNUSED_BASIS.get(found.basis):
            text = f"{found.gpu}: {found.price.amount} {found.price.currency} per GPU and hour; {found.snippet}"[:500]
            yield Rejection(source=source.name, reason=reason, text=text, seen_at=now, url=url, title=found.title)
        else:
            yield _offer(found, source, url, now)
    for reason, text in answer.rejections:
        yield Rejection(source=source.name, reason=reason, text=text[:500], seen_at=now, url=url)


def _offer(found: CloudOffer, source: SourceInfo, url: str, now: datetime) -> Offer:
    return Offer(
        gpu=found.gpu,
        title=found.title or found.gpu,
        price=found.price,
        condition=Condition.RENTAL,
        source=source.name,
        region=found.region,
        seen_at=now,
        market=Market.CLOUD,
        billing=found.billing,
        availability=found.availability,
        quantity=found.quantity,
        seller=found.seller,
        url=url,
        sku=found.sku,
        n_obs=found.n_obs,
        syntax="cloud_api",
        snippet=found.snippet,
        reason=found.reason,
    )
