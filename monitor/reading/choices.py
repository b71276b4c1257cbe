"""Stock that only a drop-down list tells: a size each, with "[In Stock]" behind it."""

import re
from itertools import islice

from monitor.core.models import Availability
from monitor.reading.document import Document
from monitor.reading.stock_words import STOCK

MIN_TOLD = 2  # options that say something of stock, before the list is believed
MAX_OPTIONS = 500
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
