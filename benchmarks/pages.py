"""How fast the pages come, in Chromium: `python benchmarks/pages.py [HOME ...] [--offers N]`.

Each HOME is a folder with a database (as GPU_LIMBO_HOME); without one, the shipped history is used, and with --offers N
so many offers are added to it. The server is a process of its own, as in service. Figures of the first page, for a new
visitor (an empty cache in the browser) and for a known one:

first paint, largest paint   as the browser reports them (PerformanceObserver; paint, largest-contentful-paint)
verdict                      from the request until the first verdict can be read
ready                        until the page has drawn everything and the questions can be answered
blocked                      longest time for which the page answered nobody (long tasks), and their sum
bytes, requests              over the wire until ready; behind them what they are unpacked

Switch: from the click on a page's name until its title is there and the page has stopped running.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from tools.browser import DESKTOP, PHONE, home_with_history, open_browser, served, settle

VISITS, SWITCHES = 7, 3
OBSERVE = """
window.__seen = {lcp: 0, longest: 0, blocked: 0};
new PerformanceObserver((list) => list.getEntries().forEach((one) => { __seen.lcp = one.startTime; }))
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver((list) => list.getEntries().forEach((one) => {
  __seen.longest = Math.max(__seen.longest, one.duration); __seen.blocked += Math.max(0, one.duration - 50); }))
  .observe({type: 'longtask', buffered: true});
"""
FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One opening of the first page; seconds and bytes."""

    first_paint: float
    largest_paint: float
    verdict: float
    ready: float
    longest: float
    blocked: float
    wire: int
    unpacked: int
    requests: int


def main() -> None:
    """Print the figures of each home."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("homes", nargs="*", type=Path)
    asked.add_argument("--offers", type=int, default=0)
    args = asked.parse_args()
    for home in args.homes or [home_with_history()]:
        if args.offers:
            from benchmarks.many_offers import add_offers  # slow to load

            print(f"{home}: {add_offers(home, args.offers)}", flush=True)
        with sync_playwright() as playwright, served(home) as address:
            browser = open_browser(playwright)
            print(f"{home}: load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {browser.version=}")
            _first_page(browser, address)
            _switches(browser, address)
            browser.close()


def _first_page(browser: Browser, address: str) -> None:
    again = _context(browser)
    new = [_visit(_context(browser), address) for _ in range(VISITS + 1)]
    known = [_visit(again, address) for _ in range(VISITS + 1)][1:]
    _say("first visit after the server's start", new[:1])
    _say("new visitor", new[1:])
    _say("known visitor", known)


def _say(who: str, visits: Sequence[Visit]) -> None:
    def middle(name: str) -> float:
        return statistics.median(getattr(visit, name) for visit in visits)

    worst = max(visit.verdict for visit in visits)
    print(
        f"  {who} (n = {len(visits)}): first paint {middle('first_paint'):.2f} s, largest paint "
        f"{middle('largest_paint'):.2f} s, verdict {middle('verdict'):.2f} s (worst {worst:.2f}), "
        f"ready {middle('ready'):.2f} s, longest task {middle('longest'):.2f} s, blocked {middle('blocked'):.2f} s, "
        f"{middle('wire') / 1e6:.2f} MB in {middle('requests'):.0f} requests "
        f"({middle('unpacked') / 1e6:.1f} MB unpacked)",
        flush=True,
    )


def _context(browser: Browser) -> BrowserContext:
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]})
    context.add_init_script(OBSERVE)
    return context


def _visit(context: BrowserContext, address: str) -> Visit:
    page = context.new_page()
    counted = {"wire": 0, "unpacked": 0, "requests": 0}
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: _count(counted, "wire", int(event["encodedDataLength"])))
    wire.on("Network.dataReceived", lambda event: _count(counted, "unpacked", int(event["dataLength"])))
    wire.on("Network.requestWillBeSent", lambda _: _count(counted, "requests", 1))
    started = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(".gl-verdict", timeout=60_000)
    verdict = time.perf_counter() - started
    settle(page)
    ready = time.perf_counter() - started
    seen = page.evaluate("() => window.__seen")
    first_paint = page.evaluate(FIRST_PAINT)
    page.close()
    return Visit(
        first_paint=first_paint / 1000,
        largest_paint=seen["lcp"] / 1000,
        verdict=verdict,
        ready=ready,
        longest=seen["longest"] / 1000,
        blocked=seen["blocked"] / 1000,
        **counted,
    )


def _count(counted: dict[str, int], name: str, more: int) -> None:
    counted[name] += more


def _switches(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
    page.goto(address)
    settle(page)
    names = [name.splitlines()[-1] for name in page.locator("[data-testid=stTopNavLink]").all_inner_texts()]
    for name in names[1:]:
        times, back = [], names[0]
        for _ in range(SWITCHES + 1):
            times.append(_switch(page, name))
            _switch(page, back)
        print(f"  {name:12s} first {times[0]:.2f} s, then median {statistics.median(times[1:]):.2f} s", flush=True)


def _switch(page: Page, name: str) -> float:
    before = page.locator("h1").first.inner_text() if page.locator("h1").count() else ""
    started = time.perf_counter()
    page.locator("[data-testid=stTopNavLink]", has_text=name).first.click()
    page.wait_for_function(
        "before => { const h = document.querySelector('h1'); return h && h.innerText !== before }", arg=before
    )
    settle(page)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
