"""Backups: one SQLite file that holds every row, whatever database it comes from, and goes back into either."""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine

from monitor.errors import StoreError
from monitor.store.copying import clear_rows, copy_rows, row_counts
from monitor.store.engine import is_sqlite, make_engine, open_store, place, schema_version, upgrade
from monitor.store.faults import Damaged, store_errors
from monitor.store.presence import forget_file
from monitor.store.repo.choices import SECRET

PATTERN = "gpu-limbo-*.db"


def back_up(engine: Engine, target: Path) -> dict[str, int]:
    """Write everything to `target` while others go on working, read it back, and return the rows of each table.

    Secrets (of links in messages) stay out. The file appears only when it is whole; raises `StoreError` otherwise.
    """
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with store_errors(place(engine)):
            counts = _copy_file(engine, part) if is_sqlite(engine) else _copy_rows(engine, part)
            counts["user_settings"] -= _finish(part)
        _check(part, counts)
        part.chmod(0o600)
        os.replace(part, target)
    except OSError as error:
        raise StoreError(f"the backup cannot be written to {target} ({error.strerror}): name another place") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return counts


def back_up_to_folder(engine: Engine, folder: Path, now: datetime, keep: int = 7) -> Path:
    """A backup with the time in its name; of the older ones in `folder`, the newest `keep` stay, this one included.

    Those with a time to come were named by a wrong clock: they make room first, and never push out this one.
    """
    target = folder / f"gpu-limbo-{now:%Y%m%dT%H%M%SZ}.db"
    back_up(engine, target)
    for old in sorted(folder.glob(PATTERN), key=lambda file: (file.name <= target.name, file.name))[:-keep]:
        old.unlink(missing_ok=True)
    return target


def restore(engine: Engine, backup: Path) -> dict[str, int]:
    """Replace all rows by those of a backup, also of an older layout, and return the rows of each table.

    All or nothing: until the end the database holds what it held. A damaged SQLite file is set aside first.
    """
    with tempfile.TemporaryDirectory() as folder, _opened(backup, Path(folder)) as source:
        _make_ready(engine)
        with (
            store_errors(place(engine)),
            source.execution_options(limbo_read_only=True).connect() as rows,
            engine.begin() as target,
        ):
            wanted = row_counts(rows)
            clear_rows(target)
            _compare(copy_rows(rows, target), wanted)
    return wanted


def move(engine: Engine, url: str) -> dict[str, int]:
    """Copy every row into the empty database at `url` and return the rows of each table; this one stays as it is."""
    target = open_store(url)
    try:
        with store_errors(place(target)), _snapshot(engine) as rows, target.begin() as into:
            if any(count for name, count in row_counts(into).items() if name != "leases"):
                raise StoreError(f"the database at {place(target)} is not empty: name an empty one")
            clear_rows(into)
            counts = row_counts(rows)
            _compare(copy_rows(rows, into), counts)
    finally:
        target.dispose()
    return counts


@contextlib.contextmanager
def _snapshot(engine: Engine) -> Iterator[Any]:
    """A connection that sees one moment of the database, however long it reads."""
    options = {"limbo_read_only": True} if is_sqlite(engine) else {"isolation_level": "REPEATABLE READ"}
    with store_errors(place(engine)), engine.execution_options(**options).connect() as connection:
        yield connection


def _copy_file(engine: Engine, part: Path) -> dict[str, int]:
    with _snapshot(engine) as connection, contextlib.closing(sqlite3.connect(part)) as target:
        counts = row_counts(connection)
        connection.connection.driver_connection.backup(target)
    return counts


def _copy_rows(engine: Engine, part: Path) -> dict[str, int]:
    target = open_store(f"sqlite:///{part}")
    with _snapshot(engine) as connection, target.begin() as into:
        counts = row_counts(connection)
        copy_rows(connection, into)
    target.dispose()
    return counts


def _finish(part: Path) -> int:
    """Make it one file instead of three, delete what opens doors and overwrite where it stood; how many rows."""
    with contextlib.closing(sqlite3.connect(part)) as file:
        file.execute("PRAGMA journal_mode=DELETE")
        file.execute("PRAGMA secure_delete=ON")
        done = file.execute("DELETE FROM user_settings WHERE substr(name, 1, ?) = ?", (len(SECRET), SECRET))
        file.commit()
        return done.rowcount


def _check(path: Path, counts: dict[str, int]) -> None:
    """Read a finished backup back; raises `StoreError` where it is not what was written."""
    with (
        store_errors(str(path)),
        contextlib.closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as file,
    ):
        if file.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise StoreError(f"the backup {path} could not be read back: check the disk, and write it elsewhere")
        _compare({name: file.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in counts}, counts)


def _compare(found: dict[str, int], wanted: dict[str, int]) -> None:
    if found != wanted:
        wrong = ", ".join(name for name in wanted if found.get(name) != wanted[name])
        raise StoreError(f"not every row came over ({wrong}): nothing was changed; try again")


@contextlib.contextmanager
def _opened(backup: Path, folder: Path) -> Iterator[Engine]:
    """A copy of the backup, brought to this program's layout."""
    if not backup.is_file():
        raise StoreError(f"there is no backup {backup}: name a file that `gpu-limbo db backup` wrote")
    copy = folder / "backup.db"
    try:
        shutil.copyfile(backup, copy)
    except OSError as error:
        raise StoreError(f"the backup {backup} cannot be read ({error.strerror})") from error
    engine = make_engine(f"sqlite:///{copy}")
    try:
        try:
            version = schema_version(engine)
        except StoreError:
            version = None
        if version is None:
            raise StoreError(f"{backup} is no backup of gpu-limbo: name a file that `gpu-limbo db backup` wrote")
        upgrade(engine)
        yield engine
    finally:
        engine.dispose()


def _make_ready(engine: Engine) -> None:
    try:
        upgrade(engine)
    except Damaged:
        if not is_sqlite(engine):
            raise
        engine.dispose()
        _set_aside(Path(str(engine.url.database)))
        forget_file(engine)
        upgrade(engine)


def _set_aside(file: Path) -> None:
    """Keep a damaged file under another name: somebody may still get something out of it."""
    number = 1
    while (aside := file.with_name(f"{file.name}.damaged-{number}")).exists():
        number += 1
    file.rename(aside)
    for suffix in ("-wal", "-shm"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)
