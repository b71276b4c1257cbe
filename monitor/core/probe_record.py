"""A run of the probe as a record that can be stored, shown and shared, and read back from others with suspicion.

Schema 1, one JSON object for each GPU. A record names no host, user, serial number, address on the bus or process.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any, cast

from monitor.core.calibration import plausible
from monitor.core.hardware import peaks
from monitor.core.models import Gpu, Measurement
from monitor.core.probe_blocks import StepResult
from monitor.core.probe_verdict import ProbeVerdict

SCHEMA = 1
SHOWN_DEVICE = (
    "kind",
    "name",
    "compute_capability",
    "cores",
    "memory_total_mib",
    "memory_bus_bits",
    "sm_clock_max_mhz",
)
SHOWN_CONDITIONS = (
    "power_limit_watts",
    "power_default_watts",
    "power_max_watts",
    "pcie_generation_max",
    "pcie_width_max",
)
SHOWN_SOFTWARE = ("driver", "cuda_driver", "backend", "probe")
FLOP_PER_CLOCK = {(7, 0): 1024, (7, 5): 1024, (8, 0): 2048, (8, 6): 1024, (8, 9): 1024, (9, 0): 4096, (12, 0): 1024}
GEFORCE_HALF = {(7, 5), (8, 6), (8, 9), (12, 0)}  # FP32 accumulation at half rate on these GeForce cards
CORES_PER_SM = {(7, 0): 64, (7, 5): 64, (8, 0): 64}
PLAIN = re.compile(r"[^\w .,:+()/%-]")


@dataclass(frozen=True, kw_only=True)
class Run:
    """Everything about one finished run."""

    gpu: str | None
    device: Mapping[str, Any]
    software: Mapping[str, str]
    mode: str
    measured_at: datetime
    seconds: float
    results: Sequence[StepResult]
    verdict: ProbeVerdict
    stopped: str = ""
    danger: bool = False  # it was stopped for the card's safety, or the card was lost


def boost_mhz(gpu: Gpu | None, cores: int | None, capability: str | None) -> float | None:
    """The clock behind the catalogue's 16-bit peak: peak / (SMs x FLOP per clock and SM); `None` where it is not known.

    FLOP per clock and SM: NVIDIA's architecture white papers, dense, FP32 accumulate.
    """
    if gpu is None or gpu.fp16_tflops is None or not cores or not capability:
        return None
    major, _, minor = capability.partition(".")
    key = (int(major), int(minor or 0))
    each = FLOP_PER_CLOCK.get(key)
    if each is None:
        return None
    if gpu.segment == "consumer" and key in GEFORCE_HALF:
        each //= 2
    return gpu.fp16_tflops * 1e6 / (cores / CORES_PER_SM.get(key, 128) * each)


def to_record(run: Run, *, shared: bool = False) -> dict[str, Any]:
    """The record of a run. `shared` cuts the time to its day; neither form holds serials or names of anybody's work."""
    device = {name: run.device.get(name) for name in SHOWN_DEVICE}
    device["name"] = PLAIN.sub("", str(device["name"] or ""))[:80]
    at = run.measured_at
    return {
        "schema": SCHEMA,
        "gpu": run.gpu,
        "measured_at": at.date().isoformat() if shared else at.isoformat(timespec="seconds"),
        "seconds": round(run.seconds, 1),
        "mode": run.mode,
        "device": device,
        "software": {name: PLAIN.sub("", str(run.software.get(name, "")))[:60] for name in SHOWN_SOFTWARE},
        "conditions": {name: run.device.get(name) for name in SHOWN_CONDITIONS},
        "results": [_result(result) for result in run.results],
        "verdict": {
            "status": run.verdict.status,
            "headline": run.verdict.headline,
            "compute_share": _rounded(run.verdict.compute_share),
            "memory_share": _rounded(run.verdict.memory_share),
            "findings": [asdict(finding) for finding in run.verdict.findings],
        },
        "stopped": run.stopped,
    }


