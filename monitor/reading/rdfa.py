"""RDFa Lite (vocab, typeof, property, rel) -> products; asked only when nothing else speaks of a product."""

from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from monitor.reading.claims import Product
from monitor.reading.document import Document, Element
from monitor.reading.schemaorg import products_in

MAX_NODES = 20_000
_NODES = etree.XPath("descendant::*[@typeof or @property]")


def read_rdfa(document: Document) -> list[Product]:
    """The products that the page's RDFa describes."""
    if not document.has(b"typeof"):
        return []
    return products_in(_items(document), "rdfa")


def _items(document: Document) -> list[object]:
    items: dict[Element, dict[str, Any]] = {}
    roots: list[object] = []
    for node in _NODES(document.root)[:MAX_NODES]:
        scope, relation = _scope_of(node, items)
        own = node.get("typeof") is not None
        if own:
            items[node] = {"@type": node.get("typeof").split()}
            if node.get("resource"):
                items[node]["@id"] = node.get("resource")
        names = (node.get("property") or (relation if own else "") or "").split()
        if own and (scope is None or not names):
            roots.append(items[node])
        if scope is None:
            continue
        value = items[node] if own else _value_of(node)
        for name in names[:5]:
            name = name.rsplit(":", 1)[-1].rsplit("/", 1)[-1]
            known = scope.setdefault(name, value)
            if known is not value:
                scope[name] = [*known, value] if isinstance(known, list) else [known, value]
    return roots


def _scope_of(node: Element, items: dict[Element, dict[str, Any]]) -> tuple[dict[str, Any] | None, str]:
    """The item a node belongs to, and the relation (rel) on the way to it."""
    relation = node.get("rel") or "" if node.get("typeof") is not None else ""
    parent = node.getparent()
    while parent is not None:
        if parent in items:
            return items[parent], relation
        relation = relation or parent.get("rel") or ""
        parent = parent.getparent()
    return None, relation


def _value_of(node: Element) -> str:
    for name in ("content", "href", "src", "resource", "datetime"):
        value = node.get(name)
        if value is not None:
            return value[:2000]
    return " ".join("".join(node.itertext())[:2000].split())
