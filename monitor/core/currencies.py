# ruff: noqa: SIM905 - a long list of words reads best as one text
"""From what a shop writes ("zł", "C$", "kr", "円") to ISO 4217, with the country's help where a sign is shared."""

from collections.abc import Mapping

# Signs and words that mean one currency wherever they stand. Compared in lower case.
UNIQUE_SIGNS: Mapping[str, str] = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "eur": "EUR",
    "£": "GBP", "us$": "USD", "us $": "USD", "u$s": "USD", "ca$": "CAD", "c$": "CAD", "c $": "CAD", "cdn$": "CAD",
    "au$": "AUD", "a$": "AUD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "nt$": "TWD", "nt $": "TWD", "mx$": "MXN",
    "r$": "BRL", "r $": "BRL", "zł": "PLN", "zl": "PLN", "kč": "CZK", "kc": "CZK", "ft": "HUF", "lei": "RON",
    "лв": "BGN", "лв.": "BGN", "₴": "UAH", "грн": "UAH", "грн.": "UAH", "₽": "RUB", "руб": "RUB", "руб.": "RUB",
    "рублей": "RUB", "р.": "RUB", "р": "RUB", "₸": "KZT", "тг": "KZT", "тенге": "KZT", "₹": "INR", "₩": "KRW",
    "원": "KRW", "円": "JPY", "₺": "TRY", "tl": "TRY", "₪": "ILS", "฿": "THB", "บาท": "THB", "₫": "VND", "đ": "VND",
    "₱": "PHP", "rm": "MYR", "rp": "IDR", "rp.": "IDR", "৳": "BDT", "₼": "AZN", "₾": "GEL", "fr.": "CHF", "sfr.": "CHF",
    "sfr": "CHF", "rmb": "CNY", "人民币": "CNY", "新台幣": "TWD", "د.إ": "AED", "₦": "NGN", "s/": "PEN", "s/.": "PEN",
    "din": "RSD", "din.": "RSD", "ден": "MKD",
}  # fmt: skip

# The same before an amount only: "AU $2,100", "USD $999"; after one the word and the sign may belong to two amounts.
_DOLLARS = {"us": "USD", "ca": "CAD", "au": "AUD", "nz": "NZD", "hk": "HKD", "mx": "MXN", "nt": "TWD"}
_DOLLAR_CODES = (*_DOLLARS.values(), "SGD", "CLP", "COP", "ARS")
SIGNS_BEFORE: Mapping[str, str] = {
    **{f"{word} $": code for word, code in _DOLLARS.items()},
    **{f"{code.lower()}{space}$": code for code in _DOLLAR_CODES for space in ("", " ")},
}

# Signs that several countries share: the currencies they may mean; the first is taken only when nothing else is known
# and only for "$" and "₨"-like signs listed in `DEFAULT_SIGNS`.
SHARED_SIGNS: Mapping[str, tuple[str, ...]] = {
    "$": ("USD", "CAD", "AUD", "NZD", "MXN", "CLP", "ARS", "COP", "SGD", "HKD", "TWD", "UYU"),
    "¥": ("JPY", "CNY"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "kr.": ("DKK", "SEK", "NOK", "ISK"),
    "元": ("CNY", "TWD", "HKD"),
    "rs": ("INR", "PKR", "LKR", "NPR"),
    "rs.": ("INR", "PKR", "LKR", "NPR"),
}
DEFAULT_SIGNS: Mapping[str, str] = {"$": "USD", "rs": "INR", "rs.": "INR"}

COUNTRY_CURRENCY: Mapping[str, str] = {
    **dict.fromkeys(
        "AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK MC SM VA AD ME XK BG".split(), "EUR"
    ),
    "US": "USD", "CA": "CAD", "GB": "GBP", "UK": "GBP", "AU": "AUD", "NZ": "NZD", "CH": "CHF", "LI": "CHF",
    "PL": "PLN", "CZ": "CZK", "HU": "HUF", "RO": "RON", "SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK",
    "RU": "RUB", "UA": "UAH", "KZ": "KZT", "IN": "INR", "JP": "JPY", "KR": "KRW", "CN": "CNY", "TW": "TWD",
    "HK": "HKD", "SG": "SGD", "BR": "BRL", "MX": "MXN", "AR": "ARS", "CL": "CLP", "CO": "COP", "PE": "PEN",
    "UY": "UYU", "TR": "TRY", "IL": "ILS", "TH": "THB", "VN": "VND", "PH": "PHP", "MY": "MYR", "ID": "IDR",
    "BD": "BDT", "PK": "PKR", "LK": "LKR", "ZA": "ZAR", "AE": "AED", "SA": "SAR", "EG": "EGP", "NG": "NGN",
    "RS": "RSD", "GE": "GEL", "AZ": "AZN", "BY": "BYN", "NP": "NPR", "PR": "USD", "EC": "USD", "MK": "MKD",
    "TN": "TND", "KW": "KWD", "BH": "BHD", "OM": "OMR", "JO": "JOD", "QA": "QAR",
}  # fmt: skip

ISO_CODES = frozenset(COUNTRY_CURRENCY.values()) | {"BGN", "HRK", "MAD"}

# Prices in these are whole numbers in practice: "198,000" and "198.000" both group by thousands.
WHOLE_CURRENCIES = frozenset("JPY KRW HUF CLP VND IDR TWD ISK COP KZT RSD UYU NGN".split())
# Written with a comma for the decimals; a point groups thousands.
COMMA_CURRENCIES = frozenset("EUR PLN CZK HUF RON SEK NOK DKK ISK RUB UAH KZT BRL TRY ARS CLP COP VND IDR BGN RSD BYN"
                             " GEL AZN MKD HRK UYU".split())  # fmt: skip
# Three decimals are the smallest coin.
THREE_DECIMALS = frozenset("KWD BHD OMR JOD TND".split())


def currency_code(text: str | None, country: str | None = None) -> str | None:
    """The ISO 4217 code that `text` (a code, a sign or a word) means in `country`; `None` if it cannot be told.

    >>> currency_code("$", "CA"), currency_code("kr"), currency_code("zł")
    ('CAD', None, 'PLN')
    """
    if not text:
        return None
    word = text.strip().replace("￥", "¥").replace("＄", "$").lower()
    if word.upper() in ISO_CODES:
        return word.upper()
    if code := UNIQUE_SIGNS.get(word) or SIGNS_BEFORE.get(word):
        return code
    if word not in SHARED_SIGNS:
        return None
    local = COUNTRY_CURRENCY.get((country or "").upper())
    if local in SHARED_SIGNS[word]:
        return local
    return DEFAULT_SIGNS.get(word) if local is None or word == "$" else None


def may_mean(sign: str, code: str) -> bool:
    """Whether a sign can stand for a currency: "$" for CAD, but not for EUR."""
    word = sign.strip().replace("￥", "¥").lower()
    return code in SHARED_SIGNS.get(word, ()) or UNIQUE_SIGNS.get(word, word.upper()) == code
