"""Probe measurements -> factors on what is typical of a card, with uncertainty.

Everything is in logs of achieved over catalogue peak. A card's own measurement is weighed against what cards of its
class do (precision weighting); what is learned of one card moves its siblings (one class and architecture) by a fifth,
and only by its utilisation (achieved over what the clock allowed): a low clock is a power limit, not the chip's.
Widths: 0.05 between two healthy cards of one model, 0.05 between software versions, 0.05 more for each year of age.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import exp, log, sqrt

from monitor.core.hardware import group, peaks
from monitor.core.models import Gpu, Measurement
from monitor.core.probe_loops import LOOPS
from monitor.core.throughput import Efficiency, ThroughputModel, estimate

BETWEEN_CARDS_SD, SOFTWARE_SD, YEARLY_SD = 0.05, 0.05, 0.05
SIBLING_CORRELATION = {"compute": 0.2, "memory": 0.0}  # of one class and architecture; see benchmarks/calibration.py
# What a matrix product and a copy remove of the error of a healthy card's estimates: 5 to 15 %, measured by leaving
# cards out (the datasheet tells most of it); a sibling's, a third of that.
MEASURED_INTERVAL, SIBLING_INTERVAL = 0.9, 0.97
# One real loop of the family removes a third of the error.
LOOP_INTERVAL, LEAST_LOOP, MOST_LOOP = 0.67, 0.3, 3.0
POWER_EXPONENT, POWER_EXPONENT_SD = 0.3, 0.15  # rate ~ power ** 0.3 between 60 and 100 % of the default limit
LEAST_POWER_SHARE = 0.6
LOWEST_RATIO, HIGHEST_RATIO = 0.02, 1.6  # of peak: what physics and generous clocks allow
RESOURCES = {"gemm": "compute", "copy": "memory", "read": "memory", "triad": "memory"}
HALF = ("bf16", "fp16")


@dataclass(frozen=True, kw_only=True)
class Prior:
    """ln(achieved / peak) of healthy cards of a class: mean, sd between models, and how many models it rests on."""

    mean: float
    sd: float
    n: int


@dataclass(frozen=True, kw_only=True)
class Belief:
    """What is believed of ln(achieved / peak) of one card and resource; `n` measurements moved it."""

    mean: float
    sd: float
    n: int


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One measurement as the calibration sees it: ln(achieved / peak), its sd, and whether it may teach the model."""

    gpu: str
    resource: str
    log_ratio: float
    sd: float
    healthy: bool
    origin: str
    clock_ratio: float | None = None  # median SM clock under load over the card's usual boost clock
    power_share: float = 1.0  # power limit over the default limit


Priors = Mapping[tuple[str, str], Prior]  # (class, resource); the class "any" stands in for unknown ones


def class_of(gpu: Gpu) -> str:
    """The class whose cards behave alike against their datasheets."""
    if gpu.vendor.lower() != "nvidia":
        return gpu.vendor.lower()
    return "nvidia-consumer" if gpu.segment == "consumer" else "nvidia-professional"


def readings(measurements: Iterable[Measurement], gpus: Mapping[str, Gpu], as_of: datetime) -> list[Reading]:
    """The 16-bit matrix product and the memory rates of each measured GPU of the catalogue; CPUs and MIG never."""
    found: list[Reading] = []
    for item in measurements:
        gpu = gpus.get(item.gpu or "")
        resource = RESOURCES.get(item.op)
        if gpu is None or resource is None or item.device_kind != "gpu" or item.status not in ("ok", "degraded"):
            continue
        peak = gpu.bandwidth_gb_s if resource == "memory" else peaks(gpu, item.precision).tflops
        if resource == "compute" and item.precision not in HALF:
            continue
        if not peak or item.value <= 0 or item.measured_at > as_of:
            continue
        found.append(_reading(item, resource, peak, as_of))
    return found


def _reading(item: Measurement, resource: str, peak: float, as_of: datetime) -> Reading:
    years = max(0.0, (as_of - item.measured_at).days / 365.25)
    own = item.rel_mad * sqrt(1.57 / max(1.0, item.n / 5))
    return Reading(
        gpu=item.gpu or "",
        resource=resource,
        log_ratio=log(item.value / peak),
        sd=sqrt(own**2 + 0.01**2 + (YEARLY_SD * years) ** 2),
        healthy=item.status == "ok",
        origin=item.origin,
        clock_ratio=_number(item.conditions.get("clock_ratio")),
        power_share=_number(item.conditions.get("power_share")) or 1.0,
    )


