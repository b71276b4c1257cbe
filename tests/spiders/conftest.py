"""A replay server: saved answers for any host, served over loopback to the real engine."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from monitor.cli import run
from monitor.cli.spider_runs import CHECK_ONLY

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Answer:
    """What the server says to one address."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Replay:
    """Answers by address without its scheme ("shop.example/a?b=1"), or by its beginning ("shop.example/a*"); others are
    404. `asked` keeps the requests."""

    address: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def add(self, url: str, body: bytes | str, status: int = 200, **headers: str) -> None:
        """Answer `url` so; underscores in header names become dashes."""
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[url.split("://", 1)[-1]] = Answer(data, status, {"Content-Type": "text/html", **named})

    def answer(self, url: str) -> Answer:
        """What is said to this address."""
        begun = (answer for start, answer in self.answers.items() if start.endswith("*") and url.startswith(start[:-1]))
        return self.answers.get(url) or next(begun, Answer(b"not here", 404))

    def urls(self, without_robots: bool = True) -> list[str]:
        """The addresses asked for, in order."""
        return [url for url, _ in self.asked if not (without_robots and url.endswith("/robots.txt"))]


@pytest.fixture
def replay() -> Iterator[Replay]:
    """An empty replay server."""
    state = Replay()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = self.path.removeprefix("/")
            state.asked.append((url, dict(self.headers)))
            answer = state.answer(url)
            if answer.headers.get("ETag") and self.headers.get("If-None-Match") == answer.headers["ETag"]:
                answer = Answer(b"", 304, {"ETag": answer.headers["ETag"]})
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.send_header("Connection", "close")  # said, so that nobody posts into a connection that is closing
            self.end_headers()
            self.wfile.write(answer.body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 512  # all sources connect at once; five, the default, turns some away

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    state.address = f"http://127.0.0.1:{server.server_address[1]}"
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Home:
    """An installation of its own, whose crawls are answered by the replay server."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'gpu-limbo.db'}"

    def sources(self, toml: str) -> None:
        """Write the user's own sources file."""
        (self.folder / "sources.toml").write_text(toml, "utf-8")

    def run(self, *args: str) -> tuple[int, str, str]:
        """Run a command; exit code, stdout, stderr."""
        code = run(args)
        said = self.capture.readouterr()
        return code, said.out, said.err

    def crawl(self, *names: str) -> dict[str, dict[str, Any]]:
        """Crawl and return the lines by source."""
        _, out, err = self.run("crawl", *names, "--json")
        assert out, err
        return {line["source"]: line for line in map(json.loads, out.splitlines())}


@pytest.fixture
def home(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    replay: Replay,
    capfd: pytest.CaptureFixture[str],
    sqlite_template: Path,
) -> Home:
    """A fresh installation in a temporary folder."""
    shutil.copy(sqlite_template, tmp_path / "gpu-limbo.db")
    for name in ("DATABASE_URL", "GPU_LIMBO_DATABASE_URL", "GPU_LIMBO_ALLOW_PRIVATE_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GPU_LIMBO_HOME", str(tmp_path))
    monkeypatch.setenv("GPU_LIMBO_CONTACT", "owner@limbo.example")
    monkeypatch.setenv("GPU_LIMBO_TEST_REPLAY", replay.address)
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "replay_settings")
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    for pause in ("DOWNLOAD_DELAY", "AUTOTHROTTLE_START_DELAY"):  # of a check; only a shop needs them
        monkeypatch.setitem(CHECK_ONLY, pause, "0")
    return Home(tmp_path, capfd)


ProductPage = Callable[..., str]


@pytest.fixture
def product_page() -> ProductPage:
    """A small product page with schema.org JSON-LD whose visible text says the same."""

    def page(
        title: str = "ASUS GeForce RTX 4090 TUF 24GB",
        price: str = "1599.00",
        currency: str = "USD",
        stock: str = "InStock",
    ) -> str:
        offer = {
            "@type": "Offer",
            "price": price,
            "priceCurrency": currency,
            "availability": f"https://schema.org/{stock}",
        }
        product = {"@context": "https://schema.org", "@type": "Product", "name": title, "offers": offer}
        return (
            f"<!doctype html><html><head><title>{title}</title>"
            f'<script type="application/ld+json">{json.dumps(product)}</script></head>'
            f"<body><h1>{title}</h1><p class=price>{price} {currency}</p></body></html>"
        )

    return page
