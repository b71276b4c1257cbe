"""What the owner's choices mean for goals, for calls and for the cost of owning a card."""

from collections.abc import Mapping
from dataclasses import replace

from monitor.core.countries import country_code
from monitor.core.decision import DecisionParams
from monitor.core.models import Goal, Preferences
from monitor.core.ownership import OwnershipTerms
from monitor.errors import UsageError

USUAL = Preferences()
MOST_TAX_PERCENT, MOST_DELAY_COST, MOST_KWH = 50.0, 0.2, 10_000.0


def checked_preferences(asked: Preferences) -> Preferences:
    """The same with codes in capitals and the country's ISO code; raises `UsageError` with what is wrong with it."""
    found = replace(asked, region=country_code(asked.region), currency=asked.currency.strip().upper())
    for code, length, what in ((found.region, 2, "a region is a country code such as DE"),
                               (found.currency, 3, "a currency is a code such as EUR")):  # fmt: skip
        if not (len(code) == length and code.isascii() and code.isalpha()):
            raise UsageError(what)
    for value, most, what in (
        (found.tax_percent, MOST_TAX_PERCENT, "a tax lies between 0 and 50 percent"),
        (found.power_price_kwh, MOST_KWH, "the price of a kWh is not negative"),
        (found.delay_cost_per_week, MOST_DELAY_COST, "a week of delay costs between 0 and 20 percent of the price"),
    ):
        if not 0 <= value <= most:
            raise UsageError(what)
    return found


def localised(goal: Goal, wishes: Preferences) -> Goal:
    """A shipped goal where its owner lives, with the owner's cost of delay where the goal states none of its own."""
    usual = goal.delay_cost_per_week == USUAL.delay_cost_per_week
    delay = wishes.delay_cost_per_week if usual else goal.delay_cost_per_week
    return replace(goal, region=wishes.region, delay_cost_per_week=delay)


def params_of(wishes: Preferences) -> DecisionParams:
    """How calls are made that are for no goal."""
    return DecisionParams(delay_cost_per_week=wishes.delay_cost_per_week)


def terms_in_dollars(wishes: Preferences, dollars: Mapping[str, float], years: float = 3.0) -> OwnershipTerms:
    """How a card is kept, in US dollars; a currency without a rate counts as dollars.

    >>> terms_in_dollars(Preferences(currency="EUR", power_price_kwh=0.4), {"EUR": 1.1}).power_price_kwh
    0.44000000000000006
    """
    rate = dollars.get(wishes.currency, 1.0)
    return OwnershipTerms(years=years, power_price_kwh=wishes.power_price_kwh * rate, tax_rate=wishes.tax_percent / 100)
