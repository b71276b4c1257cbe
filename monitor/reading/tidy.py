"""Text for people out of text from the web: one line, nothing invisible, nothing that cannot be stored or printed."""

import re
from collections.abc import Iterable

# Control characters, lone surrogates, marks that turn or hide text, soft hyphens, byte order marks.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def spoken(pieces: Iterable[str], limit: int = 2000) -> str:
    """The texts of an element put together as people read them: words of two elements are two ("4070<br>12GB").

    >>> spoken(["RTX 4070", "12GB", "(", "OC", ")"])
    'RTX 4070 12GB(OC)'
    """
    parts: list[str] = []
    length = 0
    for piece in pieces:
        if parts and piece[:1].isalnum() and parts[-1][-1:].isalnum():
            parts.append(" ")
        parts.append(piece)
        length += len(piece)
        if length >= limit:
            break
    return " ".join("".join(parts)[:limit].split())


def tidy(text: str, limit: int = 400) -> str:
    """The text without unwanted characters and with single spaces, cut at `limit` characters.

    >>> tidy(" RTX\\n 4090\\u202e ")
    'RTX 4090'
    """
    return " ".join(_UNWANTED.sub("", text[: limit * 4]).split())[:limit]
