"""Verda (DataCrunch before): prices as text, for the whole instance, on demand and spot side by side."""

from collections.abc import Iterator
from typing import Any

from spiders.accelerators import name_accelerator
from spiders.cloud_answers import (
    ON_DEMAND,
    SPOT,
    Answer,
    Ask,
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

CLOUD = Cloud(
    title="Verda",
    asks=(Ask(url="https://api.datacrunch.io/v1/instance-types"),),
    note="a saved fixture of the answer; public clients ask the address without a key",
)


def parse(payload: object) -> Answer:
    """Offers of an answer to `/instance-types`; it names no region."""
    return read_rows(payload, _rows, _offers)


def _rows(data: Any) -> list[Any]:
    return data if isinstance(data, list) else rows_at(data, "instance_types")


def _offers(row: Row) -> Iterator[CloudOffer]:
    if not number((row.get("gpu") or {}).get("number_of_gpus") or 0):
        return
    gpus = count(row["gpu"]["number_of_gpus"])
    total_gb = (row.get("gpu_memory") or {}).get("size_in_gigabytes")
    memory_gb = float(number(total_gb)) / gpus if total_gb else None
    shared: dict[str, Any] = {
        "gpu": name_accelerator(row.get("name") or row["gpu"]["description"], memory_gb=memory_gb, gpus=gpus),
        "quantity": gpus,
        "sku": str(row.get("instance_type") or ""),
        "title": str(row.get("name") or row["gpu"]["description"]),
    }
    for field, billing in (("price_per_hour", ON_DEMAND), ("spot_price", SPOT)):
        if has_price(row.get(field)):
            price = per_gpu(row[field], currency=row.get("currency") or "USD", gpus=gpus)
            yield CloudOffer(**shared, price=price, billing=billing)
