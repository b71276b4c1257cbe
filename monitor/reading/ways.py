"""Several ways to buy an article, of which one can be chosen: new or used, by post or at the shop, S or XL.

"Not available" on a way that is closed says nothing of the article where another way is open and has a price.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import islice

from monitor.core.models import Availability
from monitor.core.money import find_amounts, normalise
from monitor.core.price_words import Role
from monitor.reading.document import Element
from monitor.reading.stock_words import STOCK

MAX_CHOICES = 2_000
MAX_CHARS = 300
MAX_CLIMB = 6
MAX_PRICED = 100
# "+ 100 €", "-5 €", "(- 5 €": what is added or taken off. "Used - 389 €" is a price behind a dash.
_ON_TOP = re.compile(r"(?:\+\s?|-|\(\s?-\s?)$")


@dataclass(frozen=True, kw_only=True)
class Ways:
    """The elements of the ways that are closed, and whether another one with a price is open."""

    closed: tuple[Element, ...] = ()
    is_open: bool = False


@dataclass(frozen=True, kw_only=True)
class _Way:
    element: Element
    text: str
    closed: bool


def read_ways(root: Element, currency: str | None) -> Ways:
    """The ways to buy that the page's radio buttons and drop-down lists offer. Nothing where all are open or all are
    closed, where none that is closed says that it is sold out, or none that is open has a price."""
    closed: list[Element] = []
    is_open = False
    for ways in (*_by_radios(root), *_by_lists(root)):
        shut = [way for way in ways if way.closed]
        live = [way for way in ways if not way.closed]
        if not shut or not live or not any(map(_is_sold_out, shut)):
            continue
        if any(_has_price(way, currency) for way in live[:MAX_PRICED]):
            closed += [way.element for way in shut]
            is_open = True
    return Ways(closed=tuple(closed), is_open=is_open)


def _by_radios(root: Element) -> list[list[_Way]]:
    groups: defaultdict[str, list[Element]] = defaultdict(list)
    for element in islice(root.iter("input"), MAX_CHOICES):
        if (element.get("type") or "").lower() == "radio" and element.get("name"):
            groups[element.get("name")].append(element)
    several = [radios for radios in groups.values() if len(radios) > 1 and any(map(_is_disabled, radios))]
    labels = {label.get("for"): label for label in root.iter("label")} if several else {}
    return [
        [
            _Way(element=box, text=_text(box), closed=_is_disabled(radio))
            for radio, box in zip(radios, _boxes(radios, labels), strict=True)
        ]
        for radios in several
    ]


def _boxes(radios: list[Element], labels: dict[str | None, Element]) -> list[Element]:
    """What each button stands for: its label, else the smallest element around it with a text and no other button."""
    held: Counter[Element] = Counter(node for radio in radios for node in _above(radio))
    boxes: list[Element] = []
    for radio in radios:
        own = [node for node in _above(radio) if held[node] == 1]
        box = next((node for node in own if _text(node)), None)
        boxes.append(box if box is not None else labels.get(radio.get("id"), radio))
    return boxes


def _above(element: Element) -> list[Element]:
    return list(islice(element.iterancestors(), MAX_CLIMB))


def _by_lists(root: Element) -> list[list[_Way]]:
    lists: defaultdict[Element, list[Element]] = defaultdict(list)
    for option in islice(root.iter("option"), MAX_CHOICES):
        parent = option.getparent()
        lists[parent.getparent() if parent.tag == "optgroup" else parent].append(option)
    return [
        [_Way(element=option, text=_text(option), closed=_is_disabled(option)) for option in options]
        for options in lists.values()
        if len(options) > 1 and any(map(_is_disabled, options))
    ]


def _is_disabled(element: Element) -> bool:
    return element.get("disabled") is not None or element.get("aria-disabled") == "true"


def _text(element: Element) -> str:
    return " ".join(normalise(" ".join(islice(element.itertext(), 30))[:MAX_CHARS]).split())


def _is_sold_out(way: _Way) -> bool:
    return any(state is Availability.OUT_OF_STOCK for state, _, _ in STOCK.all_in(way.text.lower()))


def _has_price(way: _Way, currency: str | None) -> bool:
    """Whether a way has one price of its own; "+ 100 €" is none, and what is sold out is not open."""
    if _is_sold_out(way):
        return False
    asking = [amount for amount in find_amounts(way.text, currency) if amount.role is Role.ASKING]
    return len(asking) == 1 and _ON_TOP.search(way.text[: asking[0].start]) is None
