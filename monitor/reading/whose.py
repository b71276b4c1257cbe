"""Whose "$" (or "kr") it is, on a page whose address names no country: by what the page tells of its shop.

One sure sign is enough (the currency of its markup or scripts, a business number, "prices in CAD"), of the weak ones
(telephone numbers, "envíos a todo México") two. Signs of two countries cancel each other: nothing is guessed.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from monitor.core.currencies import COUNTRY_CURRENCY, SHARED_SIGNS, currency_code
from monitor.reading.claims import Product
from monitor.reading.document import Document
from monitor.reading.place import country_by_script, is_spanish
from monitor.reading.text import VisibleText

MAX_TEXT = 200_000
MAX_FOUND = 200
# The countries whose money has a sign that it shares, by its code.
_SHARED = frozenset(code for codes in SHARED_SIGNS.values() for code in codes)
_COUNTRY = {code: country for country, code in reversed(list(COUNTRY_CURRENCY.items())) if code in _SHARED}
_ASKED = re.compile(r"[$¥元]|\b(?:kr|rs)\b")
_DEFAULT = "US"  # of templates that nobody filled in

_GEO_METAS = ("geo.region", "geo.country", "country", "og:country-name")
_CURRENCY_METAS = ("pricecurrency", "currency", "og:currency", "product:price:currency", "og:price:currency")
_IN_SCRIPT = re.compile(
    rb"""currency(?:_?code|_?id|_?iso)?\\?["']?\s{0,3}[:=]\s{0,3}\\?["']([A-Z]{3})\\?["']""", re.IGNORECASE
)
# What the shop system itself counts in: {"active": "MXN"}, {"id": 1, "iso_code": "MXN"}.
_ACTIVE = re.compile(
    rb"""currency["']?\s?[=:]\s?\{[^{}]{0,120}?["'](?:active|code|iso_?code|id)["']\s?:\s?["']([A-Z]{3})["']"""
)
_CODES = "USD|MXN|ARS|CLP|COP|UYU|CAD|AUD|NZD|SGD|HKD|TWD|SEK|NOK|DKK|ISK|INR|PKR|LKR|NPR"
_PRICES_IN = re.compile(
    r"\b(?:prices?|precios?|preços?|amounts?|montos|currency|moneda|divisa)\b[^\n.$\d]{0,40}?"
    rf"(?<!\w)({_CODES.lower()})(?!\w)"
)
_CODE = re.compile(rf"(?<!\w)(?:{_CODES.lower()}|eur|gbp)(?!\w)")
CHOICE_CHARS = 12
_DIAL = {
    "1": None, "52": "MX", "54": "AR", "56": "CL", "57": "CO", "598": "UY", "61": "AU", "64": "NZ", "65": "SG",
    "852": "HK", "886": "TW", "46": "SE", "47": "NO", "45": "DK", "354": "IS", "91": "IN", "92": "PK", "94": "LK",
    "977": "NP",
}  # fmt: skip
_PHONE = re.compile(
    rb"(?:tel:(?:\+|%2B|00)|wa\.me/\+?|whatsapp\.com/send/?\?(?:[\w=&;]{0,30}?)phone=(?:\+|%2B)?)(\d{8,15})"
)
# Numbers of businesses, as the law of a country has them shown.
_NUMBERS = re.compile(
    r"\b(?:(?P<AU>abn:? ?\d{2} ?\d{3} ?\d{3} ?\d{3})|(?P<AR>cuit:? ?\d{2}-?\d{8}-?\d)|(?P<NZ>nzbn:? ?\d{13})"
    r"|(?P<CL>rut:? ?\d{1,2}\.?\d{3}\.?\d{3}-[\dk])|(?P<CO>nit:? ?\d{3}\.?\d{3}\.?\d{3}-?\d?)"
    r"|(?P<MX>rfc:? ?[a-zñ&]{3,4} ?-?\d{6} ?-?[a-z\d]{3})|(?P<SG>uen:? ?\d{9}[a-z])"
    r"|(?P<SE>org\.? ?(?:nr|nummer)\.?:? ?\d{6}-\d{4})|(?P<DK>cvr(?:-?(?:nr|nummer))?\.?:? ?\d{2} ?\d{2} ?\d{2} ?\d{2})"
    r"|(?P<IN>gstin:? ?\d{2}[a-z]{5}\d{4}[a-z]\d[a-z][a-z\d]))\b"
)
_WORDS = re.compile(
    r"\b(?:(?P<MX>(?:a|en) todo (?:el pa[ií]s de )?m[eé]xico|ciudad de méxico|cdmx|meses sin intereses|oxxo"
    r"|profeco|kueski)"
    r"|(?P<AR>(?:a|en) toda (?:la )?argentina|buenos aires|afip|defensa de las y los consumidores"
    r"|botón de arrepentimiento|ahora 12)"
    r"|(?P<CL>(?:a|en) todo chile|santiago de chile|webpay|transbank|región metropolitana|sernac)"
    r"|(?P<CO>(?:a|en) toda colombia|bogot[áa]|medell[ií]n|efecty|baloto|superintendencia de industria)"
    r"|(?P<UY>(?:a|en) todo (?:el )?uruguay|montevideo|abitab|redpagos)"
    r"|(?P<CA>canada-wide|(?:across|within|throughout) canada|gst/hst|interac|canada post|canadian dollars?)"
    r"|(?P<AU>australia-?wide|(?:across|within|throughout) australia|australia post|zip ?pay|australian dollars?"
    r"|australian consumer law)"
    r"|(?P<NZ>(?:nz|new zealand)-?wide|(?:across|within|throughout) new zealand|nz post|laybuy)"
    r"|(?P<SG>(?:across|within) singapore|islandwide delivery|singapore dollars?|paynow)"
    r"|(?P<US>(?:continental|contiguous|lower 48) (?:us|u\.s|united states|states)|sales tax|us dollars?)"
    r"|(?P<SE>hela sverige|postnord sverige)|(?P<NO>hele norge|vipps)|(?P<DK>hele danmark|dankort))\b"
)


