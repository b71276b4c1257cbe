"""`gpu-limbo up --demo`: the dashboard over a replay of shipped history, in a home that is gone afterwards."""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.settings import PREFIX

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from monitor.settings import Settings

NO_LOGIN = ("127.0.0.1", "localhost", "::1")


def run_demo(host: str, port: int, speed: float) -> int:
    """Play the history and keep the pages open until Ctrl-C."""
    from dataclasses import replace

    from monitor import supervisor
    from monitor.errors import UsageError

    if host not in NO_LOGIN:
        raise UsageError(f"the replay listens on this machine only, not on {host}: leave out --host")
    supervisor.check_port(host, port)
    shown = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    with _own_home(shown) as settings:
        stop = supervisor.stop_on_signals()
        player = threading.Thread(target=_play, args=(settings, speed, stop), name="replay")
        dashboard = supervisor.children(host, port)[0]
        dashboard = replace(dashboard, command=[_in_the_past(part) for part in dashboard.command])

        def make_ready() -> None:
            supervisor.wait_for_port(host, port, stop)
            click.echo(f"gpu-limbo: {shown}  (a replay of shipped history, not today; Ctrl-C ends it)")
            click.echo(f"gpu-limbo: {shown}/mailbox has the letters. Nothing of yours is read or changed.")
            player.start()

        try:
            supervisor.supervise([dashboard], stop, make_ready)
        finally:
            stop.set()
            if player.is_alive():
                player.join(30)
    click.echo("gpu-limbo: stopped, and the replay's folder is removed", err=True)
    return 0


def _in_the_past(part: str) -> str:
    return "dashboard.replay_asgi:app" if part == "dashboard.asgi:app" else part


@contextmanager
def _own_home(public_url: str) -> Iterator["Settings"]:
    """A new home folder and an environment in which nothing of the user's settings is left, for us and our children."""
    from monitor.settings import load_settings

    kept = dict(os.environ)
    folder = Path(tempfile.mkdtemp(prefix="gpu-limbo-replay-"))
    for name in [name for name in os.environ if name.startswith((PREFIX, "DATABASE_URL"))]:
        del os.environ[name]
    os.environ |= {
        f"{PREFIX}HOME": str(folder),
        f"{PREFIX}CHANNELS": "mailbox://",
        f"{PREFIX}PUBLIC_URL": public_url,
    }
    try:
        yield load_settings()
    finally:
        os.environ.clear()
        os.environ |= kept
        shutil.rmtree(folder, ignore_errors=True)


def _play(settings: "Settings", speed: float, stop: threading.Event) -> None:
    from monitor.errors import MonitorError
    from monitor.store.engine import open_store

    try:
        engine = open_store(settings.database)
        _tell(engine, settings, speed, stop)
        engine.dispose()
    except MonitorError as error:
        click.echo(f"gpu-limbo: the replay ended early: {error}", err=True)
        stop.set()


def _tell(engine: "Engine", settings: "Settings", speed: float, stop: threading.Event) -> None:
    """Play, and say on the terminal what happens."""
    from monitor.jobs.replay import replay

    title, letters, flips = "", 0, 0
    for step in replay(engine, settings, speed, time.monotonic, stop.wait):
        if stop.is_set():
            return
        if step.act.title != title:
            title = step.act.title
            click.echo(f"\n{step.now:%d %b %Y}  {title}")
        for subject in step.letters:
            click.echo(f"{step.now:%d %b %Y}  letter: {subject}")
        letters, flips = letters + len(step.letters), flips + step.flips
    click.echo(f"\ngpu-limbo: the replay is over: {flips} calls changed, {letters} letters lie in the mailbox.")
    click.echo("gpu-limbo: look around as long as you like; Ctrl-C ends it and removes its folder.")
