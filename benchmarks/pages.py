"""Time to the first paint of the Now page and to each page after it, in Chromium: `python benchmarks/pages.py [HOME]`.

Each HOME is a folder with a database (as GPU_LIMBO_HOME); without one, a new one with the shipped history is made. The
server is a process of its own, as in service. First paint: from the request until the first verdict can be read, for a
new visitor (an empty cache in the browser) and for a known one, and once with a server that was just started. Switch:
from the click on a page's name until its title is there and the page has stopped running.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[1]
PORT = 8697
FIRST, SWITCHES = 7, 3
DONE = "() => !document.querySelector('[data-testid=stStatusWidget], [data-stale=true], [data-testid=stSkeleton]')"


def main() -> None:
    """Print the figures of each home."""
    for home in [Path(name) for name in sys.argv[1:]] or [_fresh_home()]:
        with _served(home), sync_playwright() as tools:
            browser = tools.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            print(f"{home}: load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
            _first_paint(browser)
            _switches(browser)
            browser.close()


def _first_paint(browser: Browser) -> None:
    again = browser.new_context(viewport={"width": 390, "height": 844})
    new = [_open(browser.new_context(viewport={"width": 390, "height": 844})) for _ in range(FIRST + 1)]
    known = [_open(again) for _ in range(FIRST + 1)][1:]
    print(f"  first visit after start: {new[0]:.2f} s")
    print(f"  first paint of Now, new visitor: median {statistics.median(new[1:]):.2f} s, worst {max(new[1:]):.2f} s")
    print(f"  first paint of Now, known visitor: median {statistics.median(known):.2f} s, worst {max(known):.2f} s")


def _open(context: BrowserContext) -> float:
    page = context.new_page()
    started = time.perf_counter()
    page.goto(f"http://127.0.0.1:{PORT}/", wait_until="commit")
    page.wait_for_selector(".gl-verdict", timeout=60_000)
    took = time.perf_counter() - started
    page.close()
    return took


def _switches(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"http://127.0.0.1:{PORT}/")
    page.wait_for_selector(".gl-verdict", timeout=60_000)
    names = page.locator("[data-testid=stTopNavLink]").all_inner_texts()
    names = [name.splitlines()[-1] for name in names]
    for name in names[1:]:
        times, back = [], names[0]
        for _ in range(SWITCHES + 1):
            times.append(_switch(page, name))
            _switch(page, back)
        print(f"  {name:12s} first {times[0]:.2f} s, then median {statistics.median(times[1:]):.2f} s")


def _switch(page: Page, name: str) -> float:
    before = page.locator("h1").first.inner_text() if page.locator("h1").count() else ""
    started = time.perf_counter()
    page.locator("[data-testid=stTopNavLink]", has_text=name).first.click()
    page.wait_for_function(
        "before => { const h = document.querySelector('h1'); return h && h.innerText !== before }", arg=before
    )
    page.wait_for_function(DONE)
    return time.perf_counter() - started


def _fresh_home() -> Path:
    home = Path(tempfile.mkdtemp(prefix="gpu-limbo-pages-"))
    code = (
        "from monitor.clock import utc_now; from monitor.settings import load_settings\n"
        "from monitor.jobs.start import prepare; from monitor.jobs.rounds import Rounds\n"
        "from monitor.store.engine import open_store\n"
        "s = load_settings(); prepare(s.database, utc_now()); Rounds(open_store(s.database), s).update()\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=_env(home), check=True)
    return home


def _env(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "GPU_LIMBO_DATABASE_URL")}
    return kept | {"GPU_LIMBO_HOME": str(home)}


@contextmanager
def _served(home: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "uvicorn", "dashboard.asgi:app", "--port", str(PORT), "--app-dir", str(ROOT)]
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen(command, cwd=ROOT, env=_env(home), stdout=said, stderr=said)
        try:
            for _ in range(240):
                try:
                    httpx.get(f"http://127.0.0.1:{PORT}/healthz", timeout=5).raise_for_status()
                    break
                except httpx.HTTPError:
                    time.sleep(0.25)
            yield
        finally:
            server.terminate()
            server.wait(timeout=30)


if __name__ == "__main__":
    main()
