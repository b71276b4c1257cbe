# ruff: noqa: SIM905 - a long list of words reads best as one text
"""Schema.org items (from any syntax, as nested dicts) -> products with their offers."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from html import unescape

from monitor.core.models import Availability, Condition
from monitor.core.money import MAX_AMOUNT, find_amounts, normalise, read_number
from monitor.core.price_words import Role
from monitor.core.words import lowered
from monitor.reading.claims import Claim, Product
from monitor.reading.codes import is_code_price, needs_code
from monitor.reading.tidy import tidy

Item = Mapping[str, object]
MAX_PRODUCTS = 20_000
MAX_OFFERS = 400
MAX_OFFER_DEPTH = 20  # unclosed elements nest offers without end
ELEMENT = "@element"  # of microdata: where an item stands in the page

_PRODUCT_TYPES = frozenset(
    "product productgroup productmodel individualproduct someproducts vehicle car book softwareapplication".split()
)

_OFFER_TYPES = frozenset(("offer", "aggregateoffer"))

_AVAILABILITY = {
    "instock": Availability.IN_STOCK, "onlineonly": Availability.IN_STOCK, "available": Availability.IN_STOCK,
    "limitedavailability": Availability.LIMITED, "instoreonly": Availability.LIMITED, "lowstock": Availability.LIMITED,
    "preorder": Availability.PREORDER, "presale": Availability.PREORDER, "preorderonly": Availability.PREORDER,
    "backorder": Availability.BACKORDER, "madetoorder": Availability.BACKORDER, "reserved": Availability.OUT_OF_STOCK,
    "outofstock": Availability.OUT_OF_STOCK, "soldout": Availability.OUT_OF_STOCK, "oos": Availability.OUT_OF_STOCK,
    "unavailable": Availability.OUT_OF_STOCK, "notavailable": Availability.OUT_OF_STOCK,
    "discontinued": Availability.DISCONTINUED, "true": Availability.IN_STOCK, "false": Availability.OUT_OF_STOCK,
    "yes": Availability.IN_STOCK, "no": Availability.OUT_OF_STOCK, "availablefororder": Availability.IN_STOCK,
    "pending": Availability.BACKORDER, "avail": Availability.IN_STOCK,
}  # fmt: skip

_CONDITION = {
    "new": Condition.NEW, "newcondition": Condition.NEW, "brandnew": Condition.NEW,
    "used": Condition.USED, "usedcondition": Condition.USED, "damagedcondition": Condition.USED,
    "damaged": Condition.USED, "pre-owned": Condition.USED, "preowned": Condition.USED, "likenew": Condition.USED,
    "refurbished": Condition.REFURBISHED, "refurbishedcondition": Condition.REFURBISHED,
    "renewed": Condition.REFURBISHED, "openbox": Condition.REFURBISHED, "recertified": Condition.REFURBISHED,
}  # fmt: skip


def availability_of(value: object) -> Availability:
    """The state that a schema.org word names, with or without its address, in any case."""
    return _AVAILABILITY.get(_last_word(value), Availability.UNKNOWN)


def condition_of(value: object) -> Condition:
    """The condition that a schema.org word names."""
    return _CONDITION.get(_last_word(value), Condition.UNKNOWN)


def _last_word(value: object) -> str:
    value = first(value)
    if isinstance(value, dict):
        value = value.get("@id") or value.get("name") or value.get("url") or value.get("@type") or ""
    return _plain_word(str(value)[:300])


@lru_cache(maxsize=20_000)
def _plain_word(text: str) -> str:
    """The end of an address or name in lower case: "https://schema.org/InStock" -> "instock"."""
    word = text.strip().rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1]
    return re.sub(r"[\s_-]+", "", word).lower() if len(word) < 60 else ""


@lru_cache(maxsize=20_000)
def _plain_key(key: str) -> str:
    """A property's name without prefix, address and case."""
    return key.lower().rsplit(":", 1)[-1].rsplit("/", 1)[-1]


def first(value: object) -> object:
    """The first of a list, or the value itself."""
    while isinstance(value, list | tuple):
        if not value:
            return ""
        value = value[0]
    return value


def text_of(value: object) -> str:
    """Plain text of a property: its name if it is a thing, entities resolved, spaces folded; "" for nothing."""
    value = first(value)
    if isinstance(value, dict):
        value = first(value.get("name") or value.get("@value") or "")
    if value is None or isinstance(value, dict | bool):
        return ""
    text = str(value)[:2000]
    for _ in range(3):
        if "&" not in text:
            break
        text = unescape(text)
    return tidy(text, 2000)


def types_of(item: Item) -> frozenset[str]:
    """The item's types in lower case without their address."""
    raw = item.get("@type", "")
    names = raw if isinstance(raw, list | tuple) else [raw]
    return frozenset(_last_word(name) for name in names)


