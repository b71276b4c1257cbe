"""`python -m monitor.probe`: what the GPU in this machine is, and what it really does."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.errors import MonitorError, ProbeUnavailable, UsageError

if TYPE_CHECKING:
    from monitor.core.probe_record import Run
    from monitor.probe.nvml import Device, Inventory
    from monitor.probe.session import Wish


@click.command("probe", epilog="Example: python -m monitor.probe --quick --json")
@click.option("--gpu", "which", default="", metavar="INDEX|UUID|all", help="Which GPU; the first where absent.")
@click.option("--inventory", is_flag=True, help="Only say what is there; measure nothing.")
@click.option("--explain", is_flag=True, help="Say what would run here, for how long, and why a step would not.")
@click.option("--quick", "mode", flag_value="quick", help="About 15 seconds.")
@click.option("--full", "mode", flag_value="full", help="About 5 minutes.")
@click.option("--workload", "loops", is_flag=True, help="Also run a small real training and decode loop (torch, 20 s).")
@click.option("--backend", default="auto", metavar="auto|torch|cupy|numpy", help="numpy measures the processor.")
@click.option("--max-seconds", type=click.FloatRange(1, 3600), help="End earlier than the mode would.")
@click.option("--allow-busy", is_flag=True, help="Measure although somebody else uses the card.")
@click.option("--share", "share", type=click.Path(dir_okay=False), help="Write an anonymous record to this file.")
@click.option("--no-store", is_flag=True, help="Do not keep the figures in the database.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON, one object for each GPU.")
def probe_command(which: str, inventory: bool, explain: bool, share: str | None, **options: Any) -> int:
    """Measure the GPUs of this machine and say whether they are as good as their model.

    Nothing is ever set on a card. Exit codes: 0 good, 2 degraded (or wrong use), 3 nothing to measure, 4 stopped for
    the card's safety.
    """
    from monitor.probe.session import Wish

    as_json, mode = bool(options["as_json"]), options["mode"] or "default"
    wish = Wish(
        mode=mode,
        backend=options["backend"],
        max_seconds=options["max_seconds"] or 0.0,
        allow_busy=bool(options["allow_busy"]),
        loops=bool(options["loops"]),
    )
    if explain:
        return _explain(wish)
    if wish.backend == "numpy" and not inventory:
        return _finish([_measure_cpu(wish, as_json)], as_json, share, store=not options["no_store"])
    from monitor.probe.inventory import take_inventory

    found = take_inventory()
    if inventory:
        return _show_inventory(found, as_json)
    devices = _chosen(found, which)
    if len(devices) > 1:
        return _one_after_another(devices)
    return _finish([_measure(devices[0], found, wish, as_json)], as_json, share, store=not options["no_store"])


def _chosen(found: "Inventory", which: str) -> "list[Device]":
    if not found.devices:
        raise ProbeUnavailable("no GPU answers here: " + ("; ".join(found.failed.values()) or "the driver lists none"))
    if which == "all":
        return list(found.devices)
    for device in found.devices:
        if which in (str(device.index), device.uuid, ""):
            return [device]
    known = ", ".join(f"{device.index} ({device.uuid})" for device in found.devices)
    raise UsageError(f"there is no GPU {which!r} here; there are: {known}")


def _one_after_another(devices: "list[Device]") -> int:
    """Each GPU in a process of its own, since a backend sees only the one that it was started with."""
    import subprocess

    others = [arg for arg in sys.argv[1:] if arg != "all" and arg != "--gpu" and not arg.startswith("--gpu=")]
    codes = [
        subprocess.run([sys.executable, "-m", "monitor.probe", "--gpu", str(device.uuid), *others]).returncode
        for device in devices
    ]
    return max(codes)


def _measure(device: "Device", found: "Inventory", wish: "Wish", as_json: bool) -> "Run":
    from rich.console import Console

    from monitor.catalog import load_catalog
    from monitor.clock import utc_now
    from monitor.probe.report import shown_progress
    from monitor.probe.session import measure

    with shown_progress(Console(stderr=True, quiet=as_json)) as progress:
        return measure(device, found, load_catalog(), wish, utc_now(), progress)


def _measure_cpu(wish: "Wish", as_json: bool) -> "Run":
    from rich.console import Console

    from monitor.clock import utc_now
    from monitor.probe.report import shown_progress
    from monitor.probe.session import measure_cpu

    with shown_progress(Console(stderr=True, quiet=as_json)) as progress:
        return measure_cpu(wish, utc_now(), progress)


def _finish(runs: "list[Run]", as_json: bool, share: str | None, *, store: bool) -> int:
    from rich.console import Console

    from monitor.core.probe_record import to_record
    from monitor.probe.report import print_run

    for run in runs:
        if as_json:
            click.echo(json.dumps(to_record(run)))
        else:
            print_run(run, Console())
    if share:
        lines = [json.dumps(to_record(run, shared=True)) for run in runs]
        Path(share).write_text("\n".join(lines) + "\n", encoding="utf-8")
        click.echo(f"An anonymous record stands in {share}.", err=True)
    if store:
        _store(runs)
    if any(run.danger for run in runs):
        return 4
    return 2 if any(run.verdict.status != "ok" for run in runs) else 0


def _store(runs: "list[Run]") -> None:
    """All rows of a run in one transaction: a torn run stores nothing half."""
    from monitor.catalog import load_catalog
    from monitor.clock import utc_now
    from monitor.core.probe_record import to_measurements
    from monitor.settings import load_settings
    from monitor.store import repo
    from monitor.store.engine import open_store, session_scope

    gpus = load_catalog().gpus
    rows = [row for run in runs for row in to_measurements(run, gpus.get(run.gpu or ""))]
    with session_scope(open_store(load_settings().database)) as session:
        repo.add_measurements(session, rows, utc_now())


def _explain(wish: "Wish") -> int:
    from rich.console import Console

    from monitor.probe.backends import numpy_backend, open_backend
    from monitor.probe.inventory import take_inventory
    from monitor.probe.plan import budget_seconds, steps
    from monitor.probe.report import print_plan

    console = Console()
    try:
        devices = [] if wish.backend == "numpy" else list(take_inventory().devices)
        bench = open_backend(wish.backend, devices[0].uuid if devices else None) if devices else numpy_backend()
        console.print(f"backend: {bench.name}", markup=False)
    except ProbeUnavailable as error:
        console.print(str(error), markup=False)
        console.print("So nothing would be measured. On the processor (--backend numpy) it would be:", markup=False)
        bench = numpy_backend()
    planned = steps(wish.mode, bench.main_precision, bench.supports)
    print_plan(planned, budget_seconds(planned, wish.mode), console)
    return 0


def _show_inventory(found: "Inventory", as_json: bool) -> int:
    from rich.console import Console

    from monitor.catalog import load_catalog
    from monitor.probe.report import print_inventory
    from monitor.probe.session import catalogue_gpu

    gpus = [catalogue_gpu(device, load_catalog()) for device in found.devices]
    if as_json:
        devices = [{"gpu": gpu.name if gpu else None, **asdict(d)} for d, gpu in zip(found.devices, gpus, strict=True)]
        click.echo(json.dumps({**asdict(found), "devices": devices}, indent=2))
    else:
        names = [gpu.name if gpu else d.name or "unknown" for d, gpu in zip(found.devices, gpus, strict=True)]
        print_inventory(found, names, Console())
    return 0 if found.devices else 3


def run(args: list[str]) -> int:
    """Run the probe and return its exit code; a foreseen failure is one sentence on stderr."""
    try:
        return probe_command.main(args=args, prog_name="python -m monitor.probe", standalone_mode=False) or 0
    except click.ClickException as error:
        error.show(file=sys.stderr)
        return error.exit_code
    except MonitorError as error:
        click.echo(f"probe: {error}", err=True)
        return error.exit_code
    except (KeyboardInterrupt, click.exceptions.Abort):
        click.echo("Stopped.", err=True)
        return 130


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
