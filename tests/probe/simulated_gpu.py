"""A GPU whose truth is known: rates, clocks, power, heat and noise, on a clock of its own. Time costs nothing here."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

import numpy as np

from monitor.core.probe_blocks import Sample
from monitor.probe.plan import GEMM_SHAPES
from monitor.probe.workbench import TOLERANCE, Gone, OutOfMemory


@dataclass(kw_only=True)
class Truth:
    """What the simulated card really does. Rates in TFLOP/s and GB/s at the boost clock and the default power."""

    tflops: float = 160.0
    gb_s: float = 920.0
    bus_gb_s: float = 25.0
    boost_mhz: float = 2520.0
    burst: float = 1.12  # faster by so much while cold
    warm_seconds: float = 3.0
    noise: float = 0.006
    autocorrelation: float = 0.5
    power_watts: float = 440.0
    limit_watts: float = 450.0
    default_watts: float = 450.0
    heat_c: float = 66.0
    hot_after: float = 1e9  # seconds until it throttles by heat
    brake_after: float = 1e9
    lost_after: float = 1e9
    interrupt_after: float = 1e9
    slow_share: float = 1.0  # what is left of the rate once hot
    width: int = 16
    width_max: int = 16
    neighbour: float = 0.0  # share of blocks that somebody else slows down
    error: float = 0.1  # as a share of what is tolerated; above 1 the card computes wrong numbers
    memory_bytes: float = 8 * 2**30


@dataclass
class SimulatedGpu:
    """Workbench, telemetry and clock in one."""

    truth: Truth
    seed: int = 0
    kind: str = "gpu"
    name: str = "simulated"
    main_precision: str = "bf16"
    now: float = 0.0
    state: float = 0.0
    rng: np.random.Generator = field(init=False)
    samples: list[Sample] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)

    def clock(self) -> float:
        return self.now

    def supports(self, op: str, precision: str) -> str:
        return "fp8 needs compute capability 8.9" if precision == "fp8" else ""

    def shapes(self) -> tuple[tuple[int, int, int], ...]:
        return GEMM_SHAPES

    def release(self) -> None:
        pass

    def prepare(self, op: str, precision: str, batch: int, room: int, shape: tuple[int, int, int]) -> "SimulatedTask":
        if op in ("copy", "read", "triad") and room > self.truth.memory_bytes:
            raise OutOfMemory("no room")
        memory = op in ("copy", "read", "triad", "gemv")
        work = 1e9 if memory else 256e6 if op in ("h2d", "d2h") else 2.0 * shape[0] * shape[1] * shape[2]
        unit = "GB/s" if memory or op in ("h2d", "d2h") else "TFLOP/s"
        return SimulatedTask(self, op, work, unit, self.truth.error * TOLERANCE[precision])

    def between(self, start: float, end: float) -> list[Sample]:
        if self.now > self.truth.lost_after:
            raise Gone("GPU is lost")
        first = bisect_left(self.samples, start, key=lambda sample: sample.at)
        return self.samples[first : bisect_right(self.samples, end, key=lambda sample: sample.at)]

    def rate(self, op: str) -> float:
        """True rate of an operation at this moment, in units of 1e12 or 1e9 a second."""
        truth = self.truth
        if op in ("h2d", "d2h"):
            return truth.bus_gb_s * truth.width / truth.width_max * 1e9
        base = truth.gb_s * 1e9 if op in ("copy", "read", "triad", "gemv") else truth.tflops * 1e12
        if op not in ("copy", "read", "triad", "gemv"):
            base *= self.power_factor() * (truth.slow_share if self.now > truth.hot_after else 1.0)
            base *= 1 + (truth.burst - 1) * np.exp(-self.now / truth.warm_seconds)
        return base

    def power_factor(self) -> float:
        return min(1.0, (self.truth.limit_watts / self.truth.default_watts) ** 0.3)

    def noisy(self, seconds: float) -> float:
        truth = self.truth
        white = np.sqrt(1 - truth.autocorrelation**2) * self.rng.standard_normal()
        self.state = truth.autocorrelation * self.state + white
        slow = 1.6 if self.rng.random() < truth.neighbour else 1.0
        return seconds * np.exp(truth.noise * self.state) * slow

    def advance(self, seconds: float) -> None:
        truth, end = self.truth, self.now + seconds
        while self.now < end:
            step = min(0.1, end - self.now)
            self.now += step
            hot, brake = self.now > truth.hot_after, self.now > truth.brake_after
            reasons = ("sw_power_cap",) + (("sw_thermal",) if hot else ()) + (("hw_power_brake",) if brake else ())
            factor = self.power_factor() * (truth.slow_share if hot else 1.0)
            self.samples.append(
                Sample(
                    at=self.now,
                    sm_mhz=truth.boost_mhz * factor * (1 + 0.1 * np.exp(-self.now / truth.warm_seconds)),
                    memory_mhz=10251.0,
                    power_watts=min(truth.power_watts, truth.limit_watts),
                    temperature_c=truth.heat_c,
                    reasons=reasons,
                    pcie_generation=4,
                    pcie_width=truth.width,
                )
            )
        if self.now > truth.interrupt_after:
            raise KeyboardInterrupt


@dataclass
class SimulatedTask:
    """One operation on the simulated card."""

    gpu: SimulatedGpu
    op: str
    work: float
    unit: str
    off: float

    def block(self, iterations: int) -> float:
        seconds = self.gpu.noisy(self.work * iterations / self.gpu.rate(self.op))
        self.gpu.advance(seconds)
        return seconds

    def error(self) -> float:
        return self.off
