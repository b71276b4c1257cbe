"""`gpu-limbo alerts`: try the channels, see what was sent, send again what was given up, and keep rules."""

import json
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.rules import rules_command
from monitor.cli.terminal import wrapped

if TYPE_CHECKING:
    from monitor.core.models import Delivery


@click.group("alerts", epilog="Example: gpu-limbo alerts test")
def alerts_command() -> None:
    """Try channels, see and retry deliveries, keep rules."""


alerts_command.add_command(rules_command)


@alerts_command.command("test", epilog="Example: gpu-limbo alerts test --kind price_below")
@click.option("--kind", "kinds", multiple=True, help="Only a sample of this kind of rule; may be given more than once.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON.")
def test_command(kinds: tuple[str, ...], as_json: bool) -> int:
    """Send a real sample of each kind of alert over every channel."""
    from monitor.clock import utc_now
    from monitor.jobs.samples import send_samples
    from monitor.settings import load_settings

    tried = send_samples(load_settings(), utc_now(), kinds)
    lines = [{"channel": t.channel, "kind": t.kind, "sent": not t.error, "error": t.error} for t in tried]
    for line in lines:
        text = f"{'sent' if line['sent'] else 'NOT sent':8s} {line['kind']:16s} {line['channel']}  {line['error']}"
        click.echo(json.dumps(line) if as_json else wrapped(text.rstrip(), hang=4))
    return 0 if all(line["sent"] for line in lines) else 1


@alerts_command.command(
    "list",
    short_help="Show messages and their state, newest first.",
    epilog="Example: gpu-limbo alerts list --state dead",
)
@click.option("--state", type=click.Choice(["due", "sending", "sent", "dead"]), help="Only deliveries in this state.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON.")
def list_command(state: str | None, limit: int, as_json: bool) -> int:
    """Show deliveries, newest first; "dead" are those that were given up."""
    from monitor.settings import load_settings
    from monitor.store import repo
    from monitor.store.engine import open_store, session_scope

    with session_scope(open_store(load_settings().database), read_only=True) as session:
        found = repo.deliveries(session, state=state, limit=limit)
    if as_json:
        click.echo(json.dumps([_as_json(delivery) for delivery in found], indent=1))
    else:
        click.echo("\n".join(_line(delivery) for delivery in found) or "none", err=not found)
    return 0 if found else 1


@alerts_command.command("retry", short_help="Send again what was given up.", epilog="Example: gpu-limbo alerts retry")
@click.argument("keys", nargs=-1, metavar="[KEY]...")
def retry_command(keys: tuple[str, ...]) -> int:
    """Send again what was given up: the alerts with these KEYs, or all."""
    from monitor.clock import utc_now
    from monitor.settings import load_settings
    from monitor.store import repo
    from monitor.store.engine import open_store, session_scope

    with session_scope(open_store(load_settings().database)) as session:
        count = repo.retry_alerts(session, utc_now(), list(keys) or None)
    click.echo(
        f"{count} due again; a running `gpu-limbo up` sends within a minute" if count else "nothing was given up"
    )
    return 0 if count else 1


def _as_json(delivery: "Delivery") -> dict[str, Any]:
    return {
        "key": delivery.alert.key,
        "rule": delivery.alert.rule,
        "subject": delivery.alert.subject,
        "body": delivery.alert.body,
        "created_at": delivery.alert.created_at.isoformat(timespec="seconds"),
        "channel": delivery.channel,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next_try_at": delivery.next_try_at.isoformat(timespec="seconds") if delivery.next_try_at else None,
        "error": delivery.error,
    }


def _line(delivery: "Delivery") -> str:
    from monitor.notify.message import one_line

    head = f"{delivery.alert.created_at:%Y-%m-%d %H:%M}  {delivery.state:8s} {delivery.channel}"
    error = f"  ({delivery.error})" if delivery.error else ""
    return wrapped(f"{head}  {one_line(delivery.alert.subject)}{error}  [{delivery.alert.key}]", hang=4)
