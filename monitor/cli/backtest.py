"""`gpu-limbo backtest`: what the calls would have been, and what following them would have cost."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from monitor.core.models import Signal

DECISION_COLUMNS = [
    "source",
    "gpu_model",
    "condition",
    "stat",
    "region",
    "currency",
    "as_of",
    "action",
    "window_low_weeks",
    "window_high_weeks",
    "expected_saving",
    "confidence",
]


@click.command(
    "backtest",
    short_help="The track record: the calls replayed over price files.",
    epilog="Example: gpu-limbo backtest --prices ../shared/data/prices --decisions calls.csv --json",
)
@click.option("--prices", "paths", multiple=True, metavar="PATH", help="Price file or folder; may be given repeatedly.")
@click.option("--delay-cost", default=0.005, show_default=True, help="Cost of a week without the card, share of price.")
@click.option("--horizon-weeks", default=26, show_default=True, help="A buyer buys at the latest after so many weeks.")
@click.option("--decisions", type=click.Path(dir_okay=False), help="Write every call to this CSV.")
@click.option("--replay", "month", metavar="YYYY-MM", help="Show what was called in this month, and what came.")
@click.option("--verify-record", "verify", is_flag=True, help="Check that nothing in the live record was changed.")
@click.option("--noted", metavar="DIGEST", help="With --verify-record: a digest it printed once.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print tables as in README and docs/replays.md.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON.")
def backtest_command(
    paths: tuple[str, ...],
    delay_cost: float,
    horizon_weeks: int,
    decisions: str | None,
    month: str | None,
    verify: bool,
    noted: str | None,
    as_markdown: bool,
    as_json: bool,
) -> int:
    """Replay the decision weekly over price files and compare it with simple rules.

    Reads only the named files, not the database. A rule's share is the part of a clairvoyant buyer's saving that it
    captures; its loss is what it costs against buying at once, in percent of the price (negative: it saves).
    --replay and --verify-record read the database where no price files are named.
    """
    from monitor.cli import backtest_markdown, backtest_shows
    from monitor.errors import UsageError

    if not paths and not month and not verify:
        raise UsageError("name the price files or folders: --prices PATH")
    if not 0 <= delay_cost < 1 or not 1 <= horizon_weeks <= 104:
        raise UsageError("--delay-cost must lie in 0 to 1 and --horizon-weeks in 1 to 104")
    if verify:
        state = backtest_shows.record_state(noted)
        click.echo(json.dumps(state, indent=2) if as_json else "\n".join(backtest_shows.record_lines(state)))
        return 0 if backtest_shows.record_is_whole(state) else 1
    if month:
        calls = backtest_shows.replay_of(month, paths, delay_cost, horizon_weeks)
        lines = backtest_markdown.replay_markdown(calls) if as_markdown else backtest_shows.replay_lines(calls)
        click.echo(json.dumps(calls, indent=2) if as_json else "\n".join(lines))
        return 0 if calls else 1
    result = _run(paths, delay_cost, horizon_weeks, decisions)
    lines = backtest_markdown.markdown_lines(result) if as_markdown else _lines(result)
    click.echo(json.dumps(result, indent=2) if as_json else "\n".join(lines))
    return 0 if result["sources"] else 1


def _run(paths: tuple[str, ...], delay_cost: float, horizon_weeks: int, decisions: str | None) -> dict[str, Any]:
    import os

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the processes share the cores already
    from monitor.catalog import load_catalog
    from monitor.cli import replay_workers
    from monitor.clock import utc_now
    from monitor.core import backtest, backtest_parts
    from monitor.core.backtest_score import tracks
    from monitor.core.decision import DecisionParams
    from monitor.history import read_price_files

    files, gpus = read_price_files(paths, today=utc_now().date()), load_catalog().gpus
    for reason, count in files.rejected.items():
        click.echo(f"{count} of {files.rows} rows left out: {reason}", err=True)
    params = DecisionParams(delay_cost_per_week=delay_cost, deadline_weeks=horizon_weeks)
    scored = tracks(files.scored, gpus)
    book = backtest.CallBook(scored)
    with _writer(decisions) as write:
        weeks = replay_workers.replay(files.known, gpus, params)
        for calls in _with_progress(weeks, len(backtest.mondays(files.known))):
            book.add(calls)
            write(calls)
    result = backtest.track_record(scored, book, gpus, delay_cost, horizon_weeks)
    return {**result, "parts": backtest_parts.parts(scored, book, delay_cost, horizon_weeks) if scored else {}}


def _with_progress(weeks: "Iterator[list[Signal]]", total: int) -> "Iterable[list[Signal]]":
    from rich.console import Console
    from rich.progress import track

    return track(weeks, "Replaying weeks", total=total, console=Console(stderr=True), transient=True)


@contextmanager
def _writer(path: str | None) -> Iterator[Any]:
    if path is None:
        yield lambda calls: None
        return
    from monitor.errors import UsageError

    try:
        with open(path, "w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(DECISION_COLUMNS)
            yield lambda calls: rows.writerows(map(_row, calls))
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}; name another file with --decisions") from None


def _row(call: "Signal") -> list[object]:
    key = call.series
    assert key is not None
    window = [call.window_low_weeks, call.window_high_weeks]
    return [
        *(key.source, key.gpu, key.condition, key.stat, key.region, key.currency),
        call.as_of.date().isoformat(),
        str(call.action),
        *("" if week is None else f"{week:g}" for week in window),
        f"{call.expected_saving:.5f}",
        f"{call.confidence:.4f}",
    ]


def _lines(result: Mapping[str, Any]) -> Iterator[str]:
    """The table for people: each rule's pooled result, then the calls by source and half-year."""
    rules = result["rules"]
    if not result["sources"]:
        yield "no series is long enough to be scored: it takes 10 dates over 270 days and a card of the catalogue"
        return
    yield f"{'rule':24s} {'share':>7s} {'loss %':>8s}"
    for name, found in rules.items():
        pooled = found["sources"]["ALL"]
        yield f"{name:24s} {pooled['share']:+7.3f} {pooled['loss']:+8.2f}"
    yield ""
    yield f"{'calls by source':28s} {'series':>6s} {'possible %':>10s} {'share':>7s} {'loss %':>8s} {'buys in':>8s}"
    for name, row in result["sources"].items():
        figures = f"{row['possible']:10.1f} {row['share']:+7.3f} {row['loss']:+8.2f} {row['buys']:8.2f}"
        yield f"{name:28s} {row['series']:6d} {figures}"
    yield ""
    yield f"{'by half-year':12s} {'arrivals':>8s} {'share':>7s} {'loss %':>8s} {'ALL without it':>15s}"
    for name, row in result["episodes"].items():
        rest = "" if row["without"] is None else f"{row['without']:+15.3f}"
        yield f"{name:12s} {row['arrivals']:8d} {row['share']:+7.3f} {row['loss']:+8.2f} {rest}"
    yield ""
    yield from _quality_lines(result["quality"])
    yield ""
    yield from _part_lines(result["parts"])


