"""One article's offers from what the syntaxes claim and what people see.

The text that people see decides between readings that disagree; where nothing decides, there is no price.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from monitor.core.currencies import currency_code
from monitor.core.models import Availability, Condition
from monitor.core.price_words import Role
from monitor.reading.amounts import with_tax_of
from monitor.reading.claims import Claim, Notes, Product
from monitor.reading.marks import Mark
from monitor.reading.text import VisibleText
from monitor.reading.visible import SeenPrice, seen_values

_NOT_FOR_ALL = frozenset((Role.MEMBER, Role.INSTALMENT, Role.NET, Role.WAS, Role.SAVING, Role.SHIPPING))


@dataclass(frozen=True, kw_only=True)
class Decided:
    """The main price and where it came from; `others` are the claims for variants and other sellers."""

    value: Decimal
    currency: str
    syntax: str
    claim: Claim | None
    snippet: str
    reason: str
    others: tuple[Claim, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    value: Decimal
    claim: Claim
    syntax: str


def decide_price(
    products: list[Product],
    seen: VisibleText,
    price: SeenPrice | None,
    country: str | None,
    hint: str | None,
    notes: Notes,
) -> Decided | None:
    """The article's price; `None` with a rejection in `notes` where there is none or nothing decides."""
    candidates = _candidates(products, seen, price)
    for product in products:
        for claim in product.claims:
            if claim.problem:
                notes.add(claim.problem, f"{product.name}: {claim.price_text}")
            elif claim.also is not None and not candidates:
                notes.add("unreadable_price", f"{product.name}: {claim.price_text}")
    chosen, reason = _choose(candidates, seen, price)
    if chosen is None:
        return _by_sight(seen, price, country, hint, notes, reason, candidates)
    currency = _currency(chosen.claim, chosen.value, seen, country, hint)
    if currency is None:
        notes.add("no_currency", f"{chosen.claim.price_text}")
        return None
    return Decided(
        value=chosen.value,
        currency=currency,
        syntax=chosen.syntax,
        claim=chosen.claim,
        snippet=chosen.claim.price_text,
        reason=reason,
        others=_others(products, chosen),
    )


def _candidates(products: list[Product], seen: VisibleText, price: SeenPrice | None) -> list[_Candidate]:
    """What markup claims, the ambiguous ("1.999") read the way the page shows it or not at all."""
    found: list[_Candidate] = []
    for product in products:
        for claim in product.claims:
            if claim.price is None:
                continue
            if claim.also is None:
                found.append(_Candidate(value=claim.price, claim=claim, syntax=product.syntax))
                continue
            shown = [value for value in (claim.price, claim.also) if seen_values(seen, value)]
            if len(shown) == 1:
                found.append(_Candidate(value=shown[0], claim=claim, syntax=product.syntax))
    return found


def _choose(candidates: list[_Candidate], seen: VisibleText, price: SeenPrice | None) -> tuple[_Candidate | None, str]:
    """The claim to believe and why; `None` with a reason where the visible text must decide."""
    if not candidates:
        return None, ""
    values = list(dict.fromkeys(candidate.value for candidate in candidates))
    shown = price.amount.value if price else None
    roles = {value: seen_values(seen, value) for value in values}
    lowest = next((entry for entry in candidates if entry.claim.lowest), None)
    if lowest is not None and (
        lowest.syntax == "shop_rule" or shown in {entry.value for entry in candidates if entry.syntax == lowest.syntax}
    ):
        return lowest, "" if len(values) == 1 else "lowest of the variants"
    if shown is not None and shown in roles and price is not None and price.score > 0:
        return _first(candidates, shown), "" if len(values) == 1 else "agrees with the visible price"
    with_tax = [value for value in values if price is not None and _is_net_of(price, value) and not roles[value]]
    if len(with_tax) == 1:
        return _first(candidates, with_tax[0]), "the page shows it without tax"
    asked = [value for value in values if Role.ASKING in roles[value]]
    if asked:
        value = asked[0] if len(asked) == 1 else _one_of_variants(candidates, asked)
        if value is not None:
            return _first(candidates, value), "" if len(values) == 1 else "stands on the page"
        return None, "conflicting_price"
    refuted = [value for value in values if roles[value] and roles[value] <= _NOT_FOR_ALL]
    if price is not None and price.sure:
        return None, "visible" if not refuted else "not_for_all"
    if price is not None and shown is not None and _near(values, shown) and price.score >= 2.0:
        return None, "conflicting_price"
    left = [value for value in values if value not in refuted]
    if not left:
        return None, "not_for_all"
    if len(left) == 1:
        return _first(candidates, left[0]), ""
    value = _one_of_variants(candidates, left)
    return (_first(candidates, value), "lowest of the variants") if value is not None else (None, "conflicting_price")


