"""`gpu-limbo headline`: what a news headline says to somebody who wants a GPU."""

import json
import re
from collections.abc import Iterable
from datetime import date, datetime

import click

from monitor.cli.lines import given_lines
from monitor.cli.terminal import plain


@click.command(
    short_help="What a headline says about GPUs.",
    epilog='Example: gpu-limbo headline "Nvidia RTX 4060 Ti rumoured to cost $450 at launch in May" --json',
)
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
@click.option(
    "--published",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="The day on which they were published, like 2024-01-08; today if not given. Decides what 'in May' means and "
    "which cards were still to come.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines.")
def headline_command(texts: tuple[str, ...], published: datetime | None, as_json: bool) -> int:
    """Classify headlines from arguments or, one a line, from stdin: event, GPUs, expected date, effect on a buyer.

    A headline that begins with a day and a tab ("2024-01-08<TAB>...") was published on that day.
    """
    from monitor.catalog import load_headline_rules
    from monitor.clock import utc_now
    from monitor.core.headlines import read_headline

    rules, usual = load_headline_rules(), (published or utc_now()).date()
    found = 0
    given: Iterable[str] = texts or given_lines()
    for line in given:
        day, title = _dated(line, usual)
        reading = read_headline(title, rules, day)
        found += reading.event != "other"
        record = {
            "title": title,
            "event": reading.event,
            "gpus": list(reading.gpus),
            "expected_date": reading.expected_date,
            "effect": reading.effect,
        }
        if as_json:
            click.echo(json.dumps(record, ensure_ascii=False))
        else:
            cards = ", ".join(reading.gpus) or "-"
            click.echo(f"{reading.event}\t{cards}\t{reading.expected_date or '-'}\t{reading.effect}\t{plain(title)}")
    return 0 if found else 1


def _dated(line: str, usual: date) -> tuple[date, str]:
    """The day before a tab and the text behind it; `usual` and the whole line where no real day stands there."""
    told = re.match(r"(\d{4}-\d\d-\d\d)\t", line, re.ASCII)
    if told:
        try:
            return date.fromisoformat(told[1]), line[told.end() :]
        except ValueError:
            pass
    return usual, line
