"""Which addresses from data may become links."""

from collections.abc import Mapping
from typing import Any

from monitor.core.web_text import web_address


def safe_link(url: str) -> str | None:
    """The address, if it is an ordinary one of the web; anything else (javascript:, data:) is not shown."""
    return web_address(url) or None


def offer_link_of(payload: Mapping[str, object]) -> str | None:
    """The address of the first offer that an alert is about, if it has one."""
    changes: Any = payload.get("changes")
    links = (safe_link(str(change.get("offer_url") or "")) for change in changes or ())
    return next(filter(None, links), None)
