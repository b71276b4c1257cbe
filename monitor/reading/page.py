"""A page's bytes -> its offers: asks the readers of the syntaxes, compares them with what people see."""

from dataclasses import dataclass, replace
from datetime import date

from monitor.core.currencies import COUNTRY_CURRENCY, currency_code
from monitor.core.models import Availability, Condition, RawOffer
from monitor.reading.answers import looks_like_json, read_answer
from monitor.reading.around import look_around
from monitor.reading.blocked import is_blocked
from monitor.reading.claims import Claim, Notes, Product
from monitor.reading.document import MAX_PAGE_BYTES, Document, as_sent, parse_document
from monitor.reading.for_sale import is_for_sale
from monitor.reading.heading import Heading, find_heading, likeness, tokens
from monitor.reading.jsonld import json_blocks, page_types
from monitor.reading.kind import is_called_list, is_front_page, is_list_address, is_listing, is_nameless
from monitor.reading.listing import FEW_ROWS, MIN_ROWS, Listing, read_listing
from monitor.reading.mainproduct import CROWD, SAME_NAME, both_ways, is_crowd, main_products
from monitor.reading.marks import Mark
from monitor.reading.metatags import read_metatags
from monitor.reading.microdata import read_microdata
from monitor.reading.options import read_options
from monitor.reading.orphans import orphan_offer
from monitor.reading.place import absolute, country_of
from monitor.reading.rdfa import read_rdfa
from monitor.reading.reconcile import Decided, decide_price, either
from monitor.reading.row import Row
from monitor.reading.rowmarkup import Stated, is_denied, stock_by_markup
from monitor.reading.schemaorg import products_in
from monitor.reading.seller import seller_in
from monitor.reading.shops import rule_for
from monitor.reading.states import read_states
from monitor.reading.stock import condition_in_title
from monitor.reading.text import VisibleText
from monitor.reading.tidy import tidy
from monitor.reading.visible import SeenPrice, main_price, read_condition, read_stock, region_lines
from monitor.reading.whose import settle_country


@dataclass(frozen=True, kw_only=True)
class PageReading:
    """What a page yielded: offers, the main one first, and (reason, text) for what could not be used."""

    offers: tuple[RawOffer, ...] = ()
    rejections: tuple[tuple[str, str], ...] = ()


def read_page(
    body: bytes,
    url: str,
    *,
    country: str | None = None,
    currency: str | None = None,
    encoding: str | None = None,
    today: date | None = None,
) -> PageReading:
    """The offers on one page. `country` (ISO) and `currency` are what the shop is known for; they name the currency
    only where the page does not. `today` is the page's day: what comes weeks later is a pre-order. Never raises on bad
    input."""
    notes = Notes()
    if len(body) > MAX_PAGE_BYTES:
        return PageReading(rejections=(("too_large", f"{len(body)} bytes"),))
    if looks_like_json(body):
        return _tidied(read_answer(body, url, country or country_of(url), currency, notes), notes)
    document = parse_document(body, url, encoding, notes)
    if document is None:
        return PageReading(rejections=(("no_content", "the page is empty"),))
    offers = _read_document(document, country, currency, today, notes)
    return _tidied(offers, notes)


def _tidied(offers: list[RawOffer], notes: Notes) -> PageReading:
    """The reading with nothing in its texts that cannot be stored or printed."""
    return PageReading(
        offers=tuple(
            replace(
                offer,
                title=tidy(offer.title),
                price_text=_unmistakable(offer.price_text),
                seller=tidy(offer.seller, 100),
                url=tidy(offer.url, 2000),
                sku=tidy(offer.sku, 100),
                snippet=tidy(offer.snippet, 200),
            )
            for offer in offers
        ),
        rejections=tuple((reason, tidy(text, 200)) for reason, text in notes.items),
    )


def _unmistakable(price: str) -> str:
    """A plain decimal that cannot be read as grouped thousands: "1.234" becomes "1.2340"."""
    whole, point, decimals = price.partition(".")
    return f"{whole}.{decimals}0" if point and len(decimals) == 3 else price


