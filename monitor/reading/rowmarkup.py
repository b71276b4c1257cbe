"""What markup knows of a listing's rows beyond their text: whether the article is there."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from monitor.core.models import Availability, RawOffer
from monitor.reading.claims import Product
from monitor.reading.place import absolute

Stated = Mapping[tuple[str, Decimal], Availability]


def stock_by_markup(products: Iterable[Product], base: str) -> Stated:
    """What markup says of the stock of each article, by its address (or name) and price; what it says both ways of is
    left out. The price must be the row's: markup that shows another one speaks of something else."""
    found: dict[tuple[str, Decimal], set[Availability]] = {}
    for product in products:
        for claim in product.claims:
            if claim.price is None or claim.availability is Availability.UNKNOWN:
                continue
            url = product.url or claim.url
            for name in filter(None, (product.name, absolute(url, base) if url else "")):
                found.setdefault((name, claim.price), set()).add(claim.availability)
    return {key: stated.pop() for key, stated in found.items() if len(stated) == 1}


def is_denied(products: Iterable[Product], offer: RawOffer) -> bool:
    """Whether markup says, at whatever price, that an article is not there."""
    return any(
        claim.availability in _NOT_THERE
        for product in products
        if product.name == offer.title or (product.url and offer.url.endswith(product.url))
        for claim in product.claims
    )


_NOT_THERE = frozenset((Availability.OUT_OF_STOCK, Availability.DISCONTINUED))
