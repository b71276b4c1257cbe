"""Price text -> `Money`: any currency and grouping of the sources, one asking price or none at all.

A wrong price is worse than none, so a text with two different asking prices, with an amount of unknown currency, or
with a number that can be read in two ways ("$1.999") gives `None`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from monitor.core.currencies import (
    COMMA_CURRENCIES,
    COUNTRY_CURRENCY,
    SHARED_SIGNS,
    SIGNS_BEFORE,
    THREE_DECIMALS,
    UNIQUE_SIGNS,
    WHOLE_CURRENCIES,
    currency_code,
    may_mean,
)
from monitor.core.models import Money
from monitor.core.price_words import Role
from monitor.core.roles import role_of

MAX_TEXT_CHARS = 400
MAX_AMOUNT = Decimal(10) ** 11
MOST_GROUPS = 12  # of digits with spaces between: no amount has more, and a page may hold a million


@dataclass(frozen=True, kw_only=True)
class Amount:
    """One amount of money found in a text, with where it stands and what it is."""

    value: Decimal
    currency: str | None  # ISO 4217; `None` when the sign is missing or shared and nothing decides
    role: Role
    start: int
    end: int


def parse_money(text: str, hint: str | None = None, country: str | None = None) -> Money | None:
    """The one asking price that `text` states, or `None`.

    `hint` is the currency in any form ("EUR", "€") and `country` the ISO country of the shop: they name the currency
    where the text does not, and decide shared signs.

    >>> parse_money("1.999,00 €")
    Money(amount=Decimal('1999.00'), currency='EUR')
    >>> parse_money("$1,999.00 or 12 x $166.58", country="CA")
    Money(amount=Decimal('1999.00'), currency='CAD')
    """
    if not text or len(text) > MAX_TEXT_CHARS:
        return None
    clean = normalise(text)
    found = list(find_amounts(clean, hint, country)) or list(_bare_amount(clean, hint, country))
    asking = {(amount.value, amount.currency) for amount in found if amount.role is Role.ASKING} or {
        (amount.value, amount.currency) for amount in found if amount.role is Role.REGULAR
    }
    if len(asking) != 1:
        return None
    value, currency = asking.pop()
    if currency is None or not 0 < value < MAX_AMOUNT:
        return None
    return Money(amount=value, currency=currency)


_SPACES = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r\f\v"
_DROPPED = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\x00"
_ONE_FORM = str.maketrans(
    {
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_DROPPED),
        **dict.fromkeys("’‘ʼ´`＇", "'"),
        **dict.fromkeys("‒–—―−－", "-"),
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        **{
            "￥": "¥",
            "＄": "$",
            "，": ",",
            "．": ".",
            "（": "(",
            "）": ")",
            "：": ":",
            "￡": "£",
            "￦": "₩",
            "／": "/",
        },
    }
)


def normalise(text: str) -> str:
    """The text with one kind of space, dash, apostrophe and digit, and without invisible marks."""
    return text.translate(_ONE_FORM)


_NUMBER = re.compile(r"\d+(?:(?:[.,'] ?| )\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:(?P<sep>[.,' ])\d{3})(?:(?P=sep)\d{3})*(?:[.,]\d{1,2})?$")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,2})?$")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?$")
# "1 189,000": groups of one kind, then the three decimals of a dinar.
_MILLS = re.compile(r"\d{1,3}(?:(?P<sep>[.,' ])\d{3})(?:(?P=sep)\d{3})*(?!(?P=sep))[.,]\d{3}$")


def read_number(text: str, currency: str | None = None, *, sign_first: bool = False) -> Decimal | None:
    """The number that a price's digits mean in a currency; `None` if it can be read in two ways or in none.

    >>> read_number("1.999", "EUR"), read_number("1.999", "USD"), read_number("1'999.50", "CHF")
    (Decimal('1999'), None, Decimal('1999.50'))
    """
    if _INDIAN.match(text):
        return Decimal(text.replace(",", ""))
    if match := _GROUPED.match(text):
        return _read_grouped(text, match["sep"], currency, sign_first)
    if _PLAIN.match(text):
        return Decimal(text.replace(",", ".")) if len(text) < 30 else None
    if currency in THREE_DECIMALS and _MILLS.match(text):
        return Decimal(re.sub(r"\D", "", text)) / 1000
    return None


def _read_grouped(text: str, sep: str, currency: str | None, sign_first: bool) -> Decimal | None:
    digits = re.sub(r"[^\d]", "", text)
    tail = re.search(r"[.,](\d{1,2})$", text)
    if tail:
        if tail[0][0] == sep and sep in ".,":
            return None  # "1.234.56"
        return Decimal(f"{digits[: -len(tail[1])]}.{tail[1]}")
    if sep in "' " or text.count(sep) > 1 or currency in WHOLE_CURRENCIES:
        return Decimal(digits)
    if text.startswith("0"):
        return Decimal(text.replace(",", "."))
    if currency in THREE_DECIMALS or currency is None:
        return None
    groups_with_comma = currency not in COMMA_CURRENCIES or (sign_first and sep == ",")
    if (sep == ",") == groups_with_comma:
        return Decimal(digits)
    return None


# The characters a currency sign can end or begin with: a cheap look before the expensive one.
_SIGNS = sorted({*UNIQUE_SIGNS, *SHARED_SIGNS, *(code.lower() for code in set(COUNTRY_CURRENCY.values()))}, key=len)
_SIGNS.reverse()
_FIRST = frozenset(sign[0] for sign in _SIGNS) | frozenset(sign[0].upper() for sign in _SIGNS)
_LAST = frozenset(sign[-1] for sign in _SIGNS) | frozenset(sign[-1].upper() for sign in _SIGNS)
_FIRST_WORDS = frozenset(match[0] for sign in _SIGNS if (match := re.match(r"[^\W\d_]+", sign)))
_LAST_WORDS = frozenset(match[0] for sign in _SIGNS if (match := re.search(r"[^\W\d_]+$", sign)))
_ANY_SIGN = "|".join(re.escape(sign) for sign in _SIGNS)
_ANY_BEFORE = "|".join(re.escape(sign) for sign in sorted({*_SIGNS, *SIGNS_BEFORE}, key=len, reverse=True))
_LEFT = re.compile(rf"(?<![^\W\d_])({_ANY_BEFORE}) ?$", re.IGNORECASE)
_RIGHT = re.compile(rf"(?:\.-{{0,2}}|,-{{1,2}}|:-)? ?({_ANY_SIGN})(?![^\W\d_])", re.IGNORECASE)
_RIGHT_CODE = re.compile(r" ?(USD|CAD|AUD|NZD|MXN|SGD|HKD|TWD|CLP|COP|ARS|SEK|NOK|DKK|CNY|JPY)\b")
_NAMES_C = re.compile(
    r"\b(?:edition|version|ver\.?|model|type|usb|rev\.?|revision|variant|class|series|grade|option)[ -]$", re.IGNORECASE
)
_WORK_FOR = re.compile(r"\b(?:for|and|in|pour|für|para|auto)[ -]?$|[&/,]\s?$", re.IGNORECASE)
_CENTS_AFTER_SIGN = re.compile(r"(€|£|\$)(\d{2})(?![\d.,]| ?%)")
_JAPANESE = re.compile(r"税込|税抜|[\u3040-\u30ff]")
_DASH_AFTER = re.compile(r"(?:\.-{1,2}|,-{1,2}|:-|\.—)(?!\d)")
_TEN_THOUSAND = re.compile(r" ?(万|萬|만)")
_UNIT_AFTER = re.compile(r"\s?(?:%|k\b|тыс|tis\b|tys\b|mln|million|mil\b|Mrd)", re.IGNORECASE)


def find_amounts(text: str, hint: str | None = None, country: str | None = None) -> Iterator[Amount]:
    """Every amount with a currency sign in `text` (already `normalise`d), in order, each with its role."""
    hinted = currency_code(hint, country) or ("JPY" if _JAPANESE.search(text) else None)
    taken = 0  # end of the last amount with its sign: a sign belongs to one amount
    previous = -1  # end of the last amount of any kind
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if start < taken:
            start = _first_digit(text, taken, end)
        found = _amount_at(text, start, end, taken, hinted, country) if start < end else None
        if found is None:
            continue
        start, end, value, currency = found
        role = role_of(text, start, end, max(previous, 0), currency)
        previous = taken = end
        yield Amount(value=value, currency=currency, role=role, start=start, end=end)


def _first_digit(text: str, start: int, end: int) -> int:
    """Where the digits begin that no amount before has taken: in "399€95 449€95" the cents stand before a space."""
    while start < end and not text[start].isdigit():
        start += 1
    return start


def _amount_at(
    text: str, start: int, end: int, taken: int, hinted: str | None, country: str | None
) -> tuple[int, int, Decimal, str | None] | None:
    """Start, end, value and currency of the amount whose digits stand at `start:end`, if a sign stands beside them."""
    left = _sign_left(text, start, taken)
    digits = text[start:end]
    if left is None:
        return _amount_with_sign_after(text, start, end, hinted, country)
    sign, begin = left
    digits = _first_number(digits, mills=currency_code(sign, country) in THREE_DECIMALS)
    end = start + len(digits)
    code = _RIGHT_CODE.match(text, end) if sign.strip().lower() in SHARED_SIGNS else None
    currency = currency_code(code[1] if code else sign, country)
    currency = _settle(sign if not code else code[1], currency, hinted)
    value = read_number(digits, currency, sign_first=True)
    if value is None or _UNIT_AFTER.match(text, end):
        return None
    if big := _TEN_THOUSAND.match(text, end):
        value, end = value * 10_000, big.end()
    if dash := _DASH_AFTER.match(text, end):
        end = dash.end()
    return begin, code.end() if code else end, _signed(text, begin, value), currency


def _amount_with_sign_after(
    text: str, start: int, end: int, hinted: str | None, country: str | None
) -> tuple[int, int, Decimal, str | None] | None:
    if not _may_follow(text, end):
        return None
    big = _TEN_THOUSAND.match(text, end)
    right = _RIGHT.match(text, big.end() if big else end)
    if right is None:
        return _amount_with_dash(text, start, end, hinted)
    if _belongs_to_next(text, right):
        return _amount_with_dash(text, start, end, hinted)
    currency = _settle(right[1], currency_code(right[1], country), hinted)
    digits = _last_number(text[start:end], mills=currency in THREE_DECIMALS)
    if " " in digits and _MODEL_BEFORE.search(text, max(0, end - len(digits) - 12), end - len(digits)):
        digits = digits.rsplit(" ", 1)[-1]  # "RX 580 899 €"
    start = end - len(digits)
    if _PART_NUMBER.search(text, max(0, start - 1), start) and right[1].isascii() and right[1].isalpha():
        return None  # "EV10G53885KR"
    if _TOKEN.search(text, max(0, start - 24), start):
        return None  # "MzI5Ljk5 $", a price that a script is to decode
    cents = _CENTS_AFTER_SIGN.match(text, end) if digits.replace(" ", "").replace(".", "").isdigit() else None
    value = read_number(digits, currency)
    if value is None:
        return None
    if cents and value == value.to_integral_value():
        return start, cents.end(), value + Decimal(cents[2]) / 100, currency
    if big:
        value *= 10_000
    return start, right.end(), _signed(text, start, value), currency


def _may_follow(text: str, end: int) -> bool:
    """Whether what follows a number may be a sign, a dash for the cents or a ten thousand, by its first characters."""
    first = text[end : end + 1]
    if first == " ":
        end += 1
        first = text[end : end + 1]
    elif first in _MARKS:
        return first != ""
    if not first.isalpha():
        return first in _FIRST
    if first in _TEN_THOUSANDS:
        return True
    word = _WORD.match(text, end)
    return word is None or word[0].lower() in _FIRST_WORDS


_WORD = re.compile(r"[^\W\d_]+")
_MARKS = ".,:"
_TEN_THOUSANDS = "万萬만"


# "1 299:-", "579,-", "8990.-": a dash for the cents says that a number is money, in a currency known from elsewhere.
_ONLY_DASH = re.compile(r"(?:,-{1,2}|:-|\.-{1,2})(?![\w.,-])")


def _amount_with_dash(
    text: str, start: int, end: int, hinted: str | None
) -> tuple[int, int, Decimal, str | None] | None:
    dash = _ONLY_DASH.match(text, end)
    if dash is None or hinted is None:
        return None
    digits = _last_number(text[start:end])
    value = read_number(digits, hinted)
    return (end - len(digits), dash.end(), value, hinted) if value is not None and value >= 10 else None


_TOKEN = re.compile(r"(?<!\w)[A-Za-z]\w*\d\w*[A-Za-z]\Z", re.ASCII)
_PART_NUMBER = re.compile(r"[a-z]$", re.IGNORECASE | re.ASCII)
_MODEL_BEFORE = re.compile(
    r"\b(?:rtx|gtx|gt|rx|hd|r[579]|arc|vega|quadro|tesla|titan|radeon|geforce)\s?$", re.IGNORECASE
)
_NEXT_NUMBER = re.compile(r" ?(\d[\d.,' ]*)")
_MEASURE = re.compile(
    r"(?:ml|cl|l|g|kg|mg|gb|tb|mb|mm|cm|w|kw|kwh|v|mah|mhz|ghz|hz|fps|oz|lbs?|pcs|stk|stück|szt|шт|мл|г|кг|гб|вт)\b",
    re.IGNORECASE,
)


def _belongs_to_next(text: str, right: re.Match[str]) -> bool:
    """Whether the sign after a number stands before another: "RTX 5070 $629.99", but not "375.90€595.20€"."""
    following = _NEXT_NUMBER.match(text, right.end())
    if following is None or _MEASURE.match(text, following.end(1)):  # "25,50 € 250ml"
        return False
    if right[1][-1] in "$£¥￥₹₩":
        return True
    if _CENTS_AFTER_SIGN.match(text, right.start(1)):
        return False
    after = _RIGHT.match(text, following.start(1) + len(following[1].rstrip(".,' ")))
    return after is None


def _sign_left(text: str, start: int, taken: int) -> tuple[str, int] | None:
    """The currency sign that stands before `start`, and where it begins."""
    edge = start - 1
    if edge >= 0 and text[edge] in " -":
        edge -= 1
    if edge < taken or edge < 0 or text[edge] not in _LAST:
        return None
    low = max(taken, start - 9)
    if text[edge].isalpha():
        if text[start - 1] == "-" and edge == start - 2:
            return None  # "Samsung CLP-365W"
        word = edge
        while word > low and text[word - 1].isalpha():
            word -= 1
        if text[word : edge + 1].lower() not in _LAST_WORDS:
            return None
    match = _LEFT.search(text[low:start].removesuffix("-"))
    if match is None:
        return None
    sign, begin = match[1], low + match.start(1)
    if sign.lower() == "c $" and _NAMES_C.search(text, max(0, begin - 10), begin):
        return "$", start - 1  # "Edition C $1,299", "USB Type-C $49"
    if sign.lower() == "cad $" and _WORK_FOR.search(text, max(0, begin - 6), begin):
        return "$", start - 1  # "a card for CAD $499"
    return sign, begin


def _settle(sign: str, currency: str | None, hinted: str | None) -> str | None:
    """The hint decides a shared sign; a sign that contradicts the hint decides nothing."""
    if hinted is None or hinted == currency:
        return currency
    if sign.strip().lower() in SHARED_SIGNS:
        return hinted if may_mean(sign, hinted) else None
    return currency


def _signed(text: str, start: int, value: Decimal) -> Decimal:
    """Negative when a minus stands before the amount in its line and no digit or letter before that (a range, a model
    name), nor a mark of the cents that it stands for ("699,-")."""
    before = text[max(0, start - 3) : start].rpartition("\n")[2].rstrip()
    lone = before.endswith("-") and not before[:-1].strip()[-1:].isalnum() and before[-2:-1] not in (",", ".", ":")
    return -value if lone else value


def _first_number(digits: str, *, mills: bool) -> str:
    """The longest beginning of digits with separators that is one number: "1,299 499" -> "1,299"."""
    parts = digits.split(" ")
    for count in range(min(len(parts), MOST_GROUPS), 1, -1):
        candidate = " ".join(parts[:count])
        if _GROUPED.match(candidate) or (mills and _MILLS.match(candidate)):
            return candidate
    return parts[0].rstrip(".,'")


def _last_number(digits: str, *, mills: bool = False) -> str:
    """The longest end that is one number: "RTX 4090 1 999,00" -> "1 999,00"."""
    parts = digits.split(" ")[-MOST_GROUPS:]
    for first in range(len(parts) - 1):
        candidate = " ".join(parts[first:])
        if _GROUPED.match(candidate) or (mills and _MILLS.match(candidate)):
            return candidate
    return parts[-1]


_BARE = re.compile(
    r"\s*(?:(-)\s*)?(\d[\d.,' ]*\d|\d)\s*(?:(?:[.,]-{1,2}|:-)\s*)?(?:(?:\(税込\)|税込|incl\.? ?\w*)\s*)?$"
)


def _bare_amount(text: str, hint: str | None, country: str | None) -> Iterator[Amount]:
    """The number that is the whole text, in the hinted currency."""
    match = _BARE.match(text)
    if not match:
        return
    currency = currency_code(hint, country) or (COUNTRY_CURRENCY.get((country or "").upper()) if not hint else None)
    value = read_number(match[2].replace(". ", "."), currency)
    if value is not None:
        value = -value if match[1] else value
        yield Amount(value=value, currency=currency, role=Role.ASKING, start=match.start(2), end=match.end(2))
