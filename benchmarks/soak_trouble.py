"""The running service while its database is gone, its disk full, its file damaged: said, nothing lost, back by itself.

usage: tools/with-postgres python benchmarks/soak_trouble.py [SECONDS]     (default 600: how long each trouble lasts)

`gpu-limbo up` runs as a user runs it. PostgreSQL is stopped hard and started again; the SQLite file lies on a small
disk of its own, which is filled (where this user may not mount one, tests/bad_disk.c answers like one). In the midst of
each trouble an alert falls due: it must arrive at the receiver afterwards, once.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
from sqlalchemy import create_engine, text

from monitor.clock import utc_now
from monitor.core.models import Alert
from monitor.notify.webhook import new_secret
from monitor.store import repo
from monitor.store.engine import open_store, session_scope

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # the doubles of the tests are no installed package

from tests.bad_disk import SOURCE as BAD_DISK  # noqa: E402
from tests.conftest import make_offer  # noqa: E402
from tests.waiting import free_port, wait_for  # noqa: E402

SAYS_SO_WITHIN, BACK_WITHIN, ARRIVES_WITHIN = 60.0, 60.0, 90.0  # seconds
DISK_MB = 48


@dataclass
class Receiver:
    """A webhook on loopback: which message ids came, in order."""

    ids: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        ids = self.ids

        class Hook(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                ids.append(self.headers["webhook-id"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@dataclass(kw_only=True)
class Trouble:
    """What goes wrong, how it ends, and what the page and `doctor` must say meanwhile; `code` is that of /healthz."""

    name: str
    url: str
    begin: Callable[[], object]
    end: Callable[[], object]
    said: str
    code: int = 503
    environment: dict[str, str] = field(default_factory=dict[str, str])


class Service:
    """`gpu-limbo up` with one webhook, over a database with one price and nothing to crawl."""

    def __init__(self, trouble: Trouble, home: Path, receiver: Receiver) -> None:
        self.port, self.engine = free_port(), open_store(trouble.url)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GPU_LIMBO_")}
        self.environment = kept | {
            "GPU_LIMBO_HOME": str(home), "DATABASE_URL": trouble.url, "GPU_LIMBO_WEBHOOK_SECRET": new_secret(),
            "GPU_LIMBO_CHANNELS": f"webhook+http://127.0.0.1:{receiver.server.server_port}/",
            "GPU_LIMBO_ALLOW_PRIVATE_HOSTS": "127.0.0.1", **trouble.environment,
        }  # fmt: skip
        sources = subprocess.run([sys.executable, "-m", "spiders.sources"], capture_output=True, text=True, cwd=ROOT)
        with session_scope(self.engine) as session:
            repo.add_offers(session, [make_offer(seen_at=utc_now())], utc_now())
            for line in sources.stdout.splitlines():  # read just now, so that nothing is asked of the network
                name = json.loads(line)["name"]
                repo.record_crawl(session, name, utc_now(), offers=1, rejections=0, errors=0, seconds=1.0, fault="")

    @contextmanager
    def running(self) -> Iterator["Service"]:
        command = [sys.executable, "-m", "monitor", "up", "--port", str(self.port)]
        with tempfile.TemporaryFile("w+") as said:
            process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=said, stderr=said)
            try:
                wait_for(lambda: self.health() == 200, 120)
                yield self
            except BaseException:
                said.seek(0)
                print(said.read()[-3000:], file=sys.stderr)
                raise
            finally:
                process.terminate()
                process.wait(20)
                self.engine.dispose()

    def health(self) -> int:
        with suppress(httpx.TransportError):
            return httpx.get(f"http://127.0.0.1:{self.port}/healthz", timeout=60).status_code
        return 0

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "monitor", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=180)

    def queue(self, key: str, seconds: float) -> None:
        """An alert that falls due so many seconds from now."""
        at = utc_now() + timedelta(seconds=seconds)
        alert = Alert(key=key, rule="calls", subject=key, body=key, payload={"kind": "signal_flip"}, created_at=at)
        with session_scope(self.engine) as session:
            repo.add_alerts(session, [alert], ["webhook+http://127.0.0.1"])


def main(seconds: float) -> int:
    """Live through every trouble; the first that is not survived ends it with an error."""
    with tempfile.TemporaryDirectory() as folder:
        for made in (_server_gone, _disk_full, _file_damaged):
            with made(Path(folder)) as trouble:
                if trouble is not None:
                    live_through(trouble, Path(folder) / made.__name__, seconds)
    return 0


def live_through(trouble: Trouble, home: Path, seconds: float) -> None:
    """Have the trouble for so long, and print how soon it was said and how soon all was well again."""
    home.mkdir(exist_ok=True)
    receiver = Receiver()
    with Service(trouble, home, receiver).running() as service:
        service.queue("before", 0)
        wait_for(lambda: receiver.ids == ["before"], ARRIVES_WITHIN)
        service.queue("amid", max(5.0, seconds / 2))
        with session_scope(service.engine, read_only=True) as session:
            offers = repo.offer_count(session)
        trouble.begin()
        began = time.monotonic()
        wait_for(lambda: service.health() == trouble.code, SAYS_SO_WITHIN)
        said_after = time.monotonic() - began
        refused, doctor = service.run("alerts", "rules", "add", "launch"), service.run("doctor")
        for told in (refused.stderr, doctor.stdout):
            assert trouble.said in " ".join(told.split()), told
            assert "Traceback" not in told, told
        assert (refused.returncode, doctor.returncode) == (1, 1)
        time.sleep(max(0.0, seconds - (time.monotonic() - began)))
        assert receiver.ids == ["before"], receiver.ids
        trouble.end()
        ended = time.monotonic()
        wait_for(lambda: service.health() == 200, BACK_WITHIN)
        back_after = time.monotonic() - ended
        if trouble.name != "file damaged":  # a restore brings back what the backup holds, which is older than the alert
            wait_for(lambda: "amid" in receiver.ids, ARRIVES_WITHIN)
        service.queue("after", 0)
        wait_for(lambda: "after" in receiver.ids, ARRIVES_WITHIN)
        assert len(receiver.ids) == len(set(receiver.ids)), f"sent twice: {receiver.ids}"
        with session_scope(service.engine, read_only=True) as session:
            assert repo.offer_count(session) == offers
        assert service.run("alerts", "rules", "add", "launch").returncode == 0
    receiver.server.shutdown()
    print(
        f"{trouble.name} for {time.monotonic() - began:.0f} s in all: said after {said_after:.1f} s, page back "
        f"{back_after:.1f} s after its end, alerts {', '.join(receiver.ids)}, none twice, no offer lost",
        flush=True,
    )


@contextmanager
def _server_gone(_folder: Path) -> Iterator[Trouble | None]:
    """PostgreSQL, stopped as by a crash and started with the words it was started with before."""
    url = os.environ.get("TEST_DATABASE_URL", "")
    if not url:
        print("no TEST_DATABASE_URL: run it under tools/with-postgres for the server that goes away", flush=True)
        yield None
        return
    server = create_engine(url)
    with server.connect() as connection:
        data = Path(str(connection.execute(text("SHOW data_directory")).scalar()))
    server.dispose()
    number, words = int((data / "postmaster.pid").read_text().split()[0]), (data / "postmaster.opts").read_text()
    command = [word.strip('"') for word in words.split()]
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> None:
        os.kill(number, signal.SIGQUIT)
        wait_for(lambda: not (data / "postmaster.pid").exists(), 20)

    def end() -> None:
        owner = data.stat()
        as_owner = {"user": owner.st_uid, "group": owner.st_gid} if os.getuid() == 0 else {}
        out = subprocess.DEVNULL
        started.append(subprocess.Popen(command, cwd=data, stdout=out, stderr=out, **as_owner))  # type: ignore[call-overload]

    yield Trouble(name="database gone", url=url, begin=begin, end=end, said="the database server does not answer")
    for process in started:
        process.send_signal(signal.SIGINT)
        process.wait(20)


@contextmanager
def _disk_full(folder: Path) -> Iterator[Trouble]:
    place, state = folder / "disk", folder / "state"
    place.mkdir()
    url, filler = f"sqlite:///{place / 'limbo.db'}", place / "filler"
    options = ["-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs"]
    if shutil.which("mount") and not subprocess.run(["mount", *options, place], capture_output=True).returncode:

        def fill() -> None:
            with suppress(OSError), filler.open("wb", buffering=0) as file:
                while True:
                    file.write(b"x" * 4096)

        begin, end, environment = fill, filler.unlink, dict[str, str]()
    else:
        library = folder / "bad_disk.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-w", "-o", library, BAD_DISK, "-ldl"], check=True)
        environment = {"BAD_DISK": str(place), "BAD_DISK_STATE": str(state), "LD_PRELOAD": str(library)}
        begin, end = lambda: state.write_text("full"), state.unlink
    said = "the disk"  # "is full" where something is written, "only ... MB left on" in doctor
    yield Trouble(name="disk full", url=url, begin=begin, end=end, said=said, code=200, environment=environment)
    if not environment:
        subprocess.run(["umount", "-l", place], check=True)


@contextmanager
def _file_damaged(folder: Path) -> Iterator[Trouble]:
    file, kept = folder / "damaged.db", folder / "kept"
    url = f"sqlite:///{file}"

    def command(*arguments: str) -> None:
        environment = {**os.environ, "DATABASE_URL": url, "GPU_LIMBO_HOME": str(folder)}
        subprocess.run(
            [sys.executable, "-m", "monitor", *arguments],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def begin() -> None:
        command("db", "backup", str(kept))
        with closing(sqlite3.connect(file, timeout=30)) as connection:  # or what stands in the log hides the damage
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        spoiled = folder / "spoiled"
        spoiled.write_bytes(b"\xaa" * file.stat().st_size)
        spoiled.replace(file)

    def end() -> None:
        [backup] = kept.glob("*.db")
        command("db", "restore", str(backup), "--yes")

    yield Trouble(name="file damaged", url=url, begin=begin, end=end, said="damaged")


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 600.0))