def is_product(item: Item) -> bool:
    """Whether an item is a thing for sale."""
    return not types_of(item).isdisjoint(_PRODUCT_TYPES)


def products_in(roots: Sequence[object], syntax: str) -> list[Product]:
    """Every product below `roots`, in order of the page, with how deep below lists or other products it stands."""
    by_id = {str(item["@id"]): item for item, _ in _walk(roots) if "@id" in item and len(item) > 1}
    found: list[Product] = []
    for item, depth in _walk(roots):
        if is_product(item) and (len(item) - (ELEMENT in item) > 2 or "@id" not in item):
            found.append(_product(item, depth, syntax, by_id))
            if len(found) >= MAX_PRODUCTS:
                break
    return found


def offers_in(roots: Sequence[object]) -> list[tuple[Item, Claim]]:
    """Every priced offer below `roots` with what it states, whether or not it stands in a product."""
    offers = [item for item, _ in _walk(roots) if not types_of(item).isdisjoint(_OFFER_TYPES)]
    stated = ((offer, claim) for offer in offers[:MAX_OFFERS] for claim in _claims((offer, {}), {}))
    return [(offer, claim) for offer, claim in stated if claim.price is not None]


# Properties that lead away from the main product.
_ASIDE = frozenset(
    "isrelatedto issimilarto isaccessoryorsparepartfor itemlistelement itemoffered isconsumablefor hasvariant review"
    " itemreviewed isvariantof associatedproduct".split()
)


def _walk(roots: Sequence[object]) -> Iterator[tuple[Item, int]]:
    """Every dict below `roots` in the order of the page, without recursion."""
    stack: list[tuple[object, int]] = [(root, 0) for root in reversed(roots)]
    while stack:
        value, depth = stack.pop()
        if isinstance(value, dict):
            yield value, depth
            inside = 1 if is_product(value) else 0
            for key, child in reversed(list(value.items())):
                if isinstance(child, dict | list):
                    stack.append((child, depth + (1 if key.lower() in _ASIDE else inside)))
        elif isinstance(value, list):
            stack.extend((child, depth) for child in reversed(value))


def _product(item: Item, depth: int, syntax: str, by_id: Mapping[str, Item]) -> Product:
    condition = condition_of(get(item, "itemCondition"))
    claims = [claim for source in _offer_sources(item, by_id) for claim in _claims(source, by_id)]
    return Product(
        name=text_of(get(item, "name")),
        syntax=syntax,
        url=_url(item),
        sku=text_of(get(item, "sku") or get(item, "mpn") or get(item, "gtin13")),
        claims=tuple(claims[:MAX_OFFERS]),
        condition=condition,
        depth=depth,
        element=item.get(ELEMENT),
    )


def _url(item: Item) -> str:
    value = first(get(item, "url") or item.get("@id") or "")
    return str(value)[:1000] if isinstance(value, str) else ""


def get(item: Item, name: str) -> object:
    """A property whatever its case: "offers", "Offers", "schema:offers"; "" if it is missing."""
    if name in item:
        return item[name]
    wanted = name.lower()
    for key, value in item.items():
        if _plain_key(key) == wanted:
            return value
    return ""


def _offer_sources(item: Item, by_id: Mapping[str, Item]) -> Iterator[tuple[Item, Item]]:
    """(offer, the product or variant it belongs to) of the item and of its variants."""
    for offer in _for_all(_things(get(item, "offers"), by_id)):
        yield offer, item
    for variant in _things(get(item, "hasVariant"), by_id):
        for offer in _for_all(_things(get(variant, "offers"), by_id)):
            yield offer, variant
    if "price" in item and not get(item, "offers"):
        yield item, item


def _things(value: object, by_id: Mapping[str, Item]) -> Iterator[Item]:
    values = value if isinstance(value, list) else [value]
    for entry in values[:MAX_OFFERS]:
        if isinstance(entry, dict):
            known = by_id.get(str(entry.get("@id", "")))
            yield known if known is not None and len(entry) <= 2 else entry
        elif isinstance(entry, list):
            yield from _things(entry, {})
        elif isinstance(entry, str) and entry in by_id:
            yield by_id[entry]


def _claims(source: tuple[Item, Item], by_id: Mapping[str, Item], depth: int = 0) -> Iterator[Claim]:
    offer, owner = source
    nested = _for_all(_things(get(offer, "offers"), by_id)) if depth < MAX_OFFER_DEPTH else []
    if nested and any(get(entry, "price") or get(entry, "priceSpecification") for entry in nested):
        known = by_id if depth == 0 else {}  # references may lead in circles, or double at every step
        claims = [claim for entry in nested for claim in _claims((entry, owner), known, depth + 1)]
        low, _, _ = machine_price(first(get(offer, "lowPrice")), None)
        for claim in claims:
            yield replace(claim, lowest=True) if low is not None and claim.price == low else claim
        return
    price, lowest = _price_of(offer, by_id)
    currency = text_of(get(offer, "priceCurrency")) or _spec_currency(offer, by_id)
    value, also, problem = machine_price(price, currency or None)
    yield Claim(
        price=value,
        also=also,
        currency=currency or _sign_in(price),
        price_text=text_of(price)[:100],
        availability=availability_of(get(offer, "availability") or get(owner, "availability")),
        condition=_either(condition_of(get(offer, "itemCondition")), condition_of(get(owner, "itemCondition"))),
        seller=text_of(get(offer, "seller") or get(offer, "offeredBy"))[:200],
        name=text_of(get(owner, "name")) or text_of(get(offer, "name")),
        url=_url(offer),
        sku=text_of(get(offer, "sku") or get(owner, "sku"))[:100],
        lowest=lowest,
        problem=problem,
    )


