"""Rent or buy: from how many hours a day owning is cheaper, with an interval and what it hangs on.

Both sides do the same work over the same years: owning costs price, power and hosting less resale; renting costs its
hourly price along a drifting path, for as many hours as the rented card needs for that work.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp, expm1, isfinite, log, sqrt

from monitor.core.models import Gpu
from monitor.core.ownership import OwnershipTerms, cost_of_ownership

DAYS_A_YEAR = 365.0
WEEKS_A_YEAR = 52.18
DAYS_A_MONTH = DAYS_A_YEAR / 12
ON_DEMAND_LOST, SPOT_LOST = 0.02, 0.05  # of the hours: starting up and idle minutes; interruptions besides
CURVE_HOURS = (0.5, 1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24)
Z80 = 1.2816
LARGEST = 1e4  # hours a day that stand for "never"


@dataclass(frozen=True, kw_only=True)
class Rental:
    """How the other card is rented. `drift` is the yearly log change of its price, `speed` its throughput over ours."""

    price_per_hour: float
    drift: float = -0.08
    drift_sd: float = 0.15  # rental indices fell by a third in 2024 and then did not: -30 % to +15 % a year
    price_sd: float = 0.10
    speed: float = 1.0
    speed_sd: float = 0.15
    lost_share: float = ON_DEMAND_LOST


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """How far the break-even moves when one assumption takes the ends of its 80 % range."""

    name: str
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """Both costs at so many hours of work a day."""

    hours_a_day: float
    owning: float  # cost over all years at today's value
    renting: float


@dataclass(frozen=True, kw_only=True)
class RentOrBuy:
    """`hours_a_day` is the threshold above which owning is cheaper; `None` where it never is (within 24 hours)."""

    hours_a_day: float | None
    low: float
    high: float
    curve: tuple[CurvePoint, ...]
    sensitivities: tuple[Sensitivity, ...]
    sentence: str


def rent_or_buy(gpu: Gpu, price: float, terms: OwnershipTerms, rental: Rental, *, used: bool = False) -> RentOrBuy:
    """The threshold for buying `gpu` at `price` against renting; all amounts in one currency."""
    middle = _break_even(gpu, price, terms, rental, used)
    moves = _moves(price, terms, rental)
    found = [(name, *_both_ends(gpu, used, change)) for name, change in moves]
    sensitivities = [Sensitivity(name=name, low=low, high=high) for name, low, high in found]
    sensitivities.sort(key=lambda one: -abs(log(one.high / one.low)))
    below = sqrt(sum(log(max(middle / one.low, 1.0)) ** 2 for one in sensitivities))
    above = sqrt(sum(log(max(one.high / middle, 1.0)) ** 2 for one in sensitivities))
    low, high = middle * exp(-below), min(middle * exp(above), LARGEST)
    return RentOrBuy(
        hours_a_day=middle if middle <= 24 else None,
        low=low,
        high=high,
        curve=tuple(costs_at(gpu, price, terms, rental, hours, used=used) for hours in CURVE_HOURS),
        sensitivities=tuple(sensitivities[:3]),
        sentence=_sentence(middle, low, high, sensitivities[0].name),
    )


def costs_at(
    gpu: Gpu, price: float, terms: OwnershipTerms, rental: Rental, hours_a_day: float, *, used: bool = False
) -> CurvePoint:
    """What so many hours of work a day cost over all years of the terms, owned and rented, at today's value."""
    owning = cost_of_ownership(gpu, price, replace(terms, duty=hours_a_day / 24), used=used).total
    return CurvePoint(hours_a_day=hours_a_day, owning=owning, renting=rental_cost(rental, terms, hours_a_day))


def at_hours(found: RentOrBuy, hours_a_day: float) -> str:
    """What to do at so many hours of work a day, and whether that is certain: "buy", "rent, but ..."."""
    pays = found.hours_a_day is not None and hours_a_day > found.hours_a_day
    action, other = ("buy", "rent") if pays else ("rent", "buy")
    if not found.low < hours_a_day < found.high:
        return action
    return f"{action}, but the interval holds this number of hours, so {other}ing may be as cheap"


