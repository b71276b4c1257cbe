"""`python -m monitor.probe`: what the GPU in this machine is, and what it really does."""

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.probe.nvml import Device, Inventory


@click.command("probe", epilog="Example: python -m monitor.probe --inventory --json")
@click.option("--inventory", is_flag=True, help="Only say what is there; measure nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON.")
def probe_command(inventory: bool, as_json: bool) -> int:
    """List the GPUs of this machine with their state and limits.

    Exit codes: 0 good, 2 measured but degraded or wrong use, 3 nothing to measure, 4 stopped for safety.
    """
    from monitor.probe.inventory import take_inventory

    found = take_inventory()
    if as_json:
        click.echo(json.dumps(_as_json(found), indent=2))
    else:
        _print(found)
    return 0 if found.devices else 3


def _as_json(found: "Inventory") -> dict[str, Any]:
    names = {id(device): _catalogue_name(device) for device in found.devices}
    return {
        **asdict(found),
        "devices": [{"gpu": names[id(device)], **asdict(device)} for device in found.devices],
    }


def _catalogue_name(device: "Device") -> str | None:
    from monitor.catalog import load_catalog
    from monitor.core.matching import match_title

    if device.name is None:
        return None
    memory = f" {round(device.memory_total_mib / 1024)}GB" if device.memory_total_mib and device.kind == "gpu" else ""
    matcher = load_catalog().matcher
    return match_title(device.name + memory, matcher).gpu or match_title(device.name, matcher).gpu


def _print(found: "Inventory") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("GPU", "memory", "power now / limit / default", "clock now / max", "PCIe", "heat", "held down by")
    for device in found.devices:
        table.add_row(
            f"{device.index}: {_catalogue_name(device) or device.name or 'unknown'}"
            f"{' (MIG)' if device.kind == 'mig' else ''}",
            _of(device.memory_used_mib, device.memory_total_mib, "MiB"),
            _of(device.power_watts, device.power_limit_watts, device.power_default_watts, "W"),
            _of(device.sm_clock_mhz, device.sm_clock_max_mhz, "MHz"),
            f"gen {_one(device.pcie_generation)} of {_one(device.pcie_generation_max)}, "
            f"x{_one(device.pcie_width)} of x{_one(device.pcie_width_max)}",
            f"{_one(device.temperature_c)} C",
            "not known" if device.slow_reasons is None else ", ".join(device.slow_reasons) or "nothing",
        )
    console = Console()
    console.print(f"driver {found.driver or 'unknown'}, CUDA {found.cuda_driver or 'unknown'}")
    console.print(table)
    for name, reason in found.failed.items():
        console.print(f"{name} did not answer: {reason}", markup=False)


def _of(*values: Any) -> str:
    *numbers, unit = values
    return " / ".join(_one(number) for number in numbers) + f" {unit}"


def _one(value: float | None) -> str:
    return "?" if value is None else f"{value:,.0f}"


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
