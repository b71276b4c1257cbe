"""Databases that the pages are tried on: empty, full of made-up but complete data, and broken."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from dashboard.queries import base
from monitor.clock import utc_now
from monitor.core.models import Money
from tests.filled import fill_database


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty place for a database that the pages read."""
    path = tmp_path / "gpu-limbo.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.delenv("GPU_LIMBO_DATABASE_URL", raising=False)
    base.forget()
    yield path
    base.forget()


@pytest.fixture
def fill(database: Path) -> Callable[[], None]:
    """Fills the database with a year of weekly prices, offers, news, rejections, calls and hostile titles."""

    def filled() -> None:
        fill_database(f"sqlite:///{database}", utc_now())
        base.forget()

    return filled


def budget(amount: str) -> Money:
    """An amount in dollars."""
    return Money(amount=Decimal(amount), currency="USD")
