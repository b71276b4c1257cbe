"""Numbers and money as the visitor's country writes them: from the owner's choice, else from the browser.

The words around them stand in `texts`. A format needs a language whose digits and direction go with those words, so
that one which is written from right to left falls back to English.
"""

from contextlib import suppress
from decimal import Decimal
from functools import lru_cache

import streamlit as st
from babel import Locale, UnknownLocaleError
from babel.numbers import NumberPattern, format_decimal, get_currency_precision, parse_pattern
from streamlit.runtime.scriptrunner import get_script_run_ctx

from monitor.core.amounts import shown_decimals
from monitor.core.models import Money

FALLBACK, CHOSEN = "en_US", "gl-locale"
CHOICES = ("", "en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "pt-BR", "ja-JP", "ko-KR", "zh-CN", "zh-TW", "ru-RU")


def choose_locale(wish: str) -> None:
    """Write numbers of the page that is being drawn as in `wish`, or where it is empty as the browser asks."""
    st.session_state[CHOSEN] = known_locale(wish or st.context.locale or "")


def visitor_locale() -> str:
    """The locale of the page that is being drawn; outside of any page English."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return FALLBACK
    return str(st.session_state.get(CHOSEN, FALLBACK))


@lru_cache(maxsize=256)
def known_locale(asked: str) -> str:
    """The locale that babel knows nearest to one as browsers name it.

    >>> known_locale("de-CH"), known_locale("xx-YY"), known_locale("ar-EG")
    ('de_CH', 'en_US', 'en_US')
    """
    parts = asked.replace("-", "_").split("_")
    for name in ("_".join(parts[:3]), "_".join(parts[:2]), parts[0]):
        with suppress(UnknownLocaleError, ValueError):
            found = Locale.parse(name)
            return str(found) if found.text_direction == "ltr" else FALLBACK
    return FALLBACK


def number(value: float, digits: int = 0, *, sign: bool = False, locale: str | None = None) -> str:
    """A number with so many digits after the point, grouped; with `sign` also a plus is written.

    >>> number(1234.5, 1, locale="de_DE"), number(0.5, 1, sign=True, locale="en_US")
    ('1.234,5', '+0.5')
    """
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    text = format_decimal(Decimal(f"{value:.{digits}f}"), pattern, locale=locale or visitor_locale())
    return f"+{text}" if sign and value > 0 else text


def figure(value: float, locale: str | None = None) -> str:
    """Three digits that count, never with an exponent: "1,290", "0.0123"."""
    rounded = Decimal(f"{value:.3g}")
    digits = max(0, -int(rounded.normalize().as_tuple().exponent))
    return number(float(rounded), min(digits, 12), locale=locale)


def money(value: Money, digits: int | None = None, locale: str | None = None) -> str:
    """An amount with its currency's sign: whole from 100 on, else as finely as the currency is counted.

    >>> money(Money(amount=Decimal("1599.5"), currency="EUR"), locale="de_DE").replace(chr(160), " ")
    '1.600 €'
    """
    where = Locale.parse(locale or visitor_locale())
    if digits is None:
        usual, digits = get_currency_precision(value.currency), shown_decimals(value.amount)
        digits = usual if digits == 2 else digits and max(usual, digits)
    amount = Decimal(f"{value.amount:.{digits}f}")
    return _pattern(str(where), digits).apply(amount, where, currency=value.currency, currency_digits=False)


@lru_cache(maxsize=256)
def _pattern(locale: str, digits: int) -> NumberPattern:
    """The locale's way to write money, with so many digits after the point."""
    pattern = parse_pattern(Locale.parse(locale).currency_formats["standard"].pattern)
    pattern.frac_prec = (digits, digits)
    return pattern


def dollars(value: float, digits: int | None = None) -> str:
    """US dollars; without `digits` three digits that count, since what is worked out is not known to the dollar."""
    if digits is None:
        value, digits = float(f"{value:.3g}"), 0 if abs(value) >= 20 else 2
    return money(Money(amount=Decimal(f"{value:.6f}"), currency="USD"), digits)


def chart_locale(locale: str | None = None) -> dict[str, object]:
    """How the axes of charts write numbers (d3's words for it)."""
    symbols = Locale.parse(locale or visitor_locale()).number_symbols["latn"]
    return {
        "decimal": symbols["decimal"],
        "thousands": symbols["group"],
        "grouping": [3],
        "currency": ["", ""],
    }
