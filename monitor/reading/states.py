"""What a page's own scripts carry (`__NEXT_DATA__`, `window.__INITIAL_STATE__`, `__next_f`, `dataLayer`) -> products.

The last resort, for pages whose price only a script writes. A state holds much that is for sale elsewhere, so a thing
counts only by its name, and a name with two prices not at all.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from monitor.core.currencies import currency_code
from monitor.reading.almost_json import load_values, value_at
from monitor.reading.answers import name_of, price_of, sku_of, stock_of
from monitor.reading.claims import Claim, Product
from monitor.reading.document import Document
from monitor.reading.schemaorg import machine_price, products_in
from monitor.reading.streamed import is_schema_org, streamed_values

Thing = Mapping[str, Any]
SYNTAX = "script_state"
MAX_SCRIPTS = 60
MAX_CHARS = 3_000_000
MAX_THINGS = 100_000
MAX_PRICED = 5_000
MAX_VALUES = 40  # assigned in scripts; each may cost a look through the rest of its script
_MARKS = (
    b"application/json",
    b"__NEXT_DATA__",
    b"_STATE",
    b"__NUXT__",
    b"__next_f",
    b"State",
    b"dataLayer",
    b"ecommerce",
)
_ASSIGNED = re.compile(
    r"(?:\b__\w{2,40}__|\b\w{0,30}(?:STATE|State|_DATA|Data)|\bdataLayer|\bproduct\w{0,20}|\becommerce)[\"'\]]{0,2}\s*(?:=|:)\s*(?=[{\[])"
    r"|\bdataLayer\.push\(\s*(?=\{)"
)
# Whole numbers may be cents, which nothing says: 54999 for 549.99. Small ones are not, outside of one shop system.
_MAY_BE_CENTS = 1000
_NO_CENTS = frozenset(("JPY", "KRW", "TWD", "HUF", "VND", "CLP", "COP", "IDR", "RUB", "INR", "CZK", "UAH", "KZT"))
_COUNTS_CENTS = b"hopify"


def read_states(document: Document) -> list[Product]:
    """The things with a name and a price in the page's script data, each name once, in order."""
    if not any(document.has(mark) for mark in _MARKS):
        return []
    found: dict[str, list[Product]] = defaultdict(list)
    counts_cents = document.has(_COUNTS_CENTS)
    priced = 0
    for value in _values(document):
        for product in _products(value):
            priced += 1
            if priced > MAX_PRICED:
                return []  # a data set, no page
            if not _may_be_cents(product.claims[0], counts_cents):
                found[product.name].append(product)
    return [same[0] for same in found.values() if len({product.claims[0].price for product in same}) == 1]


def _products(value: object) -> Iterator[Product]:
    """The products within a value; what is written as schema.org says (in a string, too) is read as such."""
    if is_schema_org(value):
        for product in products_in([value], SYNTAX):
            if product.name and len(product.claims) == 1 and product.claims[0].price is not None:
                yield product
        return
    for thing, currency in _things(value):
        product = _product(thing, currency)
        if product is not None:
            yield product


def _values(document: Document) -> Iterator[object]:
    left = MAX_CHARS
    tries = 0
    if document.has(b"__next_f"):
        yield from streamed_values(script.text or "" for script in document.root.iter("script"))
    for script in list(document.root.iter("script"))[:MAX_SCRIPTS]:
        text = script.text or ""
        kind = (script.get("type") or "").lower()
        if not text or "ld+json" in kind or len(text) > left:
            continue
        left -= len(text)
        if kind == "application/json":
            yield from load_values(text)[0]
            continue
        end = 0
        for match in _ASSIGNED.finditer(text):
            if match.end() < end:
                continue
            tries += 1
            if tries > MAX_VALUES:
                return
            value, end = value_at(text, match.end())
            if value is not None:
                yield value


def _things(value: object) -> Iterator[tuple[Thing, object]]:
    """Every object within a value, from the outside in, with the currency that it or what it stands in names."""
    waiting: list[tuple[object, object]] = [(value, None)]
    for _ in range(MAX_THINGS):
        if not waiting:
            return
        entry, currency = waiting.pop()
        children: list[object] = []
        if isinstance(entry, dict):
            currency = entry.get("currency") or entry.get("currencyCode") or currency
            yield entry, currency
            children = list(entry.values())
        elif isinstance(entry, list):
            children = entry
        waiting.extend((child, currency) for child in reversed(children) if isinstance(child, dict | list))


def _product(thing: Thing, around: object) -> Product | None:
    """The product that an object describes, if it has a name and one price that can be read."""
    name = name_of(thing)
    if not name:
        return None
    price, currency = price_of(thing)
    currency = currency or (around if isinstance(around, str) else None)
    value, also, _ = machine_price(price, str(currency or "") or None)
    if value is None or also is not None:
        return None
    url = thing.get("url") or thing.get("link") or thing.get("permalink")
    return Product(
        name=name,
        syntax=SYNTAX,
        url=url[:1000] if isinstance(url, str) else "",
        sku=sku_of(thing),
        claims=(
            Claim(
                price=value,
                currency=str(currency)[:10] if currency else None,
                price_text=str(price)[:100],
                availability=stock_of(thing),
                name=name,
            ),
        ),
    )


def _may_be_cents(claim: Claim, counts_cents: bool) -> bool:
    """Whether a price might be in the currency's smallest unit."""
    if "." in claim.price_text or "," in claim.price_text or currency_code(claim.currency) in _NO_CENTS:
        return False
    return counts_cents or claim.price is None or claim.price >= _MAY_BE_CENTS