def delay_cost_per_week(
    gpu: Gpu, price: float, terms: OwnershipTerms, hours_a_day: float, instead: str, rental: Rental | None = None
) -> float:
    """What a week without the card costs, as a share of its price: the `delay_cost_per_week` of a goal.

    `instead`: "rent" the same work meanwhile (less the power saved), "nothing" (the work can wait), or "lost" (the work
    is not done: it is worth at least what owning the card for it costs).
    """
    if instead == "nothing":
        return 0.0
    used = replace(terms, duty=hours_a_day / 24)
    owning = cost_of_ownership(gpu, price, used)
    if instead == "lost":
        return owning.total / (terms.years * WEEKS_A_YEAR) / price
    if instead != "rent" or rental is None:
        raise ValueError("instead must be rent (with a rental), nothing or lost")
    hours = 7 * hours_a_day / rental.speed / (1 - rental.lost_share)
    saved = owning.power / (terms.years * WEEKS_A_YEAR)
    return max(hours * rental.price_per_hour - saved, 0.0) / price


def rental_cost(rental: Rental, terms: OwnershipTerms, hours_a_day: float) -> float:
    """Cost at today's value of renting what our card does in `hours_a_day`, over all years of the terms."""
    rate = rental.drift - log(1 + terms.interest)
    years = terms.years if abs(rate) < 1e-9 else expm1(rate * terms.years) / rate
    needed = hours_a_day / rental.speed / (1 - rental.lost_share)
    return rental.price_per_hour * needed * DAYS_A_YEAR * years


def _break_even(gpu: Gpu, price: float, terms: OwnershipTerms, rental: Rental, used: bool) -> float:
    """Hours a day at which both cost the same: owning is fixed + hours x power, renting is hours x price."""
    idle = cost_of_ownership(gpu, price, replace(terms, duty=0.0), used=used).total
    busy = cost_of_ownership(gpu, price, replace(terms, duty=1.0), used=used).total
    saved = rental_cost(rental, terms, 1.0) - (busy - idle) / 24
    if saved <= 0:
        return LARGEST
    return min(max(idle, 0.0) / saved + 1e-9, LARGEST)


_Case = tuple[float, OwnershipTerms, Rental]


def _moves(price: float, terms: OwnershipTerms, rental: Rental) -> list[tuple[str, Callable[[float], _Case]]]:
    """Assumptions, each as the case that it makes when moved by so many standard deviations."""
    resale = terms.resale

    def move_price(z: float) -> _Case:
        return price, terms, replace(rental, price_per_hour=rental.price_per_hour * exp(-z * rental.price_sd))

    def move_drift(z: float) -> _Case:
        return price, terms, replace(rental, drift=rental.drift - z * rental.drift_sd)

    def move_speed(z: float) -> _Case:
        return price, terms, replace(rental, speed=rental.speed * exp(z * rental.speed_sd))

    def move_resale(z: float) -> _Case:
        loss = resale.yearly_log_loss + z * resale.log_sd(terms.years) / max(terms.years, 0.25)
        return price, replace(terms, resale=replace(resale, yearly_log_loss=loss)), rental

    def move_power(z: float) -> _Case:
        return price, replace(terms, power_price_kwh=terms.power_price_kwh * exp(0.15 * z)), rental

    return [
        ("the rental price now", move_price),
        ("where rental prices go", move_drift),
        ("how fast the rented card is", move_speed),
        ("what the card sells for later", move_resale),
        ("the price of power", move_power),
    ]


def _both_ends(gpu: Gpu, used: bool, change: Callable[[float], _Case]) -> tuple[float, float]:
    ends = [_break_even(gpu, *change(z), used) for z in (-Z80, Z80)]
    return min(ends), max(ends)


def _sentence(middle: float, low: float, high: float, most: str) -> str:
    def hours(value: float) -> str:
        return f"{value:.1f}" if isfinite(value) and value <= 24 else "more than 24"

    if middle > 24:
        return f"rent: owning does not pay even at 24 h a day (interval from {hours(low)}); it hangs most on {most}"
    above = f"above {hours(middle)} h a day (about {middle * DAYS_A_MONTH:,.0f} a month), buy"
    return f"{above}; interval {hours(low)} to {hours(high)} h a day; it hangs most on {most}"
