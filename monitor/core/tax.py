"""What of a shown price is tax, by country: prices are kept as they are paid, and compared without tax.

Standard rates in force in 2026, from each country's tax authority and the European Commission's table of VAT rates
(taxation-customs.ec.europa.eu); a country that is not here is compared as shown. Brazil is not: what is in a price
there differs by state and article, and one tax is reckoned on another.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

from monitor.core.models import Money

RATES_PERCENT: Mapping[str, Decimal] = {
    country: Decimal(rate)
    for country, rate in {
        "AT": "20", "AU": "10", "BD": "15", "BE": "21", "BG": "20", "CH": "8.1", "CY": "19", "CZ": "21", "DE": "19",
        "DK": "25", "EE": "24", "ES": "21", "FI": "25.5", "FR": "20", "GB": "20", "GR": "24", "HR": "25", "HU": "27",
        "IE": "23", "IN": "18", "IT": "22", "JP": "10", "KR": "10", "LT": "21", "LU": "17", "LV": "21", "MT": "18",
        "MX": "16", "NL": "21", "NO": "25", "NZ": "15", "PL": "23", "PT": "23", "RO": "21", "RU": "22", "SE": "25",
        "SG": "9", "SI": "22", "SK": "23", "TW": "5", "UA": "20", "ZA": "15",
    }.items()
}  # fmt: skip
SHOWN_WITHOUT = frozenset({"US", "CA"})  # sales tax comes on top at the till and depends on the buyer's address
CENT = Decimal("0.01")


def is_known(country: str) -> bool:
    """Whether the tax in a price that is shown in a country is known; in some there is none.

    >>> is_known("DE"), is_known("US"), is_known("BR")
    (True, True, False)
    """
    return country in RATES_PERCENT or country in SHOWN_WITHOUT


def without_tax(price: Money, country: str) -> Money:
    """A shown price less the tax in it; as it is where prices are shown without, or where the rate is not known.

    >>> without_tax(Money(amount=Decimal("119.00"), currency="EUR"), "DE").amount
    Decimal('100.00')
    >>> without_tax(Money(amount=Decimal("119.00"), currency="USD"), "US").amount
    Decimal('119.00')
    """
    rate = RATES_PERCENT.get(country)
    if rate is None or country in SHOWN_WITHOUT:
        return price
    return Money(amount=_cents(price.amount / (1 + rate / 100)), currency=price.currency)


def with_tax(price: Money, country: str) -> Money | None:
    """What a private buyer pays for a price that a shop states without tax, or `None` where the rate is not known."""
    if country in SHOWN_WITHOUT:
        return price
    rate = RATES_PERCENT.get(country)
    return None if rate is None else Money(amount=_cents(price.amount * (1 + rate / 100)), currency=price.currency)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN)
