"""Parts that a shop system prints into every page and whose style sheet shows one of them: of its usual and reduced
price, of its signs "Sale" and "Sold out". The page's own words for its state stand in the class of the box around."""

from itertools import islice

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from monitor.reading.document import Document, Element

MAX_PARTS = 4_000
MAX_CLIMB = 5
# Shopify's themes (Dawn, Debut and those made after them).
_MARK = b"price__regular"
_PARTS = etree.XPath("descendant::*[contains(@class, 'price__')]")
_ON_SALE, _SOLD_OUT = "price--on-sale", "price--sold-out"


def unseen_parts(document: Document) -> list[Element]:
    """The parts that the style sheets of known shop systems hide in the state that the page is in."""
    if not document.has(_MARK):
        return []
    return [part for part in islice(_PARTS(document.root), MAX_PARTS) if _is_unseen(part)]


def _is_unseen(part: Element) -> bool:
    names = _names(part)
    box = next((above for above in islice(part.iterancestors(), MAX_CLIMB) if "price" in _names(above)), None)
    if box is None:
        return False
    states = _names(box)
    if "price__regular" in names:
        return _ON_SALE in states
    if "price__sale" in names:
        return _ON_SALE not in states
    sold_out = any(name.startswith("price__badge") and name.endswith("sold-out") for name in names)
    return sold_out and _SOLD_OUT not in states


def _names(element: Element) -> list[str]:
    return str(element.get("class") or "").split()
