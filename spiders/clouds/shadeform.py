"""Shadeform: an aggregator of other clouds; cents per hour for the whole machine, and its cloud as the seller."""

from collections.abc import Iterator

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
    in_stock,
    number,
    per_gpu,
    read_rows,
    rows_at,
)

CLOUD = Cloud(
    title="Shadeform",
    asks=(Ask(url="https://api.shadeform.ai/v1/instances/types"),),
    key_setting="SHADEFORM_API_KEY",
    key_header="X-API-KEY",
    key_prefix="",
    note="documented; no saved answer",
)

_CENTS = 100


def parse(payload: object) -> Answer:
    """Offers of `/instances/types`, one for each region."""
    return read_rows(payload, lambda data: rows_at(data, "instance_types"), _offers)


def _offers(row: Row) -> Iterator[CloudOffer]:
    machine = row["configuration"]
    if not number(machine.get("num_gpus") or 0):
        return
    gpus = count(machine["num_gpus"])
    memory = machine.get("vram_per_gpu_in_gb")
    gpu = name_accelerator(
        f"{machine['gpu_type']} {machine.get('interconnect') or ''}",
        memory_gb=float(number(memory)) if memory else None,
        gpus=gpus,
    )
    price = per_gpu(row["hourly_price"], gpus=gpus, divisor=_CENTS)
    places = row.get("availability") or [{"region": "", "available": None}]
    for place in places:
        yield CloudOffer(
            gpu=gpu,
            price=price,
            billing=SPOT if row.get("spot") else ON_DEMAND,
            region=str(place.get("region") or ""),
            quantity=gpus,
            availability=in_stock(place.get("available")),
            sku=str(row.get("shade_instance_type") or row.get("cloud_instance_type") or ""),
            title=str(machine["gpu_type"]),
            seller=str(row.get("cloud") or ""),
        )
