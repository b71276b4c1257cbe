"""A crawl of clouds through the real engine: saved answers in, rental prices per GPU and hour in the store."""

import json
from typing import Any

import pytest

from monitor.clock import utc_now
from monitor.core.models import Billing, Condition, Market
from monitor.store import repo
from monitor.store.engine import make_engine, session_scope

VAST = {
    "offers": [
        {"gpu_name": "RTX 4090", "num_gpus": 2, "gpu_ram": 24564, "dph_total": 0.8, "min_bid": 0.4, "machine_id": 7,
         "geolocation": "Sweden, SE", "rentable": True, "verification": "verified"},
        {"gpu_name": "RTX 4090", "num_gpus": 1, "gpu_ram": 24564, "dph_total": "free", "verification": "verified"},
    ]
}  # fmt: skip
AZURE = {
    "armSkuName": "Standard_ND96isr_H100_v5", "armRegionName": "eastus", "unitOfMeasure": "1 Hour",
    "type": "Consumption", "currencyCode": "USD", "meterName": "ND96isrH100v5",
    "productName": "Virtual Machines NDsr H100 v5 Series",
}  # fmt: skip


def stored(home: Any) -> list[Any]:
    with session_scope(make_engine(home.database)) as session:
        return repo.offers_as_of(session, utc_now(), market=Market.CLOUD)


def rejected(home: Any) -> list[str]:
    with session_scope(make_engine(home.database)) as session:
        return sorted(rejection.reason for rejection in repo.rejections(session))


AZURE_PAGES = """
[azure]
kind = "cloud"
reader = "azure"
market = "cloud"
condition = "rental"
starts = ["https://prices.example/1"]
"""


def test_a_crawl_of_clouds_stores_what_can_be_compared_and_says_what_failed(
    home, replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One crawl, since each starts an engine: pages followed, a Windows price, a wall, no nodes, a missing key."""
    monkeypatch.delenv("LAMBDA_API_KEY", raising=False)
    windows = AZURE | {"productName": "Virtual Machines NDsr H100 v5 Series Windows", "retailPrice": 132.232}
    first = {"Items": [AZURE | {"retailPrice": 98.32}, windows], "NextPageLink": "https://prices.example/2"}
    second = {"Items": [AZURE | {"retailPrice": 84, "meterName": "ND96 Spot"}], "NextPageLink": None}
    replay.add("https://console.vast.ai/api/v0/bundles/", json.dumps(VAST))
    replay.add("https://prices.example/1", json.dumps(first))
    replay.add("https://prices.example/2", json.dumps(second))
    replay.add("https://rest.compute.cudo.org/v1/vms/machine-types", "<html>Just a moment</html>")
    replay.add("https://lium.io/api/public/v1/nodes", '{"nodes": []}')
    home.sources(AZURE_PAGES)
    lines = home.crawl("vastai", "azure", "cudo", "lium", "lambda")
    assert {name: (line["state"], line["offers"]) for name, line in lines.items()} == {
        "vastai": ("ok", 2),
        "azure": ("ok", 2),
        "cudo": ("failed", 0),
        "lium": ("empty", 0),
        "lambda": ("needs_key", 0),
    }
    assert "LAMBDA_API_KEY" in lines["lambda"]["faults"][0]
    offers = stored(home)
    assert {(o.source, o.gpu, f"{o.price.amount.normalize():f}", o.billing, o.region, o.quantity) for o in offers} == {
        ("vastai", "RTX 4090", "0.4", Billing.ON_DEMAND, "Sweden, SE", 2),
        ("vastai", "RTX 4090", "0.2", Billing.SPOT, "Sweden, SE", 2),
        ("azure", "H100 SXM", "12.29", Billing.ON_DEMAND, "eastus", 8),
        ("azure", "H100 SXM", "10.5", Billing.SPOT, "eastus", 8),
    }
    assert {(o.condition, o.market) for o in offers} == {(Condition.RENTAL, Market.CLOUD)}
    assert rejected(home) == ["not_json", "unreadable_price", "windows_licence"]


def test_the_users_key_goes_to_its_cloud_and_nowhere_else(home, replay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMBDA_API_KEY", "secret-1")
    replay.add("https://cloud.lambdalabs.com/api/v1/instance-types", "", status=302, Location="https://evil.example/")
    line = home.crawl("lambda")["lambda"]
    assert line["state"] == "moved", line["faults"]
    asked = dict(replay.asked)
    assert asked["cloud.lambdalabs.com/api/v1/instance-types"]["Authorization"] == "Bearer secret-1"
    assert not any("evil.example" in url for url in asked)
    assert "secret-1" not in json.dumps(line)
