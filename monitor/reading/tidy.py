"""Text for people out of text from the web: one line, nothing invisible, nothing that cannot be stored or printed."""

import re

# Control characters, lone surrogates, marks that turn or hide text, soft hyphens, byte order marks.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def tidy(text: str, limit: int = 400) -> str:
    """The text without unwanted characters and with single spaces, cut at `limit` characters.

    >>> tidy(" RTX\\n 4090\\u202e ")
    'RTX 4090'
    """
    return " ".join(_UNWANTED.sub("", text[: limit * 4]).split())[:limit]
