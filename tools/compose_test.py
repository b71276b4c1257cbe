"""`make compose-test`: the containers as a user starts them, from nothing to a decision, over a restart.

Brings the services up under a project name of its own, imports prices, looks for the decision in the API and, where a
Chromium is found, on the page; takes everything down and up again and looks once more. Removes what it made.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
PROJECT, PORT = "gpu-limbo-test", "18501"
PAGE = f"http://127.0.0.1:{PORT}"
COMPOSE = ["docker", "compose", "-p", PROJECT, "-f", str(ROOT / "docker-compose.yml")]
ENVIRONMENT = {**os.environ, "GPU_LIMBO_PORT": PORT}
STOPS_WITHIN_SECONDS = 10.0
CARDS = {"RTX 4090": 1599.0, "RTX 4080": 1199.0, "RTX 4070": 599.0, "RTX 4060": 299.0, "RX 7900 XTX": 999.0}
COLUMNS = "observed_on,source,sku_or_title,gpu_model,condition,price,currency,n_obs,region,stat,unit,url,in_stock,flag"


def main() -> int:
    """Run every step and print how long each took; the first that fails ends it."""
    with started() as steps, tempfile.TemporaryDirectory() as folder:
        write_prices(Path(folder) / "prices.csv")
        steps("comes up healthy", lambda: compose("up", "--build", "--detach", "--wait"))
        steps("keeps its rules while it runs", check_containers)
        steps("imports prices", lambda: import_prices(Path(folder)))
        steps("shows the decision in the API", see_in_api)
        steps("shows the decision on the page", see_on_page)
        before = decision()
        took = steps("goes down", lambda: compose("down"))
        assert took < STOPS_WITHIN_SECONDS, f"stopping took {took:.1f} s; {STOPS_WITHIN_SECONDS:.0f} s are allowed"
        steps("comes up again", lambda: compose("up", "--detach", "--wait"))
        steps("still shows it", lambda: check(decision() == before, f"{decision()} is not {before}"))
        steps("survives a killed database", kill_database)
    print("compose-test: passed")
    return 0


@contextmanager
def started() -> Iterator[Callable[[str, Callable[[], object]], float]]:
    """Gives a function that runs and times one step; at the end, whatever happened, everything is removed."""
    if shutil.which("docker") is None:
        sys.exit("compose-test needs docker with the compose plugin")

    def step(what: str, act: Callable[[], object]) -> float:
        began = time.monotonic()
        act()
        took = time.monotonic() - began
        print(f"{took:7.1f} s  {what}", flush=True)
        return took

    compose("down", "--volumes")
    try:
        yield step
    except BaseException:
        subprocess.run([*COMPOSE, "logs", "--tail", "40"], env=ENVIRONMENT)
        raise
    finally:
        compose("down", "--volumes")


def compose(*args: str) -> str:
    """Run one compose command and return its output; a failure ends the test with what it said."""
    done = subprocess.run([*COMPOSE, *args], env=ENVIRONMENT, capture_output=True, text=True, timeout=1200)
    check(
        done.returncode == 0, f"docker compose {' '.join(args)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    )
    return done.stdout


def check(holds: bool, otherwise: str) -> None:
    if not holds:
        raise AssertionError(otherwise)


def check_containers() -> None:
    """What the file promises, asked of the running containers."""
    for name in compose("ps", "--quiet").split():
        asked = subprocess.run(["docker", "inspect", name], capture_output=True, text=True, check=True)
        container = json.loads(asked.stdout)[0]
        host = container["HostConfig"]
        check(container["State"]["Health"]["Status"] == "healthy", f"{container['Name']} is not healthy")
        check(
            host["ReadonlyRootfs"] and host["CapDrop"] == ["ALL"], f"{container['Name']} can write or has capabilities"
        )
        check(host["Memory"] > 0, f"{container['Name']} has no memory limit")
    users = [
        compose("exec", "-T", service, "sh", "-c", "awk '/^Uid/ {print $2}' /proc/1/status").strip()
        for service in services()
    ]
    check("0" not in users, f"a main process runs as root: {users}")


def services() -> Sequence[str]:
    return compose("config", "--services").split()


def write_prices(path: Path) -> None:
    """A year of a falling market: two shops, five cards, 1 % down a week and lately 3 %."""
    today, lines = datetime.now(UTC).date(), [COLUMNS]  # noqa: TID251
    for week in range(52, -1, -1):
        factor = 0.99 ** (52 - week) * (0.97 ** max(0, 10 - week))
        for card, price in CARDS.items():
            for shop in ("shop-a", "shop-b"):
                day = today - timedelta(weeks=week)
                lines.append(f"{day},{shop},{card},{card},new,{1.2 * price * factor:.2f},USD,5,US,min_offer,card,,,")
    path.write_text("\n".join(lines) + "\n", "utf-8")


def import_prices(folder: Path) -> None:
    """As the documentation says, with the folder mounted; then wait for the scheduler to decide anew."""
    folder.chmod(0o755)
    compose(
        "run", "--rm", "-T", "--no-deps", "-v", f"{folder}:/prices:ro", "scheduler", "gpu-limbo", "import", "/prices"
    )
    compose("restart", "scheduler")
    compose("up", "--detach", "--wait")
    wait_for(lambda: decision() is not None, "a decision on the RTX 4090")


def decision() -> str | None:
    """What the API says about a new RTX 4090 in the United States."""
    signals = httpx.get(f"{PAGE}/api/v1/signals", timeout=20).raise_for_status().json()
    found = [
        s for s in signals if (s["gpu"], s["condition"], s["region"], s["goal"]) == ("RTX 4090", "new", "US", None)
    ]
    return found[0]["action"] if found and found[0]["action"] != "no_call" else None


def see_in_api() -> None:
    check(decision() in ("wait", "limbo"), f"in a falling market the call is {decision()}")


def see_on_page() -> None:
    """The page's text in a real browser, where there is one."""
    browser = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))), None)
    if browser is None:
        print("           (no Chromium here: the page itself was not looked at)")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        shown = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = shown.new_page()
        page.goto(PAGE)
        page.wait_for_function("/\\b(wait|limbo|buy)\\b/i.test(document.body.innerText)", timeout=60_000)
        text = page.inner_text("body")
        shown.close()
    check("Traceback" not in text and "Error" not in text, f"the page shows an error: {text[:500]}")


def kill_database() -> None:
    """A killed database comes back by itself and the page with it."""
    compose("kill", "--signal", "KILL", "db")
    compose("up", "--detach", "--wait")
    wait_for(lambda: decision() is not None, "the decision after the database was killed")


def wait_for(true: Callable[[], bool], what: str, seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if true():
                return
        except httpx.HTTPError:
            pass
        time.sleep(1)
    raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")


if __name__ == "__main__":
    sys.exit(main())
