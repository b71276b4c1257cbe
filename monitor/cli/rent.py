"""`gpu-limbo rent`: owning against renting, and what to rent."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.machine import POSITIVE
from monitor.cli.terminal import wrapped
from monitor.core.usual import USUAL_HOURS, USUAL_WORK, USUAL_YEARS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from monitor.core.models import Gpu, StreetPrice, Workload
    from monitor.core.rent import CurvePoint, RentOrBuy

MOST_SHOWN = 25


@click.command(
    short_help="Own or rent: from how many hours it pays to buy.",
    epilog="Example: gpu-limbo rent --gpu 'RTX 4090' --price 1800 --rent-per-hour 0.40 --month-hours 200",
)
@click.option("--gpu", "name", help="The card to own; without it, what renting costs for this work, TPUs included.")
@click.option("--offer", "offers", multiple=True, help="A price you know, an hour and card: 'TPU v5e=1.20'.")
@click.option("--price", type=POSITIVE, help="What it costs in dollars; the newest known price where absent.")
@click.option("--used", is_flag=True, help="It is bought used.")
@click.option("--rented", help="The card to rent; the same where absent.")
@click.option(
    "--rent-per-hour",
    "hourly",
    type=POSITIVE,
    help="What renting costs in dollars; the newest known price where absent.",
)
@click.option("--spot", is_flag=True, help="Spot machines: a twentieth of the hours is lost to interruptions.")
@click.option("--workload", "slug", default=USUAL_WORK, show_default=True, help="The kind of work.")
@click.option(
    "--years", type=click.FloatRange(0.25, 10), default=USUAL_YEARS, show_default=True, help="How long it is kept."
)
@click.option("--power-price", type=click.FloatRange(0, 5), help="Price of a kWh in dollars; yours where absent.")
@click.option("--hours", type=click.FloatRange(0, 24), help="Your hours a day, for a plain answer.")
@click.option("--month-hours", type=click.FloatRange(0, 730), help="The same by the month.")
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
    power_price: float | None,
    hours: float | None,
    month_hours: float | None,
    as_json: bool,
) -> int:
    """Owning against renting: from how many hours a day it pays to buy; or, without --gpu, what to rent.

    What is not given is as on the page Rent or buy: the newest price of your country or the middle one of all, the
    work, the years, your price of a kWh. Amounts are in US dollars, with your currency beside them.
    """
    if name is None:
        return _what_to_rent(slug, offers, as_json)
    if hours is not None and month_hours is not None:
        raise click.UsageError("give --hours a day or --month-hours, not both")
    from monitor.catalog import load_catalog
    from monitor.cli.known import own_terms
    from monitor.core.amounts import written
    from monitor.core.rent import DAYS_A_MONTH, costs_at, delay_cost_per_week, rent_or_buy
    from monitor.core.rent_question import rental_of
    from monitor.performance import load_throughput_model

    catalog = load_catalog()
    own, other, workload = catalog.accelerator(name), catalog.accelerator(rented or name), catalog.workload(slug)
    price, bought_on = (price, "") if price else known_price(own.name, "used" if used else "new")
    hourly, rented_on = (hourly, "") if hourly else known_price(other.name, "rental")
    rental = rental_of(own, other, workload, hourly, load_throughput_model(), spot=spot)
    terms = own_terms(years)
    terms = terms if power_price is None else replace(terms, power_price_kwh=power_price)
    found = rent_or_buy(own, price, terms, rental, used=used)
    asked = month_hours / DAYS_A_MONTH if month_hours is not None else hours
    daily = USUAL_HOURS if asked is None else asked
    delay = {how: delay_cost_per_week(own, price, terms, daily, how, rental) for how in ("rent", "nothing", "lost")}
    if as_json:
        told = {**asdict(found), "price": price, "rent_per_hour": hourly, "delay_cost_per_week": delay}
        click.echo(json.dumps(_finite(told), indent=1))
        return 0
    if old := min(filter(None, (bought_on, rented_on)), default=""):
        click.echo(f"Prices are as old as {old}.", err=True)
    mine = _own_currency()
    buying, renting = f"{price:,.0f} USD{mine(price)}", f"{written(hourly)} USD{mine(hourly)}"
    click.echo(wrapped(f"{own.name} at {buying} against {other.name} at {renting} an hour, over {years:g} years:", 2))
    _print_curve(found)
    click.echo(f"A week without it, at {daily:.3g} h a day, costs of its price:")
    click.echo(
        f"  {delay['rent']:.1%} if you rent meanwhile, {delay['lost']:.1%} if the work is lost, 0 if it can wait"
    )
    if asked is not None:
        _print_answer(found, costs_at(own, price, terms, rental, asked, used=used), years, mine)
    _say_what_does_not_fit((own, other), workload)
    return 0


def _own_currency() -> Callable[[float], str]:
    """How dollars are told in the owner's currency, beside them: " (1,656 EUR)"; "" where that is the dollar."""
    from monitor.cli.known import own_preferences
    from monitor.core.amounts import shown_decimals
    from monitor.core.rent_question import from_dollars
    from monitor.rates import dollars_by_currency, load_rates
    from monitor.settings import load_settings

    own = own_preferences().currency
    dollars = dollars_by_currency({own}, load_rates(load_settings().home)) if own != "USD" else {}

    def told(amount: float) -> str:
        money = from_dollars(amount, own, dollars)
        return f" ({money.amount:,.{shown_decimals(money.amount)}f} {own})" if money else ""

    return told


