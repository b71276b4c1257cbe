"""What a person sees of a run: progress while it goes, a table and a verdict at its end."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bars
from rich.table import Table

from monitor.core.phrases import figure
from monitor.core.probe_blocks import Sample, StepResult
from monitor.core.probe_record import Run
from monitor.probe.nvml import Device, Inventory
from monitor.probe.plan import Step
from monitor.probe.run import Progress


@contextmanager
def shown_progress(console: Console) -> Iterator[Progress]:
    """Bars on a terminal with the live rate, MHz, W and C; nothing where there is none."""
    if not console.is_terminal:
        yield Progress()
        return
    columns = (TextColumn("{task.description:24s}"), BarColumn(), TextColumn("{task.fields[live]}"))
    with Bars(*columns, console=console, transient=True) as bars:
        known: dict[str, int] = {}

        def step(what: Step, share: float, sample: Sample | None, rate: float) -> None:
            if what.name not in known:
                known[what.name] = bars.add_task(what.name, total=1.0, live="")
            live = f"{rate:9.1f}"
            if sample:
                parts = ((sample.sm_mhz, "MHz"), (sample.power_watts, "W"), (sample.temperature_c, "C"))
                live += "  " + "  ".join(f"{value:.0f} {unit}" for value, unit in parts if value is not None)
            bars.update(known[what.name], completed=min(share, 1.0), live=live)  # type: ignore[arg-type]

        yield Progress(step=step)


def print_run(run: Run, console: Console) -> None:
    """The table of rates, then the verdict and what was found."""
    table = Table("step", "sustained", "burst", "spread", "clock", "power", "note", title=run.gpu or "this device")
    for result in run.results:
        if result.status != "unsupported":
            table.add_row(*_row(result))
    console.print(table)
    missing = [f"{result.name} ({result.note})" for result in run.results if result.status == "unsupported"]
    if missing:
        console.print(f"not measured: {', '.join(missing)}", markup=False)
    console.print(f"[bold]{run.verdict.status.upper()}[/bold]: ", end="")
    console.print(run.verdict.headline, markup=False)
    for finding in run.verdict.findings:
        console.print(f" - {finding.text}", markup=False)
    if run.stopped:
        console.print(run.stopped, markup=False)


def print_plan(planned: list[Step], seconds: float, console: Console) -> None:
    """What would run here, and why a step would not."""
    table = Table("step", "seconds", "why not", title=f"at most {seconds:.0f} s after the backend is loaded")
    for step in planned:
        table.add_row(step.name, "-" if step.why_not else f"{step.seconds:.1f}", step.why_not)
    console.print(table)


def print_inventory(found: Inventory, names: list[str], console: Console) -> None:
    """One row for each GPU and slice; what was not answered is a question mark."""
    console.print(f"driver {found.driver or 'unknown'}, CUDA {found.cuda_driver or 'unknown'}", markup=False)
    table = Table("GPU", "memory", "power now / limit / default", "clock now / max", "PCIe", "heat", "held down by")
    for device, name in zip(found.devices, names, strict=True):
        table.add_row(*_device_row(device, name))
    console.print(table)
    for name, reason in found.failed.items():
        console.print(f"{name} did not answer: {reason}", markup=False)


def _device_row(device: Device, name: str) -> list[str]:
    return [
        f"{device.index}: {name}{' (MIG)' if device.kind == 'mig' else ''}",
        _of("MiB", device.memory_used_mib, device.memory_total_mib),
        _of("W", device.power_watts, device.power_limit_watts, device.power_default_watts),
        _of("MHz", device.sm_clock_mhz, device.sm_clock_max_mhz),
        f"gen {_one(device.pcie_generation)} of {_one(device.pcie_generation_max)}, "
        f"x{_one(device.pcie_width)} of x{_one(device.pcie_width_max)}",
        f"{_one(device.temperature_c)} C",
        "not known" if device.slow_reasons is None else ", ".join(device.slow_reasons) or "nothing",
    ]


def _row(result: StepResult) -> list[str]:
    if result.median is None:
        return [result.name, "-", "-", "-", "-", "-", f"{result.status}: {result.note}"]
    held = ", ".join(f"{name} {share:.0%}" for name, share in result.reasons.items() if share > 0.05)
    return [
        result.name,
        f"{figure(result.median, 4)} {result.unit}",
        f"{figure(result.burst or 0, 4)}",
        f"{result.rel_mad:.1%}",
        f"{_one(result.sm_mhz)} MHz",
        f"{_one(result.power_watts)} W",
        result.note or held,
    ]


def _of(unit: str, *values: float | None) -> str:
    return " / ".join(_one(number) for number in values) + f" {unit}"


def _one(value: float | None) -> str:
    return "?" if value is None else f"{value:,.0f}"
