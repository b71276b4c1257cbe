# ruff: noqa: SIM905 - a long list of words reads best as one text
"""The pieces of text of a page's tree in the order that people read them, and which of them stand in one block."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from monitor.reading.buttons import SPEAKING, said_by
from monitor.reading.document import Element
from monitor.reading.fragments import Run

MAX_NODES = 80_000
MAX_CHARS = 1_500_000  # of the page's text; the largest saved page has 110,000
_INLINE = frozenset(
    "span a b strong i em small sup sub font s del strike ins u abbr label mark bdi data time big tt code q cite var"
    " wbr bdo nobr price text meta link input img".split()
)


def first_runs(root: Element) -> list[Run]:
    """The texts that are not empty, up to as many pieces and characters as are read of a page."""
    found: list[Run] = []
    left = MAX_CHARS
    for element, text in islice(_texts(root), MAX_NODES):
        run = Run(element, text if len(text) <= left else text[:left])
        if run.text:
            found.append(run)
        left -= len(text)
        if left <= 0:
            break
    return found


def _texts(root: Element) -> Iterator[tuple[Element, str]]:
    """Every piece of text in order with the element that holds it, without those of spaces only. Not by XPath, whose
    sorting is quadratic."""
    waiting: list[_Tail] = []  # of the elements that `element` stands in
    for element in root.iter():
        while waiting and waiting[-1].before is element:
            yield waiting.pop().said()
        if (text := element.text) and not text.isspace():
            yield element, text
        if element.tag in SPEAKING and (said := said_by(element)):
            yield element, said
        if (tail := element.tail) and not tail.isspace() and element is not root:
            if len(element):
                waiting.append(_Tail(element, tail, _after(element, waiting[-1] if waiting else None)))
            else:
                yield element.getparent(), tail
    while waiting:
        yield waiting.pop().said()


class _Tail(NamedTuple):
    """The text behind an element that holds others, and the element it stands before in the page's order."""

    owner: Element
    text: str
    before: Element | None

    def said(self) -> tuple[Element, str]:
        return self.owner.getparent(), self.text


def _after(element: Element, outer: _Tail | None) -> Element | None:
    """The element that comes after all that stands in `element`; each step up is made once for the whole page."""
    node = element
    while (following := node.getnext()) is None:
        node = node.getparent()
        if node is None:
            return None
        if outer is not None and node is outer.owner:
            return outer.before
    return following


class Blocks:
    """Whether an element stands in the same block of text as the one asked about before it."""

    def __init__(self) -> None:
        self._known: dict[Element, Element] = {}
        self._last: Element = None

    def goes_on(self, first: Element, last: Element) -> bool:
        """Whether `first` goes on with the block of the `last` that the call before was given."""
        block, before = self._block(first), self._last
        self._last = block if last is first else self._block(last)
        return block is before

    def _block(self, element: Element) -> Element:
        if element.tag not in _INLINE:
            return element
        known = self._known.get(element)
        if known is not None:
            return known
        node = element
        while node.tag in _INLINE and node.getparent() is not None:
            node = node.getparent()
        self._known[element] = node
        return node
