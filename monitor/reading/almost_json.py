"""JSON as shops write it: with comments, trailing commas, a stray brace, raw newlines, HTML entities, two objects."""

import json
import re
from collections.abc import Iterator
from html import unescape

MAX_CHARS = 3_000_000
MAX_DEPTH = 60


def load_values(text: str) -> tuple[list[object], str]:
    """The values that stand in `text` and, where something was lost, why ("" if nothing was).

    >>> load_values('{"a": 1,} // note')
    ([{'a': 1}], '')
    """
    if len(text) > MAX_CHARS:
        return [], "too_large"
    if _deeper_than(text, MAX_DEPTH):
        return [], "too_deep"
    text = _without_wrapping(text)
    if not text:
        return [], ""
    try:
        return [_DECODER.decode(text)], ""
    except ValueError:
        return _load_repaired(text)


def value_at(text: str, start: int) -> tuple[object, int]:
    """The value that begins at `start` of a script, and where it ends; `None` where it is none or nested too deep."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None, start
    return (None, end) if _deeper_than(text[start:end], MAX_DEPTH) else (value, end)


_DECODER = json.JSONDecoder(strict=False)
_WRAPPING = re.compile(r"^(?:\s|\ufeff|<!--|-->|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[|;)+")
_WRAPPING_END = re.compile(r"(?:\s|<!--|-->|/\*\s*\]\]>\s*\*/|//\s*\]\]>|\]\]>|//\s*-->|;)+$")

_WRAPPING_CHARS = 100


def _without_wrapping(text: str) -> str:
    before = _WRAPPING.match(text)
    text = (text[before.end() :] if before else text).rstrip()
    # Only the last characters are asked: from every space on, the pattern looks for the end.
    return text[:-_WRAPPING_CHARS] + _WRAPPING_END.sub("", text[-_WRAPPING_CHARS:], count=1)


def _load_repaired(text: str) -> tuple[list[object], str]:
    """Try one repair after the other, from the mildest on; keep the values before what stays broken."""
    best: list[object] = []
    for repaired in _repairs(text):
        values, complete = _decode_all(repaired)
        if complete and values:
            return values, ""
        if len(values) > len(best):
            best = values
    return best, "broken_json"


def _repairs(text: str) -> Iterator[str]:
    yield text
    clean = _mended(text)
    yield clean
    if "&" in text:
        yield _mended(unescape(text))
    yield _QUOTE_INSIDE.sub(r"\\\1", clean)


_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')
# A quote between two letters, or after an inch mark's digit, that no comma, colon or bracket surrounds.
_QUOTE_INSIDE = re.compile(r'(?<=[^\s:,\[{\\])(")(?!\s*[:,\]}])')
# Pieces of JSON. A string without an end goes to the end: every pattern here takes each character once.
_PIECE = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?$)|/\*|//[^\n]*+|<!--|-->|[,;}\]]|[^"/,;<}\]-]++|.', re.DOTALL)


def _mended(text: str) -> str:
    """The text without comments, stray semicolons, bad escapes and commas before a closing bracket."""
    parts: list[str] = []
    position = 0
    comma = -1  # where in `parts` a comma waits for what follows it
    while match := _PIECE.match(text, position):
        piece, position = match[0], match.end()
        if piece in ("/*", "<!--"):
            end = text.find("*/" if piece == "/*" else "-->", position)
            position = len(text) if end < 0 else end + len("*/" if piece == "/*" else "-->")
            continue
        if piece in (";", "-->") or piece.startswith("//"):
            continue
        if piece in "}]" and comma >= 0:
            parts[comma] = ""
        if not piece.isspace():
            comma = len(parts) if piece == "," else -1
        parts.append(_BAD_ESCAPE.sub(r"\\\\", piece) if piece[0] == '"' else piece)
    return "".join(parts)


def _decode_all(text: str) -> tuple[list[object], bool]:
    """The values one after another, and whether nothing but noise was left over."""
    values: list[object] = []
    position = 0
    while match := _NEXT_VALUE.search(text, position):
        try:
            value, position = _DECODER.raw_decode(text, match.start())
        except ValueError:
            return values, False
        values.append(value)
        if len(values) > 1000:
            return values, False
    return values, True


_NEXT_VALUE = re.compile(r"[{\[]")


def _deeper_than(text: str, limit: int) -> bool:
    """Whether brackets outside strings nest deeper than `limit`; a quick count first."""
    if text.count("{") + text.count("[") <= limit:
        return False
    depth = 0
    for match in _BRACKETS.finditer(text):
        token = match[0]
        if token in "{[":
            depth += 1
            if depth > limit:
                return True
        elif token in "}]":
            depth -= 1
    return False


_BRACKETS = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?$)|[{}\[\]]', re.DOTALL)
