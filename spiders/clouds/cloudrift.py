"""CloudRift: cents per hour for a variant with so many GPUs, and where its nodes stand."""

from collections.abc import Iterator
from typing import Any

from spiders.accelerators import name_accelerator
from spiders.cloud_answers import (
    ON_DEMAND,
    Answer,
    Ask,
    Cloud,
    CloudOffer,
    Row,
    count,
    in_stock,
    number,
    per_gpu,
    read_rows,
    rows_at,
)

_BODY = {"version": "2025-03-21", "data": {"selector": {"ByServiceAndLocation": {"services": ["vm"]}}}}

CLOUD = Cloud(
    title="CloudRift",
    asks=(Ask(url="https://api.cloudrift.ai/api/v1/instance-types/list", body=_BODY),),
    note="public clients; no saved answer",
)

_CENTS = 100
_BYTES_PER_GIB = 1024**3


def parse(payload: object) -> Answer:
    """Offers of `instance-types/list`, one for each variant and place."""
    return read_rows(payload, _rows, _offers)


def _rows(data: Any) -> list[Any]:
    if isinstance(data, dict) and "data" in data:
        data = data["data"]
    types = rows_at(data, "instance_types")
    return [
        {**variant, "brand": kind.get("brand_short") or kind.get("brand")} if isinstance(variant, dict) else variant
        for kind in types
        if isinstance(kind, dict)
        for variant in kind.get("variants") or []
    ]


def _offers(row: Row) -> Iterator[CloudOffer]:
    if not number(row.get("gpu_count") or 0):
        return
    gpus = count(row["gpu_count"])
    memory_gb = float(number(row["vram"])) / _BYTES_PER_GIB if row.get("vram") else None
    gpu = name_accelerator(row["brand"], memory_gb=memory_gb, gpus=gpus)
    price = per_gpu(row["cost_per_hour"], gpus=gpus, divisor=_CENTS)
    free = row.get("available_nodes_per_dc") or {}
    for region in list(row.get("nodes_per_dc") or {}) or [""]:
        yield CloudOffer(
            gpu=gpu,
            price=price,
            billing=ON_DEMAND,
            region=str(region),
            quantity=gpus,
            availability=in_stock(free.get(region)),
            sku=str(row.get("name") or ""),
            title=str(row["brand"]),
        )