def _print_curve(found: RentOrBuy) -> None:
    """The threshold, what it hangs on, and both costs by hours a day."""
    click.echo(wrapped(found.sentence, 2))
    for one in found.sensitivities:
        click.echo(f"  {one.name}: {min(one.low, 99):.1f} to {min(one.high, 99):.1f} h a day")
    for point in found.curve:
        click.echo(f"  {point.hours_a_day:>4g} h a day: owning {point.owning:>10,.0f}  renting {point.renting:>10,.0f}")


def _print_answer(found: RentOrBuy, both: CurvePoint, years: float, mine: Callable[[float], str]) -> None:
    """What to do at the user's hours, and what both ways cost."""
    from monitor.core.rent import DAYS_A_MONTH, at_hours

    hours = f"{both.hours_a_day:.3g} h a day ({both.hours_a_day * DAYS_A_MONTH:,.0f} a month)"
    owning, renting = (f"{cost:,.0f} USD{mine(cost)}" for cost in (both.owning, both.renting))
    costs = f"In {years:g} years owning costs {owning}, renting {renting}"
    click.echo(wrapped(f"At {hours}: {at_hours(found, both.hours_a_day)}. {costs}.", 2))


def _say_what_does_not_fit(cards: Sequence[Gpu], workload: Workload) -> None:
    """The comparison counts hours: say where one card alone cannot hold the work at all."""
    from monitor.core.memory import fit

    for card in {card.name: card for card in cards}.values():
        if (room := fit(card, workload)).answer == "no":
            click.echo(wrapped(f"One {card.name} does not do this work: {room.said}.", 2), err=True)


def _what_to_rent(slug: str, offers: tuple[str, ...], as_json: bool) -> int:
    """Rented cards and accelerators by dollars for a million units of work, and TPU against GPU; prices that are more
    than nine weeks older than the newest are left out."""
    from monitor.catalog import load_catalog
    from monitor.cli.known import known_prices
    from monitor.clock import utc_now
    from monitor.core.amounts import written
    from monitor.core.models import Condition
    from monitor.core.phrases import figure
    from monitor.core.ranking import of_one_time
    from monitor.core.value import rental_options, tpu_or_gpu
    from monitor.core.verdict import prices_of
    from monitor.performance import load_throughput_model

    catalog = load_catalog()
    workload = catalog.workload(slug)
    given = [_offered(text, utc_now()) for text in offers]
    known = known_prices()
    gpus = {**catalog.gpus, **catalog.reference}
    prices = [*of_one_time([p for p in prices_of(known.calls) if p.condition is Condition.RENTAL]), *given]
    options = rental_options(gpus, workload, prices, load_throughput_model(), known.dollars)
    sentence = tpu_or_gpu(options, workload)
    if as_json:
        listed = [asdict(option) for option in options]
        click.echo(json.dumps({"workload": slug, "options": listed, "tpu_or_gpu": sentence}, indent=1))
        return 0 if options else 1
    if not options:
        click.echo("No rental prices are known: crawl, import, or give one with --offer 'H100 SXM=2.50'.", err=True)
        return 1
    shown = options[:MOST_SHOWN]
    if dated := known.oldest((one.gpu, Condition.RENTAL, one.region) for one in shown):
        click.echo(f"Prices are as old as {dated}.", err=True)
    click.echo(f"Dollars an hour, and dollars for a million {workload.unit.removesuffix('/s')} (80 % interval):")
    for one in shown:
        figures = f"{figure(one.dollars_per_million):>9}  {figure(one.low)} to {figure(one.high)}"
        name = one.gpu if one.cards == 1 else f"{one.cards} x {one.gpu}"
        click.echo(f"{name:24} {one.region[:12]:12} {written(one.cards * one.dollars_per_hour):>7} {figures}")
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


def known_price(gpu: str, condition: str) -> tuple[float, str]:
    """The newest known price in dollars, as the page Rent or buy takes it, and its day where no offer is live; raises
    `UsageError` that says how to give one."""
    from monitor.cli.known import known_prices, own_preferences
    from monitor.core.models import Condition
    from monitor.core.ranking import place_of
    from monitor.core.rent_question import in_dollars, newest_call
    from monitor.errors import UsageError

    known = known_prices()
    call = newest_call(known.calls, gpu, Condition(condition), known.dollars, own_preferences().region)
    if call is None:
        option = "--rent-per-hour" if condition == "rental" else "--price"
        raise UsageError(f"no {condition} price of {gpu} is known: give one in dollars with {option}")
    return in_dollars(call, known.dollars), known.oldest([place_of(call)])


def _finite(value: Any) -> Any:
    """The same with `None` for numbers that JSON cannot hold."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
