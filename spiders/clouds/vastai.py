"""Vast.ai: a market of single machines; the search answers without a key, cut short, so its prices are a sample."""

from collections.abc import Iterator
from typing import Any

from monitor.core.models import Availability
from spiders.accelerators import name_accelerator
from spiders.cloud_answers import (
    ON_DEMAND,
    SPOT,
    Answer,
    Ask,
    BadRow,
    Cloud,
    CloudOffer,
    Row,
    count,
    has_price,
    number,
    per_gpu,
    read_rows,
    rows_at,
)

_SEARCH = {"verified": {"eq": True}, "rentable": {"eq": True}, "order": [["dph_total", "asc"]], "limit": 1000}

CLOUD = Cloud(
    title="Vast.ai",
    asks=(Ask(url="https://console.vast.ai/api/v0/bundles/", body={**_SEARCH, "type": "ondemand"}),),
    note="a saved answer of 2022 and public clients",
)


def parse(payload: object) -> Answer:
    """Offers of an answer to `/bundles/`; `dph_total` and `min_bid` are for the whole offer with `num_gpus`."""
    return read_rows(payload, lambda data: rows_at(data, "offers"), _offers)


def _offers(row: Row) -> Iterator[CloudOffer]:
    _refuse_unusable(row)
    gpus = count(row["num_gpus"])
    memory_gb = float(number(row["gpu_ram"])) / 1024 if row.get("gpu_ram") else None
    gpu = name_accelerator(row["gpu_name"], memory_gb=memory_gb, gpus=gpus)
    shared = {
        "gpu": gpu,
        "region": str(row.get("geolocation") or ""),
        "quantity": gpus,
        "availability": Availability.OUT_OF_STOCK if row.get("rented") else Availability.IN_STOCK,
        "sku": str(row.get("machine_id") or row.get("id") or ""),
        "title": str(row["gpu_name"]),
    }
    # in a search for bids `dph_total` is the bid, not a price at which the machine stays yours
    if not row.get("is_bid"):
        yield _offer(shared, row["dph_total"], gpus, ON_DEMAND)
    if has_price(row.get("min_bid")):
        yield _offer(shared, row["min_bid"], gpus, SPOT)


def _offer(shared: dict[str, Any], price: object, gpus: int, billing: Any) -> CloudOffer:
    return CloudOffer(**shared, price=per_gpu(price, gpus=gpus), billing=billing)


def _refuse_unusable(row: Row) -> None:
    if row.get("rentable") is False:
        raise BadRow("not_rentable")
    if row.get("verification") not in (None, "verified") or row.get("verified") is False:
        raise BadRow("unverified_host")
