"""What one card costs to own for one kind of work, in parts: for the page that says what a dollar buys, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from monitor.core.models import Condition, Gpu, Score, Workload
from monitor.core.ownership import Cost, OwnershipTerms, cost_of_ownership
from monitor.core.value import LEAST_PRICE_SD, SINGLE_PRICE_SD, terms_for

RESALE_YEARS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0)
Z80 = 1.2816
MILLION = 1e6


@dataclass(frozen=True, kw_only=True)
class ResalePoint:
    """What a card bought today fetches after so many years, in dollars of then, with an 80 % interval."""

    years: float
    middle: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class CardCost:
    """Cost of owning one card in US dollars, and dollars for a million units of work with an 80 % interval."""

    score: Score
    price_usd: float
    years: float
    cost: Cost
    resale: tuple[ResalePoint, ...]
    per_million: float
    low: float
    high: float


def card_cost(gpu: Gpu, workload: Workload, score: Score, terms: OwnershipTerms, dollars: float) -> CardCost:
    """The cost behind a score of an owned card; `dollars` is what a unit of its currency is worth."""
    price, used = float(score.price.amount) * dollars, score.condition in (Condition.USED, Condition.REFURBISHED)
    terms, price_sd = terms_for(terms, score.region), SINGLE_PRICE_SD if score.n < 2 else LEAST_PRICE_SD
    cost = cost_of_ownership(gpu, price, terms, family=workload.family, used=used, price_sd=price_sd)
    return CardCost(
        score=score,
        price_usd=price,
        years=terms.years,
        cost=cost,
        resale=resale_path(price, terms, used=used),
        per_million=MILLION / score.per_dollar,
        low=MILLION / score.high,
        high=MILLION / score.low,
    )


def resale_path(
    price: float, terms: OwnershipTerms, *, used: bool, years: Sequence[float] = RESALE_YEARS
) -> tuple[ResalePoint, ...]:
    """What the card fetches over the years, the fee for selling taken off."""
    points: list[ResalePoint] = []
    for year in years:
        middle = (1 - terms.selling_fee) * price * terms.resale.share(year, used=used)
        reach = exp(Z80 * terms.resale.log_sd(year))
        points.append(ResalePoint(years=year, middle=middle, low=middle / reach, high=middle * reach))
    return tuple(points)
