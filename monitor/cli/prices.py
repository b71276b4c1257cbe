"""`gpu-limbo import` and `gpu-limbo db`: prices from files, and the care of the database."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click


@click.command(
    "import",
    short_help="Store price files (CSV) and probe records of others.",
    epilog="Example: gpu-limbo import my-prices.csv more-prices/",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON.")
def import_command(paths: tuple[str, ...], as_json: bool) -> int:
    """Store the prices of CSV files (also .gz), or of folders of them; and probe records (.json, .jsonl) of others.

    A row that is stored already is not stored again. One that cannot be used is rejected with file, line and reason
    (see the data-health page); the others go in.
    """
    from monitor.clock import utc_now
    from monitor.history import price_files
    from monitor.jobs.history import import_prices
    from monitor.jobs.records import import_records, is_record
    from monitor.settings import load_settings
    from monitor.store.engine import open_store

    records = [Path(path) for path in paths if is_record(Path(path))]
    prices = [path for path in paths if not is_record(Path(path))]
    files = price_files(prices) if prices else []
    engine = open_store(load_settings().database)
    with _progress(sum(path.stat().st_size for path in files)) as on_bytes:
        done = import_records(engine, records, utc_now())
        if files:
            done += import_prices(engine, files, utc_now(), on_bytes)
    if as_json:
        counts = {"files": done.files, "new": done.new, "known": done.known, "rejected": done.rejected}
        click.echo(json.dumps({**counts, "reasons": done.reasons}))
    else:
        click.echo(f"{done.files} files: {done.new} rows in, {done.known} known already, {done.rejected} rejected")
        for reason, count in done.reasons.items():
            click.echo(f"  {count:8d} {reason}", err=True)
        for example in done.examples:
            click.echo(f"  for example {example}", err=True)
        if not done.new + done.known + done.rejected:
            click.echo("  nothing stands in them below the first line, which names the columns", err=True)
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


@click.group("db", short_help="Care for the database: backup, restore, move.", epilog="Example: gpu-limbo db backup")
def db_command() -> None:
    """Care for the database: its layout, backups, and a move to PostgreSQL."""


@db_command.command("upgrade", short_help="Bring the database to this version.", epilog="Example: gpu-limbo db upgrade")
def upgrade_command() -> int:
    """Bring the database to this program's layout (every start does it too)."""
    from monitor.settings import load_settings
    from monitor.store.engine import head_version, make_engine, place, upgrade

    engine = make_engine(load_settings().database)
    done = upgrade(engine)
    click.echo(f"{place(engine)}: layout {head_version()}, {'brought up to date' if done else 'nothing to do'}")
    return 0


@db_command.command(
    "backup",
    short_help="Write all rows to one file, and read it back.",
    epilog="Example: gpu-limbo db backup /media/disk/backups --keep 30",
)
@click.argument("target", required=False, type=click.Path(path_type=Path), metavar="[FOLDER_OR_FILE.db]")
@click.option("--keep", type=click.IntRange(min=1), default=7, show_default=True, help="Newest backups that stay.")
def backup_command(target: Path | None, keep: int) -> int:
    """Write all rows to one file while the service goes on, and read it back.

    Without a target it goes to the folder `backups` in GPU_LIMBO_HOME. The file also restores into another kind of
    database. Secrets are not in it.
    """
    from monitor.clock import utc_now
    from monitor.settings import load_settings
    from monitor.store.backup import back_up, back_up_to_folder
    from monitor.store.engine import open_store

    settings = load_settings()
    engine = open_store(settings.database)
    if target is not None and target.suffix == ".db":
        back_up(engine, target)
    else:
        target = back_up_to_folder(engine, target or settings.home.expanduser() / "backups", utc_now(), keep)
    click.echo(f"{target}: {target.stat().st_size / 1e6:.1f} MB, read back and found whole")
    return 0


@db_command.command(
    "restore",
    short_help="Replace everything by a backup.",
    epilog="Example: gpu-limbo db restore backups/gpu-limbo-20261101T030000Z.db --yes",
)
@click.argument("backup", type=click.Path(path_type=Path), metavar="FILE.db")
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore_command(backup: Path, yes: bool) -> int:
    """Replace everything in the database by a backup, also by one of an earlier version."""
    from monitor.settings import load_settings
    from monitor.store.backup import restore
    from monitor.store.engine import make_engine, place

    engine = make_engine(load_settings().database)
    if not yes and backup.exists():  # what is not there is told, not asked about
        click.confirm(f"Replace everything in {place(engine)} by {backup}?", abort=True, err=True)
    counts = restore(engine, backup)
    click.echo(f"{place(engine)}: {sum(counts.values())} rows restored from {backup}")
    return 0


@db_command.command(
    "move",
    short_help="Copy every row into another, empty database.",
    epilog="Example: gpu-limbo db move postgresql://limbo@localhost/limbo",
)
@click.argument("url", metavar="DATABASE_URL")
def move_command(url: str) -> int:
    """Copy every row into an empty database, from SQLite to PostgreSQL or back; the old one stays as it is."""
    from monitor.settings import load_settings
    from monitor.store.backup import move
    from monitor.store.engine import make_engine, open_store, place

    counts = move(open_store(load_settings().database), url)
    click.echo(f"{place(make_engine(url))}: {sum(counts.values())} rows copied and counted")
    click.echo("Now set DATABASE_URL to it and start again; stop the service before you move.", err=True)
    return 0
