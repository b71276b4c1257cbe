"""JSON answers of shop systems (Shopify, WooCommerce, Magento, a shop's own API) -> offers."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from html import unescape
from typing import Any

from monitor.core.currencies import COUNTRY_CURRENCY, currency_code
from monitor.core.models import Availability, RawOffer
from monitor.reading.almost_json import load_values
from monitor.reading.claims import Notes
from monitor.reading.document import decode
from monitor.reading.place import absolute, country_of
from monitor.reading.schemaorg import machine_price
from monitor.reading.stock import condition_in_title
from monitor.reading.tidy import tidy

Thing = Mapping[str, Any]
MAX_ITEMS = 2000


def looks_like_json(body: bytes) -> bool:
    """Whether the body is an object or array rather than a page."""
    start = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return start in (b"{", b"[")


def read_answer(body: bytes, url: str, country: str | None, currency: str | None, notes: Notes) -> list[RawOffer]:
    """The offers that a JSON answer lists."""
    values, problem = load_values(decode(body))
    if problem:
        notes.add(problem, decode(body[:200]))
    offers: list[RawOffer] = []
    hint = currency_code(currency, country) or COUNTRY_CURRENCY.get(country or "")
    for value in values:
        for thing in _articles(value)[:MAX_ITEMS]:
            own = hint or COUNTRY_CURRENCY.get(_country_in(thing) or "")
            offers.extend(_offers_of(thing, url, own, notes))
    if not offers:
        notes.add("no_offer", json.dumps(values)[:200] if values else "")
    return offers


def _country_in(thing: Thing) -> str | None:
    """The country that the article's own addresses name ("/en-ca/product/...")."""
    for value in list(thing.values())[:80]:
        if isinstance(value, str) and "/" in value and len(value) < 400 and (country := country_of(value)):
            return country
    return None


_CONTAINERS = (
    "products",
    "items",
    "product",
    "data",
    "results",
    "records",
    "hits",
    "edges",
    "node",
    "searchResult",
    "list",
)


def _articles(value: object) -> list[Thing]:
    """The articles of an answer: the value itself, or those of its first known container."""
    if isinstance(value, list):
        return [thing for entry in value[:MAX_ITEMS] for thing in _articles(entry)]
    if not isinstance(value, Mapping):
        return []
    if name_of(value) and (_has_price(value) or isinstance(value.get("variants"), list)):
        return [value]
    for name in _CONTAINERS:
        if isinstance(value.get(name), Mapping | list):
            found = _articles(value[name])
            if found:
                return found
    return []


def name_of(thing: Thing) -> str:
    """What an object calls its article, or ""."""
    for key in ("title", "name", "productName", "product_name", "item_name"):
        if isinstance(thing.get(key), str) and thing[key].strip():
            return tidy(unescape(unescape(thing[key])))
    return ""


PRICE_KEYS = (
    "salePrice",
    "sale_price",
    "finalPrice",
    "final_price",
    "currentPrice",
    "current_price",
    "price",
    "prices",
    "price_range",
    "regularPrice",
)


def _has_price(thing: Thing) -> bool:
    return any(thing.get(key) not in (None, "", {}) for key in PRICE_KEYS)


def _offers_of(thing: Thing, url: str, hint: str | None, notes: Notes) -> list[RawOffer]:
    if isinstance(thing.get("variants"), list) and thing["variants"]:
        return _shopify(thing, url, hint, notes)
    if _has_range(thing.get("prices")):
        notes.add("no_price", f"{name_of(thing)}: a range of prices is no price")
        return []
    price, currency = price_of(thing)
    if price is None:
        return []
    return _one(thing, price, currency or hint, url, notes)


def _has_range(prices: object) -> bool:
    """WooCommerce: a product with variations costs "from"."""
    spread = prices.get("price_range") if isinstance(prices, Mapping) else None
    return isinstance(spread, Mapping) and spread.get("min_amount") != spread.get("max_amount")


def price_of(thing: Thing) -> tuple[object, object]:
    """The price that an object states, and its currency; `None` for each that it leaves out."""
    if isinstance(thing.get("prices"), Mapping):
        return _minor_units(thing["prices"]), thing["prices"].get("currency_code")
    if isinstance(thing.get("price_range"), Mapping):
        lowest = thing["price_range"].get("minimum_price")
        final = lowest.get("final_price") if isinstance(lowest, Mapping) else None
        return (final.get("value"), final.get("currency")) if isinstance(final, Mapping) else (None, None)
    own = thing.get("currency") or thing.get("currencyCode") or thing.get("priceCurrency")
    for key in PRICE_KEYS:
        value = thing.get(key)
        if isinstance(value, Mapping):
            amount = value.get("value") or value.get("amount") or value.get("current")
            return amount, value.get("currency") or value.get("currencyCode") or own
        if value not in (None, "", 0) and not isinstance(value, list):
            return value, own
    return None, None


