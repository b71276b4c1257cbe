"""DigitalOcean: sizes of droplets; the price is for the droplet, and `vram` is that of all its cards together."""

from collections.abc import Iterator

from spiders.accelerators import name_accelerator
from spiders.cloud_answers import (
    ON_DEMAND,
    Answer,
    Ask,
    Cloud,
    CloudOffer,
    Row,
    count,
    in_stock,
    number,
    per_gpu,
    read_rows,
    rows_at,
    text_list,
)

CLOUD = Cloud(
    title="DigitalOcean",
    asks=(Ask(url="https://api.digitalocean.com/v2/sizes?per_page=200"),),
    key_setting="DIGITALOCEAN_API_KEY",
    note="documented, a saved fixture",
)

_GIB = {"gib": 1.0, "gb": 1.0, "mib": 1 / 1024}


def parse(payload: object) -> Answer:
    """Offers of an answer to `/sizes`, one for each region of each size with GPUs."""
    return read_rows(payload, lambda data: rows_at(data, "sizes"), _offers)


def _offers(row: Row) -> Iterator[CloudOffer]:
    info = row.get("gpu_info")
    if not info:
        return
    gpus = count(info["count"])
    gpu = name_accelerator(_form(str(info["model"])), memory_gb=_memory_gb(info, gpus), gpus=gpus)
    for region in text_list(row.get("regions")) or [""]:
        yield CloudOffer(
            gpu=gpu,
            price=per_gpu(row["price_hourly"], gpus=gpus),
            billing=ON_DEMAND,
            region=region,
            quantity=gpus,
            availability=in_stock(row.get("available")),
            sku=str(row["slug"]),
            title=str(row.get("description") or row["slug"]),
        )


def _form(model: str) -> str:
    """All of its H100 are HGX boards (docs.digitalocean.com/products/droplets/details/features), single ones too."""
    return f"{model} sxm" if model == "nvidia_h100" else model


def _memory_gb(info: Row, gpus: int) -> float | None:
    vram = info.get("vram") or {}
    scale = _GIB.get(str(vram.get("unit") or "gib").lower())
    amount = vram.get("amount")
    return None if scale is None or amount is None else float(number(amount)) * scale / gpus
