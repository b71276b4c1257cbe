"""Databases that the pages are tried on: empty, full of made-up but complete data, and broken."""

import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from dashboard.queries import base
from monitor.clock import utc_now
from monitor.core.models import Money
from tests.dashboard.guarded import guarded, site, unguarded  # noqa: F401 - fixtures
from tests.filled import fill_database

NAME = "gpu-limbo.db"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty place for a database that the pages read."""
    path = tmp_path / NAME
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.delenv("GPU_LIMBO_DATABASE_URL", raising=False)
    base.forget()
    yield path
    base.forget()


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a database with a year of weekly prices, offers, news, rejections, calls and hostile titles."""
    folder = tmp_path_factory.mktemp("full")
    fill_database(f"sqlite:///{folder / NAME}", utc_now())
    return folder


@pytest.fixture
def fill(database: Path, full: Path) -> Callable[[], None]:
    """Puts a copy of the full database in place."""

    def filled() -> None:
        for file in full.glob(f"{NAME}*"):  # with its journal, where there is one
            shutil.copy(file, database.parent / file.name)
        base.forget()

    return filled


def budget(amount: str) -> Money:
    """An amount in dollars."""
    return Money(amount=Decimal(amount), currency="USD")
