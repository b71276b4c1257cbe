"""Every secret that can be set carries a mark here; the mark is looked for wherever the program writes or answers."""

import base64
import io
import logging
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from monitor.access import keep_password
from monitor.cli import run
from monitor.clock import utc_now
from monitor.errors import MonitorError
from monitor.jobs.history import LOADED
from monitor.jobs.rounds import channels_of
from monitor.notify import ChannelOptions, Message, open_channels
from monitor.settings import PREFIX, Settings, load_settings
from monitor.store import repo
from monitor.store.engine import open_store, session_scope
from spiders.sources import load_sources
from tests.waiting import free_port, wait_for

ROOT = Path(__file__).parents[1]
MARK = "LEAKED0f4e"
WEBHOOK = "whsec_" + base64.b64encode((MARK * 4).encode()).decode()
SECRETS = {
    "database_url": "",  # the default one: a file; an address with a password has tests of its own below
    "password": f"{MARK} password",
    "viewer_password": f"{MARK} viewer password",
    "oidc_client_secret": f"{MARK}-client",
    "api_token": f"{MARK}-token-long-enough-to-be-one",
    "channels": (
        f"mailtos://user:{MARK}@127.0.0.1:1?from=me@home.example&to=me@home.example webhook+https://127.0.0.1:1/{MARK} "
        f"ntfys://user:{MARK}@127.0.0.1:1/{MARK}"
    ),
    "webhook_secret": WEBHOOK,
    "ping_url": f"https://127.0.0.1:1/{MARK}",
}
MARKS = (MARK, WEBHOOK.removeprefix("whsec_"), base64.b64encode(f"{MARK}:{MARK}".encode()).decode())
OTHERS = {"GPU_LIMBO_OIDC_METADATA_URL": "https://id.example/x", "GPU_LIMBO_OIDC_CLIENT_ID": "gpu-limbo"} | {
    "GPU_LIMBO_OIDC_OWNERS": "ann@example.org",
    "GPU_LIMBO_PUBLIC_URL": "https://limbo.example",
    "GPU_LIMBO_ALLOW_PRIVATE_HOSTS": "127.0.0.1",
}
EXPORTS = (
    "/healthz", "/metrics", "/api/v1/signals", "/api/v1/prices?gpu=RTX%204090", "/api/v1/evidence?gpu=RTX%204090",
    "/feed.atom", "/calendar.ics", "/badge.svg?gpu=RTX%204090",
)  # fmt: skip


def exported(port: int, address: str) -> str:
    """What a program with the token gets there, with its headers."""
    token = {"Authorization": f"Bearer {SECRETS['api_token']}"}
    answer = httpx.get(f"http://127.0.0.1:{port}{address}", headers=token, timeout=60)
    assert answer.status_code == 200, (address, answer.text)
    return answer.text + str(answer.headers)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder, and an environment in which every secret is set."""
    for name in [name for name in os.environ if name.startswith(PREFIX) or name == "DATABASE_URL"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GPU_LIMBO_HOME", str(tmp_path))
    monkeypatch.setenv("GPU_LIMBO_SHARED", "")
    for name, secret in {PREFIX + name.upper(): secret for name, secret in SECRETS.items()}.items():
        monkeypatch.setenv(name, secret)
    for name, text in OTHERS.items():
        monkeypatch.setenv(name, text)
    for name in source_keys():
        monkeypatch.setenv(name, f"{MARK}:{MARK}")
    return tmp_path


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What reaches the root of all loggers, which is what a service writes down."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    logging.getLogger().addHandler(handler)
    yield said
    logging.getLogger().removeHandler(handler)


def source_keys() -> set[str]:
    """The settings that hold a user's own key for a source."""
    return {source.key_setting for source in load_sources().values() if source.key_setting}


def leaks(text: str) -> list[str]:
    return [
        text[max(0, at.start() - 60) : at.end() + 20] for mark in MARKS for at in re.finditer(re.escape(mark), text)
    ]


def test_every_setting_that_holds_a_secret_is_known_and_not_shown_by_accident(home: Path) -> None:
    marked = {name for name, field in Settings.model_fields.items() if not field.repr}
    assert marked == set(SECRETS)
    named = {n for n in Settings.model_fields if re.search(r"password|secret|token|key|channels|database|ping", n)}
    assert named == marked
    settings = load_settings()
    assert not leaks(repr(settings) + str(settings))