@dataclass(frozen=True, kw_only=True)
class _Page:
    """What was gathered from one page before deciding."""

    document: Document
    products: list[Product]
    types: frozenset[str]
    seen: VisibleText
    heading: Heading
    country: str | None
    currency: str | None
    today: date | None


def _read_document(
    document: Document, country: str | None, currency: str | None, today: date | None, notes: Notes
) -> list[RawOffer]:
    rule = rule_for(document.url or document.canonical)
    country = country or country_of(document.url, document)
    blocks = json_blocks(document, notes)
    products = products_in(blocks, "jsonld") + read_microdata(document) + read_metatags(document)
    if not any(product.claims for product in products):
        products += read_rdfa(document)
    if rule is not None:
        products = rule(document, products)
    types = page_types(blocks)
    seen = VisibleText(document, country, currency or COUNTRY_CURRENCY.get(country or ""))
    if country is None:
        country = settle_country(document, seen, products, currency)
    names = tuple(product.name for product in products[:5] if product.depth == 0 and product.syntax != "opengraph")
    heading = find_heading(document, seen, names)
    page = _Page(
        document=document,
        products=[_less_if_aside(product, seen) for product in products],
        types=types,
        seen=seen,
        heading=heading,
        country=country,
        currency=currency,
        today=today,
    )
    return _offers_of(page, notes)


def _less_if_aside(product: Product, seen: VisibleText) -> Product:
    """The product, counted as one of others where it stands among related or identical articles."""
    aside = product.element is not None and seen.marks.of(product.element) & Mark.ASIDE
    return replace(product, depth=product.depth + 1) if aside else product


def _offers_of(page: _Page, notes: Notes) -> list[RawOffer]:
    names = tuple(name for name in (page.heading.text, page.document.meta("og:title"), page.document.title) if name)
    mains = main_products(page.document, page.products, names)
    # Of the many articles on a front page none is the page's own.
    front = is_front_page(page.document) and len({product.name for product in page.products if product.claims}) != 1
    if front:
        mains = []
    claims = [claim for product in mains for claim in product.claims if claim.price is not None]
    # A lowest price alone may be that of a whole category.
    stated = any(not claim.lowest for claim in claims) or any(product.syntax == "shop_rule" for product in mains)
    price = main_price(page.seen, page.heading)
    if not stated:
        called = is_called_list(page.types, page.document.url or page.document.canonical) or is_nameless(page.document)
        listing = read_listing(page.document, page.seen, FEW_ROWS if called else MIN_ROWS)
        if listing is not None:
            price = main_price(page.seen, page.heading, skip=_inside(page, listing))
            if is_listing(page.document, page.seen, page.heading, listing, price, page.products, page.types):
                return _row_offers(page, listing, notes)
        if listing is None and not mains and (crowd := _crowd(page, price)):
            return _markup_rows(page, crowd, notes)
    if front:
        notes.add("front_page", page.document.title[:100])
        return []
    if not claims and is_blocked(page.document.body, page.document.title, page.seen.text):
        notes.add("blocked", page.document.title or page.seen.text[:100])
        return []
    if orphan := orphan_offer(page.document, page.products, page.seen, page.heading, price):
        mains = [orphan, *mains]
    why_not = Notes()
    decided = decide_price(mains, page.seen, price, page.country, page.currency, why_not)
    if decided is not None:
        return _single_offers(page, mains, price, decided)
    if not claims and price is None and (offers := _hidden_offers(page, names)):
        return offers
    stock = _stock_alone(page, mains)
    for reason, text in why_not.items:
        told = reason == "no_price" and stock is not Availability.UNKNOWN
        notes.add(reason, f"{_title(page, mains)[:80]}: {stock.value}, {text}" if told else text)
    return []


def _stock_alone(page: _Page, mains: list[Product]) -> Availability:
    """What a page without a price says of the stock: sold-out articles often show none."""
    stated = (claim.availability for product in mains for claim in product.claims)
    markup = next((state for state in stated if state is not Availability.UNKNOWN), Availability.UNKNOWN)
    return read_stock(region_lines(page.seen, page.heading, None), markup, [], today=page.today, country=page.country)


