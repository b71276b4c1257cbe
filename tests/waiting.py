"""For tests that start a process: a free port, and waiting until something holds."""

import contextlib
import socket
import time
from collections.abc import Callable

import httpx


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(true: Callable[[], object], seconds: float = 60.0) -> None:
    """Return as soon as `true` holds, fail after so long; a server that cannot be reached yet is asked again."""
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(httpx.TransportError):
            if true():
                return
        assert time.monotonic() < deadline, f"waited {seconds:g} s in vain"
        time.sleep(0.02)
