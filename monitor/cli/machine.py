"""`gpu-limbo build`: the machine around the cards."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.terminal import wrapped
from monitor.core.usual import USUAL_WORK

if TYPE_CHECKING:
    from monitor.core.build import Check, Machine
    from monitor.core.models import Gpu, Workload


class Positive(click.FloatRange):
    """A number above 0 and no more than ten million; not nan."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if number != number:
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


POSITIVE = Positive(min=0, min_open=True, max=1e7)


@click.command(
    short_help="The machine around the cards: what is missing.",
    epilog="Example: gpu-limbo build --gpu 'RTX 3090' --cards 2 --workload lora-8b --ram 64 --psu 1000",
)
@click.option("--gpu", "name", required=True, help="The card.")
@click.option("--cards", type=click.IntRange(1, 64), default=1, show_default=True, help="How many of it.")
@click.option("--workload", "slug", default=USUAL_WORK, show_default=True, help="The kind of work.")
@click.option("--here", is_flag=True, help="Read memory, processor, link and disk of this machine.")
@click.option("--ram", type=POSITIVE, help="RAM in GB.")
@click.option("--cores", type=click.IntRange(1, 4096), help="Processor cores.")
@click.option("--lanes", type=click.IntRange(1, 16), help="PCIe lanes of each card.")
@click.option("--pcie", type=click.IntRange(3, 5), help="PCIe generation.")
@click.option("--psu", type=POSITIVE, help="Power supply in watts.")
@click.option("--disk", type=POSITIVE, help="Disk in GB.")
@click.option("--data", type=click.FloatRange(0, 1e7), default=0.0, help="Size of the data set in GB.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on stdout.")
def build_command(
    name: str,
    cards: int,
    slug: str,
    here: bool,
    ram: float | None,
    cores: int | None,
    lanes: int | None,
    pcie: int | None,
    psu: float | None,
    disk: float | None,
    data: float,
    as_json: bool,
) -> int:
    """Check the machine around the cards: what is missing, and what money is wasted."""
    from monitor.catalog import load_catalog
    from monitor.cli.known import own_preferences
    from monitor.core.build import Machine, check_build
    from monitor.core.throughput import single_card_rate
    from monitor.performance import load_throughput_model

    catalog = load_catalog()
    gpu, workload = catalog.accelerator(name), catalog.workload(slug)
    machine = this_machine() if here else Machine()
    given = {"ram_gb": ram, "cpu_cores": cores, "lanes_per_card": lanes, "pcie_generation": pcie}
    given |= {"psu_watts": psu, "disk_gb": disk}
    machine = replace(machine, **{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]
    rate = single_card_rate(gpu, workload, load_throughput_model())
    checks = check_build(gpu, cards, workload, machine, rate, data, own_preferences().region)
    if limit := _power_limit(gpu, workload):
        checks.append(limit)
    if as_json:
        click.echo(json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=1))
    else:
        for check in checks:
            click.echo(wrapped(f"{check.state:9} {check.part:18} have {check.have or '?'}, need {check.need}", 29))
            click.echo(wrapped(f"{'':9} {check.formula} ({check.source})", 10))
            if check.advice:
                click.echo(wrapped(f"{'':9} -> {check.advice}", 13))
    return 1 if any(check.state == "fails" for check in checks) else 0


def _power_limit(gpu: Gpu, workload: Workload) -> Check | None:
    """The limit that gives most for the money at the launch price; `None` where price or power is unknown."""
    from monitor.core.build import Check
    from monitor.core.ownership import OwnershipTerms
    from monitor.core.power import best_power_limit
    from monitor.core.throughput import estimate
    from monitor.performance import load_throughput_model

    shares = estimate(gpu, workload, load_throughput_model()).shares or {"compute": 0.6}
    limit = best_power_limit(gpu, gpu.msrp_usd, OwnershipTerms(), shares, workload.family) if gpu.msrp_usd else None
    if limit is None or limit.gain < 0.01 or gpu.power_watts is None:
        return None
    loss = f"costs {limit.loss:.0%} of the speed ({limit.loss_low:.0%} to {limit.loss_high:.0%})"
    return Check(
        part="power limit",
        state="ok",
        have=f"{gpu.power_watts:.0f} W",
        need=f"{limit.watts:.0f} W",
        formula="throughput over cost of ownership at launch price; arithmetic goes with the limit to the power of 0.3",
        source="3090 from 350 to 280 W: over 95 % kept; from 480 to 280 W: 80 to 90 % kept; decoding loses nothing",
        advice=f"{limit.watts:.0f} W {loss} and gives {limit.gain:.0%} more for the money",
    )


def this_machine() -> Machine:
    """What can be read of this machine without rights: RAM, cores, the first GPU's link, free disk."""
    from monitor.core.build import Machine

    generation, lanes = _first_link()
    return Machine(
        ram_gb=_ram_gb(),
        cpu_cores=os.cpu_count(),
        pcie_generation=generation,
        lanes_per_card=lanes,
        disk_gb=shutil.disk_usage(Path.home()).total / 1e9,
    )


def _ram_gb() -> float | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (ValueError, OSError, AttributeError):
        return None


def _first_link() -> tuple[int | None, int | None]:
    """PCIe generation and width of the first display device, from sysfs; `None` where it says nothing."""
    speeds = {"8.0": 3, "16.0": 4, "32.0": 5, "64.0": 6}
    for device in sorted(Path("/sys/bus/pci/devices").glob("*")):
        try:
            if not (device / "class").read_text().startswith(("0x0300", "0x0302", "0x0380", "0x1200")):
                continue
            speed = (device / "max_link_speed").read_text().split()[0]
            width = int((device / "max_link_width").read_text())
        except (OSError, ValueError, IndexError):
            continue
        if width > 0:
            return speeds.get(speed), width
    return None, None
