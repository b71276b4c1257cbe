"""Cudo Compute: prices as text, per GPU; cores, memory and disk are billed besides."""

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
    in_stock,
    least_machine,
    per_gpu,
    read_rows,
    rows_at,
)

CLOUD = Cloud(
    title="Cudo Compute",
    asks=(Ask(url="https://rest.compute.cudo.org/v1/vms/machine-types"),),
    note="public clients; no saved answer",
)


def parse(payload: object) -> Answer:
    """Offers of the machine types that have GPUs."""
    return read_rows(payload, lambda data: rows_at(data, "machineTypes"), _offers)


def _offers(row: Row) -> Iterator[CloudOffer]:
    if not row.get("gpuModel"):
        return
    price = _value(row["gpuPriceHr"])
    shared: dict[str, Any] = {
        "gpu": name_accelerator(row["gpuModel"]),
        "billing": ON_DEMAND,
        "region": str(row.get("dataCenterId") or ""),
        "availability": in_stock(row.get("totalGpuFree")),
        "sku": str(row.get("machineType") or ""),
        "title": str(row["gpuModel"]),
    }
    yield CloudOffer(**shared, price=per_gpu(price), basis="gpu_only")
    core, gb = _value(row.get("vcpuPriceHr")), _value(row.get("memoryGibPriceHr"))
    if core is not None and gb is not None:
        yield CloudOffer(**shared, **least_machine(price, core=core, gb=gb))


def _value(price: object) -> object:
    return price.get("value") if isinstance(price, dict) else price
