"""RunPod: prices per GPU in its GraphQL answer; a community price is left standing when the card is not on offer."""

from collections.abc import Iterator
from typing import Any

from monitor.core.models import Availability, Billing
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
    number,
    per_gpu,
    read_rows,
    rows_at,
)

_QUERY = """query GpuTypes { gpuTypes { id displayName memoryInGb secureCloud communityCloud
 securePrice communityPrice secureSpotPrice communitySpotPrice
 lowestPrice(input: {gpuCount: 1}) { minimumBidPrice uninterruptablePrice stockStatus } } }"""

CLOUD = Cloud(
    title="RunPod",
    asks=(Ask(url="https://api.runpod.io/graphql", body={"query": _QUERY}),),
    note="public clients ask it without a key; no saved answer",
)

_STOCK = {"high": Availability.IN_STOCK, "medium": Availability.IN_STOCK, "low": Availability.LIMITED}


def parse(payload: object) -> Answer:
    """Offers of `gpuTypes`: secure and community cloud as two sellers, on demand and spot."""
    return read_rows(payload, lambda data: rows_at(data, "data", "gpuTypes"), _offers)


def _offers(row: Row) -> Iterator[CloudOffer]:
    name = str(row.get("id") or row["displayName"])
    if name.lower() == "unknown":
        return
    memory = row.get("memoryInGb")
    gpu = name_accelerator(
        f"{name} {row.get('displayName') or ''}", memory_gb=float(number(memory)) if memory else None
    )
    lowest = row.get("lowestPrice") or {}
    stock = _STOCK.get(str(lowest.get("stockStatus")).lower(), Availability.UNKNOWN)
    stale = False
    found = False
    for field, billing, seller, open_ in _kinds(row):
        if not has_price(row.get(field)):
            continue
        if open_ is False:
            stale = True
            continue
        found = True
        yield CloudOffer(
            gpu=gpu,
            price=per_gpu(row[field]),
            billing=billing,
            seller=seller,
            availability=stock,
            sku=name,
            title=str(row.get("displayName") or name),
        )
    if stale:
        raise BadRow("stale_price", "that cloud has none of this card")
    if not found:
        raise BadRow("no_price")


def _kinds(row: Row) -> tuple[tuple[str, Billing, str, Any], ...]:
    secure, community = row.get("secureCloud"), row.get("communityCloud")
    return (
        ("securePrice", ON_DEMAND, "secure cloud", secure),
        ("secureSpotPrice", SPOT, "secure cloud", secure),
        ("communityPrice", ON_DEMAND, "community cloud", community),
        ("communitySpotPrice", SPOT, "community cloud", community),
    )
