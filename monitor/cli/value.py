"""`gpu-limbo score` and `gpu-limbo estimate`: what a card does for a kind of work, and what a dollar of it buys."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.terminal import size_of, wrapped

if TYPE_CHECKING:
    from datetime import date

    from monitor.catalog import Catalog
    from monitor.cli.known import Known
    from monitor.core.fx import Converted
    from monitor.core.models import Score
    from monitor.core.throughput import Efficiency, Estimate, ThroughputModel

MOST_CARDS = 64
MOST_ASIDE = 5
RIGHT = ("price", "speed", "per dollar")


@click.command(short_help="Rank cards by what a dollar buys.", epilog="Example: gpu-limbo score --workload lora-8b")
@click.option("--workload", "slug", help="Only this kind of work; all where absent, and a wrong name lists them.")
@click.option("--region", help="Only prices of this region (ISO country, or a cloud's region).")
@click.option(
    "--condition", type=click.Choice(["new", "used", "refurbished", "rental"]), help="Only this way of getting it."
)
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on stdout.")
def score_command(slug: str | None, region: str | None, condition: str | None, as_json: bool) -> int:
    """Rank cards by what a dollar buys: units of work per dollar of ownership or rent, with 80 % intervals."""
    from monitor.core.countries import country_code
    from monitor.core.phrases import figure
    from monitor.rates import dollar_rates, load_rates
    from monitor.settings import load_settings

    scores, known = _scores(slug)
    region = country_code(region) if region else None
    wanted = [s for s in scores if (not region or s.region == region) and (not condition or s.condition == condition)]
    if not wanted:
        click.echo("No prices are known for this: run `gpu-limbo crawl` or `gpu-limbo import PATH` first.", err=True)
        click.echo("[]") if as_json else None
        return 1
    currencies = {score.price.currency for score in wanted}
    wanted, old = _apart(wanted, known)
    converted = dollar_rates(currencies, load_rates(load_settings().home))
    if as_json:
        tied = {id(score) for score in _tied(wanted)}
        listed = [_score_json(score, id(score) in tied, converted.get(score.price.currency)) for score in wanted]
        listed += [
            {**_score_json(score, False, converted.get(score.price.currency)), "too_old": True, "price_on": f"{seen}"}
            for score, seen in old
        ]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
        return 0
    if dated := known.oldest((one.gpu, one.condition, one.region) for one in wanted):
        click.echo(f"Prices are as old as {dated}; crawl for today's.", err=True)
    _print_scores(wanted)
    if old:
        click.echo(wrapped(f"Not ranked, the price is too old for a call: {_aside(old)}.", 2), err=True)
    click.echo("= as good as the best, as far as can be told: its interval reaches the best value", err=True)
    for currency, one in converted.items():
        click.echo(f"1 {currency} = {figure(float(one.rate), 4)} USD (reference rate of {one.rate_on})", err=True)
    return 0


@click.command(
    short_help="How fast cards are, with interval, bound and memory.",
    epilog="Example: gpu-limbo estimate --workload vision-cnn-train --gpu 'RTX 4090' --explain",
)
@click.option("--workload", "slug", help="The kind of work; a wrong name lists them.")
@click.option("--gpu", "names", multiple=True, help="A card, or several ('2x RTX 3090'); repeatable. All where absent.")
@click.option("--plain", is_flag=True, help="Leave out what the probe measured here.")
@click.option("--explain", is_flag=True, help="Say what is computed, what is loaded and what holds it back.")
@click.option(
    "--batch",
    type=click.Path(path_type=Path),
    help="Predict every row of this CSV (columns gpu, workload, family, unit; others help).",
)
@click.option("--reference", type=click.Path(path_type=Path), help="Measured rows (same columns) to learn from.")
@click.option("--out", type=click.Path(path_type=Path), help="Where the rows with predictions go.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on stdout.")
def estimate_command(
    slug: str | None,
    names: tuple[str, ...],
    plain: bool,
    explain: bool,
    batch: Path | None,
    reference: Path | None,
    out: Path | None,
    as_json: bool,
) -> int:
    """Expected throughput of cards, with interval, what bounds it, and the memory needed."""
    if batch is not None:
        return _estimate_batch(batch, reference, out, as_json)
    if reference is not None or out is not None:
        raise click.UsageError("--reference and --out belong to --batch: name the CSV of rows to predict")
    from monitor.catalog import load_catalog
    from monitor.core.parallel import counted, estimate_several
    from monitor.core.throughput import estimate
    from monitor.performance import load_throughput_model

    if not slug:
        raise click.UsageError("name a kind of work with --workload, or a file with --batch")
    catalog, model = load_catalog(), load_throughput_model()
    workload = catalog.workload(slug)
    wanted = [counted(name) for name in names] or [(1, name) for name in catalog.gpus]
    if odd := [cards for cards, _ in wanted if not 1 <= cards <= MOST_CARDS]:
        raise click.UsageError(f"{odd[0]} cards cannot be estimated: write 1 to {MOST_CARDS}, as in '2x RTX 3090'")
    own = _measured(plain, catalog, model)
    found = [
        estimate(catalog.accelerator(name), workload, model, efficiency=own.get(catalog.accelerator(name).name))
        if cards == 1
        else estimate_several(catalog.accelerator(name), workload, cards, model)
        for cards, name in wanted
    ]
    found.sort(key=lambda one: -(one.throughput or 0.0))
    if as_json:
        click.echo(json.dumps([_estimate_json(one) for one in found], ensure_ascii=False, indent=1))
    elif explain:
        from monitor.core.explain import explain as in_words

        texts = (in_words(catalog.accelerator(counted(one.gpu)[1]), workload, one, model) for one in found)
        for line in "\n\n".join(texts).splitlines():
            click.echo(wrapped(line, 4))
    else:
        _print_estimates(found)
        if names:
            _say_which(found)
    return 0 if any(one.throughput for one in found) else 1


def _measured(plain: bool, catalog: Catalog, model: ThroughputModel, *, buying: bool = False) -> dict[str, Efficiency]:
    """What the probe found on cards here and on their siblings; nothing where there is no database yet. For `buying`
    only what tells of any card of the model."""
    from monitor.clock import utc_now
    from monitor.core.calibration import efficiencies, with_loops
    from monitor.errors import MonitorError
    from monitor.performance import load_probe_priors
    from monitor.settings import load_settings
    from monitor.store import repo
    from monitor.store.engine import open_store, session_scope

    database, now = load_settings().database, utc_now()
    if plain or (database.startswith("sqlite:///") and not Path(database.removeprefix("sqlite:///")).exists()):
        return {}
    try:
        with session_scope(open_store(database), read_only=True) as session:
            rows = repo.measurements_as_of(session, now)
    except MonitorError:  # an estimate needs no database: it is only better with one
        return {}
    found = efficiencies(rows, catalog.gpus, load_probe_priors(), now, buying=buying)
    return found if buying else with_loops(found, rows, catalog.gpus, model)


def _estimate_batch(batch: Path, reference: Path | None, out: Path | None, as_json: bool) -> int:
    from monitor.cli.estimate_batch import estimate_file

    if out is None:
        raise click.UsageError("--batch needs --out: the CSV to write")
    if out.resolve() in {batch.resolve(), reference.resolve() if reference else None}:
        raise click.UsageError("--out would overwrite an input; name another file")
    rows, good = estimate_file(batch, reference, out)
    if as_json:
        click.echo(json.dumps({"rows": rows, "predicted": good, "out": str(out)}))
    else:
        click.echo(f"{rows} rows, {good} predicted, written to {out}", err=True)
    return 0 if good else 1


def _scores(slug: str | None) -> tuple[list[Score], Known]:
    """Scores from live offers, and from the newest known price where there are none; and these prices."""
    from monitor.catalog import load_catalog
    from monitor.cli.known import known_prices, own_terms
    from monitor.clock import utc_now
    from monitor.core.value import score_all
    from monitor.performance import load_throughput_model

    catalog = load_catalog()
    workloads = [catalog.workload(slug)] if slug else list(catalog.workloads.values())
    known, model = known_prices(), load_throughput_model()
    found = score_all(
        catalog.gpus,
        workloads,
        known.prices,
        model,
        utc_now(),
        terms=own_terms(),
        dollars=known.dollars,
        efficiencies=_measured(False, catalog, model, buying=True),
    )
    return found, known


def _score_json(score: Score, tied: bool, converted: Converted | None) -> dict[str, Any]:
    return {
        "gpu": score.gpu,
        "workload": score.workload,
        "condition": str(score.condition),
        "region": score.region,
        "price": str(score.price.amount),
        "currency": score.price.currency,
        "usd_rate": f"{converted.rate:.6g}" if converted else "1",
        "usd_rate_on": converted.rate_on.isoformat() if converted else None,
        "throughput": score.throughput,
        "unit": score.unit,
        "per_dollar": score.per_dollar,
        "low": score.low,
        "high": score.high,
        "fits": score.fits,
        "evidence": score.evidence,
        "tied": tied,
        "too_old": False,
        "n": score.n,
    }


def _estimate_json(one: Estimate) -> dict[str, Any]:
    return {
        "gpu": one.gpu,
        "workload": one.workload,
        "throughput": one.throughput,
        "low": one.low,
        "high": one.high,
        "unit": one.unit,
        "bound": one.bound,
        "fits": one.fits,
        "memory_needed_gb": round(one.memory_needed_gb, 2),
        "evidence": one.evidence,
        "reason": one.reason,
        "remedies": list(one.remedies),
        "shares": {part: round(share, 4) for part, share in one.shares.items()},
    }


def _print_scores(scores: Sequence[Score]) -> None:
    """A table that fits 80 columns; the unit of speed stands in the line of its workload."""
    from rich.table import Table

    from monitor.core.phrases import figure

    console, table = _wide_console(), Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    tied = {id(score) for score in _tied(scores)}
    narrow = console.width < 100
    headings = ("", "GPU", "bought", *RIGHT, "80 % interval", "fits", *(() if narrow else ("speed from",)))
    for heading in headings:
        most = 9 if narrow and heading == "bought" else None
        table.add_column(heading, justify="right" if heading in RIGHT else "left", no_wrap=True, max_width=most)
    workload = ""
    for one in scores:
        if one.workload != workload:
            workload = one.workload
            table.add_row("", f"[bold]{workload}[/bold]", one.unit)
        place = " ".join(filter(None, (str(one.condition), one.region)))
        price = f"{one.price.amount:,.{0 if one.price.amount >= 100 else 2}f} {one.price.currency}"
        size, word = size_of(one.per_dollar)
        interval = f"{figure(one.low / size)} to {figure(one.high / size)}"
        value = f"{figure(one.per_dollar / size)}{word}"
        cells = [one.gpu, place, price, figure(one.throughput), value, interval, one.fits, one.evidence]
        table.add_row("=" if id(one) in tied else "", *cells[: len(headings) - 1])
    console.print(table)


def _tied(scores: Sequence[Score]) -> list[Score]:
    """The scores that cannot be told apart from the best of their workload."""
    from monitor.core.ranking import tied_with_best

    workloads = dict.fromkeys(score.workload for score in scores)
    return [tied for slug in workloads for tied in tied_with_best([s for s in scores if s.workload == slug])]


def _apart(scores: Sequence[Score], known: Known) -> tuple[list[Score], list[tuple[Score, date]]]:
    """What is ranked, and prices too old to stand beside the others: of what is bought, and of what is rented."""
    from monitor.core.models import Condition
    from monitor.core.ranking import apart_by_age, best_first

    seen_on = {(price.gpu, price.condition, price.region): price.seen_on for price in known.prices}
    ranked: list[Score] = []
    old: list[tuple[Score, date]] = []
    for slug in dict.fromkeys(score.workload for score in scores):
        mine = [score for score in scores if score.workload == slug]
        parts = ([s for s in mine if (s.condition is Condition.RENTAL) is rented] for rented in (False, True))
        found = [apart_by_age(part, seen_on) for part in parts]
        ranked += best_first([score for current, _ in found for score in current])
        old += [one for _, some in found for one in some]
    return ranked, old


def _aside(old: Sequence[tuple[Score, date]]) -> str:
    """The first of them with their days, each card once."""
    days: dict[str, date] = {}
    for score, seen in old:
        days.setdefault(f"{score.gpu} ({score.condition})", seen)
    shown = [f"{what} of {seen}" for what, seen in list(days.items())[:MOST_ASIDE]]
    return ", ".join([*shown, f"and {len(days) - MOST_ASIDE} more"] if len(days) > MOST_ASIDE else shown)


def _print_estimates(found: Sequence[Estimate]) -> None:
    """One line a card, and below it why it is slow or does not fit; on a narrow terminal without the evidence."""
    from monitor.core.phrases import figure

    console = _wide_console()
    wide = max((len(one.gpu) for one in found), default=0)
    evidence = "  evidence" if console.width >= 100 else ""
    click.echo(f"{'GPU':{wide}}  {'throughput':>18}  {'80 % interval':16} {'bound':9} {'fits':4} needs GB{evidence}")
    for one in found:
        rate = f"{figure(one.throughput)} {one.unit}" if one.throughput else "-"
        interval = f"{figure(one.low)} to {figure(one.high)}" if one.low is not None and one.high is not None else ""
        figures = f"{rate:>18}  {interval:16} {one.bound:9} {one.fits:4} {one.memory_needed_gb:>8.1f}"
        click.echo(f"{one.gpu:{wide}}  {figures}{f'  {one.evidence}' if evidence else ''}".rstrip())
        if note := "; ".join((one.reason, *one.remedies)[:2]).strip("; "):
            click.echo(wrapped(f"  {note}", 4))


def _say_which(found: Sequence[Estimate]) -> None:
    """Of several asked for by name, how far the first is from the second, and whether they can be told apart."""
    first, second = [*(one for one in found if one.throughput), None, None][:2]
    if first is None or second is None or not first.throughput or not second.throughput:
        return
    factor = first.throughput / second.throughput
    apart = (first.low or 0.0) > (second.high or 0.0)
    ending = "" if apart else "; their intervals overlap: they cannot be told apart with certainty"
    click.echo(wrapped(f"{first.gpu} does {factor:.2f} x the work of {second.gpu}{ending}.", 2))


def _wide_console() -> Any:
    """A console that never breaks a row where the output is no terminal."""
    import os
    import sys

    from rich.console import Console

    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(width=None if known else 220, highlight=False)
