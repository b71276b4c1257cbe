"""Throughput per dollar: what a dollar of ownership or rent buys, for every card, workload and way of getting it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import exp, hypot, log, sqrt

from monitor.core.models import Condition, Gpu, Market, Score, StreetPrice, Workload
from monitor.core.ownership import OwnershipTerms, cost_of_ownership
from monitor.core.parallel import estimate_several
from monitor.core.tax import SHOWN_WITHOUT
from monitor.core.throughput import Z80, Efficiency, Estimate, ThroughputModel, estimate

SECONDS_AN_HOUR = 3600.0
LEAST_PRICE_SD, SINGLE_PRICE_SD = 0.03, 0.10
SPOT_LOSS = 0.05  # work repeated after interruptions


def score_all(
    gpus: Mapping[str, Gpu],
    workloads: Iterable[Workload],
    prices: Sequence[StreetPrice],
    model: ThroughputModel,
    as_of: datetime,
    *,
    terms: OwnershipTerms | None = None,
    dollars: Mapping[str, float] | None = None,
    efficiencies: Mapping[str, Efficiency] | None = None,
    cards: int = 1,
) -> list[Score]:
    """Units of work per US dollar, best first within each workload, over a card's life or by the rented hour.

    `dollars` is what one unit of each currency is worth; a price in another currency is left out. A card that does not
    fit, or of which too little is known, gives no score. With `cards` each score is of a set of so many in one machine,
    by what they do together (`core.parallel`): a card too small alone may do the work as one of eight.
    """
    rates = dollars or {"USD": 1.0}
    known, keeping = efficiencies or {}, terms or OwnershipTerms()
    scores: list[Score] = []
    for workload in workloads:
        expected = {name: _expected(gpu, workload, cards, model, known.get(name)) for name, gpu in gpus.items()}
        found = [
            _score(gpus[price.gpu], workload, price, expected[price.gpu], as_of, keeping, rates, cards)
            for price in prices
            if price.gpu in gpus and price.price.currency in rates
        ]
        scores.extend(sorted((score for score in found if score), key=lambda score: -score.per_dollar))
    return scores


def _expected(gpu: Gpu, workload: Workload, cards: int, model: ThroughputModel, known: Efficiency | None) -> Estimate:
    if cards == 1:
        return estimate(gpu, workload, model, efficiency=known)
    return estimate_several(gpu, workload, cards, model, known=known)


def terms_for(terms: OwnershipTerms, region: str) -> OwnershipTerms:
    """The terms for a card bought in a region: tax comes on top only where prices are shown without it."""
    return terms if region in SHOWN_WITHOUT else replace(terms, tax_rate=0.0)


def _score(
    gpu: Gpu,
    workload: Workload,
    price: StreetPrice,
    expected: Estimate,
    as_of: datetime,
    terms: OwnershipTerms,
    rates: Mapping[str, float],
    cards: int = 1,
) -> Score | None:
    if expected.throughput is None or expected.low is None or price.price.amount <= 0:
        return None
    dollars = float(price.price.amount) * rates[price.price.currency]
    per_dollar, cost_sd = _units_per_dollar(gpu, workload, price, expected.throughput / cards, dollars, terms)
    sd = sqrt((log(expected.throughput / expected.low) / Z80) ** 2 + cost_sd**2)
    return Score(
        gpu=gpu.name,
        workload=workload.slug,
        condition=price.condition,
        region=price.region,
        price=price.price,
        throughput=expected.throughput,
        unit=workload.unit,
        per_dollar=per_dollar,
        low=per_dollar * exp(-Z80 * sd),
        high=per_dollar * exp(Z80 * sd),
        n=price.n,
        as_of=as_of,
        fits=expected.fits,
        evidence=expected.evidence,
        cards=cards,
    )


def _units_per_dollar(
    gpu: Gpu, workload: Workload, price: StreetPrice, throughput: float, dollars: float, terms: OwnershipTerms
) -> tuple[float, float]:
    """Units of work a dollar buys, and the log sd of its cost."""
    price_sd = _price_sd(price)
    if price.market is Market.CLOUD or price.condition is Condition.RENTAL:
        loss = SPOT_LOSS if price.billing and price.billing.value == "spot" else 0.0
        return throughput * SECONDS_AN_HOUR * (1 - loss) / dollars, price_sd
    used = price.condition in (Condition.USED, Condition.REFURBISHED)
    terms = terms_for(terms, price.region)
    cost = cost_of_ownership(gpu, dollars, terms, family=workload.family, used=used, price_sd=price_sd)
    return throughput * SECONDS_AN_HOUR * cost.useful_hours / cost.total, log(cost.high / cost.low) / (2 * Z80)


def _price_sd(price: StreetPrice) -> float:
    """Log sd of the street price: from the range over shops, and never less than what a week changes."""
    if price.shops < 2 or price.low <= 0:
        return SINGLE_PRICE_SD if price.shops < 2 else LEAST_PRICE_SD
    width = log(float(price.high) / float(price.low))
    return max(LEAST_PRICE_SD, width / (2 * Z80) / sqrt(price.shops))


@dataclass(frozen=True, kw_only=True)
class RentalOption:
    """One way to rent: dollars for a million units of work, with an 80 % interval.

    `cards` is the least number of 1, 2, 4 and 8 that the work fits on; the hourly price is that of one.
    """

    gpu: str
    cards: int
    segment: str
    region: str
    billing: str
    dollars_per_hour: float
    dollars_per_million: float
    low: float
    high: float


def rental_options(
    gpus: Mapping[str, Gpu],
    workload: Workload,
    prices: Iterable[StreetPrice],
    model: ThroughputModel,
    dollars: Mapping[str, float] | None = None,
) -> list[RentalOption]:
    """Every rented card or accelerator that fits the work, cheapest work first."""
    rented = [price for price in prices if price.market is Market.CLOUD or price.condition is Condition.RENTAL]
    rates = dollars or {"USD": 1.0}
    options = [
        option
        for price in rented
        if price.gpu in gpus and price.price.currency in rates and price.price.amount > 0
        if (option := _option(gpus[price.gpu], workload, price, model, float(rates[price.price.currency])))
    ]
    return sorted(options, key=lambda option: option.dollars_per_million)


def _option(
    gpu: Gpu, workload: Workload, price: StreetPrice, model: ThroughputModel, dollars: float
) -> RentalOption | None:
    """The fewest cards that the work fits on, at this price for each; `None` where eight are too few."""
    for cards in (1, 2, 4, 8):
        found = estimate(gpu, workload, model) if cards == 1 else estimate_several(gpu, workload, cards, model)
        if found.throughput is None or found.low is None or found.high is None:
            continue
        loss = SPOT_LOSS if price.billing and price.billing.value == "spot" else 0.0
        hourly = float(price.price.amount) * dollars
        each = 1e6 * cards * hourly / (SECONDS_AN_HOUR * (1 - loss))
        sds = [hypot(log(ratio) / Z80, _price_sd(price)) for ratio in _ratios(found)]
        middle = each / found.throughput
        return RentalOption(
            gpu=gpu.name,
            cards=cards,
            segment=gpu.segment,
            region=price.region,
            billing=price.billing.value if price.billing else "",
            dollars_per_hour=hourly,
            dollars_per_million=middle,
            low=middle * exp(-Z80 * sds[1]),
            high=middle * exp(Z80 * sds[0]),
        )
    return None


def _ratios(found: Estimate) -> tuple[float, float]:
    """How far the throughput may lie below and above what is expected, as factors."""
    assert found.throughput is not None
    return found.throughput / (found.low or found.throughput), (found.high or found.throughput) / found.throughput


def tpu_or_gpu(options: Sequence[RentalOption], workload: Workload) -> str:
    """One sentence: which of the two is cheaper for this work, by how much, and why."""
    tpus = [option for option in options if option.gpu.startswith("TPU")]
    gpus = [option for option in options if option.segment != "accelerator"]
    if not tpus or not gpus:
        missing = "TPU" if not tpus else "GPU"
        return f"No {missing} that fits this work has a known price, so they cannot be compared."
    tpu, gpu = tpus[0], gpus[0]
    first, other = (tpu, gpu) if tpu.dollars_per_million < gpu.dollars_per_million else (gpu, tpu)
    unit = workload.unit.removesuffix("/s")
    figures = f"{first.dollars_per_million:.3g} against {other.dollars_per_million:.3g} dollars a million {unit}"
    why = "matrix products bound the work, and each chip is paid for by what it multiplies"
    if "decode" in workload.family:
        why = "the work is bound by memory, and matrix units do not help it"
    one, two = _counted(first), _counted(other)
    if first.high >= other.low:
        return f"{one} and {two} cannot be told apart ({figures}); {why}. A TPU needs JAX or PyTorch/XLA."
    return f"{one} is cheaper than {two} ({figures}); {why}. A TPU needs JAX or PyTorch/XLA."


def _counted(option: RentalOption) -> str:
    return option.gpu if option.cards == 1 else f"{option.cards} x {option.gpu}"
