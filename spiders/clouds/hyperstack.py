"""Hyperstack: its price book, an entry for each card, per GPU and hour."""

import re
from collections.abc import Iterator
from typing import Any

from spiders.accelerators import name_accelerator
from spiders.cloud_answers import ON_DEMAND, SPOT, Answer, Ask, Cloud, CloudOffer, Row, per_gpu, read_rows

CLOUD = Cloud(
    title="Hyperstack",
    asks=(Ask(url="https://infrahub-api.nexgencloud.com/v1/pricebook"),),
    key_setting="HYPERSTACK_API_KEY",
    key_header="api_key",
    key_prefix="",
    note="documented; no saved answer",
)

_CARD = re.compile(r"(?:RTX|A\d|H\d|L\d|B\d|V100|MI\d)", re.IGNORECASE)


def parse(payload: object) -> Answer:
    """Offers of the price book; entries for cores, memory and addresses are left out."""
    return read_rows(payload, _rows, _offers)


def _rows(data: Any) -> list[Any]:
    return data if isinstance(data, list) else list(data["pricebook"])


def _offers(row: Row) -> Iterator[CloudOffer]:
    name = str(row["name"])
    if not _CARD.match(name):
        return
    spot = "spot" in name.lower()
    yield CloudOffer(
        gpu=name_accelerator(re.sub(r"-?spot", "", name, flags=re.IGNORECASE)),
        price=per_gpu(row["value"]),
        billing=SPOT if spot else ON_DEMAND,
        sku=name,
        title=name,
    )
