"""What became of each source in a crawl: counted as it happens, said in one line at the end.

Every request of a spider carries `meta={"source": SourceInfo}`; failures are booked on that source here, so spiders
need no error callbacks. A source that refuses us (403, 429, a captcha) is left alone for the rest of the crawl.
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from monitor.clock import utc_now
from monitor.core.models import SourceInfo
from monitor.core.source_memory import LEFT_ALONE, CrawlFacts
from spiders.guard import PrivateAddress, PublicResolver

REFUSALS = frozenset({401, 403, 407, 429, 451, 503})
UNREACHABLE = {  # by the name of Scrapy's exception: what it means for a host, whose further pages are not asked for
    "CannotResolveHostError": "{host} cannot be found: check its address and your connection",
    "DNSLookupError": "{host} cannot be found: check its address and your connection",
    "DownloadConnectionRefusedError": "{host} refuses the connection",
    "ConnectionRefusedError": "{host} refuses the connection",
    "DownloadTimeoutError": "{host} does not answer in time",
    "TimeoutError": "{host} does not answer in time",
}
OTHER_WORDS = {"DownloadCancelledError": "{url} is too large to be read"}
MAX_FAULTS = 20  # kept in words for each source; all are counted


class LeftAlone(IgnoreRequest):
    """The source refused us earlier in this crawl."""


@dataclass(kw_only=True)
class Tally:
    """One source in one crawl. `state` is the worst that happened:
    ok, empty, partly (some pages failed), failed, moved, robots, needs_key, private, blocked, left_alone."""

    source: SourceInfo
    started_at: datetime
    pages: int = 0
    offers: int = 0
    news: int = 0
    new: int = 0  # of the offers and news, those not known before
    rejections: Counter[str] = field(default_factory=Counter)  # by reason
    syntaxes: Counter[str] = field(default_factory=Counter)  # of the offers
    errors: int = 0
    faults: list[str] = field(default_factory=list)  # which and why, in words
    failures: Counter[str] = field(default_factory=Counter)  # by kind
    unreachable: bool = False
    compared: int = 0  # offers that could be held against other shops
    agreed: int = 0
    fault: str = ""  # what the crawl as a whole says of the source
    told: bool = False  # whether a check wants to know more
    changed: str = ""  # against its last good crawl; told by a check only
    read: list[dict[str, Any]] = field(default_factory=list)  # the first readings, told by a check only
    finished_at: datetime | None = None

    @property
    def state(self) -> str:
        for kind in ("left_alone", "blocked", "needs_key", "robots", "private", "moved", "failed"):
            if self.failures[kind]:
                return "partly" if kind == "failed" and self.good else kind
        return "ok" if self.good else "empty"

    @property
    def good(self) -> bool:
        """Whether anything was read."""
        return self.readings > 0

    @property
    def readings(self) -> int:
        """Offers and headlines."""
        return self.offers + self.news

    def fail(self, kind: str, why: str) -> None:
        """Book a failure of a kind (failed, moved, robots, needs_key, private, blocked) with its reason in words."""
        self.errors += 1
        self.failures[kind] += 1
        if len(self.faults) < MAX_FAULTS and why not in self.faults:
            self.faults.append(why)

    def facts(self) -> CrawlFacts:
        """What the crawl came to, for the memory of the source."""
        return CrawlFacts(
            state=self.state,
            kind=self.source.kind,
            readings=self.readings,
            rejections=self.rejections.total(),
            syntaxes=tuple(sorted(self.syntaxes)),
            why=self.faults[0] if self.faults else "",
            compared=self.compared,
            agreed=self.agreed,
        )

    def as_json(self) -> dict[str, Any]:
        """The line that `gpu-limbo crawl --json` prints."""
        end = self.finished_at or self.started_at
        return {
            "source": self.source.name,
            "kind": self.source.kind,
            "state": self.state,
            "offers": self.readings,
            "new": self.new,
            "rejections": self.rejections.total(),
            "errors": self.errors,
            "seconds": round((end - self.started_at).total_seconds(), 2),
            "pages": self.pages,
            "reasons": dict(self.rejections),
            "syntaxes": dict(self.syntaxes),
            "faults": self.faults,
            "fault": self.fault,
            "unreachable": self.unreachable,
            **({"changed": self.changed, "read": self.read} if self.told else {}),
        }


class CrawlReport:
    """Scrapy extension: the tallies of a crawl; prints one JSON line a source on stdout when it ends."""

    def __init__(self, spider_name: str) -> None:
        self.spider_name = spider_name
        self.tallies: dict[str, Tally] = {}
        self.left_alone: dict[str, datetime] = {}  # sources that refused us before, until when

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        report = cls(crawler.spidercls.name or "")
        crawler.signals.connect(report.callback_failed, signal=signals.spider_error)
        crawler.signals.connect(report.close, signal=signals.spider_closed)
        return report

    def of(self, source: SourceInfo) -> Tally:
        """The tally of a source, begun now if this is its first sign of life."""
        if source.name not in self.tallies:
            self.tallies[source.name] = Tally(source=source, started_at=utc_now())
        tally = self.tallies[source.name]
        tally.finished_at = utc_now()
        return tally

    def callback_failed(self, failure: Failure, response: Response, spider: Spider) -> None:
        if source := response.meta.get("source"):
            address = shown_address(response.request or Request(response.url))
            why = f"{type(failure.value).__name__}: {failure.getErrorMessage()[:200]}"
            self.of(source).fail("failed", f"{address}: {why}")

    def close(self, spider: Spider) -> None:
        for tally in self.tallies.values():
            print(json.dumps(tally.as_json(), ensure_ascii=False), file=sys.stdout, flush=True)


def report_of(crawler: Crawler) -> CrawlReport:
    """The crawl's report; there is always one, the settings see to it."""
    report = crawler.get_extension(CrawlReport)
    if report is None:
        raise RuntimeError("spiders.settings must name the CrawlReport extension")
    return report


