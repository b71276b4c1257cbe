"""Seeweb: an Italian cloud; prices per server in euro, which the answer itself does not say."""

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
)

CLOUD = Cloud(
    title="Seeweb",
    asks=(Ask(url="https://api.seeweb.it/ecs/v2/plans"),),
    key_setting="SEEWEB_API_KEY",
    key_header="X-APITOKEN",
    key_prefix="",
    country="IT",
    note="a saved fixture; the currency is presumed",
)

_CURRENCY = "EUR"


def parse(payload: object) -> Answer:
    """Offers of an answer to `/plans`, one for each region."""
    return read_rows(payload, lambda data: rows_at(data, "plans"), _offers)


def _offers(row: Row) -> Iterator[CloudOffer]:
    if not number(row.get("gpu") or 0):
        return
    gpus = count(row["gpu"])
    gpu = name_accelerator(row["gpu_label"], gpus=gpus)
    regions = [str(place["location"]) for place in row.get("available_regions") or []]
    for region in regions or [""]:
        yield CloudOffer(
            gpu=gpu,
            price=per_gpu(row["hourly_price"], currency=row.get("currency") or _CURRENCY, gpus=gpus),
            billing=ON_DEMAND,
            region=region,
            quantity=gpus,
            availability=in_stock(row.get("available")),
            sku=str(row.get("name") or ""),
            title=str(row["gpu_label"]),
            reason="" if row.get("currency") else "currency presumed: the answer states none",
        )
