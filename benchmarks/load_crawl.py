"""200 hosts read at once with polite pauses by one reactor, three of them up to no good.

usage: python benchmarks/load_crawl.py [HOSTS] [PAUSE_SECONDS] [TIMEOUT_SECONDS]

Real HTTP on loopback, one host name for each shop; the crawl is the service's own (`scrapy crawl retail` with its
settings) except for the pauses and the resolver. One host drips a byte a second, one takes the connection and never
answers, one sends a body without end. To be shown: everybody else is read whole, in about the time that pauses alone
take, under 500 MB.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from statistics import median

PAGES, ARTICLES, PAGE_BYTES = 6, 10, 100_000
BAD = ("drips", "silent", "endless")
HERE, ROOT = Path(__file__).parent, Path(__file__).parents[1]
MOST_MB = 500


class Shops:
    """A web server for any host name; remembers when each was asked."""

    def __init__(self) -> None:
        self.asked: dict[str, list[float]] = defaultdict(list)
        self.at_once = self.most_at_once = 0
        self.port = 0
        self._ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True).start()
        self._ready.wait()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await server.serve_forever()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            host = head.partition("Host: ")[2].partition("\r\n")[0].partition(":")[0].partition(".")[0]
            path = head.split()[1]
            self.asked[host].append(time.monotonic())
            await self._answer(writer, host, path)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.at_once -= 1
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, host: str, path: str) -> None:
        if path == "/robots.txt":
            return await _send(writer, b"User-agent: *\nAllow: /\n", "text/plain")
        if host == "silent":
            return await asyncio.sleep(3600)
        if host in ("drips", "endless"):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>")
            while True:
                writer.write(b"x" if host == "drips" else b"<p>more</p>" * 20_000)
                await writer.drain()
                await asyncio.sleep(1.0 if host == "drips" else 0.05)
        await _send(writer, _page(host, path), "text/html")


async def _send(writer: asyncio.StreamWriter, body: bytes, kind: str) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()


def _page(host: str, path: str) -> bytes:
    """A listing of ten cards as heavy as real ones."""
    number = int(path.rpartition("/")[2])
    rows = "".join(
        f'<li class="item"><a href="/p/{number}-{n}">ASUS GeForce RTX 40{6 + n % 4}0 TUF edition {number}{n}</a>'
        f'<span class="price">${300 + 100 * n}.00</span></li>'
        for n in range(ARTICLES)
    )
    weight = "".join(f"<script>var a{n} = {'0' * 990};</script>" for n in range(PAGE_BYTES // 1000))
    return f"<html><head><title>Cards</title></head><body><h1>Cards</h1><ul>{rows}</ul>{weight}</body></html>".encode()


def main(hosts: int, pause: float, timeout: float) -> int:
    """Crawl, print, and return 1 where a bar was missed."""
    shops = Shops()
    names = [*(f"shop-{n:03d}" for n in range(hosts - len(BAD))), *BAD]
    with tempfile.TemporaryDirectory() as folder:
        entries = [_entry(name, shops.port) for name in names]
        (Path(folder) / "sources.toml").write_text("\n".join(entries), "utf-8")
        begun, cpu = time.perf_counter(), os.times()
        lines, memory = _crawl(folder, names, pause, timeout)
        seconds, used = time.perf_counter() - begun, os.times()
    read = {line["source"]: line for line in lines}
    whole = sum(read[name]["offers"] == PAGES * ARTICLES for name in names if name not in BAD)
    polite = _shortest_pauses(shops, names)
    print(
        f"{hosts} hosts, {sum(map(len, shops.asked.values()))} requests in {seconds:.0f} s (pauses alone: about "
        f"{(PAGES + 1) * pause:.0f} s), {used.children_user - cpu.children_user:.0f} s of processor, {memory:.0f} MB; "
        f"at most {shops.most_at_once} connections at once\n"
        f"read whole: {whole} of {hosts - len(BAD)} good hosts, {sum(line['offers'] for line in lines)} offers; "
        f"pauses between two requests to a host: shortest {min(polite):.2f} s, median {median(polite):.2f} s"
    )
    for name in BAD:
        print(f"  {name}: {read[name]['state']}, {read[name]['faults'][:1]}")
    slow = seconds > 2 * ((PAGES + 1) * pause + 2 * timeout) + 30
    return int(whole < hosts - len(BAD) or memory >= MOST_MB or slow or min(polite) < 0.4 * pause)


def _crawl(folder: str, names: list[str], pause: float, timeout: float) -> tuple[list[dict[str, object]], float]:
    """The crawl's lines, and the most memory that it held."""
    environment = os.environ | {
        "GPU_LIMBO_HOME": folder, "DATABASE_URL": "", "SCRAPY_SETTINGS_MODULE": "load_crawl_settings",
        "PYTHONPATH": f"{HERE}:{ROOT}", "LOAD_PAUSE_SECONDS": str(pause), "LOAD_TIMEOUT_SECONDS": str(timeout),
    }  # fmt: skip
    command = [sys.executable, "-m", "scrapy", "crawl", "retail", "-a", f"sources={','.join(names)}"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    peak, watched = [0.0], threading.Thread(target=lambda: _watch(child.pid, peak), daemon=True)
    watched.start()
    out, _ = child.communicate()
    return [json.loads(line) for line in out.splitlines() if line.startswith("{")], peak[0]


def _watch(pid: int, peak: list[float]) -> None:
    status = Path(f"/proc/{pid}/status")
    while status.exists():
        found = [line for line in status.read_text().split("\n") if line.startswith("VmHWM")]
        if not found:
            return
        peak[0] = int(found[0].split()[1]) / 1024
        time.sleep(0.2)


def _shortest_pauses(shops: Shops, names: list[str]) -> list[float]:
    """Between requests to one host; the pause begins when the last request was sent, so that reading takes none off."""
    times = [shops.asked[name] for name in names if name not in BAD]
    return [later - earlier for some in times for earlier, later in pairwise(some)]


def _entry(name: str, port: int) -> str:
    starts = ", ".join(f'"http://{name}.example:{port}/cards/{n}"' for n in range(PAGES))
    return f'[{name}]\ncountry = "US"\ncurrency = "USD"\ncondition = "new"\nqueries = []\nstarts = [{starts}]\n'


if __name__ == "__main__":
    given = [float(value) for value in sys.argv[1:]] + [200, 4, 30][len(sys.argv) - 1 :]
    sys.exit(main(int(given[0]), given[1], given[2]))
