"""One GPU from its inventory to a finished run: state before, backend, plan, run, verdict."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from monitor import __version__
from monitor.catalog import Catalog
from monitor.core.matching import match_title
from monitor.core.models import Gpu
from monitor.core.probe_blocks import StepResult
from monitor.core.probe_loops import LOOPS
from monitor.core.probe_record import Run, boost_mhz
from monitor.core.probe_verdict import CardState, busy, judge
from monitor.errors import ProbeUnavailable
from monitor.performance import load_probe_priors
from monitor.probe.backends import numpy_backend, open_backend
from monitor.probe.loops import measure_loop
from monitor.probe.nvml import Device, Inventory
from monitor.probe.plan import WARM_SECONDS, room_bytes, steps
from monitor.probe.run import Limits, Outcome, Progress, Runner, Telemetry
from monitor.probe.telemetry import NoTelemetry, NvmlTelemetry
from monitor.probe.torch_workbench import TorchWorkbench
from monitor.probe.workbench import Workbench

CPU_ROOM = 2**29
LOOP_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the user asked for."""

    mode: str = "default"
    backend: str = "auto"
    max_seconds: float = 0.0  # 0: what the mode takes
    allow_busy: bool = False
    loops: bool = False  # real training and decoding too


def catalogue_gpu(device: Device, catalog: Catalog) -> Gpu | None:
    """The catalogue's GPU behind a driver's name; its memory tells variants of one name apart."""
    if device.name is None:
        return None
    names = [device.name]
    if device.memory_total_mib and device.kind == "gpu":
        names.insert(0, f"{device.name} {round(device.memory_total_mib / 1024)}GB")
    found = (match_title(name, catalog.matcher).gpu for name in names)
    name = next((gpu for gpu in found if gpu is not None), None)
    return catalog.gpus.get(name) if name else None


def state_of(device: Device, gpu: Gpu | None) -> CardState:
    """The part of the inventory that the verdict looks at."""
    return CardState(
        kind=device.kind,
        power_limit_watts=device.power_limit_watts,
        power_default_watts=device.power_default_watts,
        power_max_watts=device.power_max_watts,
        power_watts=device.power_watts,
        pcie_generation_max=device.pcie_generation_max,
        pcie_width_max=device.pcie_width_max,
        utilization_percent=device.utilization_percent,
        memory_used_mib=device.memory_used_mib,
        memory_total_mib=device.memory_total_mib,
        boost_mhz=boost_mhz(gpu, device.cores, device.compute_capability),
    )


def measure(
    device: Device, inventory: Inventory, catalog: Catalog, wish: Wish, now: datetime, progress: Progress
) -> Run:
    """Measure one GPU; raises `ProbeUnavailable` where it is in use or no backend can reach it."""
    gpu = catalogue_gpu(device, catalog)
    state = state_of(device, gpu)
    if (why := busy(state)) and not wish.allow_busy:
        raise ProbeUnavailable(f"{device.name} is in use: {why}. End that first, or measure anyway with --allow-busy")
    bench = open_backend(wish.backend, device.uuid)
    telemetry = NvmlTelemetry(device.bus_id) if device.bus_id and device.kind == "gpu" else NoTelemetry()
    used, total = device.memory_used_mib or 0.0, device.memory_total_mib or 4096.0
    room = room_bytes((total - used) * 2**20, display=bool(device.display_active))
    started = time.monotonic()
    try:
        outcome = _run(bench, telemetry, _limits(device, room, wish), wish, progress)
        if wish.loops and not outcome.stopped:
            outcome = replace(outcome, results=outcome.results + _loops(bench))
    finally:
        telemetry.close()
    software = {
        "driver": inventory.driver or "",
        "cuda_driver": inventory.cuda_driver or "",
        "backend": bench.name,
        "probe": __version__,
    }
    verdict = judge(device.name or "this GPU", gpu, state, outcome.results, load_probe_priors())
    return Run(
        gpu=gpu.name if gpu else None,
        device={**asdict(device)},
        software=software,
        mode=wish.mode,
        measured_at=now,
        seconds=time.monotonic() - started,
        results=outcome.results,
        verdict=verdict,
        stopped=outcome.stopped,
        danger=outcome.danger,
    )


def measure_cpu(wish: Wish, now: datetime, progress: Progress) -> Run:
    """The same on the processor: to try the probe out. It calibrates nothing."""
    bench, started = numpy_backend(), time.monotonic()
    limits = Limits(slowdown_c=None, room=CPU_ROOM, max_seconds=wish.max_seconds or 120.0)
    outcome = _run(bench, NoTelemetry(), limits, wish, progress)
    return Run(
        gpu=None,
        device={"kind": "cpu", "name": "processor"},
        software={"backend": bench.name, "probe": __version__},
        mode=wish.mode,
        measured_at=now,
        seconds=time.monotonic() - started,
        results=outcome.results,
        verdict=judge("the processor", None, CardState(kind="cpu"), outcome.results, load_probe_priors()),
        stopped=outcome.stopped,
        danger=outcome.danger,
    )


def _loops(bench: Workbench) -> tuple[StepResult, ...]:
    if not isinstance(bench, TorchWorkbench):
        raise ProbeUnavailable("--workload runs a real training loop, which needs torch: install it, or leave it out")
    bench.release()
    return tuple(measure_loop(bench.torch, bench.device, loop, LOOP_SECONDS) for loop in LOOPS.values())


def _limits(device: Device, room: int, wish: Wish) -> Limits:
    return Limits(slowdown_c=device.slowdown_temperature_c, room=room, max_seconds=wish.max_seconds or 600.0)


def _run(bench: Workbench, telemetry: Telemetry, limits: Limits, wish: Wish, progress: Progress) -> Outcome:
    planned = steps(wish.mode, bench.main_precision, bench.supports)
    clock: Callable[[], float] = time.monotonic
    return Runner(bench, telemetry, clock, limits, progress).run(planned, WARM_SECONDS[wish.mode])
