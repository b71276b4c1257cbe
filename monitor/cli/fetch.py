"""One page from the web for a person at the command line: bounded in size, public addresses only."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx

from monitor.errors import SourceError
from monitor.settings import load_settings

TIMEOUT_SECONDS = 30.0
MAX_REDIRECTS = 5


class FetchFailed(SourceError):
    """The page cannot be had; `reason` is the rejection's."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A page as it came."""

    url: str  # after redirects
    body: bytes
    encoding: str | None


def fetch(url: str, max_bytes: int) -> Answer:
    """The page at `url`; follows redirects within public http and https addresses, stops after `max_bytes`."""
    settings = load_settings()
    allowed = frozenset(host.strip().lower() for host in settings.allow_private_hosts.split(",") if host.strip())
    contact = f"; {settings.contact}" if settings.contact else ""
    headers = {"User-Agent": f"gpu-limbo/0.1 (price monitor{contact})", "Accept": "text/html,application/json"}
    try:
        with httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False, headers=headers, trust_env=True) as client:
            for _ in range(MAX_REDIRECTS + 1):
                refuse_unsafe(url, allowed)
                with client.stream("GET", url) as response:
                    if response.is_redirect:
                        url = urljoin(url, response.headers.get("location", ""))
                        continue
                    return _read(response, url, max_bytes)
    except httpx.HTTPError as error:
        raise FetchFailed("unreachable", f"{type(error).__name__}: {error}") from None
    raise FetchFailed("unreachable", f"more than {MAX_REDIRECTS} redirects")


def _read(response: httpx.Response, url: str, max_bytes: int) -> Answer:
    if response.status_code in (401, 403, 429, 503):
        raise FetchFailed("blocked", f"the shop answered {response.status_code}")
    if response.status_code >= 400:
        raise FetchFailed("unreachable", f"the shop answered {response.status_code}")
    body = bytearray()
    for part in response.iter_bytes():
        body += part
        if len(body) > max_bytes:
            raise FetchFailed("too_large", f"more than {max_bytes} bytes")
    return Answer(url=url, body=bytes(body), encoding=response.charset_encoding)


def refuse_unsafe(url: str, allowed: frozenset[str]) -> None:
    """Raise `FetchFailed` unless `url` is http(s) to a public address or to a host in `allowed`."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FetchFailed("unsafe_address", f"only http and https addresses are read, not {url[:100]}")
    if parts.hostname.lower() in allowed:
        return
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, ValueError) as error:
        raise FetchFailed("unreachable", f"{parts.hostname}: {error}") from None
    for entry in found:
        if not ipaddress.ip_address(str(entry[4][0]).split("%")[0]).is_global:
            raise FetchFailed(
                "unsafe_address", f"{parts.hostname} is a private address; see the setting allow_private_hosts"
            )
