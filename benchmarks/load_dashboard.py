"""50 people on the dashboard of a database with ten million offers, over Streamlit's own WebSocket protocol.

usage: tools/with-postgres python benchmarks/load_dashboard.py [PEOPLE] [OFFERS] [ROUNDS]  (alone: SQLite)
With --filled the database in TEST_DATABASE_URL is from an earlier run: filling it takes most of the time.

Every visitor has a connection of their own and a goal of their own in the address (a budget that nobody else has). A
page is done when its script has finished and everything it draws has arrived. First all open the page at once, then
they wander about: a page, 5 to 15 seconds of reading, the next one; and once more while a crawl stores twenty prices
every second. To be shown: 95 of 100 pages within 3 s, and that nobody is ever sent another one's budget. People,
dashboard and database share the machine: what each of them used of its processors stands below.
"""

import asyncio
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from load_store import fill, see_prices
from sqlalchemy import text
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from monitor.clock import utc_now
from monitor.jobs.rounds import Rounds
from monitor.settings import Settings
from monitor.store.engine import is_sqlite, make_engine, open_store

ROOT, PORT, FIRST_BUDGET = Path(__file__).parents[1], 8698, 40_001
PAGES = ("now", "market", "gpu", "compare", "rent-or-buy", "timeline", "record", "data-health")
BUDGETS = re.compile(r"(?=(4[01]\d{3}))")  # wherever they stand, also within a longer number
READING_SECONDS, CRAWLED_AT_ONCE = (5.0, 15.0), 20
BAR_SECONDS = 3.0
CARDS = ("rtx-4090", "rtx-5090", "rtx-4070", "rx-7900-xtx", "rtx-3090", "rx-9070-xt")


class Visitor:
    """One browser: a connection, its pages, and whatever it is sent."""

    def __init__(self, number: int) -> None:
        self.budget, self.dice = FIRST_BUDGET + number, random.Random(number)
        self.pages: dict[str, str] = {}
        self.seen: set[int] = set()  # budgets
        self.bytes = 0
        self.times: list[tuple[str, float]] = []

    async def open(self) -> None:
        """Connect and wait for the first page."""
        begun = time.perf_counter()
        url = f"ws://127.0.0.1:{PORT}/_stcore/stream"
        self.socket = await connect(url, subprotocols=["streamlit"], max_size=None, ping_interval=None)
        await self._ask("", begun)

    async def wander(self, rounds: int) -> None:
        """Read, go on, again and again."""
        for _ in range(rounds):
            await asyncio.sleep(self.dice.uniform(*READING_SECONDS))
            await self._ask(self.dice.choice(PAGES), time.perf_counter())

    async def _ask(self, page: str, begun: float) -> None:
        message = BackMsg()
        message.rerun_script.query_string = self._query(page)
        message.rerun_script.page_script_hash = self.pages.get(page, "")
        await self.socket.send(message.SerializeToString())
        while True:
            data = await self.socket.recv(decode=False)
            self.bytes += len(data)
            found = ForwardMsg.FromString(bytes(data))
            kind = found.WhichOneof("type")
            if kind == "navigation":
                self.pages = {one.url_pathname: one.page_script_hash for one in found.navigation.app_pages}
            elif kind == "delta":
                self._look(found.delta)
            elif kind == "script_finished":
                break
        self.times.append((page or "first visit", time.perf_counter() - begun))

    def _query(self, page: str) -> str:
        goal = {"work": "lora-8b", "in": "US", "budget": str(self.budget), "currency": "USD"}
        return urlencode(goal | ({"gpu": self.dice.choice(CARDS)} if page == "gpu" else {}))

    def _look(self, delta: Any) -> None:
        element = delta.new_element
        if element.WhichOneof("type") == "number_input" and element.number_input.default >= FIRST_BUDGET:
            self.seen.add(int(element.number_input.default))
        said = f"{element.html} {element.markdown} {element.alert}"
        self.seen |= {int(found) for found in BUDGETS.findall(said) if FIRST_BUDGET <= int(found) < FIRST_BUDGET + 1000}


@dataclass(frozen=True, kw_only=True)
class Used:
    """Seconds of processor that dashboard, database and visitors have used; and all pages that were drawn for it."""

    dashboard: float
    database: float
    visitors: float
    pages: int

    def since(self, before: "Used") -> str:
        """What one page took of the processors, in words."""
        pages = self.pages - before.pages
        parts = {
            "dashboard": self.dashboard - before.dashboard,
            "database": self.database - before.database,
            "visitors": self.visitors - before.visitors,
        }
        said = ", ".join(f"{name} {1000 * seconds / pages:.0f} ms" for name, seconds in parts.items())
        return f"processor time a page: {said}"


def main(people: int, offers: int, rounds: int, filled: bool) -> int:
    """Fill, serve, visit, print; 1 where a bar is missed or somebody saw what is another's."""
    with tempfile.TemporaryDirectory() as home:
        url = os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{home}/limbo.db"
        begun = time.perf_counter()
        if not filled:
            _prepare(url, offers, Path(home))
        print(f"{offers:,} offers and the first calls are in after {time.perf_counter() - begun:.0f} s", flush=True)
        with tempfile.TemporaryFile("w+") as said:
            server = _start(url, home, said)
            try:
                visitors, slow = asyncio.run(_visit(people, rounds, server.pid, url))
                memory = _memory_mb(server.pid)
            finally:
                server.terminate()
                server.wait(timeout=30)
    return _tell(visitors, slow, memory)


