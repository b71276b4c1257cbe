"""Prime Intellect: an aggregator, so the same card also appears under its own cloud; the seller names it."""

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
)

CLOUD = Cloud(
    title="Prime Intellect",
    asks=(Ask(url="https://api.primeintellect.ai/api/v1/availability/gpus"),),
    key_setting="PRIMEINTELLECT_API_KEY",
    note="documented; saved summaries of a collector",
)

_STOCK = {
    "available": Availability.IN_STOCK,
    "high": Availability.IN_STOCK,
    "medium": Availability.IN_STOCK,
    "low": Availability.LIMITED,
    "unavailable": Availability.OUT_OF_STOCK,
}


def parse(payload: object) -> Answer:
    """Offers of the availability answer, or the newest median of a collector's summary (JSON Lines)."""
    return read_rows(payload, _rows, _offers)


def _rows(data: Any) -> list[Any]:
    if isinstance(data, Mapping) and "price_stats" not in data:
        if isinstance(data.get("items"), list):
            return data["items"]
        return [row for rows in data.values() if isinstance(rows, list) for row in rows]
    rows = data if isinstance(data, list) else [data]
    summaries = [row for row in rows if isinstance(row, Mapping) and "price_stats" in row]
    if not summaries:
        return rows
    newest: dict[object, Row] = {}
    for row in sorted(summaries, key=lambda row: str(row.get("timestamp"))):
        newest[(row.get("gpu_type"), row.get("socket_type"))] = row
    return list(newest.values())


def _offers(row: Row) -> Iterator[CloudOffer]:
    if "price_stats" in row:
        yield _median(row)
        return
    gpus = count(row.get("gpuCount") or 1)
    memory = row.get("gpuMemory")
    gpu = name_accelerator(
        f"{row['gpuType']} {row.get('socket') or ''}", memory_gb=float(number(memory)) if memory else None, gpus=gpus
    )
    prices = row["prices"]
    # `prices` are for the whole configuration: the saved summaries have totals that are so many times one GPU's
    for field in ("onDemand", "communityPrice"):
        if has_price(prices.get(field)):
            yield CloudOffer(
                gpu=gpu,
                price=per_gpu(prices[field], currency=prices.get("currency") or "USD", gpus=gpus),
                billing=SPOT if row.get("isSpot") else ON_DEMAND,
                region=str(row.get("country") or row.get("region") or ""),
                quantity=gpus,
                availability=_STOCK.get(str(row.get("stockStatus")).lower(), Availability.UNKNOWN),
                sku=str(row.get("cloudId") or ""),
                title=str(row["gpuType"]),
                seller=str(row.get("provider") or ""),
            )
            return
    raise BadRow("no_price")


def _median(row: Row) -> CloudOffer:
    return CloudOffer(
        gpu=name_accelerator(f"{row['gpu_type']} {row.get('socket_type') or ''}"),
        price=per_gpu(row["price_stats"]["median"]),
        billing=ON_DEMAND,
        title=str(row["gpu_type"]),
        basis="summary",
        n_obs=int(number((row.get("availability") or {}).get("total") or 1)),
    )