class WatchMiddleware:
    """Outermost downloader middleware: books what came of each request on its source."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        tally = self._tally(request)
        if tally is None:
            return
        if until := report_of(self.crawler).left_alone.get(tally.source.name):
            if not tally.failures["left_alone"]:
                tally.fail("left_alone", f"{LEFT_ALONE} {until:%Y-%m-%d %H:%M} UTC, since it refused us")
            raise LeftAlone(f"{tally.source.name} refused an earlier crawl")
        if tally.failures["blocked"]:
            raise LeftAlone(f"{tally.source.name} refused an earlier page")
        if tally.source.key_setting:
            # With the user's own key the answer is theirs to read. The key stays off the disk and goes nowhere else.
            request.meta.update(dont_obey_robotstxt=True, dont_cache=True, dont_redirect=True)

    def process_response(self, request: Request, response: Response) -> Response:
        tally = self._tally(request)
        if tally is None:
            return response
        if response.status in REFUSALS:
            tally.fail("blocked", f"{shown_address(request)} answered {response.status}")
        elif response.status >= 400:
            tally.fail("failed", f"{shown_address(request)} answered {response.status}")
        elif response.status < 300:
            tally.pages += 1
        elif response.status not in request.meta.get("handle_httpstatus_list", []):
            tally.fail("moved", f"{shown_address(request)} leads elsewhere ({response.status})")
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        tally = self._tally(request)
        if tally is None or isinstance(exception, LeftAlone):
            return
        request.meta["booked"] = True
        tally.unreachable |= type(exception).__name__ in UNREACHABLE
        if why := PublicResolver.refused.get(urlsplit(request.url).hostname or ""):
            exception = PrivateAddress(why)
        tally.fail(*_kind_and_words(shown_address(request), exception))

    def _tally(self, request: Request) -> Tally | None:
        source = request.meta.get("source")
        return report_of(self.crawler).of(source) if source is not None else None


def book_dropped(failure: Failure, crawler: Crawler) -> None:
    """Book an answer that a later middleware threw away (a redirect in circles, a bomb when unpacked)."""
    request: Request = failure.request  # type: ignore[attr-defined]
    dropped = isinstance(failure.value, IgnoreRequest) and not isinstance(failure.value, LeftAlone | HttpError)
    if dropped and not request.meta.get("booked"):
        tally = report_of(crawler).of(request.meta["source"])
        tally.fail("failed", f"{shown_address(request)}: {failure.getErrorMessage()[:200]}")


def shown_address(request: Request) -> str:
    """The request's address as it may be shown: without its parameters where they may hold the user's key."""
    source = request.meta.get("source")
    hides = source is not None and source.key_setting
    return request.url.partition("?")[0] if hides else request.url[:300]


def _kind_and_words(url: str, exception: Exception) -> tuple[str, str]:
    if isinstance(exception, PrivateAddress):
        return "private", str(exception)
    if isinstance(exception, IgnoreRequest):
        return "robots", f"robots.txt forbids {url}"
    said = str(exception).strip() or type(exception).__name__
    host = urlsplit(url).hostname or url
    sentence = (UNREACHABLE | OTHER_WORDS).get(type(exception).__name__, "{url}: {said}")
    return "failed", sentence.format(host=host, url=url, said=said[:200])
