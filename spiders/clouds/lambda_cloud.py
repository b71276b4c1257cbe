"""Lambda: whole cents per node and hour; a type without capacity still has its price, with an empty list of regions."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from monitor.core.models import Availability
from spiders.accelerators import name_accelerator
from spiders.cloud_answers import ON_DEMAND, Answer, Ask, BadRow, Cloud, CloudOffer, Row, count, per_gpu, read_rows

CLOUD = Cloud(
    title="Lambda",
    asks=(Ask(url="https://cloud.lambdalabs.com/api/v1/instance-types"),),
    key_setting="LAMBDA_API_KEY",
    note="documented, a saved answer of 2026",
)

_CENTS = 100


def parse(payload: object) -> Answer:
    """Offers of an answer to `/instance-types`, one for each region with capacity."""
    return read_rows(payload, _rows, _offers)


def _rows(data: Any) -> list[Any]:
    types = data["data"]
    if not isinstance(types, Mapping):
        raise BadRow("unexpected_answer", "data is no object")
    return list(types.values())


def _offers(row: Row) -> Iterator[CloudOffer]:
    kind = row["instance_type"]
    name = str(kind["name"])
    if name.startswith("cpu_"):
        return
    gpus = _gpus(kind, name)
    price = per_gpu(kind["price_cents_per_hour"], gpus=gpus, divisor=_CENTS)
    gpu = _gpu(kind, name, gpus)
    regions = [str(region["name"]) for region in row.get("regions_with_capacity_available") or []]
    for region in regions or [""]:
        yield CloudOffer(
            gpu=gpu,
            price=price,
            billing=ON_DEMAND,
            region=region,
            quantity=gpus,
            availability=Availability.IN_STOCK if regions else Availability.OUT_OF_STOCK,
            sku=name,
            title=str(kind.get("gpu_description") or name),
        )


def _gpus(kind: Row, name: str) -> int:
    stated = (kind.get("specs") or {}).get("gpus")
    if stated is not None:
        return count(stated)
    found = re.match(r"gpu_(\d+)x_", name)
    if not found:
        raise BadRow("unreadable_count", name)
    return count(found[1])


def _gpu(kind: Row, name: str, gpus: int) -> str:
    bare = re.sub(r"^gpu_\d+x_", "", name)
    if bare in {"a100", "a100_sxm4"}:  # the 80 GB type says so in its name
        return "A100 40GB"
    if bare in {"v100", "v100_n"}:
        return "Tesla V100 16GB"
    described = str(kind.get("gpu_description") or "")
    return name_accelerator(f"{bare} {described}".strip(), gpus=gpus)