def _part_lines(parts: Mapping[str, Any]) -> Iterator[str]:
    """The same market by market, half-year by half-year and by condition; and for other deadlines."""
    yield f"{'':28s} {'won':>6s} {'wait ok':>8s} {'buy ok':>7s} {'regret':>7s} {'flips':>6s} {'Brier':>6s} {'base':>6s}"
    for part in ("sources", "conditions", "episodes"):
        for name, row in parts[part].items():
            right = f"{_or(row['wait']['right']):>8s} {_or(row['buy_now']['right']):>7s}"
            rest = f"{_or(row['worst_regret']):>7s} {_or(row['flips_per_series_and_year']):>6s}"
            brier = f"{_or(row['brier']):>6s} {_or(row['brier_of_base_rate']):>6s}"
            yield f"{name:28s} {_or(row['win_rate']):>6s} {right} {rest} {brier}"
    yield ""
    yield f"{'must buy within':28s} {'won':>6s} {'share':>7s} {'loss %':>8s} {'always waiting, loss %':>23s}"
    for weeks, row in parts["horizons"].items():
        if row["arrivals"]:
            figures = f"{_or(row['win_rate']):>6s} {row['share']:+7.3f} {row['loss']:+8.2f}"
            yield f"{weeks + ' weeks':28s} {figures} {row['loss_of_always_waiting']:+23.2f}"


def _or(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _quality_lines(made: Mapping[str, Any]) -> Iterator[str]:
    """How often the calls were right, and whether the stated confidence can be believed."""
    for action in ("wait", "buy_now"):
        if made[action]["calls"]:
            yield f"{action:8s} {made[action]['calls']:6d} calls, right in {made[action]['right']:.2f}"
    if made["calls"]:
        yield f"Brier score {made['brier']:.3f} (stating the base rate: {made['brier_of_base_rate']:.3f})"
        yield f"flips per series and year {made['flips_per_series_and_year']:.1f}"
        for row in made["reliability"]:
            yield f"  stated {row['stated']:.2f}, came true {row['came_true']:.2f} ({row['calls']} calls)"
