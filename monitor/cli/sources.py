"""`gpu-limbo sources`: what is read, whether it still can be, and how to add a shop of one's own."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from monitor.cli.spider_runs import CHECK_ONLY, Line, choose, list_sources, run_spiders
from monitor.cli.terminal import plain, wrapped
from monitor.errors import SourceError, UsageError

RESULTS = {  # the words of `check`, by the state of the crawl's line
    "ok": "ok",
    "partly": "ok",
    "empty": "nothing found",
    "robots": "robots forbids",
    "needs_key": "needs key",
    "blocked": "blocked",
    "private": "private address",
    "moved": "moved",
    "failed": "failed",
    "left_alone": "left alone",
}
GOOD = ("ok", "needs key")
ROW = "{:20s} {:5s} {:2s} {:4s} {:5s} {:6s} {:5s} {:10s} {}"
HEADER = ROW.format("name", "kind", "of", "cur.", "tax", "how", "every", "last good", "state")


@click.group("sources", epilog="Example: gpu-limbo sources check newegg")
def sources_command() -> None:
    """Shops, clouds and feeds: list, check and add them."""


@sources_command.command(
    "list", short_help="All sources and their state.", epilog="Example: gpu-limbo sources list --json"
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a source on stdout.")
def list_command(as_json: bool) -> int:
    """All sources, with posture, cadence, tax and state (on, off, needs key NAME)."""
    health, sources = _health(), list_sources()
    if not as_json:
        click.echo(HEADER)
    for source in sources:
        line = {**source, **health.get(source["name"], {})}
        click.echo(json.dumps(line, ensure_ascii=False) if as_json else _as_row(line))
    return 0


@sources_command.command(
    "check",
    short_help="Read one page of each source; stores nothing.",
    epilog="Example: gpu-limbo sources check ldlc-fr --json",
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a source on stdout.")
def check_command(names: tuple[str, ...], as_json: bool) -> int:
    """Read one page of each source (without names: of all that are not off), and say what it gave. Stores nothing."""
    sources = list_sources()
    chosen = choose(sources, names) if names else [s for s in sources if s["state"] != "off"]
    results = []
    for line in run_spiders(chosen, CHECK_ONLY):
        results.append(_checked(line))
        click.echo(json.dumps(results[-1], ensure_ascii=False) if as_json else _check_text(results[-1]))
    return 0 if all(result["result"] in GOOD for result in results) else 1


@sources_command.command(
    "add",
    short_help="Read a shop's page or a feed, and keep it as a source.",
    epilog="Example: gpu-limbo sources add https://shop.example/graphics-cards --country DE",
)
@click.argument("url")
@click.option("--name", default="", help="Name of the source; else made of the host.")
@click.option("--country", default="", help="ISO country that it sells in; else told by its host or currency.")
@click.option("--currency", default="", help="ISO 4217 code for bare numbers; else told by its pages.")
@click.option("--condition", type=click.Choice(["new", "used", "refurbished", "unknown"]), default="new")
@click.option("--json", "as_json", is_flag=True, help="The entry and its offers as one JSON object.")
def add_command(url: str, as_json: bool, **wishes: str) -> int:
    """Read URL (a listing or article of a shop, or a feed), and keep it as a source of your own if that works."""
    from monitor.cli.new_source import entry_text, try_out
    from monitor.settings import load_settings

    settings = load_settings()
    mine = settings.home.expanduser() / "sources.toml"
    known = {source["name"] for source in list_sources()}
    entry, line = try_out(url, {name: wish for name, wish in wishes.items() if wish}, known)
    if line["state"] not in ("ok", "partly"):
        why = "; ".join(line["faults"]) or f"no offer and no headline was found on {url}"
        raise SourceError(f"{why}; nothing was added")
    _append(mine, entry_text(entry))
    if as_json:
        click.echo(json.dumps({"entry": entry, "file": str(mine), "offers": line["read"]}, ensure_ascii=False))
        return 0
    click.echo(f"Added {entry['name']} to {mine}:\n\n{entry_text(entry)}\nIt reads now:")
    for offer in line["read"]:
        click.echo(f"  {_offer_text(offer)}")
    return 0


def _append(path: Path, text: str) -> None:
    """Add to the user's file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text("utf-8").rstrip() + "\n\n" if path.exists() else ""
    beside = path.with_suffix(".part")
    try:
        beside.write_text(before + text, "utf-8")
        beside.replace(path)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror}): choose another folder with GPU_LIMBO_HOME"
        ) from None


def _health() -> dict[str, dict[str, Any]]:
    """How each source did in its last crawl; empty where there is no database yet."""
    from monitor.core.source_memory import memory_from_json
    from monitor.ingest import MEMORY
    from monitor.settings import load_settings
    from monitor.store import repo
    from monitor.store.engine import make_engine, schema_version, session_scope

    engine = make_engine(load_settings().database)
    if schema_version(engine) is None:
        return {}
    with session_scope(engine, read_only=True) as session:
        memories = repo.choices(session, MEMORY)
        found = repo.source_health(session)
    return {one.source: _health_of(one, memory_from_json(memories.get(f"{MEMORY}{one.source}"))) for one in found}


def _health_of(health: Any, memory: Any) -> dict[str, Any]:
    return {
        "last_try_at": health.last_try_at.isoformat(),
        "last_good_at": health.last_good_at.isoformat() if health.last_good_at else None,
        "fault": health.fault,
        "confirmed_share": memory.confirmed_share,
        "broken_share": memory.broken_share,
    }


def _checked(line: Line) -> Line:
    """What `check` says of a source: its result in words, what it read, and what changed since its last good crawl."""
    result = RESULTS.get(line["state"], line["state"])
    changed = line.get("changed", "")
    if changed.startswith("markup lost") and result in ("ok", "nothing found"):
        result = "markup lost"
    told = {"source": line["source"], "result": result, "offers": line["offers"], "rejections": line["rejections"]}
    return {
        **told,
        "reasons": line["reasons"],
        "syntaxes": line["syntaxes"],
        "changed": changed,
        "why": line["faults"],
        "read": line.get("read", []),
    }


def _check_text(result: Mapping[str, Any]) -> str:
    syntaxes = ", ".join(result["syntaxes"]) or "-"
    counts = f"{result['offers']:4d} offers ({syntaxes})"
    if result["reasons"]:
        counts += ", refused: " + ", ".join(f"{number} {reason}" for reason, number in result["reasons"].items())
    head = wrapped(f"{result['source']:20s} {result['result']:15s} {counts}", hang=4)
    notes = [result["changed"], *result["why"][:2], *(_offer_text(offer) for offer in result["read"][:2])]
    return head + "".join("\n" + wrapped(plain(f"    {note}"), hang=6) for note in notes if note)


def _offer_text(offer: Mapping[str, Any]) -> str:
    stock, title = offer["availability"], offer["title"][:80]
    return plain(f"{offer['price']} {offer['currency']}  {offer['gpu'] or '-'}  {stock}  {title}")


def _as_row(line: Line) -> str:
    tax = {True: "incl.", False: "excl.", None: "-"}[line["tax_included"]]
    seen = (line.get("last_good_at") or "never")[:10]
    fault = f"; {line['fault']}" if line.get("fault") else ""
    parts = (line["name"], line["kind"], line["country"] or "-", line["currency"] or "-", tax, line["posture"])
    row = ROW.format(*parts, f"{line['cadence_hours']:g} h", seen, f"{line['state']}{fault}")
    return wrapped(plain(row), hang=4)
