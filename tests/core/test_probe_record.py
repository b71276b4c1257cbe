"""Records: nothing private leaves in one, and nothing impossible comes in by one."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.catalog import load_catalog
from monitor.core.models import Measurement
from monitor.core.probe_blocks import StepResult
from monitor.core.probe_record import Run, boost_mhz, from_record, to_measurements, to_record
from monitor.core.probe_verdict import ProbeVerdict
from tests.conftest import NOW

GPUS = load_catalog().gpus
SECRETS = {
    "uuid": "GPU-12345678-secret",
    "bus_id": "00000000:01:00.0",
    "processes": ({"pid": 4242, "kind": "compute"},),
    "serial": "S3R14L",
    "host": "alices-desktop",
}
GEMM = StepResult(
    op="gemm", precision="bf16", batch=1, repeat=False, unit="TFLOP/s", status="ok", median=161.0, n=100, rel_mad=0.004,
    sm_mhz=2480.0, power_watts=440.0,
)  # fmt: skip


def a_run(**device: object) -> Run:
    """A healthy run of a 4090."""
    return Run(
        gpu="RTX 4090",
        device={
            "kind": "gpu", "name": "NVIDIA GeForce RTX 4090", "power_limit_watts": 450.0, "power_default_watts": 450.0,
            "power_max_watts": 600.0, "cores": 16384, "compute_capability": "8.9", **SECRETS, **device,
        },
        software={"driver": "580.95", "backend": "torch 2.14.1"},
        mode="default",
        measured_at=NOW,
        seconds=48.0,
        results=[GEMM],
        verdict=ProbeVerdict(status="ok", headline="98 % of a healthy RTX 4090", findings=()),
    )  # fmt: skip


def a_record(**changes: object) -> dict:
    """What another person would send."""
    return {**to_record(a_run(), shared=True), **changes}


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_shared_record_names_no_card_host_user_or_process(name: str, driver: str) -> None:
    text = json.dumps(to_record(a_run(name=name), shared=True))
    for secret in ("GPU-12345678", "00000000:01", "4242", "S3R14L", "alices-desktop"):
        assert secret not in text


def test_a_record_reads_back_as_its_measurements() -> None:
    rows = from_record(a_record(), "friend.jsonl", GPUS, NOW)
    assert not isinstance(rows, str)
    assert [(row.gpu, row.op, row.value, row.status, row.origin) for row in rows] == [
        ("RTX 4090", "gemm", 161.0, "ok", "friend.jsonl")
    ]


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ([], "no JSON object"),
        (a_record(schema=2), "schema"),
        (a_record(gpu="RTX 9999"), "no GPU named"),
        (a_record(measured_at="2031-01-01"), "future"),
        (a_record(measured_at="soon"), "no date"),
        (a_record(device={"kind": "cpu"}), "processor"),
        (a_record(results=[]), "no rate"),
        (a_record(results="everything"), "no rate"),
        (a_record(results=[{"op": "gemm", "precision": "bf16", "unit": "TFLOP/s", "median": 9e9}]), "not possible"),
        (a_record(results=[{"op": "gemm", "precision": "bf16", "unit": "TFLOP/s", "median": "160"}]), "no number"),
        (a_record(results=[{"op": "copy", "precision": "", "unit": "GB/s", "median": -1}]), "no number"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(record: object, why: str) -> None:
    said = from_record(record, "x", GPUS, NOW)
    assert isinstance(said, str)
    assert why in said


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(a_record())), json_values)
def test_a_mutated_record_is_read_or_refused_and_never_fails(field: str, value: object) -> None:
    said = from_record(a_record(**{field: value}), "x", GPUS, NOW + timedelta(days=1))
    assert isinstance(said, str) or all(isinstance(row, Measurement) for row in said)


def test_conditions_go_along_with_each_rate() -> None:
    row = to_measurements(a_run(), GPUS["RTX 4090"])[0]
    assert row.conditions["power_share"] == 1.0
    assert row.conditions["clock_ratio"] == pytest.approx(2480 / 2520, abs=0.01)


@pytest.mark.parametrize(
    ("gpu", "cores", "capability", "mhz"),
    [("RTX 4090", 16384, "8.9", 2520), ("H100 SXM", 16896, "9.0", 1830), ("A100 80GB", 6912, "8.0", 1410)],
)
def test_the_boost_clock_follows_from_the_peak(gpu: str, cores: int, capability: str, mhz: float) -> None:
    assert boost_mhz(GPUS[gpu], cores, capability) == pytest.approx(mhz, rel=0.01)
