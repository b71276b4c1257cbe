"""JarvisLabs: prices are per GPU already, whatever the size of the server."""

from collections.abc import Iterator
from typing import Any

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
    has_price,
    in_stock,
    number,
    per_gpu,
    read_rows,
    rows_at,
)

CLOUD = Cloud(
    title="JarvisLabs",
    asks=(Ask(url="https://backendprod.jarvislabs.net/misc/server_meta"),),
    key_setting="JARVISLABS_API_KEY",
    posture="off",
    note="undocumented; a saved fixture, address from general knowledge",
)


def parse(payload: object) -> Answer:
    """Offers of the server list; a server of no kind of work (`workload_type` null) cannot be rented."""
    return read_rows(payload, lambda data: rows_at(data, "server_meta"), _offers)


def _offers(row: Row) -> Iterator[CloudOffer]:
    if "workload_type" in row and not row["workload_type"]:
        raise BadRow("not_rentable")
    memory_gb = float(number(row["vram"])) if row.get("vram") else None
    shared: dict[str, Any] = {
        "gpu": name_accelerator(row["gpu_type"], memory_gb=memory_gb),
        "region": str(row.get("region") or ""),
        "title": str(row["gpu_type"]),
    }
    kinds = (
        ("price_per_hour", ON_DEMAND, row.get("effective_num_free_devices", row.get("num_free_devices"))),
        ("spot_price", SPOT, row.get("spot_num_free_devices")),
    )
    for field, billing, free in kinds:
        if has_price(row.get(field)):
            yield CloudOffer(**shared, price=per_gpu(row[field]), billing=billing, availability=in_stock(free))
