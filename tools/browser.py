"""A dashboard that is really served, and a browser to look at it: for screenshots, benchmarks and tests."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, Playwright

from monitor.errors import UsageError

ROOT = Path(__file__).parents[1]
NAMES = ("chromium", "chromium-browser", "google-chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
STARTS_WITHIN_SECONDS = 120.0
PHONE, DESKTOP = (390, 844), (1440, 900)
# Streamlit has drawn everything: no script runs, nothing is pale for being old, no chart or table still loads
SETTLED = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  return app && app.dataset.testScriptState === 'notRunning' && !document.querySelector('#first-sight')
    && !document.querySelector('[data-stale=true], [data-testid=stSkeleton], [data-testid=stAppSkeleton]')
    && document.querySelector('h1');
}"""


def open_browser(playwright: Playwright) -> Browser:
    """The machine's own Chromium; raises `UsageError` where there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), str(MAC) if MAC.exists() else None)
    if found is None:
        raise UsageError("there is no Chromium: tools/test-services installs it")
    return playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])


def settle(page: Page, timeout_seconds: float = 120.0) -> None:
    """Wait until the page has drawn everything."""
    page.wait_for_function(SETTLED, timeout=timeout_seconds * 1000)


@contextmanager
def served(home: Path, **settings: str) -> Iterator[str]:
    """The address of a dashboard on this folder's database, as a process of its own; ended at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "dashboard.asgi:app", "--port", str(port), "--log-level", "warning"]
    with tempfile.TemporaryFile("w+") as said:
        server = subprocess.Popen(command, cwd=ROOT, env={**environment(home), **settings}, stdout=said, stderr=said)
        try:
            _wait(f"http://127.0.0.1:{port}", server)
            yield f"http://127.0.0.1:{port}"
        except BaseException:
            said.seek(0)
            print(said.read()[-4000:], file=sys.stderr)
            raise
        finally:
            server.terminate()
            server.wait(timeout=30)


def environment(home: Path) -> dict[str, str]:
    """This process's environment, but for everything that gpu-limbo reads; its database is in `home`."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL" and "GPU_LIMBO" not in name}
    return kept | {"GPU_LIMBO_HOME": str(home)}


def home_with_history() -> Path:
    """A new folder with the shipped history and its first calls, as `gpu-limbo up` makes it."""
    home = Path(tempfile.mkdtemp(prefix="gpu-limbo-pages-"))
    code = "from monitor.jobs.start import begin; from monitor.settings import load_settings; begin(load_settings())"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment(home), check=True)
    return home


def _wait(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(f"{address}/healthz", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise UsageError("the dashboard did not start")