def to_measurements(run: Run, gpu: Gpu | None) -> list[Measurement]:
    """A row for each rate that was measured, each with its conditions."""
    boost = boost_mhz(gpu, run.device.get("cores"), run.device.get("compute_capability"))
    limit, default = run.device.get("power_limit_watts"), run.device.get("power_default_watts")
    rows: list[Measurement] = []
    for result in run.results:
        if result.median is None or result.repeat or result.status == "wrong":
            continue
        conditions: dict[str, object] = {
            **{name: run.device.get(name) for name in SHOWN_CONDITIONS},
            "clock_ratio": result.sm_mhz / boost if boost and result.sm_mhz else None,
            "power_share": limit / default if limit and default else None,
            "sm_mhz": result.sm_mhz,
            "power_watts": result.power_watts,
            "temperature_max_c": result.temperature_max_c,
            "reasons": dict(result.reasons),
            "burst": result.burst,
            "drift": result.drift,
            "batch": result.batch,
            "mode": run.mode,
            "stopped": run.stopped,
            **{name: run.software.get(name) for name in SHOWN_SOFTWARE},
        }
        rows.append(
            Measurement(
                gpu=run.gpu,
                device_name=str(run.device.get("name") or ""),
                device_kind=str(run.device.get("kind") or "gpu"),
                op=result.op if result.op != "gemv" or result.batch == 1 else f"gemv{result.batch}",
                precision=result.precision,
                value=result.median,
                unit=result.unit,
                rel_mad=result.rel_mad,
                n=result.n,
                measured_at=run.measured_at,
                status=run.verdict.status,
                conditions=conditions,
            )
        )
    return rows


def from_record(record: object, origin: str, gpus: Mapping[str, Gpu], now: datetime) -> list[Measurement] | str:
    """The measurements of somebody else's record, or in one sentence why it is not believed."""
    if not isinstance(record, dict):
        return "it is no JSON object"
    entry = cast("dict[str, Any]", record)
    if entry.get("schema") != SCHEMA:
        return f"its schema is {entry.get('schema')!r}; this version reads {SCHEMA}"
    gpu = gpus.get(str(entry.get("gpu")))
    if gpu is None:
        return f"the catalogue knows no GPU named {str(entry.get('gpu'))[:40]!r}"
    at = _moment(entry.get("measured_at"))
    if at is None or at > now:
        return "it has no date, or one in the future"
    device = _part(entry, "device")
    if device.get("kind") != "gpu":
        return "it is of a slice or a processor, and says nothing of the card"
    if wrong := _unlikely(entry, gpu):
        return wrong
    status = "ok" if _part(entry, "verdict").get("status") == "ok" else "degraded"
    return [
        Measurement(
            gpu=gpu.name,
            device_name=PLAIN.sub("", str(device.get("name", "")))[:80],
            device_kind="gpu",
            op=str(result["op"]),
            precision=str(result["precision"]),
            value=float(result["median"]),
            unit=str(result["unit"]),
            rel_mad=min(1.0, max(0.0, _number(result.get("rel_mad")) or 0.0)),
            n=max(1, min(100_000, int(_number(result.get("n")) or 1))),
            measured_at=at,
            status=status,
            conditions={"power_share": _share_of_default(entry), "clock_ratio": None},
            origin=origin,
        )
        for result in _results(entry)
        if not result.get("repeat") and result.get("status") == "ok"
    ]


def _unlikely(entry: Mapping[str, Any], gpu: Gpu) -> str:
    """What in a record cannot be: rates above what clocks allow, power above the limit; empty if nothing."""
    found = _results(entry)
    if not found:
        return "it holds no rate"
    most = _number(_part(entry, "conditions").get("power_max_watts"))
    for result in found:
        value = _number(result.get("median"))
        if value is None or value <= 0:
            return f"its {str(result.get('op'))[:20]} rate is no number above 0"
        memory = result.get("op") in ("copy", "read", "triad", "gemv")
        peak = gpu.bandwidth_gb_s if memory else peaks(gpu, str(result.get("precision"))).tflops
        if result.get("op") in ("gemm", "copy", "read", "triad", "gemv") and peak and not plausible(value, peak):
            return f"its {result['op']} rate of {value:,.0f} is not possible: the card's peak is {peak:,.0f}"
        drawn = _number(result.get("power_watts"))
        if drawn is not None and most is not None and drawn > 1.1 * most:
            return f"it claims {drawn:.0f} W on a board of at most {most:.0f} W"
    return ""


def _results(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    given = entry.get("results")
    rows = cast("list[object]", given) if isinstance(given, list) else []
    usable = [cast("dict[str, Any]", row) for row in rows if isinstance(row, dict)]
    return [row for row in usable if row.get("median") is not None and {"op", "precision", "unit"} <= row.keys()][:64]


def _part(entry: Mapping[str, Any], name: str) -> dict[str, Any]:
    part = entry.get(name)
    return cast("dict[str, Any]", part) if isinstance(part, dict) else {}


def _share_of_default(entry: Mapping[str, Any]) -> float | None:
    limit, default = (_number(_part(entry, "conditions").get(f"power_{name}_watts")) for name in ("limit", "default"))
    return limit / default if limit and default else None


def _result(result: StepResult) -> dict[str, Any]:
    return {name: _rounded(value) for name, value in asdict(result).items()}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.5g}") if isfinite(value) else None
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in cast("dict[str, Any]", value).items()}
    return value


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e15 and isfinite(value) else None


def _moment(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
