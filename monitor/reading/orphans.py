"""An offer in microdata that stands in no product, as a common theme of a shop system leaves it: whose is it?"""

from itertools import islice

from monitor.reading.claims import Claim, Product
from monitor.reading.document import Document, Element
from monitor.reading.heading import Heading
from monitor.reading.marks import Mark
from monitor.reading.microdata import microdata_items
from monitor.reading.place import absolute
from monitor.reading.schemaorg import ELEMENT, offers_in
from monitor.reading.text import VisibleText
from monitor.reading.tidy import spoken
from monitor.reading.visible import SeenPrice

SYNTAX = "microdata"
MAX_HEADINGS = 30


def orphan_offer(
    document: Document, products: list[Product], seen: VisibleText, heading: Heading, price: SeenPrice | None
) -> Product | None:
    """The article of the page's one heading with the page's one offer, where markup makes no other. The price must be
    the one that people see beside the heading, or, where they see none, the offer must carry the page's own address."""
    if not document.has(b"Offer") or any(product.claims for product in products):
        return None
    headings = [text for element in islice(document.root.iter("h1"), MAX_HEADINGS) if (text := _text(element))]
    found = offers_in(microdata_items(document))
    if len(headings) != 1 or len(found) != 1 or heading.position < 0 or heading.text not in headings[0]:
        return None
    item, claim = found[0]
    if claim.price is None or claim.also is not None or seen.marks.of(item[ELEMENT]) & (Mark.ASIDE | Mark.HIDDEN):
        return None
    if not (_is_seen(claim, price) if price is not None else _is_own(claim, document)):
        return None
    return Product(name=heading.text, syntax=SYNTAX, claims=(claim,))


def _text(element: Element) -> str:
    return spoken(element.itertext())


def _is_seen(claim: Claim, price: SeenPrice) -> bool:
    return price.amount.value == claim.price and not price.amount.marks & Mark.ASIDE


def _is_own(claim: Claim, document: Document) -> bool:
    own = document.url or document.canonical
    return bool(claim.url and own) and absolute(claim.url, own).rstrip("/") == own.split("#")[0].rstrip("/")
