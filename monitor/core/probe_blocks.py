"""Timed blocks of one step -> one rate with its spread, drift and conditions.

A block is about 50 ms of one kernel, back to back. The rate that counts is the median over blocks once the clock is
flat; the fastest block (boost clocks) stands beside it and is never used instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

MAD_TO_SD = 1.4826
BLOCKS_A_SAMPLE = 5  # neighbouring blocks are alike: so many count as one
SETTLED = 0.015
TIMER_SD = 0.01  # timers, and one run to the next
MEDIAN_PENALTY = 1.57  # variance of a median over that of a mean, pi / 2


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What the card said at one moment; `None` where it does not say."""

    at: float  # seconds of the run's clock
    sm_mhz: float | None = None
    memory_mhz: float | None = None
    power_watts: float | None = None
    temperature_c: float | None = None
    reasons: tuple[str, ...] = ()
    pcie_generation: int | None = None
    pcie_width: int | None = None


@dataclass(frozen=True, kw_only=True)
class StepResult:
    """What one step came to. Rates are in `unit`; `reasons` are shares of samples in which the clock was held down.

    `status`: ok, unsupported, skipped (no memory), aborted, wrong (the card computed wrong numbers).
    """

    op: str
    precision: str
    batch: int
    repeat: bool
    unit: str
    status: str
    note: str = ""
    median: float | None = None
    p05: float | None = None
    p95: float | None = None
    burst: float | None = None
    rel_mad: float = 0.0
    drift: float = 0.0
    n: int = 0
    seconds: float = 0.0
    sm_mhz: float | None = None
    memory_mhz: float | None = None
    power_watts: float | None = None
    temperature_max_c: float | None = None
    throttled_after_seconds: float | None = None
    pcie_generation: int | None = None
    pcie_width: int | None = None
    max_error: float | None = None
    reasons: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def name(self) -> str:
        """The step as people read it."""
        batch = f" batch {self.batch}" if self.op == "gemv" else ""
        return f"{self.precision} {self.op}{batch}{' again' if self.repeat else ''}".strip()


def rates(work: float, seconds: Sequence[float], iterations: Sequence[int], unit: str) -> list[float]:
    """Rate of each block: work for one iteration times iterations, over its time; TFLOP/s or GB/s."""
    scale = 1e12 if unit == "TFLOP/s" else 1e9
    return [work * n / (s * scale) for s, n in zip(seconds, iterations, strict=True) if s > 0]


def summary(values: Sequence[float]) -> dict[str, float | int]:
    """median, p05, p95, burst, rel_mad (as a standard deviation), drift (last third over first third, less 1), n."""
    array = np.asarray(values, dtype=np.float64)
    burst = float(array.max())
    array = settled(array)
    middle = float(np.median(array))
    third = max(1, len(array) // 3)
    return {
        "median": middle,
        "p05": float(np.quantile(array, 0.05)),
        "p95": float(np.quantile(array, 0.95)),
        "burst": burst,
        "rel_mad": MAD_TO_SD * float(np.median(np.abs(array - middle))) / middle,
        "drift": float(np.median(array[-third:]) / np.median(array[:third]) - 1),
        "n": len(array),
    }


def settled(array: NDArray[np.float64]) -> NDArray[np.float64]:
    """The blocks after the rate has come down from the boost of a cold card: the last third is within 1.5 % of the
    first. Quarters at the beginning go as long as that is not so and twelve blocks are left."""
    while len(array) >= 16:
        third = len(array) // 3
        if np.median(array[-third:]) > (1 - SETTLED) * np.median(array[:third]):
            break
        array = array[len(array) // 4 :]
    return array


def conditions(samples: Sequence[Sample], started: float) -> dict[str, object]:
    """Clocks, power, heat and bus of a step from its samples; median, but the highest temperature."""
    reasons = sorted({reason for sample in samples for reason in sample.reasons} - {"idle"})
    shares = {name: sum(name in sample.reasons for sample in samples) / len(samples) for name in reasons}
    hot = [s.at - started for s in samples if {"sw_thermal", "hw_thermal"} & set(s.reasons)]
    return {
        "sm_mhz": _median([s.sm_mhz for s in samples]),
        "memory_mhz": _median([s.memory_mhz for s in samples]),
        "power_watts": _median([s.power_watts for s in samples]),
        "temperature_max_c": max((s.temperature_c for s in samples if s.temperature_c is not None), default=None),
        "pcie_generation": max((s.pcie_generation for s in samples if s.pcie_generation is not None), default=None),
        "pcie_width": max((s.pcie_width for s in samples if s.pcie_width is not None), default=None),
        "throttled_after_seconds": min(hot, default=None),
        "reasons": shares,
    }


def log_rate_sd(result: StepResult) -> float:
    """Standard deviation of the log of a step's rate, with 0.01 for what lies between two runs.

    Blocks are correlated: n / 5 of them count, which simulated block noise of autocorrelation up to 0.7 allows.
    """
    effective = max(1.0, result.n / BLOCKS_A_SAMPLE)
    return sqrt(result.rel_mad**2 * MEDIAN_PENALTY / effective + TIMER_SD**2)


def log_ratio(result: StepResult, peak: float) -> float | None:
    """ln(achieved / peak) of a step, or `None` where it gave no rate."""
    return log(result.median / peak) if result.median and peak > 0 else None


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known else None
