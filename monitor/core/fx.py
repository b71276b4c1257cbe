"""Prices over currencies: the European Central Bank's daily reference rates, with rate and date kept.

A rate is a median of the market at 14:15 CET, published on working days; on other days the last one counts, for at
most ten days. Without a rate there is no conversion: nothing is guessed.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from monitor.core.models import Money

BASE = "EUR"
OLDEST = timedelta(days=10)  # Christmas, New Year and a week-end


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Units of each currency for one euro: `days` in ascending order, and one text a day ("" where there is none)."""

    days: tuple[date, ...]
    per_euro: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Converted:
    """A price in another currency: `price` = `original` x `rate`, the rate of the day `rate_on`."""

    price: Money
    original: Money
    rate: Decimal
    rate_on: date


def build_rates(rows: Iterable[tuple[date, Mapping[str, str]]]) -> Rates:
    """Rates from (day, {currency: units for one euro}) in any order; of two rows of one day the later one counts.

    Rates that are no positive number are left out.
    """
    by_day: dict[date, dict[str, str]] = {}
    for day, rates in rows:
        by_day.setdefault(day, {}).update({code: text for code, text in rates.items() if _is_rate(text)})
    days = tuple(sorted(by_day))
    codes = sorted({code for rates in by_day.values() for code in rates})
    return Rates(days=days, per_euro={code: tuple(by_day[day].get(code, "") for day in days) for code in codes})


def convert(money: Money, currency: str, on: date, rates: Rates) -> Converted | None:
    """`money` in `currency` by the reference rates known on the day `on`; `None` where there is none.

    >>> rates = build_rates([(date(2026, 10, 30), {"USD": "1.1172", "GBP": "0.8338"})])
    >>> convert(Money(amount=Decimal(100), currency="EUR"), "USD", date(2026, 11, 1), rates).price.amount
    Decimal('111.72')
    """
    if money.currency == currency:
        return Converted(price=money, original=money, rate=Decimal(1), rate_on=on)
    for day in _days_back(on, rates):
        sold, bought = _rate(rates, money.currency, day), _rate(rates, currency, day)
        if sold is not None and bought is not None:
            rate = bought / sold
            price = Money(amount=_rounded(money.amount * rate, like=money.amount), currency=currency)
            return Converted(price=price, original=money, rate=rate, rate_on=rates.days[day])
    return None


def currencies(rates: Rates) -> frozenset[str]:
    """Every currency that has a rate on some day."""
    return frozenset({BASE, *rates.per_euro})


def _rounded(amount: Decimal, *, like: Decimal) -> Decimal:
    """To cents, or to more places where the original has more (a price per hour)."""
    exponent = like.as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    return amount.quantize(Decimal(1).scaleb(-places))


def _days_back(on: date, rates: Rates) -> range:
    """Positions of the days that may count, newest first."""
    newest = bisect_right(rates.days, on)
    oldest = bisect_left(rates.days, on - OLDEST)
    return range(newest - 1, oldest - 1, -1)


def _rate(rates: Rates, currency: str, day: int) -> Decimal | None:
    if currency == BASE:
        return Decimal(1)
    texts = rates.per_euro.get(currency)
    return Decimal(texts[day]) if texts and texts[day] else None


def _is_rate(text: str) -> bool:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return False
    return value.is_finite() and value > 0
