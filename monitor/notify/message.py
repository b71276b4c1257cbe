"""What travels through a channel, and what a channel is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, kw_only=True)
class Message:
    """One alert as it is sent. `id` is the same at every try, so that a receiver can drop what it has seen."""

    id: str
    kind: str
    subject: str
    text: str
    created_at: datetime
    html: str = ""
    png: bytes | None = None
    data: Mapping[str, object] = field(default_factory=dict[str, object])
    mute_url: str = ""


class Channel(Protocol):
    """A way to a person. `name` holds no secret: it stands in the database, the log and on the page."""

    @property
    def name(self) -> str: ...

    def send(self, message: Message) -> None:
        """Hand the message over, or raise `DeliveryError`, which says whether to try again."""
        ...


def one_line(text: str) -> str:
    """Text that is safe as a header or a title: no line breaks, no control or direction characters.

    >>> one_line("RTX 4090\\r\\nBcc: everyone")
    'RTX 4090 Bcc: everyone'
    """
    return " ".join(CONTROL.sub(" ", text).split())


def redacted(url: str) -> str:
    """The scheme and host of an address, which may be shown; user, password, path and query may hold secrets.

    >>> redacted("https://user:pw@hooks.example.org/T0/B0/s3cr3t?token=1")
    'https://hooks.example.org'
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return "an address that cannot be read"
    return f"{parts.scheme}://{host}" if host else f"{parts.scheme}://"
