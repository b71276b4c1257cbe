"""What a card costs over the time it is kept: price and tax, power, host and hosting, less what it sells for.

Every amount is in one currency, the caller's. Interest brings later amounts to today's value.
"""

from dataclasses import dataclass
from math import exp, sqrt

from monitor.core.models import Gpu
from monitor.core.usual import USUAL_YEARS

HOURS_A_YEAR = 8760.0
IDLE_SHARE = 0.06  # what a card draws when it waits, as a share of its limit (10 to 25 W of 300 to 450 W)
# What a card draws at work as a share of its limit; inference that waits for memory draws less than training.
LOAD_SHARE = {"llm_decode": 0.70, "cnn_infer": 0.80, "rl_train": 0.45, "speech_infer": 0.75}
DEFAULT_LOAD_SHARE = 0.88


@dataclass(frozen=True, kw_only=True)
class Resale:
    """What a used card fetches after some years, as a share of what was paid.

    Fitted on used US prices of 28 to 39 models at four dates between 2021-10 and 2023-06: at one date, a card that is a
    year older fetches 0.15 to 0.18 (log) less of its launch price, and in the two calm quarters a fresh used card
    stood 0.20 below it. Market moves come on top: they are in the sd, which the years 2021 to 2023 made wide.
    """

    yearly_log_loss: float = 0.17
    first_step: float = 0.20  # a new card becomes a used one
    sd_start: float = 0.10
    sd_per_root_year: float = 0.20

    def share(self, years: float, *, used: bool) -> float:
        """Expected share of the price after `years`; never above the price itself."""
        return exp(-self.yearly_log_loss * years - (0.0 if used else self.first_step))

    def log_sd(self, years: float) -> float:
        return self.sd_start + self.sd_per_root_year * sqrt(max(years, 0.0))


@dataclass(frozen=True, kw_only=True)
class OwnershipTerms:
    """How the card is kept. Amounts are in the currency of the price."""

    years: float = USUAL_YEARS
    duty: float = 0.35  # share of all hours in which it works
    power_price_kwh: float = 0.25
    cooling_factor: float = 1.0  # 1.3 in a cooled room
    host_watts: float = 60.0  # the machine's share while it works
    host_price: float = 0.0  # the machine's share of the purchase, if it is bought for this
    hosting_per_year: float = 0.0
    tax_rate: float = 0.0  # what comes on top of the shown price
    selling_fee: float = 0.13
    interest: float = 0.04
    resale: Resale = Resale()


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Cost of ownership at today's value; `low` and `high` are an 80 % interval, from resale and price."""

    purchase: float
    power: float
    hosting: float
    resale: float
    total: float
    low: float
    high: float
    useful_hours: float

    @property
    def per_useful_hour(self) -> float:
        return self.total / self.useful_hours if self.useful_hours else float("inf")


def cost_of_ownership(
    gpu: Gpu, price: float, terms: OwnershipTerms, *, family: str = "", used: bool = False, price_sd: float = 0.0
) -> Cost:
    """Total cost of one card bought at `price`; `price_sd` is the log sd of that price.

    A card without a stated power limit is taken at 300 W, a middle of today's cards, and its interval is wider.
    """
    purchase = price * (1 + terms.tax_rate) + terms.host_price
    discount = (1 + terms.interest) ** -terms.years
    kept = price * terms.resale.share(terms.years, used=used)
    resale = (1 - terms.selling_fee) * kept * discount
    yearly_power = _yearly_kwh(gpu, terms, family) * terms.power_price_kwh
    power, hosting = (_present_value(yearly, terms) for yearly in (yearly_power, terms.hosting_per_year))
    total = purchase + power + hosting - resale
    resale_sd = resale * terms.resale.log_sd(terms.years)
    power_sd = power * (0.15 if gpu.power_watts else 0.35)
    sd = sqrt(resale_sd**2 + power_sd**2 + ((purchase - resale) * price_sd) ** 2)
    return Cost(
        purchase=purchase,
        power=power,
        hosting=hosting,
        resale=resale,
        total=total,
        low=max(total - 1.2816 * sd, 0.2 * total),
        high=total + 1.2816 * sd,
        useful_hours=HOURS_A_YEAR * terms.duty * terms.years,
    )


def draw_watts(gpu: Gpu, family: str) -> float:
    """What the card draws at this kind of work, in watts: measured shares of the limit, not the limit itself."""
    return (gpu.power_watts or 300.0) * LOAD_SHARE.get(family, DEFAULT_LOAD_SHARE)


def _yearly_kwh(gpu: Gpu, terms: OwnershipTerms, family: str) -> float:
    idle = (gpu.power_watts or 300.0) * IDLE_SHARE
    working = draw_watts(gpu, family) + terms.host_watts
    return HOURS_A_YEAR * (terms.duty * working + (1 - terms.duty) * idle) / 1000 * terms.cooling_factor


def _present_value(yearly: float, terms: OwnershipTerms) -> float:
    """Sum of a yearly amount over the holding time at today's value, paid evenly."""
    if terms.interest == 0:
        return yearly * terms.years
    rate = terms.interest
    return yearly * (1 - (1 + rate) ** -terms.years) / rate * (1 + rate) ** 0.5
