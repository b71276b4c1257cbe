"""OpenGraph, product: and twitter: meta tags -> a product."""

from monitor.reading.claims import Claim, Product
from monitor.reading.document import Document
from monitor.reading.schemaorg import availability_of, condition_of, machine_price, text_of

_PRICES = (
    "product:sale_price:amount",
    "product:price:amount",
    "og:price:amount",
    "product:price",
    "og:price",
    "product.price.amount",
)
_CURRENCIES = (
    "product:sale_price:currency", "product:price:currency", "og:price:currency", "og:currency", "product:currency",
    "product.price.currency",
)  # fmt: skip


def read_metatags(document: Document) -> list[Product]:
    """The product that the meta tags describe, if they state a price or call the page a product."""
    price = document.meta(*_PRICES)
    kind = document.meta("og:type").lower()
    if not price and "product" not in kind:
        return []
    if _of_several(document):
        return []
    currency = document.meta(*_CURRENCIES)
    label = document.meta("twitter:label1", "twitter:label2").lower()
    if not price and label.startswith("price"):
        price = document.meta("twitter:data1" if document.meta("twitter:label1").lower() == label else "twitter:data2")
    name = text_of(document.meta("og:title", "twitter:title")) or text_of(document.title)
    value, also, problem = machine_price(price, currency or None)
    claim = Claim(
        price=value,
        also=also,
        currency=currency or None,
        price_text=price[:100],
        availability=availability_of(document.meta("product:availability", "og:availability")),
        condition=condition_of(document.meta("product:condition", "og:condition")),
        problem=problem,
    )
    return [Product(name=name, syntax="opengraph", url=document.meta("og:url"), claims=(claim,) if price else ())]


def _of_several(document: Document) -> bool:
    """Whether the tags state several prices in one currency: some shops repeat them for each row of a list."""
    name = next((name for name in _PRICES if name in document.metas), "")
    currencies = {code for tag in _CURRENCIES for code in document.metas.get(tag, [])}
    return len(set(document.metas.get(name, []))) > 1 and len(currencies) <= 1