def _prepare(url: str, offers: int, home: Path) -> None:
    engine, now = open_store(url), utc_now()
    fill(engine, offers, now)
    Rounds(engine, Settings(home=home)).update()
    print(f"database: {'SQLite' if is_sqlite(engine) else 'PostgreSQL'}", flush=True)
    engine.dispose()


def _start(url: str, home: str, said: Any) -> "subprocess.Popen[bytes]":
    environment = os.environ | {"GPU_LIMBO_HOME": home, "DATABASE_URL": url}
    command = [sys.executable, "-m", "uvicorn", "dashboard.asgi:app", "--port", str(PORT), "--log-level", "warning"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
    for _ in range(240):
        try:
            httpx.get(f"http://127.0.0.1:{PORT}/healthz", timeout=30).raise_for_status()
            return server
        except httpx.HTTPError:
            time.sleep(0.25)
    said.seek(0)
    raise SystemExit(f"the dashboard does not answer: {said.read()[-500:]}")


async def _visit(people: int, rounds: int, server: int, url: str) -> tuple[list[Visitor], list[float]]:
    """The visitors, and the time of 95 in 100 of their pages: on quiet data, and beside a crawl."""
    visitors = await _arrive(people)
    quiet = await _wander(visitors, rounds, server, url)
    print(f"beside a crawl that stores {CRAWLED_AT_ONCE} prices a second:")
    crawl = asyncio.create_task(_crawl(url))
    crawled = await _wander(visitors, rounds, server, url)
    if crawl.done():
        crawl.result()  # it ended, so it went wrong: there is no figure beside a crawl
    crawl.cancel()
    return visitors, [quiet, crawled]


async def _arrive(people: int) -> list[Visitor]:
    warm = Visitor(900)
    await warm.open()
    for page in PAGES:
        await warm._ask(page, time.perf_counter())
    print("alone, for the first time: " + ", ".join(f"{page} {took:.2f}" for page, took in warm.times), flush=True)
    warm.times.clear()
    for page in PAGES:
        await warm._ask(page, time.perf_counter())
    print("alone, again: " + ", ".join(f"{page} {took:.2f}" for page, took in warm.times), flush=True)
    visitors = [Visitor(number) for number in range(people)]
    await asyncio.gather(*(visitor.open() for visitor in visitors))
    opened = sorted(took for visitor in visitors for _, took in visitor.times)
    print(f"{people} at once open the first page: median {_share(opened, 0.5):.2f} s, p95 {_share(opened, 0.95):.2f} s")
    return visitors


async def _wander(visitors: list[Visitor], rounds: int, server: int, url: str) -> float:
    """All for so many rounds: prints how long the pages took and what they cost, and returns the time of 95 in 100."""
    for visitor in visitors:
        visitor.times.clear()
    before = _used(server, url, 0)
    await asyncio.gather(*(visitor.wander(rounds) for visitor in visitors))
    by_page: dict[str, list[float]] = defaultdict(list)
    for visitor in visitors:
        for page, took in visitor.times:
            by_page[page].append(took)
    walked = [took for times in by_page.values() for took in times]
    print(f"{len(walked)} pages while wandering: median {_share(walked, 0.5):.2f} s, p95 {_share(walked, 0.95):.2f} s")
    for page, times in sorted(by_page.items()):
        print(f"  {page:12s} median {_share(times, 0.5):.2f} s, p95 {_share(times, 0.95):.2f} s, n {len(times)}")
    said = _used(server, url, len(walked)).since(before)
    print(f"  {said}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    return _share(walked, 0.95)


async def _crawl(url: str) -> None:
    engine = make_engine(url)
    while True:
        await asyncio.to_thread(see_prices, engine, CRAWLED_AT_ONCE, utc_now())
        await asyncio.sleep(1)


def _tell(visitors: list[Visitor], slow: list[float], memory: float) -> int:
    own = sum(visitor.budget in visitor.seen for visitor in visitors)
    strangers = sum(bool(visitor.seen - {visitor.budget}) for visitor in visitors)
    sent, people = sum(visitor.bytes for visitor in visitors) / 1e6, len(visitors)
    print(f"own budget seen by {own} of {people}, another's by {strangers}; {sent:.0f} MB sent, server {memory:.0f} MB")
    return int(max(slow) >= BAR_SECONDS or strangers > 0 or own < people)


def _share(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _used(server: int, url: str, pages: int) -> Used:
    children = [server, *_children(server)]
    return Used(
        dashboard=sum(map(_seconds, children)), database=_of_postgres(url), visitors=time.process_time(), pages=pages
    )


def _of_postgres(url: str) -> float:
    """Of all its processes, those that have ended too; nothing for SQLite, which works in the dashboard's own."""
    engine = make_engine(url)
    if is_sqlite(engine):
        return 0.0
    with engine.connect() as connection:
        own = int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
        first = int(_fields(own)[1])  # it starts all others
    engine.dispose()
    return sum(map(_seconds, [first, *_children(first)]))


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _seconds(pid: int) -> float:
    """Processor time of a process and of its children that have ended."""
    try:
        fields = _fields(pid)
    except OSError:  # it ended just now
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def _fields(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _memory_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().split("\n")
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    numbers = [int(value) for value in sys.argv[1:] if value != "--filled"]
    people, offers, rounds = numbers + [50, 10_000_000, 6][len(numbers) :]
    sys.exit(main(people, offers, rounds, "--filled" in sys.argv))