def settle_country(
    document: Document, seen: VisibleText, products: Iterable[Product], currency: str | None
) -> str | None:
    """The country of a page whose address tells none, by all that the page says; the text's signs are read as this
    country has them. A bare "$" on a page in Spanish that says nothing is no currency, unless the caller knows it."""
    country = country_by_script(seen.text)
    if country is None and _ASKED.search(seen.lower):
        country = country_told(document, seen, products)
    seen.assume_country(country)
    if country is None and currency is None and is_spanish(document, seen.text):
        seen.doubt_dollars()
    return country


def country_told(document: Document, seen: VisibleText, products: Iterable[Product]) -> str | None:
    """The one country that sure signs agree on, else that weak ones of two kinds do; `None` where nothing decides."""
    sure = set(_by_metas(document)) | set(_by_markup(products)) | set(_by_words(seen))
    sure |= set(_by_scripts(document)) if not sure else set()
    if sure:
        return sure.pop() if len(sure) == 1 else None
    spoken = {match[0]: match.lastgroup or "" for match in _WORDS.finditer(seen.lower[:MAX_TEXT])}
    dialled = _by_phones(document)
    countries = dialled.union(spoken.values())
    return countries.pop() if len(countries) == 1 and bool(dialled) + len(spoken) >= 2 else None


def _by_metas(document: Document) -> Iterator[str]:
    for name in _GEO_METAS:
        for content in document.metas.get(name, [])[:3]:
            code = re.split(r"[-_]", content.strip())[0].upper()
            if len(code) == 2 and code in COUNTRY_CURRENCY:
                yield code
    yield from _countries(document.metas.get(name, []) for name in _CURRENCY_METAS)


def _by_markup(products: Iterable[Product]) -> Iterator[str]:
    yield from _countries([claim.currency or ""] for product in products for claim in product.claims)


def _countries(groups: Iterable[Iterable[str]]) -> Iterator[str]:
    """The countries of the codes in groups of texts; signs are not asked, as they are the question."""
    for group in groups:
        for text in group:
            if len(text) == 3 and (country := _COUNTRY.get(currency_code(text) or "")):
                yield country


def _by_scripts(document: Document) -> Iterator[str]:
    """What the scripts count in. Several currencies are those that a visitor may choose from; dollars of the United
    States stand in many templates of shops elsewhere."""
    active = _ACTIVE.search(document.body)
    found = [active] if active else list(islice(_IN_SCRIPT.finditer(document.body), MAX_FOUND))
    codes = {match[1].decode().upper() for match in found}
    country = _COUNTRY.get(codes.pop()) if len(codes) == 1 else None
    if country and (active or country != _DEFAULT):
        yield country


def _by_words(seen: VisibleText) -> Iterator[str]:
    lower = seen.lower[:MAX_TEXT]
    for match in _PRICES_IN.finditer(lower):
        if len(set(_CODE.findall(lower, match.start(), match.end() + CHOICE_CHARS))) == 1:  # no choice of several
            yield _COUNTRY[match[1].upper()]
    for match in _NUMBERS.finditer(lower):
        if match.lastgroup:
            yield match.lastgroup


def _by_phones(document: Document) -> set[str]:
    """The countries that the page's telephone links call; several are those of a company's branches."""
    found: set[str] = set()
    for match in islice(_PHONE.finditer(document.body), MAX_FOUND):
        digits = match[1].decode()
        country = next((land for code, land in _DIAL.items() if digits.startswith(code)), "elsewhere")
        if country:
            found.add(country)
    return found
