"""`gpu-limbo import` and `gpu-limbo db`: prices from files, and the care of the database."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click


@click.command("import", epilog="Example: gpu-limbo import my-prices.csv more-prices/")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON.")
def import_command(paths: tuple[str, ...], as_json: bool) -> int:
    """Store the prices of CSV files (also .gz), or of folders of them.

    A row that is stored already is not stored again. One that cannot be used is rejected with file, line and reason
    (see the data-health page); the others go in.
    """
    from monitor.clock import utc_now
    from monitor.history import price_files
    from monitor.jobs.history import import_prices
    from monitor.settings import load_settings
    from monitor.store.engine import open_store

    files = price_files(paths)
    engine = open_store(load_settings().database)
    with _progress(sum(path.stat().st_size for path in files)) as on_bytes:
        done = import_prices(engine, files, utc_now(), on_bytes)
    if as_json:
        counts = {"files": done.files, "new": done.new, "known": done.known, "rejected": done.rejected}
        click.echo(json.dumps({**counts, "reasons": done.reasons}))
    else:
        click.echo(f"{done.files} files: {done.new} rows in, {done.known} known already, {done.rejected} rejected")
        for reason, count in done.reasons.items():
            click.echo(f"  {count:8d} {reason}", err=True)
        for example in done.examples:
            click.echo(f"  for example {example}", err=True)
    return 0 if done.new or done.known else 1


@contextmanager
def _progress(total_bytes: int) -> Iterator[Callable[[Path, int], None]]:
    """A bar on stderr, where that is a terminal; gives a function that takes a file and how far it is read."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
        TimeRemainingColumn(),
    )
    done: dict[Path, int] = {}
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("importing", total=max(total_bytes, 1))

        def on_bytes(path: Path, position: int) -> None:
            done[path] = position
            progress.update(task, completed=sum(done.values()), description=path.name)

        yield on_bytes
