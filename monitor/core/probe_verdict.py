"""Results of a run + what the card is -> a verdict that a person understands, and what is wrong if something is."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt

from monitor.core.calibration import POWER_EXPONENT, Belief, Priors, class_of
from monitor.core.hardware import peaks
from monitor.core.models import Gpu
from monitor.core.probe_blocks import StepResult, log_rate_sd

CAPPED_BELOW = 0.95  # a limit lower than that share of the default is a choice that costs
DRIFT_LIMIT, NOISE_LIMIT, SLOWEST_LIMIT, THROTTLE_SHARE = 0.03, 0.05, 0.15, 0.05
LOW_BY = 0.88  # below that share of a healthy card, beyond doubt, something is wrong
BUSY_UTILISATION, BUSY_MEMORY_SHARE, BUSY_MEMORY_MIB, BUSY_POWER_SHARE = 5.0, 0.10, 600.0, 0.4
LANE_GB_S = {1: 0.25, 2: 0.5, 3: 0.985, 4: 1.969, 5: 3.938, 6: 7.563}  # PCI-SIG, one lane, one direction
HELD = {
    "sw_thermal": "by heat",
    "hw_thermal": "by heat (the board's own limit)",
    "hw_power_brake": "by the power supply (power brake)",
    "hw_slowdown": "by the board (hardware slowdown)",
}


@dataclass(frozen=True, kw_only=True)
class CardState:
    """What the driver says of a card before it works; `None` where it does not say."""

    kind: str = "gpu"
    power_limit_watts: float | None = None
    power_default_watts: float | None = None
    power_max_watts: float | None = None
    power_watts: float | None = None
    pcie_generation_max: int | None = None
    pcie_width_max: int | None = None
    utilization_percent: float | None = None
    memory_used_mib: float | None = None
    memory_total_mib: float | None = None
    boost_mhz: float | None = None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something a person should know. `degrades`: the rates are not those of a healthy card."""

    code: str
    text: str
    degrades: bool
    cost: float | None = None  # share of the rate that it costs


@dataclass(frozen=True, kw_only=True)
class ProbeVerdict:
    """`status` is ok or degraded. Shares are of a healthy card of the model, with an 80 % interval of the norm."""

    status: str
    headline: str
    findings: tuple[Finding, ...]
    compute_share: float | None = None
    memory_share: float | None = None


def judge(card: str, gpu: Gpu | None, state: CardState, results: Sequence[StepResult], priors: Priors) -> ProbeVerdict:
    """Compare a run with healthy cards of the model and name every cause of what is missing."""
    main = _main(results)
    copy = _of(results, "copy")
    shares = _shares(gpu, main, copy, priors)
    findings = [
        *_power(state),
        *_heat(results),
        *_bus(state, results),
        *_steadiness(results),
        *_wrong(results),
        *_busy(state),
    ]
    if state.kind == "mig":
        findings.append(
            Finding(code="mig", text="this is a slice of a card: it says nothing of the whole", degrades=True)
        )
    if state.kind == "cpu":
        findings.append(
            Finding(code="cpu", text="this is the processor, not a GPU: nothing is calibrated", degrades=True)
        )
    findings += _unexplained(gpu, shares, findings)
    status = "degraded" if any(finding.degrades for finding in findings) else "ok"
    compute, memory = shares
    return ProbeVerdict(
        status=status,
        headline=_headline(card, gpu, shares, findings),
        findings=tuple(findings),
        compute_share=compute[0] if compute else None,
        memory_share=memory[0] if memory else None,
    )


def _shares(
    gpu: Gpu | None, main: StepResult | None, copy: StepResult | None, priors: Priors
) -> tuple[tuple[float, float] | None, tuple[float, float] | None]:
    """(share of a healthy card, its log sd) for arithmetic and memory."""
    found: list[tuple[float, float] | None] = []
    for resource, result in (("compute", main), ("memory", copy)):
        if gpu is None or result is None or result.median is None:
            found.append(None)
            continue
        peak = gpu.bandwidth_gb_s if resource == "memory" else peaks(gpu, result.precision).tflops
        norm = healthy(gpu, resource, priors)
        if not peak or norm is None:
            found.append(None)
            continue
        expected = peak * exp(norm.mean)
        found.append((result.median / expected, sqrt(norm.sd**2 + log_rate_sd(result) ** 2)))
    return found[0], found[1]


def healthy(gpu: Gpu, resource: str, priors: Priors) -> Belief | None:
    """What a healthy card of this model does: its class's share of the catalogue's peak."""
    prior = priors.get((class_of(gpu), resource)) or priors.get(("any", resource))
    return Belief(mean=prior.mean, sd=prior.sd, n=prior.n) if prior else None


def busy(state: CardState) -> str:
    """Why the card is not idle, or nothing. A desktop's own windows are no reason."""
    working, used, total = state.utilization_percent, state.memory_used_mib, state.memory_total_mib
    drawn, limit = state.power_watts, state.power_limit_watts
    if working is not None and working > BUSY_UTILISATION:
        return f"it works at {working:.0f} % already"
    if used is not None and total and used > BUSY_MEMORY_SHARE * total + BUSY_MEMORY_MIB:
        return f"{used / 1024:.1f} GB of its memory are in use"
    if drawn is not None and limit and drawn > BUSY_POWER_SHARE * limit:
        return f"it draws {drawn:.0f} W already"
    return ""


def _power(state: CardState) -> list[Finding]:
    limit, default = state.power_limit_watts, state.power_default_watts
    if not limit or not default or limit >= CAPPED_BELOW * default:
        return []
    cost = 1 - (limit / default) ** POWER_EXPONENT
    text = f"power limit {limit:.0f} W of {default:.0f} W: costs about {cost:.0%} of its arithmetic"
    return [Finding(code="power_capped", text=text, degrades=True, cost=cost)]


