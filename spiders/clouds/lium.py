"""Lium: a market of hosts with a public list; prices are per GPU, `tier` tells spot from secure."""

from collections.abc import Iterator

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
    in_stock,
    number,
    per_gpu,
    read_rows,
    rows_at,
)

CLOUD = Cloud(
    title="Lium",
    asks=(Ask(url="https://lium.io/api/public/v1/nodes"),),
    note="a recorded answer of 2026-09 in a public client's tests",
)

_TIERS = {"spot": SPOT, "secure": ON_DEMAND, "community": ON_DEMAND}


def parse(payload: object) -> Answer:
    """Offers of the node list; `quantity` is the number of GPUs that the node has."""
    return read_rows(payload, lambda data: rows_at(data, "nodes"), _offers)


def _offers(row: Row) -> Iterator[CloudOffer]:
    gpus = count(row["gpu_count"])
    tier = str(row.get("tier") or "").lower()
    if tier not in _TIERS:
        raise BadRow("other_kind_of_price", tier)
    memory = row.get("gpu_memory_gb")
    place = [str(row[part]).lower() for part in ("country_code", "region") if row.get(part)]
    yield CloudOffer(
        gpu=name_accelerator(row["gpu_model"], memory_gb=float(number(memory)) if memory else None, gpus=gpus),
        price=per_gpu(row["price_per_gpu_hour"]),
        billing=_TIERS[tier],
        region="-".join(place),
        quantity=gpus,
        availability=in_stock(row.get("available_gpu_count")),
        sku=str(row.get("id") or ""),
        title=str(row["gpu_model"]),
        seller=tier,
    )
