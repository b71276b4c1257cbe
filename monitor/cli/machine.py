"""`gpu-limbo build` and `gpu-limbo rent`: the machine around the cards, and owning against renting."""

from __future__ import annotations

import json
import math
import os
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.terminal import wrapped

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.core.build import Check, Machine
    from monitor.core.models import Gpu, StreetPrice, Workload
    from monitor.core.rent import RentOrBuy


class Positive(click.FloatRange):
    """A number above 0 and no more than ten million; not nan."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if number != number:
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


DEFAULT_HOURS = 6.0  # a day, where the user does not say
POSITIVE = Positive(min=0, min_open=True, max=1e7)


@click.command(
    short_help="The machine around the cards: what is missing.",
    epilog="Example: gpu-limbo build --gpu 'RTX 3090' --cards 2 --workload lora-8b --ram 64 --psu 1000",
)
@click.option("--gpu", "name", required=True, help="The card.")
@click.option("--cards", type=click.IntRange(1, 64), default=1, show_default=True, help="How many of it.")
@click.option("--workload", "slug", default="transformer-pretrain", show_default=True, help="The kind of work.")
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
    checks = check_build(gpu, cards, workload, machine, rate, data)
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


@click.command(
    short_help="Own or rent: from how many hours a day it pays to buy.",
    epilog="Example: gpu-limbo rent --gpu 'RTX 4090' --price 1800 --rent-per-hour 0.40 --hours 6",
)
@click.option("--gpu", "name", help="The card to own; without it, what renting costs for this work, TPUs included.")
@click.option("--offer", "offers", multiple=True, help="A price you know, an hour and card: 'TPU v5e=1.20'.")
@click.option("--price", type=POSITIVE, help="What it costs; the newest known price where absent.")
@click.option("--used", is_flag=True, help="It is bought used.")
@click.option("--rented", help="The card to rent; the same where absent.")
@click.option(
    "--rent-per-hour", "hourly", type=POSITIVE, help="What renting costs; the newest known price where absent."
)
@click.option("--spot", is_flag=True, help="Spot machines: a twentieth of the hours is lost to interruptions.")
@click.option("--workload", "slug", default="transformer-pretrain", show_default=True, help="The kind of work.")
@click.option("--years", type=click.FloatRange(0.25, 10), default=3.0, show_default=True, help="How long it is kept.")
@click.option("--power-price", type=click.FloatRange(0, 5), default=0.25, show_default=True, help="Price of a kWh.")
@click.option("--hours", type=click.FloatRange(0, 24), help="Your hours a day, for a plain answer.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on stdout.")
def rent_command(
    name: str | None,
    offers: tuple[str, ...],
    price: float | None,
    used: bool,
    rented: str | None,
    hourly: float | None,
    spot: bool,
    slug: str,
    years: float,
    power_price: float,
    hours: float | None,
    as_json: bool,
) -> int:
    """Owning against renting: from how many hours a day it pays to buy; or, without --gpu, what to rent."""
    if name is None:
        return _what_to_rent(slug, offers, as_json)
    from monitor.catalog import load_catalog
    from monitor.core.ownership import OwnershipTerms
    from monitor.core.rent import Rental, delay_cost_per_week, rent_or_buy
    from monitor.core.throughput import single_card_rate
    from monitor.performance import load_throughput_model

    catalog, model = load_catalog(), load_throughput_model()
    own, other, workload = catalog.accelerator(name), catalog.accelerator(rented or name), catalog.workload(slug)
    price = price or known_price(own.name, "used" if used else "new")
    hourly = hourly or known_price(other.name, "rental")
    mine, theirs = (single_card_rate(card, workload, model) for card in (own, other))
    speed = theirs / mine if mine and theirs else 1.0
    rental = Rental(
        price_per_hour=hourly,
        speed=speed,
        speed_sd=0.02 if own.name == other.name else 0.20,
        lost_share=0.05 if spot else 0.02,
    )
    terms = OwnershipTerms(years=years, power_price_kwh=power_price)
    found = rent_or_buy(own, price, terms, rental, used=used)
    daily = DEFAULT_HOURS if hours is None else hours
    kinds = ("rent", "nothing", "lost")
    delay = {instead: delay_cost_per_week(own, price, terms, daily, instead, rental) for instead in kinds}
    if as_json:
        told = {**asdict(found), "price": price, "rent_per_hour": hourly, "delay_cost_per_week": delay}
        click.echo(json.dumps(_finite(told), indent=1))
        return 0
    click.echo(f"{own.name} at {price:,.0f} against {other.name} at {hourly:.2f} an hour, over {years:g} years:")
    click.echo(wrapped(found.sentence, 2))
    _print_curve(found)
    click.echo(f"A week without it, at {daily:g} h a day, costs of its price:")
    click.echo(
        f"  {delay['rent']:.1%} if you rent meanwhile, {delay['lost']:.1%} if the work is lost, 0 if it can wait"
    )
    if hours is not None:
        click.echo(f"At {hours:g} h a day: {'buy' if found.hours_a_day and hours > found.hours_a_day else 'rent'}.")
    return 0


def _print_curve(found: RentOrBuy) -> None:
    """What the threshold hangs on, and both costs by hours a day."""
    for one in found.sensitivities:
        click.echo(f"  {one.name}: {min(one.low, 99):.1f} to {min(one.high, 99):.1f} h a day")
    for point in found.curve:
        click.echo(f"  {point.hours_a_day:>4g} h a day: owning {point.owning:>10,.0f}  renting {point.renting:>10,.0f}")


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
        formula="throughput over cost of ownership at its launch price; arithmetic falls with the limit to the 0.3",
        source="3090 from 350 to 280 W: over 95 % kept; from 480 to 280 W: 80 to 90 % kept; decoding loses nothing",
        advice=f"{limit.watts:.0f} W {loss} and gives {limit.gain:.0%} more for the money",
    )


def _what_to_rent(slug: str, offers: tuple[str, ...], as_json: bool) -> int:
    """Rented cards and accelerators by dollars for a million units of work, and TPU against GPU."""
    from monitor.catalog import load_catalog
    from monitor.cli.value import known_prices
    from monitor.clock import utc_now
    from monitor.core.phrases import figure
    from monitor.core.value import rental_options, tpu_or_gpu
    from monitor.performance import load_throughput_model

    catalog = load_catalog()
    workload = catalog.workload(slug)
    given = [_offered(text, utc_now()) for text in offers]
    prices, dated, dollars = known_prices()
    prices += given
    gpus = {**catalog.gpus, **catalog.reference}
    options = rental_options(gpus, workload, prices, load_throughput_model(), dollars)
    sentence = tpu_or_gpu(options, workload)
    if as_json:
        listed = [asdict(option) for option in options]
        click.echo(json.dumps({"workload": slug, "options": listed, "tpu_or_gpu": sentence}, indent=1))
        return 0 if options else 1
    if not options:
        click.echo("No rental prices are known: crawl, import, or give one with --offer 'H100 SXM=2.50'.", err=True)
        return 1
    if dated:
        click.echo(f"Prices are as old as {dated}.", err=True)
    click.echo(f"Dollars an hour, and dollars for a million {workload.unit.removesuffix('/s')} (80 % interval):")
    for one in options[:25]:
        figures = f"{figure(one.dollars_per_million):>9}  {figure(one.low)} to {figure(one.high)}"
        name = one.gpu if one.cards == 1 else f"{one.cards} x {one.gpu}"
        click.echo(f"{name:24} {one.region[:12]:12} {one.cards * one.dollars_per_hour:>7.2f} {figures}")
    click.echo(wrapped(sentence, 2))
    return 0


def _offered(text: str, now: datetime) -> StreetPrice:
    """A price given by hand: "TPU v5e=1.20"."""
    from decimal import Decimal

    from monitor.catalog import load_catalog
    from monitor.core.models import Condition, Market, Money, StreetPrice

    name, _, amount = text.rpartition("=")
    try:
        price = Decimal(amount)
    except ArithmeticError:
        price = Decimal(0)
    if not name or not price.is_finite() or price <= 0:
        raise click.UsageError(f"--offer {text!r}: write the card, =, and dollars an hour: 'TPU v5e=1.20'")
    return StreetPrice(
        gpu=load_catalog().accelerator(name.strip()).name,
        condition=Condition.RENTAL,
        region="given",
        price=Money(amount=price, currency="USD"),
        n=1,
        shops=1,
        low=price,
        high=price,
        spread=0.0,
        seen_on=now.date(),
        carried=False,
        market=Market.CLOUD,
    )


def known_price(gpu: str, condition: str) -> float:
    """The newest known price in dollars; raises `UsageError` that says how to give one."""
    from monitor.cli.value import known_prices
    from monitor.errors import UsageError

    found = [
        float(price.price.amount)
        for price in known_prices()[0]
        if price.gpu == gpu and str(price.condition) == condition and price.price.currency == "USD"
    ]
    if not found:
        option = "--rent-per-hour" if condition == "rental" else "--price"
        raise UsageError(f"no {condition} price of {gpu} is known: give one with {option}")
    return sorted(found)[len(found) // 2]


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


def _finite(value: Any) -> Any:
    """The same with `None` for numbers that JSON cannot hold."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
