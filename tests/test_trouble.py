"""Trouble with the database under a running dashboard: it says what is wrong, and comes back by itself.

Full and read-only disks answer as real ones do (bad_disk.py), the server that goes away is a real PostgreSQL behind a
door that is shut; `make soak` stops one for ten minutes.
"""

import asyncio
import contextlib
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy.engine import make_url
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from monitor.clock import utc_now
from monitor.store import repo
from monitor.store.backup import back_up
from monitor.store.engine import open_store, session_scope
from tests.bad_disk import Disk
from tests.conftest import make_offer
from tests.databases import SERVER, _database
from tests.waiting import free_port, wait_for

ROOT = Path(__file__).parents[1]
ASK = BackMsg(rerun_script=ClientState()).SerializeToString()
FULL = {"full": "the disk with the database is full", "quota": "the disk does not take what is written"}
SAYS_SO = "gpu-limbo doctor"  # what a page says when the database does not answer


@dataclass
class Dashboard:
    """A running dashboard on loopback."""

    address: str
    environment: dict[str, str]

    def health(self) -> dict[str, str]:
        """What /healthz says, with its status under `code`."""
        answer = httpx.get(f"{self.address}/healthz", timeout=30)
        return {**answer.json(), "code": str(answer.status_code)}

    def page(self) -> str:
        """What the first page consists of, for somebody who opens it now."""
        said = []
        address = self.address.replace("http", "ws") + "/_stcore/stream"
        with connect(address, subprotocols=["streamlit"], max_size=None) as stream:  # type: ignore[list-item]
            stream.send(ASK)
            while True:
                message = ForwardMsg.FromString(stream.recv(timeout=60))
                said.append(str(message))
                if message.WhichOneof("type") == "script_finished":
                    return " ".join(said)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command beside the dashboard."""
        return subprocess.run(
            [sys.executable, "-m", "monitor", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120,
        )  # fmt: skip


@contextlib.contextmanager
def running(home: Path, database: str, more: Mapping[str, str] | None = None) -> Iterator[Dashboard]:
    """A dashboard over this database, with `more` in its environment."""
    port = free_port()
    environment = {name: text for name, text in os.environ.items() if not name.startswith("GPU_LIMBO_")}
    environment |= {"GPU_LIMBO_HOME": str(home), "DATABASE_URL": database, **(more or {})}
    command = [sys.executable, "-m", "uvicorn", "dashboard.asgi:app", "--port", str(port), "--log-level", "critical"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    made = Dashboard(f"http://127.0.0.1:{port}", environment)
    try:
        wait_for(lambda: bool(made.health()["code"]))
        yield made
    finally:
        process.terminate()
        process.wait(15)


def with_a_price(url: str) -> str:
    """A database with one price in it."""
    engine = open_store(url)
    with session_scope(engine) as session:
        repo.add_offers(session, [make_offer(seen_at=utc_now())], utc_now())
    engine.dispose()
    return url


@pytest.mark.parametrize("state", ["full", "quota"])
def test_a_full_disk_is_said_nothing_is_lost_and_room_is_all_it_needs(disk: Disk, state: str) -> None:
    url = with_a_price(f"sqlite:///{disk.path / 'gpu-limbo.db'}")
    with running(disk.path, url, disk.environment) as dashboard:
        assert SAYS_SO not in dashboard.page()
        disk.becomes(state)
        refused = dashboard.run("alerts", "rules", "add", "launch")
        assert refused.returncode == 1
        assert FULL[state] in refused.stderr
        assert "Traceback" not in refused.stderr
        if state == "full":
            assert "left on the disk" in dashboard.run("doctor").stdout
        assert dashboard.health()["code"] == "200"  # what is there can still be read
        assert "RTX 4090" in dashboard.run("signal", "RTX 4090").stdout + dashboard.page()
        backup = dashboard.run("db", "backup", str(disk.path / "backups"))
        assert backup.returncode == 1
        assert "Traceback" not in backup.stderr
        assert not list((disk.path / "backups").glob("*"))
        disk.becomes("")
        kept = dashboard.run("alerts", "rules", "add", "launch")
        assert kept.returncode == 0, kept.stderr
        assert dashboard.run("db", "backup", str(disk.path / "backups")).returncode == 0
        assert SAYS_SO not in dashboard.page()


def test_a_disk_that_can_only_be_read_is_said_and_all_goes_on_when_it_is_over(disk: Disk) -> None:
    url = with_a_price(f"sqlite:///{disk.path / 'gpu-limbo.db'}")
    disk.becomes("readonly")
    with running(disk.path, url, disk.environment) as dashboard:
        for refused in (dashboard.run("alerts", "rules", "add", "launch"), dashboard.run("db", "backup")):
            assert refused.returncode == 1
            assert "Traceback" not in refused.stderr
        doctor = dashboard.run("doctor")
        assert doctor.returncode == 1
        assert re.search(r"bad +database +the database", doctor.stdout)
        if dashboard.health()["code"] == "503":
            assert SAYS_SO in dashboard.page()
        disk.becomes("")
        assert dashboard.health()["code"] == "200"
        assert SAYS_SO not in dashboard.page()
        assert dashboard.run("alerts", "rules", "add", "launch").returncode == 0


def test_a_damaged_file_is_said_and_a_restore_under_the_running_dashboard_is_enough(tmp_path: Path) -> None:
    file, backup = tmp_path / "gpu-limbo.db", tmp_path / "backup.db"
    url = with_a_price(f"sqlite:///{file}")
    engine = open_store(url)
    back_up(engine, backup)
    engine.dispose()
    with running(tmp_path, url) as dashboard:
        assert SAYS_SO not in dashboard.page()
        spoiled = tmp_path / "spoiled"  # a copy that went wrong, moved over the file
        spoiled.write_bytes(b"\xaa" * file.stat().st_size)
        spoiled.replace(file)
        assert dashboard.health()["code"] == "503"
        assert "damaged" in dashboard.page()
        assert "gpu-limbo db restore" in dashboard.run("doctor").stdout
        restored = dashboard.run("db", "restore", str(backup), "--yes")
        assert restored.returncode == 0, restored.stderr
        assert dashboard.health()["code"] == "200"
        assert SAYS_SO not in dashboard.page()
        assert list(tmp_path.glob("*.damaged-1"))


def test_a_deleted_file_is_said_and_putting_it_back_is_enough(tmp_path: Path) -> None:
    file = tmp_path / "gpu-limbo.db"
    with running(tmp_path, with_a_price(f"sqlite:///{file}")) as dashboard:
        assert SAYS_SO not in dashboard.page()
        shutil.move(file, tmp_path / "kept")
        assert "is gone" in dashboard.page()
        assert dashboard.health()["code"] == "503"
        assert "there is none" in dashboard.run("doctor").stdout
        assert not file.exists()
        shutil.move(tmp_path / "kept", file)
        assert dashboard.health()["code"] == "200"
        assert SAYS_SO not in dashboard.page()


@pytest.mark.skipif(not SERVER, reason="needs PostgreSQL: TEST_DATABASE_URL")
def test_a_server_that_goes_away_is_said_and_is_found_again_when_it_is_back(tmp_path: Path) -> None:
    with _database() as url, Way(url) as way, running(tmp_path, with_a_price(way.url)) as dashboard:
        assert SAYS_SO not in dashboard.page()
        way.shut()
        assert dashboard.health()["code"] == "503"
        assert "the database server does not answer" in dashboard.page()
        assert "does not answer" in dashboard.run("doctor").stdout
        way.open()
        assert dashboard.health()["code"] == "200"
        assert SAYS_SO not in dashboard.page()


class Way:
    """The way to a PostgreSQL server, which can be shut: who is on it is thrown off, who comes is refused."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        self._target = (address.host or str(address.query.get("host", "")), address.port or 5432)
        self._port = free_port()
        self.url = address.set(host="127.0.0.1", port=self._port, query={}).render_as_string(hide_password=False)
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> "Way":
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.shut()
        self._loop.call_soon_threadsafe(self._loop.stop)

    def open(self) -> None:
        """Let people through."""
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(10)

    def shut(self) -> None:
        """Let nobody through any more."""
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(10)

    async def _open(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self._port)

    async def _shut(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = self._target
        opened = asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}") if host.startswith("/") else None
        there, back = await (opened or asyncio.open_connection(host, port))
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)  # type: ignore[arg-type]
        try:
            await asyncio.gather(_pipe(reader, back), _pipe(there, writer))
        except (asyncio.CancelledError, OSError):
            pass
        finally:
            self._tasks.discard(task)  # type: ignore[arg-type]
            writer.transport.abort()
            back.transport.abort()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()