@pytest.mark.parametrize(
    "arguments",
    [
        ["doctor"],
        ["doctor", "--report"],
        ["doctor", "--json"],
        ["alerts", "test", "--kind", "launch"],
        ["alerts", "test", "--kind", "launch", "--json"],
        ["alerts", "list"],
        ["alerts", "rules", "list", "--json"],
        ["sources", "list"],
        ["decide", "--json"],
        ["db", "--help"],
    ],
    ids=" ".join,
)
def test_no_command_shows_a_secret(
    home: Path, arguments: list[str], capsys: pytest.CaptureFixture[str], logged: io.StringIO
) -> None:
    run(["db", "upgrade"])
    run(arguments)
    said = capsys.readouterr()
    assert said.out + said.err
    assert not leaks(said.out + said.err + logged.getvalue())


@pytest.mark.parametrize("name", sorted(set(SECRETS) | {"port", "login"}))
def test_a_setting_that_cannot_be_used_is_named_and_not_repeated(
    home: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(PREFIX + name.upper(), f"nonsense://{MARK}:{MARK}@[{MARK}")
    for arguments in (["doctor"], ["doctor", "--report"], ["alerts", "test", "--kind", "launch"]):
        run(arguments)
    said = capsys.readouterr()
    assert not leaks(said.out + said.err)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "nowhere.invalid"])
def test_the_password_of_a_database_that_does_not_answer_is_not_shown(
    home: Path, host: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GPU_LIMBO_DATABASE_URL", f"postgresql://limbo:{MARK}@{host}/limbo")
    for arguments in (["doctor"], ["doctor", "--report"], ["alerts", "list"], ["db", "backup"]):
        assert run(arguments) != 0
    said = capsys.readouterr()
    assert "does not answer" in said.err
    assert not leaks(said.out + said.err)


def test_nothing_that_the_service_writes_or_logs_holds_a_secret(home: Path) -> None:
    """Scheduler and dashboard for some seconds, with channels that refuse, then a backup: the whole home folder."""
    keep_password(home, "owner", f"{MARK} kept password")
    with session_scope(open_store(load_settings().database)) as session:
        repo.put_choice(session, LOADED, 0, utc_now())  # the shipped history takes its time, and is public
        for source in load_sources():  # nothing is due: a test asks nobody but this machine
            repo.record_crawl(session, source, utc_now(), offers=0, rejections=0, errors=0, seconds=0.0)
    log = home / "log"
    with log.open("w") as file:
        port = free_port()
        command = [sys.executable, "-m", "monitor", "up", "--port", str(port)]
        service = subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=file)
        try:
            wait_for(lambda: "works:" in log.read_text("utf-8") and "http://" in log.read_text("utf-8"))
            assert run(["alerts", "test", "--kind", "launch"]) == 1
            assert [leak for address in EXPORTS for leak in leaks(exported(port, address))] == []
        finally:
            service.terminate()
            service.wait(60)  # how soon it stops is tested elsewhere
    assert run(["db", "backup", str(home / "backups")]) == 0
    files = [path for path in home.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".db", ".json"}
    assert [path for path in files if leaks(path.read_bytes().decode("latin-1"))] == []
    with sqlite3.connect(next((home / "backups").glob("*.db"))) as backup:
        assert not [name for (name,) in backup.execute("SELECT name FROM user_settings") if name.startswith("secret.")]


def test_errors_of_every_channel_name_it_without_its_secrets(home: Path, logged: io.StringIO) -> None:
    message = Message(id="k", kind="test", subject="s", text="t", created_at=utc_now())
    channels = channels_of(load_settings())
    assert len(channels) == 3
    for channel in channels:
        assert not leaks(channel.name)
        with pytest.raises(MonitorError) as failed:
            channel.send(message)
        assert not leaks(str(failed.value))
    assert not leaks(logged.getvalue())


@pytest.mark.parametrize("address", [f"discord://1234567890/{MARK}{MARK}{MARK}", f"tgram://123456789:{MARK * 4}/123"])
def test_a_channel_whose_address_is_all_secret_is_called_by_its_service(home: Path, address: str) -> None:
    [channel] = open_channels(address, ChannelOptions(clock=utc_now))
    assert channel.name in ("discord", "tgram")
