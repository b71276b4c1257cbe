"""`gpu-limbo alerts rules`: what you want to be told. Before a rule is kept it says how often it would have fired."""

import json
from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.terminal import wrapped

if TYPE_CHECKING:
    from monitor.core.models import AlertRule, Money

PREVIEW_DAYS = 365


@click.group("rules", epilog="Example: gpu-limbo alerts rules add price_below --gpu 'RTX 5090' --below '2000 USD'")
def rules_command() -> None:
    """List, add, remove and mute the rules that alerts come from."""


@rules_command.command(
    "list", short_help="Show the rules in force.", epilog="Example: gpu-limbo alerts rules list --json"
)
@click.option("--json", "as_json", is_flag=True, help="Print only JSON.")
def list_rules_command(as_json: bool) -> int:
    """Show the rules in force; without any of your own these are the default ones."""
    from monitor.settings import load_settings
    from monitor.store import repo
    from monitor.store.engine import open_store, session_scope

    with session_scope(open_store(load_settings().database), read_only=True) as session:
        rules = repo.rules_in_force(session)
    if as_json:
        click.echo(json.dumps([_as_json(rule) for rule in rules], indent=1))
    else:
        click.echo("\n".join(_line(rule) for rule in rules))
    return 0 if rules else 1


@rules_command.command(
    "add",
    short_help="Keep a rule, after a look at what it would have done.",
    epilog="Example: gpu-limbo alerts rules add signal_flip --gpu 'RTX 5090' --condition new",
)
@click.argument("kind")
@click.option("--name", "slug", help="What to call the rule (default: made from the rest); the same name replaces it.")
@click.option("--gpu", default="", help="Only this GPU.")
@click.option("--goal", default="", help="Only this goal (signal_flip).")
@click.option("--condition", default="", type=click.Choice(["", "new", "used", "refurbished", "rental"]))
@click.option("--region", default="", help="Only this region, such as US.")
@click.option("--below", metavar="'AMOUNT CURRENCY'", help="For price_below and rental_below, such as '2000 USD'.")
@click.option("--margin", type=float, help="Share above the threshold at which the rule is armed again.")
@click.option("--needed", type=int, help="So many of the last looks must agree ...")
@click.option("--sightings", type=int, help="... out of so many.")
@click.option("--cooldown-hours", type=float, help="Least time between two alerts on one thing.")
@click.option("--cap-per-day", type=int, help="Most messages of this rule a day.")
@click.option("--still-days", type=float, help="Repeat after so many days while it lasts (0: never).")
@click.option("--quiet", metavar="FROM-TO", help="Quiet hours, such as 22:00-07:00.")
@click.option("--time-zone", help="For quiet hours and digests, such as Europe/Berlin.")
@click.option("--digest", type=click.Choice(["daily", "weekly"]), help="Gather, and send once a day or week.")
@click.option("--preview", "only_preview", is_flag=True, help="Only say what it would have done; keep nothing.")
def add_rule_command(kind: str, slug: str | None, below: str | None, quiet: str | None, **given: Any) -> int:
    """Keep a rule of this KIND, after saying how often it would have fired in the last year of stored history.

    \b
    signal_flip     the call for a card or goal changes
    limbo           a limbo begins or ends
    price_below     a price falls below --below
    rental_below    a rental price does
    below_fair      an article costs less than the card usually does
    restock         a card can be bought again
    launch          a new GPU is announced or on sale
    record_settled  a call of earlier has ended: right or wrong
    source_broken   a shop, cloud or feed cannot be read
    summary         the cards of the first page (with --digest)
    """
    from monitor.catalog import load_catalog
    from monitor.clock import utc_now
    from monitor.core.alerting import checked
    from monitor.core.countries import country_code
    from monitor.core.models import AlertRule
    from monitor.jobs.preview import preview_rule
    from monitor.jobs.rules import put_rule
    from monitor.settings import load_settings
    from monitor.store.engine import open_store, session_scope

    catalog, now, settings, only_preview = load_catalog(), utc_now(), load_settings(), given.pop("only_preview")
    values = {name: value for name, value in given.items() if value is not None}
    values["gpu"] = catalog.gpu(values["gpu"]).name if values["gpu"] else ""
    values["region"] = country_code(values["region"])
    if quiet:
        values["quiet_from"], _, values["quiet_to"] = quiet.partition("-")
    name = slug or "-".join(filter(None, (kind, values["gpu"], values["goal"]))).lower().replace(" ", "-")
    rule = checked(AlertRule(slug=name, kind=kind, threshold=_money(below) if below else None, **values))
    with session_scope(open_store(settings.database)) as session:
        since = now - timedelta(days=PREVIEW_DAYS)
        seen = preview_rule(session, catalog, rule, now, since, settings.preferences)
        click.echo(seen.sentence)
        for alert in seen.alerts[-5:]:
            click.echo(f"  {alert.created_at:%Y-%m-%d}  {alert.subject}")
        if not only_preview:
            put_rule(session, rule, now)
    click.echo("not kept" if only_preview else f"kept as {rule.slug}")
    return 0


