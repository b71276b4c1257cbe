"""What the choices of an article say of its stock: sizes in a drop-down list, sizes that are called sold out."""

import re
from itertools import islice, takewhile

from monitor.core.models import Availability
from monitor.reading.document import Document, Element
from monitor.reading.stock_words import STOCK
from monitor.reading.tidy import spoken

MIN_TOLD = 2  # options that say something of stock, before the list is believed
MAX_OPTIONS = 500
MAX_GROUPS, MAX_SIZES, MAX_SIZE_CHARS = 2_000, 30, 30
MAX_ITEM_CHARS = 200  # of an item that are looked at, spaces of its markup among them
_OPTION = re.compile(rb"<option\b[^>]{0,500}>([^<]{1,200})", re.IGNORECASE)


def stock_of_choices(document: Document) -> Availability:
    """In stock where one of the page's choices is, sold out where all are; unknown where fewer than two say so. From
    the page's bytes: its drop-down lists are cut out of the tree when its visible text is read."""
    told: list[Availability] = []
    for option in islice(_OPTION.finditer(document.body), MAX_OPTIONS):
        text = option[1].decode("utf-8", "replace").lower()
        state = next((state for state, _, _ in STOCK.all_in(text)), None)
        if state is not None:
            told.append(state)
    if len(told) < MIN_TOLD:
        return Availability.UNKNOWN
    if any(state in (Availability.IN_STOCK, Availability.LIMITED) for state in told):
        return Availability.IN_STOCK
    return told[0] if len(set(told)) == 1 else Availability.UNKNOWN


def closed_sizes(root: Element) -> list[Element]:
    """The sizes of a list that are called sold out, where others of the list are not: the article is there."""
    found: list[Element] = []
    for group in islice(root.iter("ul", "ol"), MAX_GROUPS):
        items = [child for child in islice(group, MAX_SIZES + 1) if child.tag == "li"]
        if not 1 < len(items) <= MAX_SIZES:
            continue
        texts = list(takewhile(_is_short, (spoken(item.itertext(), MAX_ITEM_CHARS).lower() for item in items)))
        if len(texts) < len(items):
            continue
        gone = [any(state is Availability.OUT_OF_STOCK for state, _, _ in STOCK.all_in(text)) for text in texts]
        if any(gone) and any(text and not shut for text, shut in zip(texts, gone, strict=True)):
            found += [item for item, shut in zip(items, gone, strict=True) if shut]
    return found


def _is_short(text: str) -> bool:
    return len(text) <= MAX_SIZE_CHARS
