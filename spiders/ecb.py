"""The European Central Bank's XML of reference rates (eurofxref-daily, -hist-90d): one `Cube` a day and currency."""

from datetime import date
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

Element = Any  # lxml's elements have no useful static type


def read_rates(body: bytes) -> list[tuple[date, dict[str, str]]]:
    """(day, {currency: units for one euro}) of each day that can be read; nothing if the answer is something else."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return []
    found: list[tuple[date, dict[str, str]]] = []
    for day in [] if root is None else root.iter("{*}Cube"):
        when = _date(day.get("time"))
        rates = {cube.get("currency"): cube.get("rate") for cube in day if cube.get("currency") and cube.get("rate")}
        if when is not None and rates:
            found.append((when, {code: text for code, text in rates.items() if len(code) == 3 and code.isupper()}))
    return found


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
