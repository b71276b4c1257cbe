"""Google Cloud: the billing catalogue, where GPU, cores and memory of one machine are three articles."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from monitor.core.models import Billing
from spiders.accelerators import name_accelerator
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
    number,
    per_gpu,
    read_rows,
    rows_at,
    text_list,
)

_SKUS = "https://cloudbilling.googleapis.com/v1/services/6F81-5844-456A/skus"


def _next_page(data: Any) -> str | None:
    token = data.get("nextPageToken") if isinstance(data, dict) else None
    return f"{_SKUS}?pageToken={token}" if isinstance(token, str) and token else None


CLOUD = Cloud(
    title="Google Cloud",
    asks=(Ask(url=_SKUS),),
    key_setting="GCP_API_KEY",
    key_header="X-Goog-Api-Key",
    key_prefix="",
    note="documented, saved articles",
    next_page=_next_page,
)

_NANOS = Decimal(10**9)
_KINDS: dict[str, Billing] = {
    "ondemand": ON_DEMAND,
    "preemptible": SPOT,
    "spot": SPOT,
    "commit1yr": RESERVED,
    "commit3yr": RESERVED,
}
# https://cloud.google.com/compute/docs/accelerator-optimized-machines: cores and GB of memory for each GPU
_MACHINE_PARTS = {
    "A100 40GB": ("A2", 12, 85),
    "A100 80GB": ("A2", 12, 170),
    "H100 SXM": ("A3", 26, 234),
    "L4": ("G2", 4, 16),
}


def parse(payload: object) -> Answer:
    """Offers of an answer to `/skus`: GPUs as "gpu_only", and with the cores and memory of its machine the sum."""
    articles: list[Row] = []

    def rows(data: Any) -> Iterable[Any]:
        articles.extend(row for row in rows_at(data, "skus") if isinstance(row, Mapping))
        return rows_at(data, "skus")

    return read_rows(payload, rows, lambda row: _offers(row, articles))


def _offers(row: Row, articles: list[Row]) -> Iterator[CloudOffer]:
    if row["category"]["resourceGroup"] != "GPU":
        return
    text = str(row["description"])
    billing = _kind(row, text)
    gpu = _gpu(text)
    price, currency = _hourly(row, "h")
    regions = ";".join(text_list(row.get("serviceRegions")))
    shared: dict[str, Any] = {
        "gpu": gpu,
        "billing": billing,
        "region": regions,
        "sku": str(row.get("skuId") or ""),
        "title": text,
    }
    yield CloudOffer(**shared, price=per_gpu(price, currency=currency), basis="gpu_only")
    whole = _machine_price(gpu, row, price, currency, articles)
    if whole is not None:
        yield CloudOffer(**shared, price=per_gpu(whole, currency=currency), reason="GPU, cores and memory added up")


def _kind(row: Row, text: str) -> Billing:
    kind = str(row["category"]["usageType"]).lower()
    if re.search(r"calendar|dws|flex start|reserved|sole tenan", text.lower()):
        raise BadRow("other_kind_of_price", text)
    if kind not in _KINDS:
        raise BadRow("other_kind_of_price", kind)
    return SPOT if "spot preemptible" in text.lower() else _KINDS[kind]


def _gpu(text: str) -> str:
    name = re.sub(r"^commitment v\d+: ", "", text.lower())
    name = re.split(r" running in | gpus? | attached to | in ", f"{name} ", maxsplit=1)[0]
    if "vws" in text.lower() or "virtual workstation" in text.lower():
        raise BadRow("workstation_licence", text)
    if "h100" in name and "mega" in name:
        name = name.replace("mega", " ")
    if "a100" in name and "80" not in name:
        return "A100 40GB"  # the article of the first A100 does not name its 40 GB
    if re.search(r"v100", name):
        return "Tesla V100 16GB"
    return name_accelerator(name, gpus=8 if "h100" in name else 1)


def _hourly(row: Row, unit: str) -> tuple[Decimal, str]:
    expression = row["pricingInfo"][-1]["pricingExpression"]
    if expression["usageUnit"] != unit:
        raise BadRow("unknown_unit", str(expression["usageUnit"]))
    price = expression["tieredRates"][-1]["unitPrice"]
    return number(price.get("units") or 0) + number(price.get("nanos") or 0) / _NANOS, str(price["currencyCode"])


def _machine_price(gpu: str, row: Row, price: Decimal, currency: str, articles: list[Row]) -> Decimal | None:
    if gpu not in _MACHINE_PARTS:
        return None
    machine, cores, memory_gb = _MACHINE_PARTS[gpu]
    core = _part_price(f"{machine} Instance Core", "h", row, currency, articles)
    memory = _part_price(f"{machine} Instance Ram", "GiBy.h", row, currency, articles)
    return None if core is None or memory is None else price + cores * core + memory_gb * memory


def _part_price(name: str, unit: str, gpu_row: Row, currency: str, articles: list[Row]) -> Decimal | None:
    """Price of a core or GB that is sold like the GPU: same kind, same regions, same currency."""
    for article in articles:
        try:
            alike = (
                str(article["description"]).startswith(name)
                and article["category"]["usageType"] == gpu_row["category"]["usageType"]
                and article.get("serviceRegions") == gpu_row.get("serviceRegions")
            )
            if alike:
                price, article_currency = _hourly(article, unit)
                return price if article_currency == currency else None
        except (KeyError, TypeError, IndexError, BadRow):
            continue
    return None