def _hidden_offers(page: _Page, names: tuple[str, ...]) -> list[RawOffer]:
    """Where neither markup nor people's eyes find a price: what the page's scripts or drop-down lists hold."""
    document = as_sent(page.document)
    things = read_states(document)
    mine = [thing for thing in things if any(both_ways(thing.name, name) >= SAME_NAME for name in names)]
    decided = decide_price(mine[:1], page.seen, None, page.country, page.currency, Notes())
    if decided is not None:
        return _single_offers(page, mine[:1], None, decided)
    if len(things) >= CROWD and not mine and is_list_address(page.document.url or page.document.canonical):
        return _markup_rows(page, things, Notes())
    return _option_offers(page, document)


def _option_offers(page: _Page, document: Document) -> list[RawOffer]:
    hint = currency_code(page.currency, page.country) or COUNTRY_CURRENCY.get(page.country or "")
    base = absolute(page.document.url or page.document.canonical, "")
    return [
        RawOffer(
            title=row.title,
            price_text=f"{row.amount.value:f}",
            currency=row.amount.currency or hint,
            condition=condition_in_title(row.title),
            url=base,
            syntax="option_list",
            snippet=row.snippet,
        )
        for row in read_options(document, hint)
        if row.amount.currency or hint
    ]


def _crowd(page: _Page, price: SeenPrice | None) -> list[Product]:
    """The articles of a list that only markup shows. Two are a list only where no price stands beside the title."""
    few = is_called_list(page.types, "") and (price is None or not price.sure)
    least = FEW_ROWS if few else CROWD
    for syntax in ("jsonld", "microdata", "rdfa"):
        if is_crowd(page.products, syntax, least):
            return [
                product for product in page.products if product.syntax == syntax and product.claims and product.name
            ]
    return []


def _markup_rows(page: _Page, products: list[Product], notes: Notes) -> list[RawOffer]:
    """One offer an article, as markup states it."""
    offers: list[RawOffer] = []
    for product in products:
        claim = next((claim for claim in product.claims if claim.price is not None and claim.also is None), None)
        currency = currency_code(claim.currency or page.currency, page.country) if claim else None
        if claim is None or claim.price is None or currency is None:
            notes.add("no_price" if currency or claim is None else "no_currency", product.name)
            continue
        offers.append(
            RawOffer(
                title=product.name,
                price_text=f"{claim.price:f}",
                currency=currency,
                availability=claim.availability,
                condition=either(condition_in_title(product.name), either(claim.condition, product.condition)),
                seller=claim.seller,
                url=absolute(product.url or claim.url, absolute(page.document.url or page.document.canonical, "")),
                sku=claim.sku or product.sku,
                syntax=product.syntax,
                snippet=claim.price_text,
                reason="lowest of several offers" if claim.lowest else "",
            )
        )
    return offers


def _inside(page: _Page, listing: Listing) -> frozenset[int]:
    """Where the amounts start that stand in the rows of a list or, where the list follows the main title, after it."""
    follows = 0 <= page.heading.position < listing.start
    return frozenset(
        amount.start
        for amount in page.seen.amounts
        if (follows and amount.start > listing.start) or listing.holds(amount.element)
    )


def _row_offers(page: _Page, listing: Listing, notes: Notes) -> list[RawOffer]:
    found: list[RawOffer] = []
    known: set[tuple[str, str, str]] = set()
    # A list that marks what is sold out says of the others that they are not; so does a shop with a price.
    marked = any(row.availability is Availability.OUT_OF_STOCK for row in listing.rows)
    sold_here = marked or is_for_sale(page.document, page.seen)
    of_all = condition_in_title(page.heading.text or page.document.title)
    stated = stock_by_markup(page.products, page.document.url or page.document.canonical)
    for row in listing.rows:
        if row.price is None:
            notes.add("conflicting_price", row.title)
            continue
        offer = _row_offer(page, row, stated, notes)
        if offer is None:
            continue
        if offer.condition is Condition.UNKNOWN:
            offer = replace(offer, condition=of_all)
        silent = offer.availability is Availability.UNKNOWN and not row.lowest
        if silent and (sold_here or row.sent) and not is_denied(page.products, offer):
            offer = replace(offer, availability=Availability.IN_STOCK)
        key = (offer.title, offer.price_text, offer.url)
        if key not in known or not row.url:
            known.add(key)
            found.append(offer)
    return found


