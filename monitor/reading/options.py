"""Shops that keep all their articles in drop-down lists: `<option>`s with a name and a price -> rows.

Only for pages without a list of another kind; a choice of variants ("+ 100 €") has no row of its own.
"""

import re
from dataclasses import dataclass
from itertools import islice

from monitor.core.money import Amount, find_amounts
from monitor.core.price_words import Role
from monitor.reading.document import Document
from monitor.reading.tidy import tidy

MIN_ROWS = 5
MAX_OPTIONS = 10_000
MIN_LETTERS = 8
_SIGNED = re.compile(r"[+(\-−]\s*(?:[€$£¥₹]|NT\$|[A-Z]{3})?\s*$")
_TAIL = re.compile(r"[\s,，:：;|–—-]+$")


@dataclass(frozen=True, kw_only=True)
class OptionRow:
    """One option: its name, its price, and the words that it was read from."""

    title: str
    amount: Amount
    snippet: str


def read_options(document: Document, currency: str | None) -> list[OptionRow]:
    """The priced options of the page, or none where they are fewer than a list has."""
    if not document.has(b"<option") and not document.has(b"<OPTION"):
        return []
    found = (_row(option, currency) for option in islice(document.root.iter("option"), MAX_OPTIONS))
    rows = {(row.title, row.amount.value): row for row in found if row is not None}
    return list(rows.values()) if len(rows) >= MIN_ROWS else []


def _row(option: object, currency: str | None) -> OptionRow | None:
    text = " ".join("".join(option.itertext())[:600].split())  # type: ignore[attr-defined]
    asking = [amount for amount in find_amounts(text, currency) if amount.role is Role.ASKING]
    if len(asking) != 1:
        return None
    amount = asking[0]
    before = text[: amount.start]
    title = _TAIL.sub("", before)
    if _SIGNED.search(before) or sum(map(str.isalpha, title)) < MIN_LETTERS:
        return None
    return OptionRow(title=tidy(title), amount=amount, snippet=text[:200])
