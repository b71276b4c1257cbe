"""Runs on a simulated card whose truth is known: rates are recovered, faults are flagged exactly where they are."""

from dataclasses import replace

import numpy as np
import pytest

from monitor.catalog import load_catalog
from monitor.core.probe_verdict import CardState, ProbeVerdict, judge
from monitor.performance import load_probe_priors
from monitor.probe.plan import WARM_SECONDS, budget_seconds, room_bytes, steps, working_set_bytes
from monitor.probe.run import Limits, Outcome, Runner
from tests.probe.simulated_gpu import SimulatedGpu, Truth

LIMITS = Limits(slowdown_c=90.0, room=4 * 2**30, max_seconds=600.0)
RTX_4090 = load_catalog().gpus["RTX 4090"]
HEALTHY = Truth(tflops=161.0, gb_s=873.0)
FAULTS = {
    "power_capped": {"limit_watts": 250.0},
    "sw_thermal": {"hot_after": 4.0, "slow_share": 0.8},
    "pcie_width": {"width": 4},
    "noisy": {"noise": 0.09, "autocorrelation": 0.0},
    "wrong_results": {"error": 50.0},
}


def run(truth: Truth, seed: int = 0, mode: str = "default") -> tuple[SimulatedGpu, Outcome]:
    """One run on a fresh simulated card."""
    gpu = SimulatedGpu(truth, seed)
    planned = steps(mode, gpu.main_precision, gpu.supports)
    return gpu, Runner(gpu, gpu, gpu.clock, LIMITS).run(planned, WARM_SECONDS[mode])


def verdict(truth: Truth, outcome: Outcome) -> ProbeVerdict:
    """What is said of it."""
    state = CardState(
        power_limit_watts=truth.limit_watts,
        power_default_watts=truth.default_watts,
        pcie_width_max=truth.width_max,
        pcie_generation_max=4,
        utilization_percent=0.0,
        memory_used_mib=300.0,
        memory_total_mib=24564.0,
    )
    return judge("RTX 4090", RTX_4090, state, outcome.results, load_probe_priors())


@pytest.mark.slow
def test_rates_are_recovered_within_three_percent_and_flags_are_exact_over_500_cards() -> None:
    rng = np.random.default_rng(7)
    wrong: list[str] = []
    for seed in range(500):
        names = [name for name in FAULTS if rng.random() < 0.15]
        changes = {key: value for name in names for key, value in FAULTS[name].items()}
        truth = replace(HEALTHY, tflops=float(rng.uniform(150, 170)), gb_s=float(rng.uniform(850, 920)), **changes)
        _, outcome = run(truth, seed, "quick")
        rates = {result.op: result.median for result in outcome.results if result.median}
        flags = {finding.code for finding in verdict(truth, outcome).findings}
        factor = min(1.0, (truth.limit_watts / truth.default_watts) ** 0.3)
        if (
            "sw_thermal" not in names
            and "noisy" not in names
            and abs(rates["gemm"] / (truth.tflops * factor) - 1) > 0.03
        ):
            wrong.append(f"{seed}: gemm {rates['gemm']:.1f} instead of {truth.tflops * factor:.1f}")
        if "noisy" not in names and abs(rates["copy"] / truth.gb_s - 1) > 0.03:
            wrong.append(f"{seed}: copy")
        expected = set(names)
        flags -= {"thermal_drift"} if "sw_thermal" in names else set()
        if expected - flags or (flags - expected):
            wrong.append(f"{seed}: flags {sorted(flags)} instead of {sorted(expected)}")
    assert not wrong, wrong[:5]


def test_a_default_run_lasts_less_than_a_minute_on_a_slow_and_on_a_fast_card() -> None:
    for tflops, gb_s in ((1.8, 112.0), (1750.0, 8000.0)):
        gpu, outcome = run(replace(HEALTHY, tflops=tflops, gb_s=gb_s))
        assert not outcome.stopped
        assert gpu.now < 60
    planned = steps("default", "bf16", lambda op, precision: "")
    assert budget_seconds(planned, "default") < 60


def test_the_burst_stands_beside_the_sustained_rate_and_is_never_it() -> None:
    _, outcome = run(replace(HEALTHY, burst=1.4, warm_seconds=2.0))
    main = outcome.results[0]
    assert main.median == pytest.approx(161.0, rel=0.02)
    assert main.burst is not None
    assert main.burst >= main.median


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"limit_watts": 250.0}, "power_capped", "250 W of 450 W"),
        ({"hot_after": 22.0, "slow_share": 0.8}, "sw_thermal", "throttles by heat"),
        ({"width": 4}, "pcie_width", "x4: expected x16"),
        ({"neighbour": 0.4}, "noisy", "flutters"),
        ({"error": 50.0}, "wrong_results", "do not train"),
        ({"tflops": 120.0}, "slow_arithmetic", "nothing here says why"),
        ({"gb_s": 600.0}, "slow_memory", "memory"),
    ],
)
def test_each_fault_is_named_as_a_person_would(changes: dict[str, float], code: str, words: str) -> None:
    truth = replace(HEALTHY, **changes)
    _, outcome = run(truth, seed=3)
    found = verdict(truth, outcome)
    assert found.status == "degraded"
    assert code in {finding.code for finding in found.findings}
    assert words in " ".join(finding.text for finding in found.findings)


def test_a_healthy_card_is_good_and_says_how_good() -> None:
    _, outcome = run(HEALTHY)
    found = verdict(HEALTHY, outcome)
    assert found.status == "ok"
    assert not found.findings
    assert "of a healthy RTX 4090" in found.headline


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"heat_c": 88.0}, "88 C"),
        ({"brake_after": 10.0}, "protects itself"),
        ({"lost_after": 15.0}, "lost"),
    ],
)
def test_a_run_stops_before_the_card_suffers_and_keeps_what_it_has(changes: dict[str, float], words: str) -> None:
    _, outcome = run(replace(HEALTHY, **changes))
    assert outcome.danger
    assert words in outcome.stopped


def test_ctrl_c_keeps_what_was_measured() -> None:
    _, outcome = run(replace(HEALTHY, interrupt_after=25.0))
    assert not outcome.danger
    assert any(result.median for result in outcome.results)


def test_a_card_without_room_gets_smaller_sets_and_then_skips() -> None:
    _, outcome = run(replace(HEALTHY, memory_bytes=1.5 * 2**30))
    assert all(result.status == "ok" for result in outcome.results if result.op == "copy")
    _, outcome = run(replace(HEALTHY, memory_bytes=2**20))
    assert all(result.status == "skipped" for result in outcome.results if result.op == "copy")


def test_the_memory_rule_leaves_room_for_others() -> None:
    assert room_bytes(24 * 2**30, display=False) == 4 * 2**30
    assert room_bytes(2 * 2**30, display=False) == 2**30
    assert room_bytes(2**30, display=True) == 0
    assert room_bytes(8 * 2**30, display=False, unified=True) == 2 * 2**30
    assert working_set_bytes(4 * 2**30, 96 * 2**20) == 8 * 96 * 2**20
