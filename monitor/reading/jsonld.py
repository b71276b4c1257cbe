"""The values of a page's JSON-LD blocks."""

from monitor.reading.almost_json import load_values
from monitor.reading.claims import Notes
from monitor.reading.document import Document
from monitor.reading.schemaorg import types_of

MAX_BLOCKS = 20_000
MAX_TOTAL_CHARS = 10_000_000


def json_blocks(document: Document, notes: Notes) -> list[object]:
    """The values of every JSON-LD block."""
    if not document.has(b"ld+json"):
        return []
    values: list[object] = []
    total = 0
    for count, script in enumerate(document.root.xpath("//script")):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = script.text or ""
        total += len(text)
        if count > MAX_BLOCKS or total > MAX_TOTAL_CHARS:
            notes.add("too_large", "more JSON-LD than a page can need; the rest was skipped")
            break
        found, problem = load_values(text)
        if problem:
            notes.add(problem, text)
        values.extend(found)
    return values


def page_types(values: list[object]) -> frozenset[str]:
    """The types that stand at the top of the blocks: "itemlist", "collectionpage", "product", ..."""
    found: set[str] = set()
    for value in values[:200]:
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, dict):
                found |= types_of(entry)
                graph = entry.get("@graph")
                for node in graph[:200] if isinstance(graph, list) else []:
                    if isinstance(node, dict):
                        found |= types_of(node)
    return frozenset(found)