def _heat(results: Sequence[StepResult]) -> list[Finding]:
    found: list[Finding] = []
    for code, how in HELD.items():
        held = [result for result in results if result.reasons.get(code, 0.0) > THROTTLE_SHARE]
        if not held:
            continue
        after = [r.throttled_after_seconds for r in held if r.throttled_after_seconds is not None]
        when = f" after {after[0]:.0f} s of {held[0].name}" if after and "heat" in how else ""
        found.append(Finding(code=code, text=f"throttles {how}{when}", degrades=True))
    return found


def _bus(state: CardState, results: Sequence[StepResult]) -> list[Finding]:
    moved = [r for r in results if r.op in ("h2d", "d2h") and r.median]
    width = max((r.pcie_width for r in moved if r.pcie_width), default=None)
    generation = max((r.pcie_generation for r in moved if r.pcie_generation), default=None)
    found: list[Finding] = []
    if width and state.pcie_width_max and width < state.pcie_width_max:
        text = f"PCIe runs x{width}: expected x{state.pcie_width_max} (another slot, a riser, or dirt in it)"
        found.append(Finding(code="pcie_width", text=text, degrades=True, cost=1 - width / state.pcie_width_max))
    if generation and state.pcie_generation_max and generation < state.pcie_generation_max:
        text = f"PCIe runs generation {generation}: expected {state.pcie_generation_max} (look in the BIOS)"
        found.append(Finding(code="pcie_generation", text=text, degrades=True))
    if not found and width and generation in LANE_GB_S:
        best = max((r.median or 0.0 for r in moved), default=0.0)
        if 0 < best < 0.5 * LANE_GB_S[generation] * width:
            text = f"PCIe moves {best:.1f} GB/s, half of what generation {generation} x{width} should"
            found.append(Finding(code="pcie_slow", text=text, degrades=True))
    return found


def _steadiness(results: Sequence[StepResult]) -> list[Finding]:
    main = _main(results)
    again = next((r for r in results if r.repeat and r.median), None)
    noisy = [r for r in (main, again, _of(results, "copy")) if r and _flutter(r)]
    if noisy:
        text = f"its rate flutters by {_flutter(noisy[0]):.0%} from block to block: something else uses it"
        return [Finding(code="noisy", text=text, degrades=True)]
    found: list[Finding] = []
    if main and again and main.median and again.median and again.median / main.median - 1 < -DRIFT_LIMIT:
        loss = 1 - again.median / main.median
        text = f"it slows down by {loss:.0%} within the run: it gets hot"
        found.append(Finding(code="thermal_drift", text=text, degrades=True, cost=loss))
    return found


def _flutter(result: StepResult) -> float:
    """How much a rate changes from block to block, or 0 where that is usual.

    The middle spread does not see a neighbour who takes less than half of the blocks, so the slowest twentieth counts
    too: it may lie 15 % below the median.
    """
    slowest = 1 - result.p05 / result.median if result.p05 and result.median else 0.0
    if result.rel_mad > NOISE_LIMIT:
        return result.rel_mad
    return slowest if slowest > SLOWEST_LIMIT and abs(result.drift) < DRIFT_LIMIT else 0.0


def _wrong(results: Sequence[StepResult]) -> list[Finding]:
    wrong = [result.name for result in results if result.status == "wrong"]
    if not wrong:
        return []
    text = f"it computes wrong numbers in {', '.join(wrong)}: do not train on it (memory or overclocking fault)"
    return [Finding(code="wrong_results", text=text, degrades=True)]


def _busy(state: CardState) -> list[Finding]:
    why = busy(state)
    return [Finding(code="busy", text=f"it was not idle: {why}", degrades=True)] if why else []


def _unexplained(
    gpu: Gpu | None, shares: tuple[tuple[float, float] | None, tuple[float, float] | None], found: Sequence[Finding]
) -> list[Finding]:
    more: list[Finding] = []
    causes = {"power_capped", "sw_thermal", "hw_thermal", "hw_power_brake", "hw_slowdown", "busy", "thermal_drift"}
    explained = bool(causes & {finding.code for finding in found})
    for what, share in zip(("arithmetic", "memory"), shares, strict=True):
        if gpu is None or share is None or explained:
            continue
        if share[0] < LOW_BY and share[0] * exp(1.64 * share[1]) < 1:
            text = f"its {what} reaches {share[0]:.0%} of a healthy {gpu.name}, and nothing here says why"
            more.append(Finding(code=f"slow_{what}", text=text, degrades=True, cost=1 - share[0]))
    return more


def _headline(
    card: str,
    gpu: Gpu | None,
    shares: tuple[tuple[float, float] | None, tuple[float, float] | None],
    found: Sequence[Finding],
) -> str:
    compute, memory = shares
    worst = next((finding.text for finding in found if finding.degrades), "")
    if gpu is None or (compute is None and memory is None):
        base = f"{card}: measured; the catalogue knows no such card to compare with"
    elif compute is None:
        assert memory is not None
        base = f"{memory[0]:.0%} of a healthy {gpu.name} in memory"
    elif memory is None:
        base = f"{compute[0]:.0%} of a healthy {gpu.name} in arithmetic"
    else:
        base = f"{compute[0]:.0%} of a healthy {gpu.name} in arithmetic, {memory[0]:.0%} in memory"
    return f"{base}; {worst}" if worst else base


def _main(results: Sequence[StepResult]) -> StepResult | None:
    return next((r for r in results if r.op == "gemm" and not r.repeat and r.median), None)


def _of(results: Sequence[StepResult], op: str) -> StepResult | None:
    return next((r for r in results if r.op == op and r.median), None)
