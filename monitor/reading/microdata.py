"""Microdata (itemscope, itemprop) -> products."""

from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from monitor.reading.claims import Product
from monitor.reading.document import Document, Element
from monitor.reading.schemaorg import ELEMENT, products_in
from monitor.reading.tidy import spoken

MAX_NODES = 60_000
_NODES = etree.XPath("descendant::*[@itemscope or @itemprop]")
_ADDRESS = {"a": "href", "link": "href", "area": "href", "img": "src", "iframe": "src", "source": "src", "embed": "src"}


def read_microdata(document: Document) -> list[Product]:
    """The products that the page's microdata describes, in order."""
    if not document.has(b"itemprop"):
        return []
    return products_in(microdata_items(document), "microdata")


def microdata_items(document: Document) -> list[object]:
    """The top items as nested dicts, the way JSON-LD has them."""
    items: dict[Element, dict[str, Any]] = {}
    roots: list[object] = []
    nodes = _NODES(document.root)
    for node in nodes[:MAX_NODES]:
        scope = _scope_of(node, items)
        own = node.get("itemscope") is not None
        if own:
            items[node] = {"@type": (node.get("itemtype") or "").split(), ELEMENT: node}
            if node.get("itemid"):
                items[node]["@id"] = node.get("itemid")
        names = (node.get("itemprop") or "").split()
        if scope is None or not names:
            if own:
                roots.append(items[node])
            continue
        value = items[node] if own else _value_of(node)
        for name in names[:5]:
            _put(scope, name, value)
    return roots


def _scope_of(node: Element, items: dict[Element, dict[str, Any]]) -> dict[str, Any] | None:
    parent = node.getparent()
    while parent is not None:
        if parent in items:
            return items[parent]
        parent = parent.getparent()
    return None


def _value_of(node: Element) -> str:
    content = node.get("content")
    if content is not None:
        return content[:2000]
    if node.tag in _ADDRESS:
        return (node.get(_ADDRESS[node.tag]) or "")[:2000]
    if node.tag in ("data", "meter") and node.get("value"):
        return node.get("value")[:2000]
    if node.tag == "time" and node.get("datetime"):
        return node.get("datetime")
    return spoken(node.itertext())


def _put(scope: dict[str, Any], name: str, value: object) -> None:
    if name not in scope:
        scope[name] = value
    elif isinstance(scope[name], list):
        scope[name].append(value)
    else:
        scope[name] = [scope[name], value]
