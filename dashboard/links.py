"""Which addresses from data may become links."""

from urllib.parse import urlsplit


def safe_link(url: str) -> str | None:
    """The address, if it is an ordinary one of the web; anything else (javascript:, data:) is not shown."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None