def _row_offer(page: _Page, row: Row, stated: Stated, notes: Notes) -> RawOffer | None:
    assert row.price is not None
    currency = row.price.currency or currency_code(page.currency, page.country)
    if currency is None:
        notes.add("no_currency", f"{row.title}: {row.price.text}")
        return None
    url = absolute(row.url, page.document.url or page.document.canonical)
    said = stated.get((url, row.price.value)) or stated.get((row.title, row.price.value), Availability.UNKNOWN)
    return RawOffer(
        title=row.title,
        price_text=f"{row.price.value:f}",
        currency=currency,
        availability=row.availability if row.availability is not Availability.UNKNOWN else said,
        condition=row.condition,
        url=url,
        syntax="listing",
        snippet=row.price.text,
        reason="lowest of several offers" if row.lowest else "",
    )


def _single_offers(page: _Page, mains: list[Product], price: SeenPrice | None, decided: Decided) -> list[RawOffer]:
    claim = decided.claim
    anchor = price.amount if price is not None and price.score > 1.0 else None
    title = _title(page, mains)
    stated = (c.availability for c in _claims(mains, claim) if c.availability is not Availability.UNKNOWN)
    markup = next(stated, Availability.UNKNOWN)
    around = look_around(page.seen, page.heading, anchor, decided.value, markup, page.today)
    condition = next((c.condition for c in _claims(mains, claim) if c.condition is not Condition.UNKNOWN), None)
    for product in mains:
        condition = either(condition or Condition.UNKNOWN, product.condition)
    main = RawOffer(
        title=title,
        price_text=f"{decided.value:f}",
        currency=decided.currency,
        availability=around.availability,
        condition=read_condition(around.lines, title, page.document.title, condition or Condition.UNKNOWN),
        seller=_seller(page, decided, [*around.lines, *(line for box in around.elsewhere for line in box)]),
        url=_own_url(page, claim),
        sku=(claim.sku if claim else "") or next((product.sku for product in mains if product.sku), ""),
        syntax=decided.syntax,
        snippet=decided.snippet,
        reason="lowest of several offers"
        if claim is not None and claim.lowest and not decided.reason
        else decided.reason,
    )
    return [main, *(_other_offer(page, main, other) for other in decided.others)]


def _seller(page: _Page, decided: Decided, lines: list[str]) -> str:
    """The seller that the page names beside the price; a shop's rule knows better."""
    claimed = decided.claim.seller if decided.claim is not None else ""
    if decided.syntax == "shop_rule":
        return claimed
    return seller_in(lines, page.seen) or claimed


def _claims(mains: list[Product], chosen: Claim | None) -> list[Claim]:
    """The chosen claim first, then the other syntaxes' first ones: they may know what it leaves out."""
    rest = [product.claims[0] for product in mains if product.claims and product.claims[0] is not chosen]
    return [chosen, *rest] if chosen is not None else rest


def _title(page: _Page, mains: list[Product]) -> str:
    """The article's name: the visible heading unless markup has a longer form of it."""
    named = next((product.name for product in mains if product.name and product.syntax != "opengraph"), "")
    heading = page.heading.text
    if not named:
        return heading or page.document.meta("og:title") or page.document.title
    if not heading or likeness(named, heading) < 0.5:
        return named
    return heading if tokens(named) < tokens(heading) else named


def _own_url(page: _Page, claim: Claim | None) -> str:
    base = absolute(page.document.url or page.document.canonical, "")
    own = absolute(claim.url, base) if claim is not None and claim.url else ""
    return own or base


def _other_offer(page: _Page, main: RawOffer, claim: Claim) -> RawOffer:
    assert claim.price is not None
    return replace(
        main,
        title=claim.name if claim.name and likeness(claim.name, main.title) >= 0.5 else main.title,
        price_text=f"{claim.price:f}",
        currency=currency_code(claim.currency, page.country) or main.currency,
        availability=claim.availability,
        condition=either(claim.condition, main.condition),
        seller=claim.seller,
        url=_own_url(page, claim),
        sku=claim.sku,
        snippet=claim.price_text,
        reason="another variant or seller",
    )
