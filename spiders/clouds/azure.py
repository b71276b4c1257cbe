"""Microsoft Azure: the public retail price list; a price is for the whole machine, whose GPUs its name implies."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from monitor.core.models import Billing
from spiders.cloud_answers import (
    ON_DEMAND,
    RESERVED,
    SPOT,
    Answer,
    Ask,
    BadRow,
    Cloud,
    CloudOffer,
    Row,
    per_gpu,
    read_rows,
    rows_at,
)

_FILTER = (
    "serviceName%20eq%20%27Virtual%20Machines%27%20and%20"
    "(startswith(armSkuName,%27Standard_NC%27)%20or%20startswith(armSkuName,%27Standard_ND%27)%20or%20"
    "startswith(armSkuName,%27Standard_NV%27))"
)


def _next_page(data: Any) -> str | None:
    link = data.get("NextPageLink") if isinstance(data, dict) else None
    return link if isinstance(link, str) else None


CLOUD = Cloud(
    title="Microsoft Azure",
    asks=(Ask(url=f"https://prices.azure.com/api/retail/prices?$filter={_FILTER}"),),
    note="documented, a saved row and a saved table",
    next_page=_next_page,
)

_HOURS_PER_YEAR = 8760
# (name, GPU, GPUs by the number in the name); sizes that hold a part of a card have no entry
_SIZES: tuple[tuple[str, str, dict[int, int]], ...] = (
    (r"NC(\d+)ads_A100_v4", "A100 80GB", {24: 1, 48: 2, 96: 4}),
    (r"NC(\d+)as_T4_v3", "Tesla T4", {4: 1, 8: 1, 16: 1, 64: 4}),
    (r"NC(\d+)r?s_v3", "Tesla V100 16GB", {6: 1, 12: 2, 24: 4}),
    (r"NC(\d+)ads_A10_v4", "A10", {32: 2}),
    (r"NV(\d+)adm?s_A10_v5", "A10", {36: 1, 72: 2}),
    (r"ND(\d+)r?s_v2", "Tesla V100 32GB", {40: 8}),
    (r"ND(\d+)asr_(?:A100_)?v4", "A100 40GB", {96: 8}),
    (r"ND(\d+)amsr?_A100_v4", "A100 80GB", {96: 8}),
    (r"ND(\d+)is[a-z]*(?:_flex|_noIB)?_H100_v5", "H100 SXM", {96: 8}),
    (r"ND(\d+)is[a-z]*_H200_v5", "H200", {96: 8}),
    (r"ND(\d+)is[a-z]*_MI300X_v5", "MI300X", {96: 8}),
)
_GPU_SERIES = re.compile(r"(?:Standard_)?N[CDV]C?\d", re.IGNORECASE)


def parse(payload: object) -> Answer:
    """Offers of a page of the price list, or of its reduced table (arm_sku_name, region, usd_per_vm_hour)."""
    return read_rows(payload, _rows, _offers)


def _rows(data: Any) -> list[Any]:
    return data if isinstance(data, list) else rows_at(data, "Items")


def _offers(row: Row) -> Iterator[CloudOffer]:
    if "usd_per_vm_hour" in row:
        row = {
            "armSkuName": row["arm_sku_name"],
            "armRegionName": row["region"],
            "retailPrice": row["usd_per_vm_hour"],
            "unitOfMeasure": "1 Hour",
            "currencyCode": "USD",
        }
    name = str(row.get("armSkuName") or "")
    if not _GPU_SERIES.match(name):
        return
    gpu, gpus = _machine(name)
    billing, hours = _billing(row)
    yield CloudOffer(
        gpu=gpu,
        price=per_gpu(row["retailPrice"], currency=row["currencyCode"], gpus=gpus, divisor=hours),
        billing=billing,
        region=str(row["armRegionName"]),
        quantity=gpus,
        sku=name,
        title=str(row.get("productName") or name),
        basis="windows" if "windows" in str(row.get("productName") or "").lower() else "machine",
    )


def _machine(name: str) -> tuple[str, int]:
    bare = re.sub(r"^standard_", "", name, flags=re.IGNORECASE)
    for pattern, gpu, gpus_by_size in _SIZES:
        found = re.fullmatch(pattern, bare, re.IGNORECASE)
        if found:
            if gpus := gpus_by_size.get(int(found[1])):
                return gpu, gpus
            raise BadRow("fraction_of_gpu" if gpu == "A10" else "unknown_node", name)
    raise BadRow("unknown_model", name)


def _billing(row: Row) -> tuple[Billing, Decimal]:
    """Kind of price, and the hours that it pays for."""
    meter = f"{row.get('meterName') or ''} {row.get('skuName') or ''}".lower()
    product = str(row.get("productName") or "").lower()
    kind = str(row.get("type") or row.get("priceType") or "Consumption").lower()
    if "low priority" in meter:
        raise BadRow("low_priority_price")
    if "cloud services" in product or "cloudservices" in product or "dedicated" in product:
        raise BadRow("not_a_virtual_machine", str(row.get("productName")))
    if kind == "reservation":
        return RESERVED, _term_hours(row)
    if kind != "consumption":
        raise BadRow("other_kind_of_price", kind)
    hours = re.fullmatch(r"(\d+) hours?", str(row.get("unitOfMeasure") or "").strip().lower())
    if not hours or int(hours[1]) == 0:
        raise BadRow("unknown_unit", str(row.get("unitOfMeasure")))
    return (SPOT if "spot" in meter else ON_DEMAND), Decimal(hours[1])


def _term_hours(row: Row) -> Decimal:
    """A reservation's price pays for its whole term."""
    term = re.fullmatch(r"(\d+) years?", str(row.get("reservationTerm") or "").strip().lower())
    if not term or int(term[1]) == 0:
        raise BadRow("unknown_term", str(row.get("reservationTerm")))
    return Decimal(int(term[1]) * _HOURS_PER_YEAR)