def _either(one: Condition, other: Condition) -> Condition:
    return one if one is not Condition.UNKNOWN else other


def _price_of(offer: Item, by_id: Mapping[str, Item]) -> tuple[object, bool]:
    """The price a customer pays as written, and whether it is only the lowest of several."""
    specs = _for_all(spec for spec in _things(get(offer, "priceSpecification"), by_id) if not _is_other_price(spec))
    direct = first(get(offer, "price"))
    if direct not in ("", None):
        return direct, False
    for spec in specs:
        price = first(get(spec, "price"))
        if price not in ("", None):
            return price, False
        low = first(get(spec, "minPrice"))
        if low not in ("", None):
            return low, True
    low = first(get(offer, "lowPrice"))
    high = first(get(offer, "highPrice"))
    return low, low != high


_OTHER_PRICES = frozenset(
    "listprice strikethroughprice srp msrp minimumadvertisedprice invoiceprice regularprice".split()
)
_OTHER_SPECS = frozenset("deliverychargespecification paymentchargespecification".split())


def _is_other_price(spec: Item) -> bool:
    """A struck-through or list price, a delivery charge, a rate, a member's price: not what one pays."""
    if _last_word(get(spec, "priceType")) in _OTHER_PRICES or not types_of(spec).isdisjoint(_OTHER_SPECS):
        return True
    if get(spec, "validForMemberTier") or get(spec, "membershipPointsEarned"):
        return True
    billing = get(spec, "billingDuration") or get(spec, "billingIncrement")
    return bool(billing) and text_of(billing) not in ("", "1", "0")


def _for_all(things: Iterable[Item]) -> list[Item]:
    """The offers or prices of one article without those for people with a code. "Extra 10 % off with code X" is said
    of the usual price, unless the same seller has one that speaks of no code."""
    kept: list[Item] = []
    coded: list[Item] = []
    for thing in things:
        said = [lowered(text_of(get(thing, name))) for name in ("name", "description")]
        if not any(map(is_code_price, said)):
            (coded if any(map(needs_code, said)) else kept).append(thing)
    usual = {text_of(get(thing, "seller")) for thing in kept}
    return kept + [thing for thing in coded if text_of(get(thing, "seller")) not in usual]


def _spec_currency(offer: Item, by_id: Mapping[str, Item]) -> str:
    for spec in _things(get(offer, "priceSpecification"), by_id):
        if currency := text_of(get(spec, "priceCurrency")):
            return currency
    return ""


def _sign_in(price: object) -> str | None:
    found = list(find_amounts(normalise(str(price))[:100])) if isinstance(price, str) else []
    return found[0].currency if found else None


def machine_price(value: object, currency: str | None) -> tuple[Decimal | None, Decimal | None, str]:
    """The price that markup states, the other reading of an ambiguous one, and why there is none.

    >>> machine_price("1.999", "EUR")[:2], machine_price(1.999, "EUR")[0]
    ((Decimal('1.999'), Decimal('1999')), Decimal('1.999'))
    """
    if value in ("", None) or isinstance(value, bool | dict):
        return None, None, "no_price"
    if isinstance(value, int | float):
        number, also = Decimal(repr(value)), None
    else:
        number, also = _machine_text(normalise(str(value)).strip(), currency)
    if number is None:
        return None, None, "unreadable_price"
    if not number.is_finite() or number < 0 or number >= MAX_AMOUNT:
        return None, None, "unreadable_price"
    return (number, also, "") if number > 0 else (None, None, "no_price")


def _machine_text(text: str, currency: str | None) -> tuple[Decimal | None, Decimal | None]:
    if len(text) > 60:
        return None, None
    found = [amount for amount in find_amounts(text, currency) if amount.role is Role.ASKING]
    if len(found) == 1:
        return found[0].value, None
    if re.fullmatch(r"-?\d{1,3}\.\d{3}", text) and not text.startswith("0"):
        return Decimal(text), Decimal(text.replace(".", ""))
    try:
        return Decimal(text), None
    except InvalidOperation:
        return read_number(re.sub(r"[.,]-{1,2}$", "", text), currency or "USD"), None
