"""Values in what Next.js sends in pieces: `self.__next_f.push([1,"..."])`, each piece a string of a longer text."""

import re
from collections.abc import Iterable, Iterator, Mapping

from monitor.reading.almost_json import load_values, value_at

MAX_CHARS = 3_000_000
MAX_ROWS = 2_000
MAX_MISSED = 40  # each may cost a look through the rest of the text
MAX_TEXTS = 200
_PIECE = re.compile(r"__next_f\.push\(\s*\[\s*1\s*,\s*(?=\")")
# "1a:[...]", "2b:T3f,{...}", or a text of its own that begins with a brace.
_ROW = re.compile(r"(?:^|\n)[ \t]{0,20}(?:[0-9a-f]{1,6}:(?:T[0-9a-f]{1,6},)?)?(?=[{\[])")


def streamed_values(scripts: Iterable[str]) -> Iterator[object]:
    """The values of the joined pieces, and those that stand in them as text (JSON-LD is put into the page that way)."""
    text = "".join(_pieces(scripts))
    end = missed = 0
    for count, match in enumerate(_ROW.finditer(text)):
        if count > MAX_ROWS or missed > MAX_MISSED:
            return
        if match.end() < end:
            continue
        value, end = value_at(text, match.end())
        missed += value is None
        if value is not None:
            yield value
            yield from _written_in(value)


def is_schema_org(value: object) -> bool:
    """Whether a value is written in the words of schema.org."""
    return isinstance(value, Mapping) and ("@type" in value or "@graph" in value)


def _pieces(scripts: Iterable[str]) -> Iterator[str]:
    left = MAX_CHARS
    missed = 0
    for script in scripts:
        if "__next_f" not in script:
            continue
        for match in _PIECE.finditer(script):
            piece, end = value_at(script, match.end())
            left -= end - match.end()
            missed += not isinstance(piece, str)
            if left < 0 or missed > MAX_MISSED:
                return
            if isinstance(piece, str):
                yield piece


def _written_in(value: object) -> Iterator[object]:
    """The schema.org values that stand as text within a value."""
    waiting = [value]
    tries = 0
    while waiting and tries < MAX_TEXTS:
        entry = waiting.pop()
        if isinstance(entry, dict):
            waiting.extend(reversed(list(entry.values())))
        elif isinstance(entry, list):
            waiting.extend(reversed(entry))
        elif isinstance(entry, str) and entry.lstrip()[:1] in ("{", "[") and '"@type"' in entry:
            tries += 1
            for found in load_values(entry)[0]:
                yield from found if isinstance(found, list) else (found,)
