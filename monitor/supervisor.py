"""`gpu-limbo up`: scheduler and dashboard as child processes, restarted when they die, stopped together."""

import contextlib
import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from monitor.errors import UsageError

FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 1.0, 60.0
HEALTHY_AFTER_SECONDS = 60.0  # a child that lived so long starts anew without delay
STOP_WITHIN_SECONDS = 8.0
LISTENS_WITHIN_SECONDS = 30.0
POLL_SECONDS = 0.2
STANDS_BACK = 5

log = logging.getLogger("gpu-limbo")


@dataclass
class Child:
    """A process that should always be there."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    wait_seconds: float = FIRST_WAIT_SECONDS
    start_at: float = 0.0
    starts: int = 0
    niceness: int = 0  # how far it stands back for others who want the processor


def children(host: str, port: int) -> list[Child]:
    """The two processes of the service."""
    serve = [
        "-m",
        "uvicorn",
        "dashboard.asgi:app",
        "--host",
        host,
        "--port",
        str(port),
        "--log-level",
        "warning",
        "--no-access-log",
    ]
    serve += ["--timeout-graceful-shutdown", "4"]
    where = {"GPU_LIMBO_HOST": host, "GPU_LIMBO_PORT": str(port)}
    return [
        Child(name="dashboard", command=[sys.executable, *serve], environment=where),
        Child(
            name="scheduler",
            command=[sys.executable, "-m", "monitor.scheduler"],
            environment=where,
            niceness=STANDS_BACK,  # who opens a page waits for it; a crawl has time
        ),
    ]


def check_port(host: str, port: int) -> None:
    """Raise `UsageError` where nothing can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = error.strerror or str(error)
            raise UsageError(
                f"port {port} on {host} cannot be used ({why}): choose another with --port, or end what uses it"
            ) from None


def wait_for_port(host: str, port: int, stop: threading.Event) -> bool:
    """True as soon as something listens there; false after a while, or when `stop` is set."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    deadline = time.monotonic() + LISTENS_WITHIN_SECONDS
    while time.monotonic() < deadline and not stop.is_set():
        with contextlib.suppress(OSError), socket.create_connection((reachable, port), timeout=1.0):
            return True
        stop.wait(0.1)
    return False


def supervise(wanted: Sequence[Child], stop: threading.Event, prepare: Callable[[], None] = lambda: None) -> None:
    """Keep the children running until `stop` is set, then end them all. The first one loads while `prepare` works."""
    try:
        _tend(wanted[0], time.monotonic())
        prepare()
        while not stop.is_set():
            for child in wanted:
                _tend(child, time.monotonic())
            stop.wait(POLL_SECONDS)
    finally:
        end_all(wanted)


def stop_on_signals() -> threading.Event:
    """An event that Ctrl-C and SIGTERM set."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    return stop


def end_all(wanted: Sequence[Child]) -> None:
    """Ask every child to end, and end it by force after some seconds."""
    running = [child.process for child in wanted if child.process is not None and child.process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + STOP_WITHIN_SECONDS
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _tend(child: Child, now: float) -> None:
    """Start a child that is not there, later and later if it keeps dying."""
    if child.process is not None:
        code = child.process.poll()
        if code is None:
            return
        if now - child.started >= HEALTHY_AFTER_SECONDS:
            child.wait_seconds = FIRST_WAIT_SECONDS
        log.warning("the %s ended with code %s; it starts again in %.0f s", child.name, code, child.wait_seconds)
        child.process, child.start_at = None, now + child.wait_seconds
        child.wait_seconds = min(child.wait_seconds * 2, LONGEST_WAIT_SECONDS)
    if now >= child.start_at:
        child.process = subprocess.Popen(
            child.command,
            env={**os.environ, **child.environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches us alone; we pass it on in our own way
            preexec_fn=partial(_before_it_runs, child.niceness) if sys.platform == "linux" else None,
        )
        child.started, child.starts = now, child.starts + 1


def _before_it_runs(niceness: int) -> None:
    """Stand back for others, and have Linux end this process when the supervisor is killed, so that nobody is left
    holding the port."""
    os.nice(niceness)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
