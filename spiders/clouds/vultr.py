"""Vultr: plans of virtual machines, many of which hold a fraction of a card, and of bare metal with eight."""

import re
from collections.abc import Iterator, Mapping
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
    text_list,
)

CLOUD = Cloud(
    title="Vultr",
    asks=(
        Ask(url="https://api.vultr.com/v2/plans?type=all&per_page=500"),
        Ask(url="https://api.vultr.com/v2/plans-metal?per_page=500"),
    ),
    note="documented, saved fixtures",
)

# GB of one card as Vultr builds it; a plan with less holds a part of a card
_CARD_GB = {"a100": 80, "a40": 48, "l40s": 48, "h100": 80, "b200": 180, "mi300x": 192, "mi325x": 256, "a16": 16}
_PLAN = re.compile(r"vcg-([a-z0-9]+)-\d+c-\d+g-(\d+)vram")
_METAL = re.compile(r"vbm-\d+c-\d+gb-(?:(\d+)-)?([a-z0-9]+)-gpu")


def parse(payload: object) -> Answer:
    """Offers of an answer to `/plans` or `/plans-metal`, one for each location."""
    return read_rows(payload, _rows, _offers)


def _rows(data: Any) -> list[Any]:
    if isinstance(data, Mapping) and "plans_metal" in data:
        return rows_at(data, "plans_metal") + (rows_at(data, "plans") if "plans" in data else [])
    return rows_at(data, "plans")


def _offers(row: Row) -> Iterator[CloudOffer]:
    plan = str(row["id"])
    if "gpu" not in plan and not plan.startswith("vcg-") and not row.get("gpu_type"):
        return
    family, gpus, memory_gb = _metal(row, plan) if plan.startswith("vbm-") else _virtual(row, plan)
    gpu = name_accelerator(family, memory_gb=memory_gb, gpus=gpus)
    locations = text_list(row.get("locations"))
    kinds = (
        ("hourly_cost", ON_DEMAND, row.get("deploy_ondemand")),
        ("hourly_cost_preemptible", SPOT, row.get("deploy_preemptible")),
    )
    for field, billing, offered in kinds:
        if offered is False or not has_price(row.get(field)):
            continue
        for location in locations or [""]:
            yield CloudOffer(
                gpu=gpu,
                price=per_gpu(row[field], gpus=gpus),
                billing=billing,
                region=location,
                quantity=gpus,
                availability=Availability.IN_STOCK if locations else Availability.OUT_OF_STOCK,
                sku=plan,
                title=plan,
            )


def _metal(row: Row, plan: str) -> tuple[str, int, float | None]:
    found = _METAL.fullmatch(plan)
    if not found:
        raise BadRow("unknown_node", plan)
    if row.get("gpu_count") is None and found[1] is None:
        raise BadRow("unreadable_count", plan)
    return found[2], count(row.get("gpu_count") or found[1]), None


def _virtual(row: Row, plan: str) -> tuple[str, int, float]:
    found = _PLAN.match(plan)
    family = str(row.get("gpu_type") or "").lower().removeprefix("nvidia_").removeprefix("amd_")
    family = (family or (found[1] if found else "")).split("_")[0]
    if family not in _CARD_GB:
        raise BadRow("unknown_model", plan)
    total_gb = number(row.get("gpu_vram_gb") or (found[2] if found else None), "unknown_node")
    card_gb = _CARD_GB[family]
    if total_gb < card_gb:
        raise BadRow("fraction_of_gpu", f"{total_gb} of {card_gb} GB")
    if total_gb % card_gb:
        raise BadRow("unknown_node", plan)
    return family, count(total_gb / card_gb), card_gb