def _minor_units(prices: Thing) -> object:
    """WooCommerce: digits in minor units, the number of decimals beside."""
    unit = prices.get("currency_minor_unit", 2)
    text = str(prices.get("price", ""))
    if not re.fullmatch(r"\d{1,14}", text) or not isinstance(unit, int) or not 0 <= unit <= 4:
        return prices.get("price")
    return f"{Decimal(text).scaleb(-unit):f}"


def _shopify(thing: Thing, url: str, hint: str | None, notes: Notes) -> list[RawOffer]:
    """Variants of a Shopify product: texts are whole units, integers (of `.js`) are cents."""
    offers: list[RawOffer] = []
    name = name_of(thing)
    known: set[tuple[str, str]] = set()
    for variant in thing["variants"][:200]:
        if not isinstance(variant, Mapping):
            continue
        price = variant.get("price")
        if isinstance(price, int) and not isinstance(price, bool):
            price = f"{Decimal(price).scaleb(-2):f}"
        if isinstance(price, Mapping):
            hint = price.get("currencyCode") or price.get("currency_code") or hint
            price = price.get("amount")
        own = str(variant.get("title") or "").strip()
        title = name if _is_only_variant(variant) else f"{name} - {own}"
        for offer in _one(thing, price, hint, url, notes, title=title, variant=variant):
            if (offer.title, offer.price_text) not in known:
                known.add((offer.title, offer.price_text))
                offers.append(offer)
    return offers


def _is_only_variant(variant: Thing) -> bool:
    """Shopify gives a product without variants one of this name."""
    return str(variant.get("title") or "").strip().lower() in ("", "default title", "default")


def _one(
    thing: Thing,
    price: object,
    currency: object,
    url: str,
    notes: Notes,
    *,
    title: str = "",
    variant: Thing | None = None,
) -> list[RawOffer]:
    title = title or name_of(thing)
    value, also, problem = machine_price(price, str(currency or ""))
    if value is None or also is not None:
        notes.add(problem or "unreadable_price", f"{title}: {price}")
        return []
    code = currency_code(str(currency or ""))
    if code is None:
        notes.add("no_currency", f"{title}: {price}")
        return []
    seller = thing.get("seller")
    name = seller.get("name", "") if isinstance(seller, Mapping) else seller if isinstance(seller, str) else ""
    return [
        RawOffer(
            title=title,
            price_text=f"{value:f}",
            currency=code,
            availability=stock_of(variant or thing),
            condition=condition_in_title(title),
            seller=str(name)[:200],
            url=_address(thing, url, variant),
            sku=sku_of(variant or thing),
            syntax="json_api",
            snippet=str(price)[:100],
        )
    ]


def sku_of(thing: Thing) -> str:
    """The shop's number of the article, or ""."""
    return str(thing.get("sku") or thing.get("id") or "")[:100]


def stock_of(thing: Thing) -> Availability:
    """What an object says of the stock."""
    if thing.get("is_on_backorder") is True:
        return Availability.BACKORDER
    if thing.get("isPreorderable") is True or thing.get("is_preorder") is True:
        return Availability.PREORDER
    for key in (
        "available",
        "is_in_stock",
        "inStock",
        "in_stock",
        "availableForSale",
        "isAvailable",
        "isAvailableOnline",
    ):
        if isinstance(thing.get(key), bool):
            if not thing[key]:
                return Availability.OUT_OF_STOCK
            return Availability.LIMITED if thing.get("low_stock_remaining") else Availability.IN_STOCK
    text = str(thing.get("stock_status") or thing.get("availability") or "")
    known = {
        "IN_STOCK": Availability.IN_STOCK,
        "OUT_OF_STOCK": Availability.OUT_OF_STOCK,
        "INSTOCK": Availability.IN_STOCK,
    }
    return known.get(text.upper().replace(" ", "_"), Availability.UNKNOWN)


def _address(thing: Thing, base: str, variant: Thing | None) -> str:
    """The article's own page; of one variant among others, its own."""
    for key in ("permalink", "url", "productUrl", "link"):
        if isinstance(thing.get(key), str):
            return absolute(thing[key], base)
    handle = thing.get("handle")
    page = absolute(f"/products/{handle}", base) if isinstance(handle, str) and base else base
    if variant is None or _is_only_variant(variant) or "id" not in variant or page == base:
        return page
    return f"{page}?variant={variant['id']}"
