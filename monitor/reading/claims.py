"""What one syntax of a page says, before the readings are compared: products and the offers made for them."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from monitor.core.models import Availability, Condition

Element = Any  # lxml's elements have no useful static type


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One offer as one syntax states it. `price` is `None` where `problem` says why it cannot be read."""

    price: Decimal | None
    currency: str | None  # as written
    price_text: str = ""
    also: Decimal | None = None  # the other way to read the same text ("1.999"), where there are two
    availability: Availability = Availability.UNKNOWN
    condition: Condition = Condition.UNKNOWN
    seller: str = ""
    name: str = ""  # the variant's or offer's own name, if it has one
    url: str = ""
    sku: str = ""
    lowest: bool = False  # an AggregateOffer's lowPrice: what the cheapest of several asks
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Product:
    """A product as one syntax states it, with its offers."""

    name: str
    syntax: str
    url: str = ""
    sku: str = ""
    claims: tuple[Claim, ...] = ()
    condition: Condition = Condition.UNKNOWN
    depth: int = 0  # 0 for a product that stands alone; more inside lists, "isRelatedTo", another product
    element: Element | None = field(default=None, compare=False, repr=False)  # that holds it, where the syntax has one


@dataclass(kw_only=True)
class Notes:
    """Rejections collected on the way; each is (reason, text)."""

    items: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def add(self, reason: str, text: str) -> None:
        """Keep a rejection, shortened, and each only once."""
        entry = (reason, " ".join(text.split())[:200])
        if entry not in self.items and len(self.items) < 50:
            self.items.append(entry)
