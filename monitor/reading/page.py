"""A page's bytes -> its offers: asks the readers of the syntaxes and reconciles what they say."""

from dataclasses import dataclass

from monitor.core.currencies import currency_code
from monitor.core.models import Condition, RawOffer
from monitor.reading.claims import Claim, Notes, Product
from monitor.reading.document import MAX_PAGE_BYTES, Document, parse_document
from monitor.reading.jsonld import read_jsonld
from monitor.reading.microdata import read_microdata


@dataclass(frozen=True, kw_only=True)
class PageReading:
    """What a page yielded: offers, the main one first, and (reason, text) for what could not be used."""

    offers: tuple[RawOffer, ...] = ()
    rejections: tuple[tuple[str, str], ...] = ()


def read_page(
    body: bytes, url: str, *, country: str | None = None, currency: str | None = None, encoding: str | None = None
) -> PageReading:
    """The offers on one page. `country` (ISO) and `currency` are what the shop is known for; they name the currency
    only where the page does not. Never raises on bad input."""
    notes = Notes()
    if len(body) > MAX_PAGE_BYTES:
        return PageReading(rejections=(("too_large", f"{len(body)} bytes"),))
    document = parse_document(body, url, encoding, notes)
    if document is None:
        return PageReading(rejections=(("no_content", "the page is empty"),))
    offers = _offers(document, country, currency, notes)
    return PageReading(offers=tuple(offers), rejections=tuple(notes.items))


def _offers(document: Document, country: str | None, currency: str | None, notes: Notes) -> list[RawOffer]:
    products = read_jsonld(document, notes) or read_microdata(document)
    main = next((product for product in products if product.claims), None)
    if main is None:
        notes.add("no_offer", document.title)
        return []
    offers = [_raw(main, claim, document.url, country, currency, notes) for claim in main.claims]
    return [offer for offer in offers if offer is not None]


def _raw(
    product: Product, claim: Claim, url: str, country: str | None, hint: str | None, notes: Notes
) -> RawOffer | None:
    code = currency_code(claim.currency, country) or currency_code(hint, country)
    if claim.price is None or claim.also is not None:
        notes.add(claim.problem or "unreadable_price", f"{product.name}: {claim.price_text}")
        return None
    if code is None:
        notes.add("no_currency", f"{product.name}: {claim.price_text}")
        return None
    condition = claim.condition if claim.condition is not Condition.UNKNOWN else product.condition
    return RawOffer(
        title=product.name or claim.name,
        price_text=f"{claim.price:f}",
        currency=code,
        availability=claim.availability,
        condition=condition,
        seller=claim.seller,
        url=claim.url or product.url or url,
        sku=claim.sku or product.sku,
        syntax=product.syntax,
        snippet=claim.price_text,
    )
