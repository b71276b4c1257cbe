"""TensorDock: a market of hosts; a price is for one GPU, and cores and memory are billed besides."""

from collections.abc import Iterator, Mapping
from typing import Any

from spiders.accelerators import name_accelerator
from spiders.cloud_answers import (
    ON_DEMAND,
    Answer,
    Ask,
    BadRow,
    Cloud,
    CloudOffer,
    Row,
    in_stock,
    least_machine,
    number,
    per_gpu,
    read_rows,
    rows_at,
)

CLOUD = Cloud(
    title="TensorDock",
    asks=(Ask(url="https://dashboard.tensordock.com/api/v2/locations"),),
    note="public clients ask it without a key; no saved answer",
)


def parse(payload: object) -> Answer:
    """Offers of `/locations` (version 2) or of the older `/hostnodes`; never divided by the number of GPUs."""
    return read_rows(payload, _rows, _offers)


def _rows(data: Any) -> list[Any]:
    """One row for each GPU of each place: name, price, free, memory, region."""
    if isinstance(data, Mapping) and isinstance(data.get("hostnodes"), Mapping):
        return [row for node in data["hostnodes"].values() for row in _host_rows(node)]
    return [row for place in rows_at(data, "data", "locations") for row in _place_rows(place)]


def _host_rows(node: Any) -> list[Row]:
    if not isinstance(node, Mapping):
        return [{"bad": node}]
    place = node.get("location") or {}
    region = ", ".join(str(place[part]) for part in ("city", "region", "country") if place.get(part))
    gpus = (node.get("specs") or {}).get("gpu") or {}
    return [
        {
            "name": name,
            "price": gpu.get("price"),
            "free": gpu.get("amount"),
            "vram": gpu.get("vram"),
            "region": region,
            "core": (node["specs"].get("cpu") or {}).get("price"),
            "gb": (node["specs"].get("ram") or {}).get("price"),
        }
        for name, gpu in gpus.items()
        if isinstance(gpu, Mapping)
    ]


def _place_rows(place: Any) -> list[Row]:
    if not isinstance(place, Mapping):
        return [{"bad": place}]
    region = ", ".join(str(place[part]) for part in ("city", "stateprovince", "country") if place.get(part))
    return [
        {
            "name": gpu.get("v0Name") or gpu.get("displayName"),
            "price": gpu.get("price_per_hr"),
            "free": gpu.get("max_count"),
            "region": region,
            "core": (gpu.get("pricing") or {}).get("per_vcpu_hr"),
            "gb": (gpu.get("pricing") or {}).get("per_gb_ram_hr"),
        }
        for gpu in place.get("gpus") or []
        if isinstance(gpu, Mapping)
    ]


def _offers(row: Row) -> Iterator[CloudOffer]:
    if "bad" in row:
        raise BadRow("unreadable_row")
    memory_gb = float(number(row["vram"])) if row.get("vram") else None
    shared: dict[str, Any] = {
        "gpu": name_accelerator(row["name"], memory_gb=memory_gb),
        "billing": ON_DEMAND,
        "region": str(row["region"]),
        "availability": in_stock(None if row.get("free") is None else number(row["free"])),
        "title": str(row["name"]),
    }
    yield CloudOffer(**shared, price=per_gpu(row["price"]), basis="gpu_only")
    if row.get("core") is not None and row.get("gb") is not None:
        yield CloudOffer(**shared, **least_machine(row["price"], core=row["core"], gb=row["gb"]))
