"""Which country a page sells to: by its address, its language tag, its own metas."""

import re
from urllib.parse import urljoin, urlsplit

from monitor.core.currencies import COUNTRY_CURRENCY
from monitor.reading.document import Document

_TLD_COUNTRY = {"uk": "GB", "co": "CO"}
_NOT_COUNTRIES = frozenset(("io", "ai", "tv", "me", "cc", "co", "ly", "gg", "la", "fm", "to", "sh", "ad", "ag", "st"))
# A language that one country of the sources speaks almost alone.
_LANGUAGE_COUNTRY = {
    "pl": "PL", "hu": "HU", "cs": "CZ", "sk": "SK", "ja": "JP", "ko": "KR", "sv": "SE", "da": "DK", "nb": "NO",
    "no": "NO", "nn": "NO", "fi": "FI", "uk": "UA", "ru": "RU", "tr": "TR", "ro": "RO", "it": "IT", "et": "EE",
    "he": "IL", "th": "TH", "vi": "VN", "id": "ID", "bg": "BG", "el": "GR", "lt": "LT", "lv": "LV", "sl": "SI",
    "hr": "HR", "zh-cn": "CN", "zh-hans": "CN", "zh-tw": "TW", "zh-hant": "TW", "zh": "CN", "hi": "IN",
}  # fmt: skip
_LOCALE_IN_PATH = re.compile(r"/(?:[a-z]{2}[-_]([a-z]{2})|([a-z]{2})[-_][a-z]{2})(?:/|$)", re.IGNORECASE)
_REGION = re.compile(r"^[a-z]{2,3}[-_](?:[a-z]{4}[-_])?([a-z]{2})$", re.IGNORECASE)


def country_of(url: str, document: Document | None = None) -> str | None:
    """The ISO country of the shop's market; `None` if nothing tells (a .com without a locale)."""
    address = url or (document.canonical if document else "")
    found = _country_of_address(address)
    if found or document is None:
        return found
    for tag in (document.meta("og:locale"), document.language):
        if (match := _REGION.match(tag)) and match[1].upper() in COUNTRY_CURRENCY:
            country = match[1].upper()
            if country != "US" or tag.lower().startswith("en"):
                return country
    return _LANGUAGE_COUNTRY.get(document.language) or _LANGUAGE_COUNTRY.get(document.language[:2])


_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
_HAN = re.compile("[\u4e00-\u9fff]")
_SCRIPT_CHARS = 20_000
_SCRIPT_MIN = 8


def country_by_script(text: str) -> str | None:
    """The country that the script of a text points to, for pages that say nothing else: Japan, Korea, China."""
    sample = text[:_SCRIPT_CHARS]
    for script, country in ((_KANA, "JP"), (_HANGUL, "KR"), (_HAN, "CN")):
        if len(script.findall(sample)) >= _SCRIPT_MIN:
            return country
    return None


_SPANISH = re.compile(
    r"\b(?:precios?|env[ií]os?|comprar|carrito|unidad(?:es)?|cuotas|agregar|añadir|llega|mañana|efectivo|gratis|tienda"
    r"|ofertas?|disponibles?|agotado|usado|nuevo|en|con|para|por|los|las|del|hasta)\b"
)
_ENGLISH = re.compile(r"\b(?:the|and|with|price|shipping|cart|free|search|in|of|for|to|new|used|buy|add|from|or)\b")
_SPANISH_MIN = 2


def is_spanish(document: Document, text: str) -> bool:
    """Whether a page is in Spanish, where "$" is the sign of many pesos: by its language tag, else by its words."""
    if document.language:
        return document.language.startswith("es")
    sample = text[:_SCRIPT_CHARS].lower()
    spanish = len({match[0] for match in _SPANISH.finditer(sample)})
    return spanish >= _SPANISH_MIN and spanish > len({match[0] for match in _ENGLISH.finditer(sample)})


def _country_of_address(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    tld = host.rsplit(".", 1)[-1]
    if tld not in _NOT_COUNTRIES or host.endswith((".com.co", ".net.co")):
        country = _TLD_COUNTRY.get(tld, tld.upper())
        if len(tld) == 2 and country in COUNTRY_CURRENCY:
            return country
    first = host.split(".", 1)[0]
    if (
        len(first) == 2
        and first.upper() in COUNTRY_CURRENCY
        and first not in ("m", "en", "es", "pt")
        and host.count(".") > 1
    ):
        return "GB" if first == "uk" else first.upper()
    if match := _LOCALE_IN_PATH.search(parts.path + "/"):
        country = (match[1] or match[2]).upper()
        country = "GB" if country == "UK" else country
        return country if country in COUNTRY_CURRENCY else None
    return None


def absolute(url: str, base: str) -> str:
    """`url` made absolute; "" for what is no web address."""
    try:
        joined = urljoin(base, url.strip())[:2000]
        scheme = urlsplit(joined).scheme.lower()
    except ValueError:
        return ""
    if scheme in ("http", "https"):
        return joined
    return "" if scheme else joined
