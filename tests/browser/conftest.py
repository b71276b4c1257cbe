"""One dashboard on a full database and one browser for all tests here: starting them takes longer than the tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from monitor.clock import utc_now
from tests.filled import fill_database
from tools.browser import DESKTOP, open_browser, served, settle

Opener = Callable[..., Page]
expect.set_options(timeout=60_000)  # a busy machine takes its time


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where tests run side by side (`--dist loadgroup`), these stay in one process; a busy machine takes its time."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard whose data hold hostile texts."""
    home = tmp_path_factory.mktemp("home")
    fill_database(f"sqlite:///{home / 'gpu-limbo.db'}", utc_now())
    with served(home) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = open_browser(playwright)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def kept_contexts(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """Browsers that have been here before, by name: pages open faster in them."""
    kept: dict[str, BrowserContext] = {}
    yield kept
    for context in kept.values():
        context.close()


@pytest.fixture
def visit(browser: Browser, dashboard: str) -> Iterator[Opener]:
    """Opens a path of the dashboard for a new visitor; fails at the end where a page raised or asked something."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(path: str = "/", *, size: tuple[int, int] = DESKTOP, dark: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light"
        )
        contexts.append(context)
        page = context.new_page()
        watch(page, faults)
        page.goto(dashboard + path)
        settle(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults


def watch(page: Page, faults: list[str]) -> None:
    """Note errors of scripts, boxes that a script opens (hostile texts would show so), and what is missing."""
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on("response", lambda got: faults.append(f"{got.status}: {got.url}") if got.status >= 400 else None)
    page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
