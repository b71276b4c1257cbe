"""Texts that make a regular expression work as hard as it can: each repeat in it, fed with what it repeats.

A backtracking engine is slow where a text can be read by a pattern in many ways and then fails. So for every repeat of
the pattern: what comes before it, many times what it repeats (each of its readings), and an end that fits nothing.
"""

import re
from collections.abc import Iterator
from re import _constants as c
from re import _parser as parser
from typing import Any

ENDS = ("", "\x00", "!", "\n", " x")
PLAIN = ("a", "1", " ", "-", "<", "1,", "1 ", "a1", "rtx ", "&", "\\", '"', "\n", "é", "..", "x ", "4090 ")
ANY = "a"
BEFORE, AFTER = "x1 ", " x"


def hard_texts(pattern: re.Pattern[Any], length: int) -> Iterator[str]:
    """Texts of about `length` characters that pump each repeat of `pattern`, alone and with the one after it."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = parser.parse(source, pattern.flags & ~re.DEBUG if isinstance(pattern.pattern, str) else pattern.flags)
    pumps = {pump for _, pump in _repeats(list(tree), "") if pump}
    places = {(before, pump) for before, pump in _repeats(list(tree), "") if pump}
    bodies = sorted(pumps)[:12]
    for before, pump in sorted(places)[:40]:
        for end in ENDS:
            yield before + pump * (length // len(pump)) + end
    for first in bodies:
        for second in bodies:
            yield (first + second) * (length // len(first + second)) + "\x00"
    for plain in PLAIN:
        yield plain * (length // len(plain)) + "\x00"


def _repeats(nodes: list[Any], before: str) -> Iterator[tuple[str, str]]:
    """Every repeat without a small limit: a text that leads to it, and one that it repeats."""
    led = before
    for node in nodes:
        kind, value = node
        if kind in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            _, most, body = value
            if most == c.MAXREPEAT or most > 20:
                for sample in _samples(list(body)):
                    yield led, sample
            yield from _repeats(list(body), led)
        elif kind is c.SUBPATTERN:
            yield from _repeats(list(value[-1]), led)
        elif kind is c.BRANCH:
            for branch in value[1]:
                yield from _repeats(list(branch), led)
        elif kind in (c.ASSERT, c.ASSERT_NOT):
            yield from _repeats(list(value[1]), led)
        elif kind is getattr(c, "ATOMIC_GROUP", None):
            yield from _repeats(list(value), led)
        led += next(iter(_samples([node])), "")


def _samples(nodes: list[Any]) -> list[str]:
    """A few texts that these nodes read."""
    found = [""]
    for kind, value in nodes:
        parts = _parts(kind, value)
        found = [text + part for text in found for part in parts][:6]
    return found


def _parts(kind: Any, value: Any) -> list[str]:
    if kind is c.LITERAL:
        return [chr(value)]
    if kind is c.NOT_LITERAL:
        return [next(x for x in "a1 " if ord(x) != value)]
    if kind is c.ANY:
        return [ANY, "1"]
    if kind is c.IN:
        return _members(value)
    if kind in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
        least, _, body = value
        once = _samples(list(body))
        return [text * max(1, least) for text in once]
    if kind is c.SUBPATTERN:
        return _samples(list(value[-1]))
    if kind is c.BRANCH:
        return [text for branch in value[1] for text in _samples(list(branch))[:2]][:6] or [""]
    if kind is getattr(c, "ATOMIC_GROUP", None):
        return _samples(list(value))
    return [""]  # anchors, look-arounds, references


def _members(items: list[Any]) -> list[str]:
    classes = {c.CATEGORY_DIGIT: "1", c.CATEGORY_SPACE: " ", c.CATEGORY_WORD: "a"}
    classes |= {c.CATEGORY_NOT_DIGIT: "a", c.CATEGORY_NOT_SPACE: "a", c.CATEGORY_NOT_WORD: " "}
    if items and items[0][0] is c.NEGATE:
        refused = {chr(v) for k, v in items[1:] if k is c.LITERAL}
        return [x for x in "a1 -." if x not in refused][:2] or ["\u00e9"]
    found: list[str] = []
    for kind, value in items:
        if kind is c.LITERAL:
            found.append(chr(value))
        elif kind is c.RANGE:
            found.append(chr(value[0]))
        elif kind is c.CATEGORY:
            found.append(classes.get(value, "a"))
    return list(dict.fromkeys(found))[:4] or ["a"]
