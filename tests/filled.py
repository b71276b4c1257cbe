"""A database full of made-up but complete data, with a hostile text wherever text from the web can stand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from monitor.catalog import load_catalog
from monitor.core.models import Condition, Measurement, NewsEvent, Offer, Rejection
from monitor.jobs.decide import decide
from monitor.jobs.score import score
from monitor.store import repo
from monitor.store.engine import open_store, session_scope
from tests.conftest import make_offer

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)> [a](javascript:alert(2)) $x^2$ :red[y] RTX 4090"


def fill_database(url: str, now: datetime) -> None:
    """A year of weekly prices, offers, one doubted price, news, rejections, a measurement, calls and scores."""
    engine = open_store(url)
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
