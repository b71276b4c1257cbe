"""Keeps a request to an address given by a user away from private networks, whatever a name resolves to.

The check sits where the socket connects (an audit hook of the interpreter), so it holds for every client library, after
every redirect, and when a name answers differently the second time. It is in force only in the thread that asked.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.core.addresses import private_reason
from monitor.errors import DeliveryError


class BlockedAddress(DeliveryError):
    """The address lies in a private network and is not allowed by the settings."""


_here = threading.local()
_installed = threading.Lock()
_hooked = False


@contextmanager
def public_only(host: str, allowed: frozenset[str]) -> Iterator[None]:
    """Within the block this thread connects to public addresses only, unless `host` is one of `allowed`."""
    _here.blocked = None
    if host.strip("[]").lower().rstrip(".") in allowed:
        yield
        return
    _install()
    outer = getattr(_here, "host", None)
    _here.host = host
    try:
        yield
    except BlockedAddress:
        raise
    except Exception:
        if _here.blocked is not None:  # a client library has wrapped the refusal in an error of its own
            raise _here.blocked from None
        raise
    finally:
        _here.host = outer


def blocked_here() -> BlockedAddress | None:
    """The refusal of the block just left, for libraries that swallow every error."""
    return getattr(_here, "blocked", None)


def _install() -> None:
    global _hooked
    with _installed:
        if not _hooked:
            sys.addaudithook(_check)
            _hooked = True


def _check(event: str, args: tuple[object, ...]) -> None:
    if event != "socket.connect" or getattr(_here, "host", None) is None:
        return
    address = args[1]
    if not isinstance(address, tuple):
        _refuse("a local socket")
    elif reason := private_reason(str(address[0])):
        _refuse(f"a {reason} address")


def _refuse(what: str) -> None:
    host = _here.host
    _here.blocked = BlockedAddress(
        f"{host} leads to {what}; if that is meant, add the host to GPU_LIMBO_ALLOW_PRIVATE_HOSTS", permanent=True
    )
    raise _here.blocked
