"""GPU x workload -> expected throughput with an interval, what holds it back, and whether it fits.

Time for one unit of work is the sum of arithmetic, memory traffic and launches (kernels hardly overlap), each at the
rate that cards of that kind really reach; see work.py for what is computed and moved and hardware.py for the peaks.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import exp, log, sqrt

from monitor.core.hardware import Peaks, group, peaks
from monitor.core.memory import fit, memory_need
from monitor.core.models import Gpu, Workload
from monitor.core.named_work import NamedWork, named_work
from monitor.core.software import SoftwareFact
from monitor.core.work import Account, account

GEMM_EFFICIENCY = 0.81  # median of achieved over peak 16-bit matrix products, 35 measurements
COPY_EFFICIENCY = 0.90  # the same for memory copies, 8 measurements
LAUNCH_SECONDS = 6e-6  # host time for one kernel in an eager framework
CARD_SD = 0.15  # of a family's spread, what cards differ by; the rest is how well the work's level is known
LEAST_LEVEL_SD = 0.10
Z80 = 1.2816  # half-width of an 80 % interval in standard deviations


@dataclass(frozen=True, kw_only=True)
class Family:
    """How one family of work behaves, fitted on measured rows."""

    kappa: float
    sd: float
    cards: int = 0  # measured ones behind it
    weights: tuple[float, float, float] = (1.0, 1.0, 1.0)  # of compute, memory and overhead, as measured cards show


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """What measured cards let expect of one card and workload, as if memory were no matter."""

    throughput: float
    low: float
    high: float
    evidence: str


Relative = Callable[[Gpu, Workload], Expectation | None]


@dataclass(frozen=True, kw_only=True)
class ThroughputModel:
    """The fitted table; `load_throughput_model` reads it from data/throughput.toml.

    `relative` is the model of relative.py over the shipped measured rows: the same answer as for a row of a file.
    Without it the account alone speaks.
    """

    families: Mapping[str, Family]
    fitted_on: str
    software: tuple[SoftwareFact, ...] = ()
    relative: Relative | None = field(default=None, compare=False, repr=False)

    def family(self, name: str) -> Family:
        return self.families.get(name, self.families["default"])

    def software_facts(self, gpu: Gpu, family: str) -> list[SoftwareFact]:
        """What is known of runtimes for this card and kind of work."""
        kind = family if family.startswith("llm") else family.rsplit("_", 1)[0]
        return [fact for fact in self.software if fact.kind == kind and (not fact.chips or group(gpu) in fact.chips)]


@dataclass(frozen=True, kw_only=True)
class Efficiency:
    """What a probe says of one card: factors on its catalogue peaks, with their log sd."""

    compute: float = 1.0
    memory: float = 1.0
    sd: float = 0.1
    source: str = "measured here"
    interval: float = 1.0  # by what it narrows the interval of an estimate
    families: Mapping[str, float] = field(default_factory=dict[str, float])  # real loops here: measured over expected

    def __hash__(self) -> int:
        return hash((self.compute, self.memory, self.sd, self.source, self.interval, *sorted(self.families.items())))

    def loop_factor(self, family: str) -> float:
        """What a real loop run here makes of an estimate: 0.8 of its log ratio for the same family, 0.3 for others.

        Leaving cards out, these weights lowered the error most (same family) and did no harm (others).
        """
        if family in self.families:
            return self.families[family] ** 0.8
        return exp(0.3 * sum(map(log, self.families.values())) / len(self.families)) if self.families else 1.0


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Throughput of one card on one workload, in the workload's unit; `None` where it cannot run or be known.

    `low` and `high` are an 80 % interval. `shares` are the parts of the time: compute, memory, overhead.
    `bound` is the largest of them, or capacity where it does not fit, or unknown.
    """

    gpu: str
    workload: str
    unit: str
    throughput: float | None
    low: float | None
    high: float | None
    bound: str
    fits: str
    memory_needed_gb: float
    evidence: str
    reason: str
    remedies: tuple[str, ...] = ()
    shares: Mapping[str, float] = field(default_factory=dict[str, float])


def estimate(gpu: Gpu, workload: Workload, model: ThroughputModel, *, efficiency: Efficiency | None = None) -> Estimate:
    """What to expect of `gpu` on `workload`; `efficiency` puts a probe's findings in place of what is typical."""
    room, work = fit(gpu, workload), account(workload)
    top = peaks(gpu, workload.precision)
    blank = _Blank(gpu, workload, room.need_gb, room.answer, room.remedies)
    if room.answer == "no":
        reason = room.said
        return blank.unknown("capacity", reason)
    if top.tflops is None or work is None:
        return blank.unknown(
            "unknown", top.note if top.tflops is None else "not enough known about the workload's shape"
        )
    times = _times(work, top, model.family(workload.family), efficiency)
    expected = _expected(gpu, workload, model, efficiency)
    return Estimate(
        gpu=gpu.name,
        workload=workload.slug,
        unit=workload.unit,
        throughput=expected.throughput,
        low=expected.low,
        high=expected.high,
        bound=max(times, key=lambda part: times[part]),
        fits=room.answer,
        memory_needed_gb=room.need_gb,
        evidence=expected.evidence,
        reason=top.note,
        remedies=room.remedies,
        shares={part: spent / sum(times.values()) for part, spent in times.items()},
    )


