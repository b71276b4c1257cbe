"""`gpu-limbo match`: which GPU a listing's title sells, or why none."""

import json
from collections.abc import Iterable
from typing import IO

import click


@click.command(epilog='Example: gpu-limbo match "ASUS TUF RTX 4090 24GB OC" --json')
@click.argument("titles", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines.")
@click.pass_context
def match_command(context: click.Context, titles: tuple[str, ...], as_json: bool) -> int:
    """Match TITLES, or one title a line from stdin, to GPUs of the catalogue."""
    from monitor.catalog import load_catalog
    from monitor.core.matching import match_title

    matcher = load_catalog().matcher
    found = 0
    given: Iterable[str] = titles or _lines(click.get_text_stream("stdin", errors="replace"))
    for title in given:
        match = match_title(title, matcher)
        found += match.gpu is not None
        record = {
            "title": title,
            "gpu": match.gpu,
            "quantity": match.quantity,
            "condition": match.condition.value,
            "reason": match.reason,
        }
        if as_json:
            click.echo(json.dumps(record, ensure_ascii=False))
        else:
            count = f"{match.quantity} x " if match.quantity > 1 else ""
            click.echo(f"{count}{match.gpu or '-'}\t{match.condition.value}\t{match.reason}\t{title}")
    return 0 if found else 1


def _lines(stream: IO[str]) -> list[str]:
    return [line.rstrip("\r\n") for line in stream]
