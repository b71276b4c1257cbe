"""The database: address -> engine -> session, and its layout brought up to date.

A session that may write takes SQLite's write lock at once, so that two writers wait for each other instead of failing.
"""

import contextlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError
from sqlmodel import Session

from monitor.errors import SettingsError, StoreError
from monitor.store.faults import DAMAGED, Damaged, store_errors
from monitor.store.presence import watch_file

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_MS = 30_000
UPGRADE_LOCK = 4_711_004  # PostgreSQL advisory lock: one upgrade at a time


def make_engine(url: str, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Engine:
    """An engine for SQLite or PostgreSQL; nothing is opened yet. Raises `SettingsError` for any other address."""
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite_engine(address, busy_timeout_ms)
    options = f"-c lock_timeout={busy_timeout_ms} -c timezone=UTC"
    return create_engine(
        address,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 10,
            "client_encoding": "utf8",
            "options": options,
            "application_name": "gpu-limbo",
        },
    )


def open_store(url: str) -> Engine:
    """An engine whose database exists and has this program's layout; what an entry point calls first."""
    engine = make_engine(url)
    upgrade(engine)
    return engine


@contextlib.contextmanager
def session_scope(engine: Engine, *, read_only: bool = False) -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on an error. Database trouble becomes `StoreError`.

    `read_only` sessions never wait for a writer (and must not write).
    """
    bind = engine.execution_options(limbo_read_only=True) if read_only else engine
    with store_errors(place(engine)), Session(bind, expire_on_commit=False) as session:
        yield session
        session.commit()


def upgrade(engine: Engine) -> bool:
    """Bring the layout up to date and say whether anything had to be done; refuses a database of a newer program."""
    with store_errors(place(engine)):
        current = schema_version(engine)
        if current == head_version():
            return False
        if current is not None and current not in _versions():
            raise StoreError(
                f"the database was written by a newer gpu-limbo (layout {current}): update it ({place(engine)})"
            )
        _run_migrations(engine)
    return True


def schema_version(engine: Engine) -> str | None:
    """The layout's version that the database carries, or `None` for an empty one."""
    with store_errors(place(engine)), engine.execution_options(limbo_read_only=True).connect() as connection:
        try:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except (OperationalError, ProgrammingError) as error:
            if "alembic_version" in str(error.orig):
                return None
            raise


def check_pages(engine: Engine) -> None:
    """Read a SQLite file through; raises `StoreError` where a part of it is damaged, though others can be read."""
    with store_errors(place(engine)), engine.execution_options(limbo_read_only=True).connect() as connection:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            raise Damaged(f"{DAMAGED} ({place(engine)})")


@cache
def head_version() -> str:
    """The newest layout this program knows: migrations are named 0001_..., 0002_..."""
    return max(_versions())


def place(engine: Engine) -> str:
    """Where the database is, without its password."""
    url = engine.url
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def is_sqlite(engine_or_connection: Engine | Connection) -> bool:
    """Whether the database is a file; else it is PostgreSQL."""
    return engine_or_connection.dialect.name == "sqlite"


def _address(url: str) -> URL:
    wanted = "write sqlite:////path/to/file.db or postgresql://user:password@host/name"
    try:
        address = make_url(url.strip())
    except (ArgumentError, ValueError):
        raise SettingsError(f"DATABASE_URL is no database address: {wanted}") from None
    if address.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return address.set(drivername="postgresql+psycopg")
    if address.drivername in ("sqlite", "sqlite+pysqlite"):
        return address.set(drivername="sqlite+pysqlite")
    raise SettingsError(
        f"DATABASE_URL names the database kind '{address.drivername}', which gpu-limbo cannot use: {wanted}"
    )


def _sqlite_engine(address: URL, busy_timeout_ms: int) -> Engine:
    in_file = address.database and address.database != ":memory:" and not address.database.startswith("file:")
    if in_file:
        try:
            Path(str(address.database)).expanduser().parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"the folder of the database cannot be made ({error.strerror}): choose another with GPU_LIMBO_HOME"
            ) from error
        address = address.set(database=str(Path(str(address.database)).expanduser()))
    engine = create_engine(address, connect_args={"timeout": busy_timeout_ms / 1000})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in ("foreign_keys=ON", "synchronous=FULL", "cache_size=-65536", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        with contextlib.suppress(Exception):  # a read-only database keeps the journal that it has
            connection.execute("PRAGMA journal_mode=WAL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("limbo_read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    if in_file:
        watch_file(engine, Path(str(address.database)))
    return engine


@cache
def _versions() -> frozenset[str]:
    return frozenset(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _run_migrations(engine: Engine) -> None:
    from alembic import command  # slow to import, and rarely needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        if not is_sqlite(connection):
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
