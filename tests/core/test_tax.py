"""Tax in and out of prices."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.models import Money
from monitor.core.tax import RATES_PERCENT, SHOWN_WITHOUT, with_tax, without_tax


@pytest.mark.parametrize(
    ("amount", "country", "net"),
    [
        ("1199.00", "DE", "1007.56"),
        ("1999.00", "FR", "1665.83"),
        ("1899.00", "CH", "1756.71"),
        ("1254.90", "FI", "999.92"),
        ("198000", "JP", "180000.00"),
        ("1599.00", "US", "1599.00"),
        ("2199.00", "CA", "2199.00"),
        ("100.00", "ZZ", "100.00"),
        ("100.00", "", "100.00"),
    ],
)
def test_net_prices(amount, country, net) -> None:
    assert without_tax(Money(amount=Decimal(amount), currency="EUR"), country).amount == Decimal(net)


@given(st.decimals("1", "100000", places=2), st.sampled_from(sorted(RATES_PERCENT)))
def test_tax_added_and_taken_off_is_the_same_price_to_the_cent(amount, country) -> None:
    price = Money(amount=amount, currency="EUR")
    paid = with_tax(price, country)
    assert paid is not None
    assert abs(without_tax(paid, country).amount - amount) <= Decimal("0.01")


def test_an_unknown_rate_adds_no_tax() -> None:
    assert with_tax(Money(amount=Decimal(100), currency="EUR"), "ZZ") is None


def test_rates_are_percent_and_sane() -> None:
    assert all(Decimal(3) < rate < Decimal(28) for rate in RATES_PERCENT.values())
    assert not SHOWN_WITHOUT & RATES_PERCENT.keys()
