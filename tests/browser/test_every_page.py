"""Every page in a real browser, for a desktop and a phone, each in both themes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboard.app import PAGES
from dashboard.theme import DARK, LIGHT, Palette
from tests.browser.conftest import watch
from tools.browser import DESKTOP, PHONE, settle

PATHS = [path for *_, path in PAGES if path != "mailbox"]  # that one is there only where it is set
SIZES = {"desktop": DESKTOP, "phone": PHONE}
WIDTHS = "() => [document.documentElement.scrollWidth, ...['stApp', 'stMain'].map((name) => " \
         "document.querySelector(`[data-testid=${name}]`)?.scrollWidth ?? 0)]"  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A page that has drawn everything, and what went wrong meanwhile."""

    page: Page
    width: int
    faults: list[str]


@pytest.fixture(scope="module", params=[(path, size) for path in PATHS for size in SIZES], ids=lambda p: "-".join(p))
def opened(
    request: pytest.FixtureRequest, browser: Browser, dashboard: str, kept_contexts: dict[str, BrowserContext]
) -> Iterator[Opened]:
    path, name = request.param
    width, height = SIZES[name]
    if name not in kept_contexts:
        kept_contexts[name] = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="light",
        )
    page, faults = kept_contexts[name].new_page(), list[str]()
    watch(page, faults)
    page.goto(f"{dashboard}/{'' if path == 'now' else path}")
    settle(page)
    yield Opened(page=page, width=width, faults=faults)
    page.close()


@pytest.mark.parametrize(("scheme", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_axe_finds_no_serious_problem(opened: Opened, scheme: Literal["light", "dark"], palette: Palette) -> None:
    if scheme == "dark":
        opened.page.emulate_media(color_scheme=scheme)
        opened.page.reload()
    paper = tuple(int(palette.paper[at : at + 2], 16) for at in (1, 3, 5))
    expect(opened.page.locator("[data-testid=stApp]")).to_have_css("background-color", f"rgb{paper}")
    settle(opened.page)
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
