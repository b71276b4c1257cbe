"""Every page in a real browser, for a desktop in the light theme and a phone in the dark one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from dashboard.app import PAGES
from tests.browser.conftest import watch
from tools.browser import DESKTOP, PHONE, settle

PATHS = [path for *_, path in PAGES if path != "mailbox"]  # that one is there only where it is set
LOOKS = {"desktop light": (DESKTOP, "light"), "phone dark": (PHONE, "dark")}
WIDTHS = "() => [document.documentElement.scrollWidth, ...['stApp', 'stMain'].map((name) => " \
         "document.querySelector(`[data-testid=${name}]`)?.scrollWidth ?? 0)]"  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A page that has drawn everything, and what went wrong meanwhile."""

    page: Page
    width: int
    faults: list[str]


@pytest.fixture(scope="module", params=[(path, look) for path in PATHS for look in LOOKS], ids=lambda p: "-".join(p))
def opened(
    request: pytest.FixtureRequest, browser: Browser, dashboard: str, kept_contexts: dict[str, BrowserContext]
) -> Iterator[Opened]:
    path, look = request.param
    size, scheme = LOOKS[look]
    if look not in kept_contexts:
        kept_contexts[look] = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
    page, faults = kept_contexts[look].new_page(), list[str]()
    watch(page, faults)
    page.goto(f"{dashboard}/{'' if path == 'now' else path}")
    settle(page)
    yield Opened(page=page, width=size[0], faults=faults)
    page.close()


def test_axe_finds_no_serious_problem(opened: Opened) -> None:
    found = Axe().run(opened.page).response["violations"]
    serious = [
        f"{one['id']}: {one['help']}: {node['html'][:160]} | {node['failureSummary'][:300]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
    assert not serious, "\n".join(serious)


def test_the_page_never_scrolls_sideways(opened: Opened) -> None:
    assert max(opened.page.evaluate(WIDTHS)) <= opened.width


def test_texts_from_the_web_stay_texts(opened: Opened) -> None:
    bad = "img[src='x'], a[href^='javascript:'], [onerror], #root script"
    assert opened.page.locator(bad).count() == 0
    assert not opened.faults


def test_the_page_has_one_title_and_a_language(opened: Opened) -> None:
    assert opened.page.locator("h1").count() == 1
    assert opened.page.evaluate("document.documentElement.lang") == "en"
    assert "gpu-limbo" in json.dumps(opened.page.title())
