"""Shared fixtures: the fixed moment, the real data folder, databases, and factories of values."""

import os
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from monitor.core.models import Condition, Money, Offer

pytest_plugins = ["tests.mailbox", "tests.databases", "tests.bad_disk"]

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """The fixed present of every test."""
    return NOW


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data; a test that needs it is skipped only where the folder is missing."""
    folder = Path(os.environ.get("GPU_LIMBO_SHARED", Path(__file__).parents[2] / "shared")).resolve()
    if not (folder / "data").is_dir():
        pytest.skip("the shared data folder is missing: set GPU_LIMBO_SHARED")
    return folder


def make_offer(gpu: str = "RTX 4090", price: str = "1599.00", **changes: object) -> Offer:
    """A plain retail offer; name what differs."""
    values: dict[str, object] = {
        "gpu": gpu,
        "title": f"ASUS {gpu} Gaming",
        "price": Money(amount=Decimal(price), currency="USD"),
        "condition": Condition.NEW,
        "source": "shop-a",
        "region": "US",
        "seen_at": NOW,
        "url": "https://shop.example/1",
    }
    return Offer(**{**values, **changes})  # type: ignore[arg-type]