@rules_command.command("remove", epilog="Example: gpu-limbo alerts rules remove calls")
@click.argument("slug", metavar="NAME")
def remove_rule_command(slug: str) -> int:
    """Forget a rule."""
    from monitor.clock import utc_now
    from monitor.errors import UsageError
    from monitor.jobs.rules import drop_rule
    from monitor.settings import load_settings
    from monitor.store.engine import open_store, session_scope

    with session_scope(open_store(load_settings().database)) as session:
        if not drop_rule(session, slug, utc_now()):
            raise UsageError(f"there is no rule called {slug!r}; see `gpu-limbo alerts rules list`")
    click.echo(f"removed {slug}")
    return 0


@rules_command.command(
    "mute", short_help="Silence a rule for some days.", epilog="Example: gpu-limbo alerts rules mute calls --days 3"
)
@click.argument("slug", metavar="NAME")
@click.option("--days", type=click.FloatRange(0, 3650), default=7.0, show_default=True, help="0: speak again now.")
def mute_rule_command(slug: str, days: float) -> int:
    """Silence a rule for some days; what happens meanwhile is not told afterwards."""
    from monitor.clock import utc_now
    from monitor.errors import UsageError
    from monitor.jobs.rules import mute_rule
    from monitor.settings import load_settings
    from monitor.store.engine import open_store, session_scope

    now = utc_now()
    with session_scope(open_store(load_settings().database)) as session:
        if not mute_rule(session, slug, now + timedelta(days=days) if days else None, now):
            raise UsageError(f"there is no rule called {slug!r}; see `gpu-limbo alerts rules list`")
    click.echo(f"{slug} is silent for {days:g} days" if days else f"{slug} speaks again")
    return 0


def _money(text: str) -> "Money":
    from decimal import Decimal, InvalidOperation

    from monitor.core.models import Money
    from monitor.errors import UsageError

    amount, _, currency = text.strip().partition(" ")
    try:
        value = Decimal(amount)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or len(currency) != 3 or not currency.isascii() or not currency.isalpha():
        raise UsageError(f"{text!r} is no price; write an amount and a currency, such as '2000 USD'")
    return Money(amount=value, currency=currency.upper())


def _as_json(rule: "AlertRule") -> dict[str, Any]:
    found = {field.name: getattr(rule, field.name) for field in fields(rule)}
    found["threshold"] = f"{rule.threshold.amount} {rule.threshold.currency}" if rule.threshold else None
    found["muted_until"] = rule.muted_until.isoformat(timespec="seconds") if rule.muted_until else None
    return found


def _line(rule: "AlertRule") -> str:
    from monitor.core.alert_state import digest_period

    what = " ".join(filter(None, (rule.gpu, rule.condition, rule.region, rule.goal))) or "anything"
    limit = f" below {rule.threshold.amount} {rule.threshold.currency}" if rule.threshold else ""
    period = digest_period(rule)
    notes = [f"{rule.needed} of {rule.sightings} looks", f"at most {rule.cap_per_day} a day"]
    notes = [f"{period} digest"] if period else notes
    notes += [f"quiet {rule.quiet_from}-{rule.quiet_to} {rule.time_zone}"] if rule.quiet_from else []
    notes += [f"muted until {rule.muted_until:%Y-%m-%d %H:%M} UTC"] if rule.muted_until else []
    notes += [] if rule.enabled else ["off"]
    return wrapped(f"{rule.slug:24s} {rule.kind:14s} {what}{limit}  ({', '.join(notes)})", hang=4)
