"""`gpu-limbo crawl`: read sources now, and say in one line a source what came of it."""

import json

import click

from monitor.cli.sources import RESULTS
from monitor.cli.spider_runs import Line, choose, list_sources, run_spiders
from monitor.cli.terminal import plain, wrapped

STATES = RESULTS | {"partly": "partly"}  # here it matters that some pages failed


@click.command(
    "crawl", short_help="Read shops, clouds and feeds now.", epilog="Example: gpu-limbo crawl ldlc-fr vastai --json"
)
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a source on stdout.")
def crawl_command(names: tuple[str, ...], as_json: bool) -> int:
    """Read prices and news from each SOURCE (without names: all that are on) and store them."""
    from monitor.settings import load_settings
    from monitor.store.engine import open_store

    chosen = choose(list_sources(), names)
    open_store(load_settings().database).dispose()  # once, before several children find the layout too old
    if not as_json:
        many = "1 source" if len(chosen) == 1 else f"{len(chosen)} sources"
        click.echo(f"Reading {many}, one page every ten seconds from each host.", err=True)
    found, reached = 0, not chosen
    for line in run_spiders(chosen):
        found += line["offers"]
        reached |= not line.get("unreachable", False)
        click.echo(json.dumps(line, ensure_ascii=False) if as_json else as_text(line))
    if not reached:
        click.echo("gpu-limbo: no source can be reached: check the network connection", err=True)
    return 0 if found else 1


def as_text(line: Line) -> str:
    """A source's line for people, with its faults below it."""
    told = [] if any(fault in line["fault"] for fault in line["faults"]) else [line["fault"]]
    faults = ["\n" + wrapped(plain(f"    {fault}"), hang=6) for fault in [*line["faults"], *told] if fault]
    counts = f"{line['offers']:4d} offers {line['rejections']:4d} refused {line['errors']:3d} errors"
    state = STATES.get(line["state"], line["state"])
    head = wrapped(f"{line['source']:20s} {counts} {line['seconds']:5.0f} s  {state}", hang=4)
    return head + "".join(faults)
