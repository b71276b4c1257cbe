"""Cudo Compute: prices as text, per GPU; cores, memory and disk are billed besides."""

from collections.abc import Iterator

from spiders.accelerators import name_accelerator
from spiders.cloud_answers import ON_DEMAND, Answer, Ask, Cloud, CloudOffer, Row, in_stock, per_gpu, read_rows, rows_at

CLOUD = Cloud(
    title="Cudo Compute",
    asks=(Ask(url="https://rest.compute.cudo.org/v1/vms/machine-types-2"),),
    note="public clients; no saved answer",
)


def parse(payload: object) -> Answer:
    """Offers of the machine types that have GPUs."""
    return read_rows(payload, lambda data: rows_at(data, "machineTypes"), _offers)


def _offers(row: Row) -> Iterator[CloudOffer]:
    if not row.get("gpuModel"):
        return
    price = row["gpuPriceHr"]
    yield CloudOffer(
        gpu=name_accelerator(row["gpuModel"]),
        price=per_gpu(price["value"] if isinstance(price, dict) else price),
        billing=ON_DEMAND,
        region=str(row.get("dataCenterId") or ""),
        availability=in_stock(row.get("totalGpuFree")),
        sku=str(row.get("machineType") or ""),
        title=str(row["gpuModel"]),
        basis="gpu_only",
    )
