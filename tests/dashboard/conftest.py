"""Databases that the pages are tried on: empty, full of made-up but complete data, and broken."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from dashboard.queries import base
from monitor.catalog import load_catalog
from monitor.clock import utc_now
from monitor.core.models import Condition, Measurement, Money, NewsEvent, Offer, Rejection
from monitor.jobs.decide import decide
from monitor.jobs.score import score
from monitor.store import repo
from monitor.store.engine import open_store, session_scope
from tests.conftest import make_offer

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)> [a](javascript:alert(2)) $x^2$ :red[y] RTX 4090"


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
        now = utc_now()
        engine = open_store(f"sqlite:///{database}")
        with session_scope(engine) as session:
            for gpu, usd in (("RTX 4090", 1599), ("RTX 3090", 899), ("RTX 4070 Ti Super", 799), ("L40S", 7500)):
                repo.add_observations(session, list(_year(gpu, usd, now)))
                repo.add_offers(session, [make_offer(gpu, str(usd), seen_at=now, title=HOSTILE, snippet=HOSTILE)], now)
            doubted = make_offer("RTX 4090", "199", seen_at=now, title=HOSTILE, url="https://shop.example/2")
            repo.add_offers(session, [replace(doubted, quarantined=True)], now)
            repo.add_news(session, [_headline(now)], now)
            repo.add_measurements(session, [_measured(now)], now)
            bad = Rejection(source="shop-a", reason="no_match", text=HOSTILE, title=HOSTILE, seen_at=now)
            repo.add_rejections(session, [bad], now)
            repo.record_crawl(session, "shop-a", now, offers=4, rejections=1, errors=0, seconds=2.0)
        for _ in range(2):
            with session_scope(engine) as session:
                decide(session, load_catalog(), now)
            with session_scope(engine) as session:
                score(session, load_catalog(), now)
        engine.dispose()
        base.forget()

    return filled


def _year(gpu: str, usd: int, now: datetime) -> Iterator[Offer]:
    for week in range(52):
        yield make_offer(
            gpu,
            str(Decimal(usd) * (1 + Decimal(52 - week) / 500)),
            stat="median_offer",
            n_obs=5,
            seen_at=now - timedelta(weeks=52 - week),
        )
        yield make_offer(
            gpu,
            str(Decimal(usd) * Decimal("0.7")),
            stat="monthly_mean_sold",
            condition=Condition.USED,
            source="used-a",
            n_obs=5,
            seen_at=now - timedelta(weeks=52 - week),
        )


def _headline(now: datetime) -> NewsEvent:
    return NewsEvent(
        title=HOSTILE,
        event="rumour",
        gpus=("RTX 4090",),
        expected_date="",
        effect="wait",
        source="feed-a",
        url="javascript:alert(3)",
        published_at=now,
        key="k",
    )


def _measured(now: datetime) -> Measurement:
    return Measurement(
        gpu="RTX 4090",
        device_name="NVIDIA GeForce RTX 4090",
        device_kind="gpu",
        op="gemm",
        precision="bf16",
        value=120.0,
        unit="TFLOP/s",
        rel_mad=0.01,
        n=100,
        measured_at=now,
        status="degraded",
        conditions={"sm_mhz": 1800.0, "power_watts": 250.0},
    )


def budget(amount: str) -> Money:
    """An amount in dollars."""
    return Money(amount=Decimal(amount), currency="USD")