def own_card(found: Sequence[Reading], gpu: Gpu, resource: str, priors: Priors) -> Belief:
    """What is believed of the very card that was measured: its readings (also degraded ones) weighed with its class."""
    prior = _prior(gpu, resource, priors)
    mine = [(r.log_ratio, r.sd) for r in found if r.gpu == gpu.name and r.resource == resource]
    return _posterior(prior, mine)


def model_of_card(found: Sequence[Reading], gpu: Gpu, resource: str, priors: Priors, gpus: Mapping[str, Gpu]) -> Belief:
    """What is believed of any card of this model: healthy readings of it and, a little, of its siblings."""
    prior = _prior(gpu, resource, priors)
    direct: dict[str, list[Reading]] = defaultdict(list)
    related: dict[str, list[float]] = defaultdict(list)
    for reading in found:
        other = gpus.get(reading.gpu)
        if other is None or reading.resource != resource or not reading.healthy:
            continue
        if other.name == gpu.name:
            direct[reading.origin].append(reading)
        elif group(other) == group(gpu) and class_of(other) == class_of(gpu):
            related[other.name].append(_utilisation(reading) - _prior(other, resource, priors).mean)
    own = [_one_card(readings_of_one, resource) for readings_of_one in direct.values()]
    shifts = [sorted(several)[len(several) // 2] for several in related.values()]
    belief = _posterior(_moved(prior, shifts, SIBLING_CORRELATION[resource]), agreed(own))
    return Belief(mean=belief.mean, sd=belief.sd, n=belief.n + len(shifts))


def agreed(values: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Readings of several cards of one model, the odd ones widened, so that an invented record cannot move the rest.

    With three or more, a value's sd grows with its distance from their median.
    """
    if len(values) < 3:
        return list(values)
    middle = sorted(value for value, _ in values)[len(values) // 2]
    return [(value, sqrt(sd**2 + (value - middle) ** 2)) for value, sd in values]


def plausible(value: float, peak: float) -> bool:
    """Whether a rate can be: between 2 and 160 % of the catalogue's peak (clocks may stand above the stated boost).

    >>> plausible(160.0, 165.2), plausible(900.0, 165.2)
    (True, False)
    """
    return LOWEST_RATIO < value / peak < HIGHEST_RATIO


def efficiencies(
    measurements: Sequence[Measurement],
    gpus: Mapping[str, Gpu],
    priors: Priors,
    as_of: datetime,
    *,
    buying: bool = False,
) -> dict[str, Efficiency]:
    """Factors for every GPU that a measurement says something about: 1 is what its class does.

    The card that was measured here gets its own figures, also where they are degraded. For `buying` it does not: a
    new card of that model is not this one, so only healthy readings count, as for all other models.
    """
    found = readings(measurements, gpus, as_of)
    here = set[str]() if buying else {reading.gpu for reading in found if reading.origin == "local"}
    touched = {group(gpus[reading.gpu]) for reading in found}
    factors: dict[str, Efficiency] = {}
    for gpu in gpus.values():
        if group(gpu) not in touched:
            continue
        beliefs: dict[str, Belief] = {}
        for resource in ("compute", "memory"):
            beliefs[resource] = (
                own_card([r for r in found if r.origin == "local"], gpu, resource, priors)
                if gpu.name in here
                else model_of_card(found, gpu, resource, priors, gpus)
            )
        if any(belief.n for belief in beliefs.values()):
            direct = any(reading.gpu == gpu.name and (reading.healthy or gpu.name in here) for reading in found)
            factors[gpu.name] = _efficiency(gpu, beliefs, priors, measured=direct)
    return factors


def with_loops(
    factors: Mapping[str, Efficiency],
    measurements: Iterable[Measurement],
    gpus: Mapping[str, Gpu],
    model: ThroughputModel,
) -> dict[str, Efficiency]:
    """The factors of the cards here, with what real loops on them reached over what was expected of those loops."""
    found = dict(factors)
    newest = sorted((m for m in measurements if m.origin == "local"), key=lambda m: m.measured_at)
    for item in newest:
        gpu, loop = gpus.get(item.gpu or ""), LOOPS.get(item.op)
        if gpu is None or loop is None or item.device_kind != "gpu":
            continue
        before = replace(found.get(gpu.name, Efficiency()), families={})
        expected = estimate(gpu, loop, model, efficiency=before).throughput
        if expected:
            ratio = min(max(item.value / expected, LEAST_LOOP), MOST_LOOP)
            families = {**found.get(gpu.name, before).families, loop.family: ratio}
            interval = min(before.interval, LOOP_INTERVAL)
            found[gpu.name] = replace(before, families=families, interval=interval, source="measured here")
    return found


def at_default_power(log_ratio: float, power_share: float) -> tuple[float, float]:
    """A rate under a lowered power limit as it would be at the default one, and the variance that this adds.

    Rate grows with power ** 0.3 (two published 3090 series: 0.23 and 0.41); below 60 % of the default nothing is said.
    """
    if not LEAST_POWER_SHARE <= power_share < 1:
        return log_ratio, 0.0 if power_share >= 1 else (POWER_EXPONENT * log(1 / max(power_share, 0.05))) ** 2
    step = log(1 / power_share)
    return log_ratio + POWER_EXPONENT * step, (POWER_EXPONENT_SD * step) ** 2


def _moved(prior: Prior, shifts: Sequence[float], r: float) -> Prior:
    """The prior of a card after its n siblings were seen to lie off theirs by `shifts`, all equally correlated (r):
    mean + n r / (1 + (n - 1) r) x average, variance x (1 - n r^2 / (1 + (n - 1) r))."""
    if not shifts or r == 0:
        return prior
    n = len(shifts)
    share = n * r / (1 + (n - 1) * r)
    return Prior(mean=prior.mean + share * sum(shifts) / n, sd=prior.sd * sqrt(1 - r * share), n=prior.n)


def _one_card(found: Sequence[Reading], resource: str) -> tuple[float, float]:
    values = [_stock(reading, resource) for reading in found]
    weights = [1 / sd**2 for _, sd in values]
    mean = sum(w * value for w, (value, _) in zip(weights, values, strict=True)) / sum(weights)
    return mean, sqrt(1 / sum(weights) + BETWEEN_CARDS_SD**2 + SOFTWARE_SD**2)


def _stock(reading: Reading, resource: str) -> tuple[float, float]:
    if resource == "memory":
        return reading.log_ratio, reading.sd
    value, more = at_default_power(reading.log_ratio, reading.power_share)
    return value, sqrt(reading.sd**2 + more)


def _utilisation(reading: Reading) -> float:
    """ln of achieved over what the clock under load allowed; without a clock, achieved over peak at default power."""
    if reading.clock_ratio and reading.resource == "compute":
        return reading.log_ratio - log(reading.clock_ratio)
    return _stock(reading, reading.resource)[0]


def _posterior(prior: Prior, values: Sequence[tuple[float, float]]) -> Belief:
    precision, weighted = 1 / prior.sd**2, prior.mean / prior.sd**2
    for value, sd in values:
        precision += 1 / sd**2
        weighted += value / sd**2
    return Belief(mean=weighted / precision, sd=sqrt(1 / precision), n=len(values))


def _prior(gpu: Gpu, resource: str, priors: Priors) -> Prior:
    return priors.get((class_of(gpu), resource)) or priors[("any", resource)]


def _efficiency(gpu: Gpu, beliefs: Mapping[str, Belief], priors: Priors, *, measured: bool) -> Efficiency:
    compute, memory = (beliefs[r].mean - _prior(gpu, r, priors).mean for r in ("compute", "memory"))
    sd = sqrt((beliefs["compute"].sd ** 2 + beliefs["memory"].sd ** 2) / 2)
    source = "measured here" if measured else "measured on a sibling"
    interval = MEASURED_INTERVAL if measured else SIBLING_INTERVAL
    return Efficiency(compute=exp(compute), memory=exp(memory), sd=sd, source=source, interval=interval)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and value > 0 else None
