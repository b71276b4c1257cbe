"""A dead man's switch: a short request after each good round. When none comes, the other side tells.

The protocol is that of healthchecks.io and its like: a GET of the address says "well", of its /fail "not well".
"""

from urllib.parse import urlsplit

import httpx

from monitor.errors import DeliveryError, SettingsError
from monitor.notify.guard import public_only
from monitor.notify.message import redacted

TIMEOUT_SECONDS = 10.0


def ping(url: str, *, well: bool, allowed: frozenset[str]) -> None:
    """Say that a round went well, or that it did not; raises `DeliveryError` where nobody heard it."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError("GPU_LIMBO_PING_URL must begin with https:// or http:// and name a host")
    address = url if well else f"{url.rstrip('/')}/fail"
    try:
        with (
            public_only(parts.hostname, allowed),
            httpx.Client(timeout=TIMEOUT_SECONDS) as client,
            client.stream("GET", address, headers={"user-agent": "gpu-limbo-ping/1"}) as answer,
        ):
            code = answer.status_code
    except httpx.HTTPError as error:
        raise DeliveryError(f"{redacted(url)} cannot be reached: {type(error).__name__}", permanent=False) from None
    if code >= 300:
        raise DeliveryError(f"{redacted(url)} answered {code} to the ping", permanent=False)