def _expected(gpu: Gpu, workload: Workload, model: ThroughputModel, efficiency: Efficiency | None) -> Expectation:
    """The relative model's answer, or the account's where it has none; moved and narrowed by what a probe found."""
    found = (model.relative(gpu, workload) if model.relative else None) or _by_account(gpu, workload, model)
    if efficiency is None:
        return found
    moved = _gain(gpu, workload, model, efficiency) * efficiency.loop_factor(workload.family)
    rate, narrower = found.throughput * moved, efficiency.interval
    return Expectation(
        throughput=rate,
        low=rate * (found.low / found.throughput) ** narrower,
        high=rate * (found.high / found.throughput) ** narrower,
        evidence=efficiency.source,
    )


def _by_account(gpu: Gpu, workload: Workload, model: ThroughputModel) -> Expectation:
    """The roofline with what programs of this family reach of it."""
    family, rate = model.family(workload.family), account_rate(gpu, workload, model) or 0.0
    reach = exp(Z80 * family.sd * _ignorance(gpu))
    return Expectation(throughput=rate, low=rate / reach, high=rate * reach, evidence="estimated")


def _gain(gpu: Gpu, workload: Workload, model: ThroughputModel, efficiency: Efficiency) -> float:
    """What other achieved rates than a typical card's make of the throughput, by the account."""
    typical = account_rate(gpu, workload, model)
    return (account_rate(gpu, workload, model, efficiency) or 0.0) / typical if typical else 1.0


def named_works(workloads: Iterable[Workload], reference: Gpu, model: ThroughputModel) -> dict[str, NamedWork]:
    """Every workload whose account is known, with its shares of time and its rate on the reference card."""
    found: dict[str, NamedWork] = {}
    for workload in workloads:
        work, top, family = account(workload), peaks(reference, workload.precision), model.family(workload.family)
        if work is None or top.tflops is None:
            continue
        times = _times(work, top, family, None)
        level_sd = sqrt(max(family.sd**2 - CARD_SD**2, LEAST_LEVEL_SD**2))
        need = memory_need(workload).total
        rate = family.kappa / sum(times.values())
        found[workload.slug] = named_work(workload, times, rate, level_sd, need)
    return found


@dataclass(frozen=True)
class _Blank:
    gpu: Gpu
    workload: Workload
    need_gb: float
    fits: str
    remedies: tuple[str, ...]

    def unknown(self, bound: str, reason: str) -> Estimate:
        return Estimate(
            gpu=self.gpu.name,
            workload=self.workload.slug,
            unit=self.workload.unit,
            throughput=None,
            low=None,
            high=None,
            bound=bound,
            fits=self.fits,
            memory_needed_gb=self.need_gb,
            evidence="none",
            reason=reason,
            remedies=self.remedies,
        )


def single_card_rate(
    gpu: Gpu, workload: Workload, model: ThroughputModel, known: Efficiency | None = None
) -> float | None:
    """Throughput as if memory were no matter: what several cards multiply; `None` where it cannot be known."""
    if account(workload) is None or peaks(gpu, workload.precision).tflops is None:
        return None
    return _expected(gpu, workload, model, known).throughput


def account_rate(gpu: Gpu, workload: Workload, model: ThroughputModel, known: Efficiency | None = None) -> float | None:
    """Throughput by the account of FLOP and bytes alone; `None` where it cannot be known."""
    work, top = account(workload), peaks(gpu, workload.precision)
    if work is None or top.tflops is None:
        return None
    family = model.family(workload.family)
    return family.kappa / sum(_times(work, top, family, known).values())


def _times(work: Account, top: Peaks, family: Family, known: Efficiency | None) -> dict[str, float]:
    """Seconds for one unit of work by what they are spent on."""
    factors = known or Efficiency()
    compute, memory, overhead = family.weights
    return {
        "compute": compute * work.flops / (GEMM_EFFICIENCY * (top.tflops or 0.0) * factors.compute * 1e12),
        "memory": memory * work.bytes / (COPY_EFFICIENCY * top.bandwidth_gb_s * factors.memory * 1e9),
        "overhead": overhead * work.kernels * LAUNCH_SECONDS,
    }


def _ignorance(gpu: Gpu) -> float:
    """How much wider the interval is for chips of which less was measured."""
    return _WIDER.get(group(gpu), 1.0 if gpu.vendor == "NVIDIA" else 1.5)


_WIDER = {
    "kepler": 1.4,
    "maxwell": 1.2,
    "blackwell": 1.2,
    "apple": 1.3,
    "tpu": 1.5,
    "xe": 1.8,
    "cdna": 1.6,
    "cdna3": 1.4,
}
