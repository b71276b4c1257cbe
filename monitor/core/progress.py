"""Progress of the field: throughput per dollar over launch dates, its doubling time, and what waiting is worth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log

import numpy as np

from monitor.core.models import Gpu, Workload
from monitor.core.throughput import ThroughputModel, single_card_rate

LEAST_CARDS = 8
WEEKS_A_YEAR = 52.18
FIELD_DOUBLING_YEARS = 4.0  # median over the named kinds of work; a test holds it to the catalogue
FIELD_WEEKLY_GAIN = log(2) / (FIELD_DOUBLING_YEARS * WEEKS_A_YEAR)  # what waiting brings a week, as newer cards


@dataclass(frozen=True, kw_only=True)
class ProgressPoint:
    """One card at its launch."""

    gpu: str
    on: date
    per_dollar: float  # units a second and dollar of price


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A straight line through log2 of throughput per dollar. Times in years; the interval is 80 %."""

    workload: str
    doubling_years: float
    low: float
    high: float
    points: tuple[ProgressPoint, ...]
    intercept: float  # log2 at 2020-01-01
    slope: float  # log2 a year


def launch_points(
    gpus: Iterable[Gpu], workload: Workload, model: ThroughputModel, prices_usd: Mapping[str, float] | None = None
) -> list[ProgressPoint]:
    """Throughput per dollar of every card with a launch date and a price: its launch price, or those given."""
    points: list[ProgressPoint] = []
    for gpu in gpus:
        price = (prices_usd or {}).get(gpu.name) if prices_usd is not None else gpu.msrp_usd
        rate = single_card_rate(gpu, workload, model)
        if price and rate and gpu.launched_on:
            points.append(ProgressPoint(gpu=gpu.name, on=gpu.launched_on, per_dollar=rate / price))
    return sorted(points, key=lambda point: (point.on, point.gpu))


def progress(points: Sequence[ProgressPoint], workload: str) -> Progress | None:
    """The trend through the points by Theil and Sen's median slope; `None` where there are too few cards.

    The interval comes from the residuals about the line, as if it were a least-squares one.
    """
    if len(points) < LEAST_CARDS:
        return None
    years = np.array([(point.on - date(2020, 1, 1)).days / 365.25 for point in points])
    value = np.log2([point.per_dollar for point in points])
    if float(np.ptp(years)) < 2.0:
        return None
    first, second = np.triu_indices(len(points), k=1)
    apart = np.abs(years[second] - years[first]) > 0.25
    slopes = (value[second] - value[first])[apart] / (years[second] - years[first])[apart]
    slope = float(np.median(slopes))
    intercept = float(np.median(value - slope * years))
    spread = 1.4826 * float(np.median(np.abs(value - slope * years - intercept)))
    wide = _student_90(len(points) - 2)
    width = wide * spread / float(np.sqrt(((years - years.mean()) ** 2).sum()))
    return Progress(
        workload=workload,
        doubling_years=_years(slope),
        low=_years(slope + width),
        high=_years(slope - width),
        points=tuple(points),
        intercept=intercept,
        slope=slope,
    )


def _student_90(freedom: int) -> float:
    """The 90 % quantile of Student's t, by its expansion about the normal one (Abramowitz and Stegun 26.7.5): right to
    0.1 % from 6 degrees of freedom on, without the second that scipy.stats takes to load."""
    z, n = 1.2815515655, float(freedom)
    return z + (z**3 + z) / (4 * n) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)


def _years(slope: float) -> float:
    """Doubling time of a yearly slope in log2; infinite where nothing grows."""
    return 1.0 / slope if slope > 0 else float("inf")
