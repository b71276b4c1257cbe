"""What the probe measured here, beside what healthy cards of the model do, and what that changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

from dashboard.queries.base import cached, catalog, read
from monitor.clock import utc_now
from monitor.core.calibration import efficiencies, with_loops
from monitor.core.hardware import peaks
from monitor.core.models import Gpu, Measurement
from monitor.core.probe_verdict import healthy
from monitor.core.throughput import Estimate, estimate
from monitor.performance import load_probe_priors, load_throughput_model
from monitor.store import repo

RESOURCE = {"gemm": "compute", "copy": "memory"}


@dataclass(frozen=True, kw_only=True)
class OwnCard:
    """One card that was measured here: its newest rates, and per rate what a healthy one does (low, middle, high)."""

    gpu: str | None
    device_name: str
    device_kind: str
    status: str
    measurements: tuple[Measurement, ...]
    norms: Mapping[str, tuple[float, float, float]]


@cached
def own_cards() -> list[OwnCard]:
    """The newest run of each device that was measured here."""
    with read() as session:
        rows = repo.measurements_as_of(session, utc_now(), origin="local")
    newest: dict[str, list[Measurement]] = {}
    for row in sorted(rows, key=lambda row: row.measured_at, reverse=True):
        run = newest.setdefault(row.device_name, [])
        if not run or run[0].measured_at == row.measured_at:
            run.append(row)
    return [_own(run) for run in newest.values()]


@cached
def before_and_after(gpu: str) -> list[tuple[Estimate, Estimate]]:
    """For each kind of work what the datasheet says of a card, and what the measurement of the own card makes of it."""
    with read() as session:
        rows = repo.measurements_as_of(session, utc_now())
    known, model = catalog().gpus[gpu], load_throughput_model()
    plain = efficiencies(rows, catalog().gpus, load_probe_priors(), utc_now())
    factors = with_loops(plain, rows, catalog().gpus, model).get(gpu)
    pairs = [
        (estimate(known, workload, model), estimate(known, workload, model, efficiency=factors))
        for workload in catalog().workloads.values()
    ]
    return [(plain, own) for plain, own in pairs if plain.throughput and own.throughput]


def _own(run: list[Measurement]) -> OwnCard:
    first = run[0]
    gpu = catalog().gpus.get(first.gpu or "")
    norms = {f"{m.op} {m.precision}": norm for m in run if gpu and (norm := _norm(gpu, m))}
    return OwnCard(
        gpu=first.gpu,
        device_name=first.device_name,
        device_kind=first.device_kind,
        status=first.status,
        measurements=tuple(run),
        norms=norms,
    )


def _norm(gpu: Gpu, row: Measurement) -> tuple[float, float, float] | None:
    resource = RESOURCE.get(row.op)
    if resource is None or (resource == "compute" and row.precision not in ("bf16", "fp16")):
        return None
    peak = gpu.bandwidth_gb_s if resource == "memory" else peaks(gpu, row.precision).tflops
    belief = healthy(gpu, resource, load_probe_priors())
    if not peak or belief is None:
        return None
    low, middle, high = (peak * exp(belief.mean + z * belief.sd) for z in (-1.2816, 0.0, 1.2816))
    return low, middle, high
