"""Conversion over currencies: the right day's rate, kept with the result, and none where there is none."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.fx import build_rates, convert, currencies
from monitor.core.models import Money

FRIDAY = date(2026, 10, 30)
RATES = build_rates(
    [
        (date(2026, 10, 29), {"USD": "1.1000", "PLN": "4.4000", "JPY": "176.00", "RUB": ""}),
        (FRIDAY, {"USD": "1.1172", "PLN": "4.4038", "GBP": "0.8338", "XXX": "0", "YYY": "nan", "ZZZ": "soon"}),
    ]
)


def euro(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="EUR")


@pytest.mark.parametrize(
    ("money", "currency", "on", "amount", "rate_on"),
    [
        (euro("100"), "USD", FRIDAY, "111.72", FRIDAY),
        (euro("100"), "USD", date(2026, 11, 1), "111.72", FRIDAY),  # a Sunday: the last working day
        (euro("100"), "USD", date(2026, 10, 29), "110.00", date(2026, 10, 29)),  # never a later rate
        (Money(amount=Decimal("1999.00"), currency="PLN"), "USD", FRIDAY, "507.13", FRIDAY),
        (Money(amount=Decimal("111.72"), currency="USD"), "EUR", FRIDAY, "100.00", FRIDAY),
        (euro("1"), "JPY", FRIDAY, "176.00", date(2026, 10, 29)),  # the newest day that has both
        (Money(amount=Decimal("0.322778"), currency="EUR"), "USD", FRIDAY, "0.360608", FRIDAY),
        (euro("5"), "EUR", FRIDAY, "5", FRIDAY),
    ],
)
def test_a_price_is_converted_by_the_rate_known_that_day(
    money: Money, currency: str, on: date, amount: str, rate_on: date
) -> None:
    converted = convert(money, currency, on, RATES)
    assert converted is not None
    assert (converted.price.currency, str(converted.price.amount)) == (currency, amount)
    assert (converted.original, converted.rate_on) == (money, rate_on)


@pytest.mark.parametrize(
    ("money", "currency", "on"),
    [
        (euro("1"), "TWD", FRIDAY),
        (Money(amount=Decimal(1), currency="TWD"), "EUR", FRIDAY),
        (euro("1"), "RUB", FRIDAY),
        (euro("1"), "USD", date(2026, 10, 28)),  # before the first rate
        (euro("1"), "USD", FRIDAY + timedelta(days=11)),  # too old
        (euro("1"), "XXX", FRIDAY),
        (euro("1"), "YYY", FRIDAY),
        (euro("1"), "ZZZ", FRIDAY),
    ],
)
def test_without_a_rate_there_is_no_conversion(money: Money, currency: str, on: date) -> None:
    assert convert(money, currency, on, RATES) is None


def test_currencies_are_those_with_a_rate() -> None:
    assert currencies(RATES) == {"EUR", "USD", "PLN", "JPY", "GBP"}


@given(st.decimals("0.01", "100000", places=2), st.sampled_from(["USD", "PLN", "GBP"]))
def test_there_and_back_is_the_same_price_to_a_cent_of_the_rate(amount: Decimal, currency: str) -> None:
    there = convert(Money(amount=amount, currency="EUR"), currency, FRIDAY, RATES)
    assert there is not None
    back = convert(there.price, "EUR", FRIDAY, RATES)
    assert back is not None
    assert abs(back.price.amount - amount) <= Decimal("0.02")


@given(st.decimals("1", "9999", places=2), st.decimals("1", "9999", places=2))
def test_a_dearer_price_stays_dearer(one: Decimal, other: Decimal) -> None:
    converted = [convert(Money(amount=amount, currency="PLN"), "USD", FRIDAY, RATES) for amount in sorted([one, other])]
    amounts = [each.price.amount for each in converted if each is not None]
    assert amounts == sorted(amounts)