def _is_net_of(price: SeenPrice, value: Decimal) -> bool:
    """Whether what the page shows is a claimed price without its tax."""
    return bool(price.amount.marks & Mark.ONLY_NET) and with_tax_of(price.amount.value, value)


def _near(values: Iterable[Decimal], shown: Decimal) -> bool:
    """Whether a shown price is a likely other price of the same article: tax, discount, currency."""
    return any(shown * 10 >= value * 6 and shown * 6 <= value * 10 for value in values)


def _first(candidates: list[_Candidate], value: Decimal) -> _Candidate:
    """The best claim of a value: one that can be bought goes before one that cannot."""
    fitting = [candidate for candidate in candidates if candidate.value == value]
    open_ones = [entry for entry in fitting if entry.claim.availability is not Availability.OUT_OF_STOCK]
    same_syntax = [entry for entry in open_ones if entry.syntax == fitting[0].syntax]
    return (same_syntax or fitting)[0]


def _one_of_variants(candidates: list[_Candidate], values: list[Decimal]) -> Decimal | None:
    """The lowest price of what can be bought, when one syntax lists several offers; `None` if syntaxes disagree."""
    by_syntax = [{c.value for c in candidates if c.syntax == syntax} for syntax in {c.syntax for c in candidates}]
    if not any(set(values) <= claimed for claimed in by_syntax):
        return None
    wanted = [c for c in candidates if c.value in values]
    open_ones = [c for c in wanted if c.claim.availability is not Availability.OUT_OF_STOCK]
    return min(c.value for c in open_ones or wanted)


def _by_sight(
    seen: VisibleText,
    price: SeenPrice | None,
    country: str | None,
    hint: str | None,
    notes: Notes,
    reason: str,
    candidates: list[_Candidate],
) -> Decided | None:
    """The visible price, if it is sure; it overrules markup that it contradicts."""
    claimed = ", ".join(dict.fromkeys(f"{entry.value:f}" for entry in candidates))
    if price is None or not price.sure:
        if reason in ("conflicting_price", "not_for_all", "visible"):
            notes.add("conflicting_price" if reason != "not_for_all" else "no_price", f"markup says {claimed}")
        elif price is not None:
            notes.add("uncertain_price", price.amount.text)
        else:
            notes.add("no_price", "no price beside the title")
        return None
    currency = price.amount.currency or currency_code(hint, country)
    if currency is None:
        notes.add("no_currency", price.amount.text)
        return None
    without = "; without tax" if price.amount.marks & Mark.ONLY_NET else ""
    why = f"the page shows this price, its markup says {claimed}" if claimed else "read from the visible text"
    return Decided(
        value=price.amount.value,
        currency=currency,
        syntax="visible",
        claim=candidates[0].claim if candidates else None,
        snippet=price.amount.text,
        reason=why + without,
    )


def _currency(claim: Claim, value: Decimal, seen: VisibleText, country: str | None, hint: str | None) -> str | None:
    """The claim's own currency, else that of the same amount in the text, else the shop's."""
    if code := currency_code(claim.currency, country):
        return code
    shown = {amount.currency for amount in seen.amounts if amount.value == value and amount.currency}
    if len(shown) == 1:
        return shown.pop()
    return currency_code(hint, country)


def _others(products: list[Product], chosen: _Candidate) -> tuple[Claim, ...]:
    """The other offers of the syntax that won: variants, other sellers."""
    found: list[Claim] = []
    known: set[tuple[Decimal | None, Condition, str]] = {(chosen.value, chosen.claim.condition, chosen.claim.seller)}
    for product in products:
        if product.syntax != chosen.syntax:
            continue
        for claim in product.claims:
            key = (claim.price, claim.condition, claim.seller)
            if claim.price is None or claim.also is not None or key in known:
                continue
            known.add(key)
            found.append(claim)
    return tuple(found)


def either(one: Condition, other: Condition) -> Condition:
    """The first that is known."""
    return one if one is not Condition.UNKNOWN else other
