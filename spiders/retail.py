"""One spider for every shop: pages go to `monitor.reading`, what it reads goes to the pipeline.

A source is read one request after another: the next is made when the last is done, so that a refusal stops it at once.
"""

from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import scrapy
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from monitor.catalog import load_catalog
from monitor.clock import utc_now
from monitor.core.matching import match_title
from monitor.core.models import Rejection, SourceInfo
from monitor.reading.page import read_page
from spiders.endpoints import ENDPOINTS
from spiders.items import FoundOffer
from spiders.shop_answers import Ask
from spiders.sources import choose, load_sources, read_key
from spiders.watch import book_dropped, report_of

BLOCKS = frozenset({"blocked", "captcha", "bot_wall"})  # rejections of a whole page that mean: cannot tell
MAX_FOLLOWED = 20  # article pages of a listing that shows no prices itself
MAX_LISTING_PAGES = 3  # of one start address
MAX_LINK_TEXT = 300  # characters


class RetailSpider(scrapy.Spider):
    """`-a sources=a,b` names shops; without it all that are on."""

    name = "retail"

    def __init__(self, *args: Any, sources: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [name for name in sources.split(",") if name]
        self.chosen: list[SourceInfo] = []
        self.waiting: dict[str, deque[Request]] = defaultdict(deque)
        self.asked: dict[str, set[str]] = defaultdict(set)
        self.pages: Counter[str] = Counter()  # by source; what only leads on (a token, a list of links) is no page

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.chosen = choose(load_sources(Path(crawler.settings["SOURCES_FILE"])), spider.names, kind="shop")
        return spider

    async def start(self) -> AsyncIterator[Any]:
        for source in self.chosen:
            tally = report_of(self.crawler).of(source)
            key = read_key(source)
            if key is None:
                tally.fail("needs_key", f"needs key {source.key_setting}")
                continue
            try:
                self._queue(source, self._first(source, key))
            except (KeyError, ValueError) as error:
                tally.fail(
                    "failed", f"the reader {source.reader!r} does not know this source's {error}; mend its entry"
                )
            for request in self._next(source):
                yield request

    def parse_page(self, response: Response, kind: str, page: int) -> Iterator[Any]:
        """Offers and rejections of a page, then the source's next request."""
        source: SourceInfo = response.meta["source"]
        return self._then_next(source, self._read_page(response, source, kind, page))

    def parse_answer(self, response: Response, ask: Ask) -> Iterator[Any]:
        """Offers and rejections of a JSON endpoint's answer, then the source's next request."""
        source: SourceInfo = response.meta["source"]
        return self._then_next(source, self._read_answer(response, source, ask))

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Go on with the source's next request."""
        book_dropped(failure, self.crawler)
        return self._next(failure.request.meta["source"])  # type: ignore[attr-defined]

    def _first(self, source: SourceInfo, key: str) -> list[Request]:
        """What a visit begins with."""
        if source.reader in ENDPOINTS:
            return [self._ask(source, ask) for ask in ENDPOINTS[source.reader].asks(source, key)]
        return [self._page(source, url) for url in source.starts]

    def _then_next(self, source: SourceInfo, found: Iterable[Any]) -> Iterator[Any]:
        try:
            yield from found
        except Exception as error:  # a page that no reader foresaw must not end the source
            self.logger.exception("reading a page of %s", source.name)
            report_of(self.crawler).of(source).fail("failed", f"{type(error).__name__}: {error}"[:300])
        yield from self._next(source)

    def _read_page(self, response: Response, source: SourceInfo, kind: str, page: int) -> Iterator[Any]:
        """A captcha, or a move to another host, means that we cannot tell."""
        further: list[Request] = []
        asked = (response.meta.get("redirect_urls") or [response.url])[0]
        tally = report_of(self.crawler).of(source)
        if _site(asked) != _site(response.url):
            tally.fail("moved", f"{asked} leads to another host: {response.url[:200]}")
            self.pages[source.name] += 1
            return
        hints = {"country": source.country or None, "currency": source.currency or None}
        today = utc_now().date()
        reading = read_page(response.body, response.url, encoding=declared_encoding(response), today=today, **hints)
        for reason, text in reading.rejections:
            if reason in BLOCKS:
                tally.fail("blocked", f"{response.url}: {text[:200] or reason}")
            yield _rejection(source, reason, text, response.url)
        for raw in reading.offers:
            yield FoundOffer(source=source, raw=raw)
        if kind == "start" and isinstance(response, TextResponse) and not tally.failures["blocked"]:
            further = list(self._further(response, source, bool(reading.offers), page))
        leads_on = any(request.cb_kwargs["kind"] == "article" for request in further)
        self.pages[source.name] += not leads_on
        self._queue(source, further)
        if leads_on and self.settings.getbool("CHECK_ONLY"):  # one article tells; the other listings wait
            self.waiting[source.name].rotate(len(further))

    def _read_answer(self, response: Response, source: SourceInfo, ask: Ask) -> Iterator[Any]:
        answer = ENDPOINTS[source.reader].parse(response.body, ask, source)
        for reason, text in answer.rejections:
            yield _rejection(source, reason, text, ask.url)
        for raw in answer.offers:
            yield FoundOffer(source=source, raw=raw)
        self.pages[source.name] += bool(answer.offers or answer.rejections or not answer.more)
        self._queue(source, (self._ask(source, more) for more in answer.more))

    def _further(self, response: Response, source: SourceInfo, has_offers: bool, page: int) -> Iterator[Request]:
        """The listing's next page; where a listing shows no prices, the pages of the cards that it links to."""
        if not has_offers:
            for url in gpu_links(response)[:MAX_FOLLOWED]:
                yield self._page(source, url, kind="article")
        following = response.xpath("(//link|//a)[contains(concat(' ', @rel, ' '), ' next ')]/@href").get()
        if following and page < MAX_LISTING_PAGES:
            yield self._page(source, response.urljoin(following), page=page + 1)

    def _queue(self, source: SourceInfo, requests: Iterable[Request]) -> None:
        """Let requests wait for their turn; one address is asked once in a crawl."""
        for request in requests:
            if request.method == "POST" or request.url not in self.asked[source.name]:
                self.asked[source.name].add(request.url)
                self.waiting[source.name].append(request)

    def _next(self, source: SourceInfo) -> Iterator[Request]:
        tally = report_of(self.crawler).of(source)
        waiting = self.waiting[source.name]
        left = self.settings.getint("PAGES_PER_SOURCE") - self.pages[source.name]
        if waiting and left > 0 and not tally.unreachable and not tally.failures["blocked"]:
            yield waiting.popleft()

    def _page(self, source: SourceInfo, url: str, kind: str = "start", page: int = 1) -> Request:
        kwargs = {"kind": kind, "page": page}
        return self._request(source, url, callback=self.parse_page, cb_kwargs=kwargs)

    def _ask(self, source: SourceInfo, ask: Ask) -> Request:
        form: dict[str, Any] = {"method": "POST", "body": ask.body} if ask.body else {}
        headers = dict(ask.headers)
        return self._request(
            source, ask.url, callback=self.parse_answer, cb_kwargs={"ask": ask}, headers=headers, **form
        )

    def _request(self, source: SourceInfo, url: str, **options: Any) -> Request:
        return Request(url, errback=self.failed, meta={"source": source}, dont_filter=True, **options)


def declared_encoding(response: Response) -> str | None:
    """The charset of the Content-Type header, which binds before what the page says of itself."""
    header = (response.headers.get("Content-Type") or b"").decode("latin-1").lower()
    return header.partition("charset=")[2].split(";")[0].strip(" \"'") or None


def gpu_links(response: Response) -> list[str]:
    """Addresses on the same host whose link text names a GPU of the catalogue, in the page's order."""
    matcher = load_catalog().matcher
    found: dict[str, None] = {}
    for link in response.xpath("//a[@href]"):
        text = " ".join(link.xpath("string(.)").get("").split()) or link.xpath("@title").get("")
        url = response.urljoin(link.attrib["href"]).partition("#")[0]
        if 0 < len(text) <= MAX_LINK_TEXT and _site(url) == _site(response.url) and match_title(text, matcher).gpu:
            found[url] = None
    return [url for url in found if url.startswith(("http://", "https://")) and url != response.url]


def _rejection(source: SourceInfo, reason: str, text: str, url: str) -> Rejection:
    shown = url.partition("?")[0] if source.key_setting else url
    return Rejection(source=source.name, reason=reason, text=text[:500], seen_at=utc_now(), url=shown)


def _site(url: str) -> str:
    """The host without a leading www: what a redirect must not leave.

    >>> _site("https://www.shop.example/a"), _site("http://shop.example:8080/")
    ('shop.example', 'shop.example')
    """
    return (urlsplit(url).hostname or "").lower().removeprefix("www.")
