"""One crawl of every made-up shop: the real spider, watch and pipeline; only the network in between is a stand-in."""

from collections import deque
from datetime import timedelta
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager
from simulated_pages import LAYOUTS, Shown, scripts_only, written
from simulated_world import COUNTRIES, Price, Shop, World
from twisted.python.failure import Failure

MISREAD_DAYS, MISREAD_SHARE = 10, 0.65  # of the shop with a new layout: what stands beside its articles is no price
STATUS = {"500": 500, "403": 403}
CAPTCHA = (
    "<html><head><title>Just a moment...</title></head>"
    "<body>Checking your browser. Enable JavaScript and cookies to continue</body></html>"
)
EMPTY = "<html><head><title>Graphics cards</title></head><body><h1>Graphics cards</h1><p>0 articles</p></body></html>"


class TimeoutError(Exception):
    """By its name: what Scrapy raises where a host does not answer."""


class StandInCrawler:
    """As much of Scrapy's crawler as spider, watch and pipeline ask for."""

    def __init__(self, settings: Settings) -> None:
        from spiders.retail import RetailSpider
        from spiders.watch import CrawlReport

        self.settings, self.spidercls = settings, RetailSpider
        self.signals, self.report = SignalManager(self), CrawlReport("retail")

    def get_extension(self, _: Any) -> Any:
        return self.report


class Crawl:
    """Visits every shop once a day, and writes down what was really on offer."""

    def __init__(self, world: World, clock: Any, home: Path) -> None:
        self.world, self.clock = world, clock
        self.by_host = {shop.url: shop for shop in world.shops}
        self.settings = Settings()
        self.settings.setmodule("spiders.settings")
        (home / "sources.toml").write_text("\n".join(map(_entry, world.shops)), "utf-8")

    async def visit_all(self, truth: Any) -> None:
        """One crawl of all shops, from the first request to the last shop's end."""
        from spiders.pipelines import StorePipeline
        from spiders.watch import WatchMiddleware

        crawler: Any = StandInCrawler(self.settings)
        names = ",".join(shop.name for shop in self.world.shops)
        spider = crawler.spidercls.from_crawler(crawler, sources=names)
        watch, pipeline = WatchMiddleware(crawler), StorePipeline(crawler)
        pipeline.open_spider()
        waiting = deque([request async for request in spider.start()])
        while waiting:
            request = waiting.popleft()
            self.clock.now += timedelta(seconds=10)
            for item in self._answered(request, watch, truth):
                waiting.append(item) if isinstance(item, Request) else pipeline.process_item(item)
        pipeline.close_spider()

    def _answered(self, request: Request, watch: Any, truth: Any) -> Any:
        """What the spider makes of the answer, or of there being none."""
        try:
            watch.process_request(request)
            shop = self.by_host[request.url]
            response = watch.process_response(request, self._answer(shop, request, truth))
            if response.status >= 400:
                raise IgnoreRequest(f"status {response.status}")
        except Exception as error:
            if not isinstance(error, IgnoreRequest) or "refused" in str(error):
                watch.process_exception(request, error)
            failure: Any = Failure(error)
            failure.request = request
            yield from request.errback(failure) if request.errback else ()
            return
        if request.callback is not None:
            yield from request.callback(response, **request.cb_kwargs)

    def _answer(self, shop: Shop, request: Request, truth: Any) -> Response:
        world = self.world
        prices, failure = world.prices(shop), world.failure(shop)
        changed = bool(shop.change) and world.day >= shop.changes_on
        readable = not failure and not (changed and shop.change == "scripts_only")
        misread = changed and shop.change == "new_layout" and world.day < shop.changes_on + MISREAD_DAYS
        _note(truth, world, shop, prices, readable and not misread)
        truth.failures[failure] += bool(failure)
        if failure in ("timeout", "gone"):
            raise TimeoutError(f"{shop.name} does not answer")
        if failure in STATUS:
            return HtmlResponse(request.url, status=STATUS[failure], body=b"", request=request)
        shown = [_shown(shop, one, MISREAD_SHARE if misread else 1.0, changed) for one in prices]
        layout = (shop.layout + changed) % len(LAYOUTS)
        draw = scripts_only if changed and shop.change == "scripts_only" else LAYOUTS[layout]
        body = {"captcha": CAPTCHA, "empty": EMPTY}.get(failure) or draw(shown)
        body = body[: len(body) // 3] if failure == "cut" else body
        return HtmlResponse(request.url, status=200, body=body.encode(), encoding="utf-8", request=request)


def _note(truth: Any, world: World, shop: Shop, prices: list[Price], readable: bool) -> None:
    """Keep what a buyer could have had today, and whether the visit showed it."""
    for one in prices:
        truth.prices += 1
        truth.glitches += one.is_glitch
        if world.is_bargain(shop, one):
            place = (one.article.card, shop.country)
            truth.on_offer[place].add(world.day)
            if readable and not one.is_glitch:
                truth.seen[place].add(world.day)


def _shown(shop: Shop, price: Price, share: float, moved: bool) -> Shown:
    amount = round(price.shown * share, 2)
    new = moved and shop.change == "new_layout"
    return Shown(
        path=price.article.path.replace("/p/", "/artikel/") if new else price.article.path,
        title=price.article.title,
        amount=f"{amount:.2f}",
        text=written(amount, shop.country),
        currency=COUNTRIES[shop.country][0],
        in_stock=price.article.in_stock,
    )


def _entry(shop: Shop) -> str:
    currency = COUNTRIES[shop.country][0]
    lines = {"country": shop.country, "currency": currency, "condition": shop.condition, "posture": "robots"}
    stated = "\n".join(f'{name} = "{value}"' for name, value in lines.items())
    return f'[{shop.name}]\n{stated}\nqueries = []\nstarts = ["{shop.url}"]\n'
