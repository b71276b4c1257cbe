"""A fresh database for each test: SQLite, and PostgreSQL too where TEST_DATABASE_URL is set.

The layout is made once a run by the migrations and copied for each test.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlmodel import Session

from monitor.store.engine import make_engine, open_store, session_scope

SERVER = os.environ.get("TEST_DATABASE_URL", "")
KINDS = ("sqlite", "postgresql") if SERVER else ("sqlite",)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, up-to-date database."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "limbo.db")
        yield f"sqlite:///{tmp_path / 'limbo.db'}"
    else:
        with _database(template=request.getfixturevalue("postgresql_template")) as url:
            yield url


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'limbo.db'}"
    else:
        with _database() as url:
            yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a fresh, up-to-date database."""
    made = make_engine(database_url, busy_timeout_ms=2000)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on a fresh database; commits at the end of the test."""
    with session_scope(engine) as opened:
        yield opened


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest layout and no row."""
    path = tmp_path_factory.mktemp("template") / "limbo.db"
    open_store(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_template() -> Iterator[str]:
    """The name of a PostgreSQL database with the newest layout and no row."""
    with _database() as url:
        open_store(url).dispose()
        yield str(make_url(url).database)


class _database:
    """A PostgreSQL database that lasts as long as the block."""

    def __init__(self, template: str = "template1") -> None:
        self.name, self.template = f"limbo_{uuid4().hex}", template

    def __enter__(self) -> str:
        self._run(f"CREATE DATABASE {self.name} TEMPLATE {self.template}")
        return make_url(SERVER).set(database=self.name).render_as_string(hide_password=False)

    def __exit__(self, *_: object) -> None:
        self._run(f"DROP DATABASE {self.name} WITH (FORCE)")

    @staticmethod
    def _run(statement: str) -> None:
        server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(statement))
        server.dispose()
