"""Oracle Cloud: the price list of its cost estimator, where GPU articles are sold by the GPU and hour."""

from collections.abc import Iterator

from spiders.accelerators import name_accelerator
from spiders.cloud_answers import ON_DEMAND, Answer, Ask, BadRow, Cloud, CloudOffer, Row, per_gpu, read_rows, rows_at

CLOUD = Cloud(
    title="Oracle Cloud",
    asks=(Ask(url="https://apexapps.oracle.com/pls/apex/cetools/api/v1/products/?currencyCode=USD"),),
    note="documented; no saved answer",
)

# articles whose name tells the machine's generation, not the card
_GENERATIONS = {"v2": "Tesla V100 16GB", "x7": "Tesla P100", "e3": "A100 40GB", "gm4": "A100 80GB"}


def parse(payload: object) -> Answer:
    """Offers of the articles whose metric is GPU per hour; the list names neither node nor region."""
    return read_rows(payload, lambda data: rows_at(data, "items"), _offers)


def _offers(row: Row) -> Iterator[CloudOffer]:
    name = str(row.get("displayName") or "")
    metric = str(row.get("metricName") or row.get("metricDisplayName") or "").lower()
    if "gpu" not in name.lower() or ("gpu" not in metric and metric):
        return
    if metric and "hour" not in metric:
        raise BadRow("unknown_unit", metric)
    if str(row.get("pricetype") or "HOUR").upper() != "HOUR":
        raise BadRow("unknown_unit", str(row.get("pricetype")))
    gpu = _gpu(name)
    local = row.get("currencyCodeLocalizations") or row["prices"]
    for entry in local:
        currency = entry["currencyCode"]
        prices = entry.get("prices") or [entry]
        for price in prices:
            if price.get("model", "PAY_AS_YOU_GO") == "PAY_AS_YOU_GO":
                yield CloudOffer(
                    gpu=gpu,
                    price=per_gpu(price["value"], currency=currency),
                    billing=ON_DEMAND,
                    sku=str(row.get("partNumber") or ""),
                    title=name,
                    reason="price per GPU; the number of GPUs in a node is not in this list",
                )


def _gpu(name: str) -> str:
    article = name.lower().rsplit("gpu", 1)[-1].replace("standard", " ").strip(" -")
    words = article.replace("-", " ").split()
    if "a100" in words:
        return "A100 80GB" if "v2" in words or "80gb" in words else "A100 40GB"
    if words and words[0] in {"h100", "h100t"}:
        return "H100 SXM"  # BM.GPU.H100.8, its only node
    for generation, gpu in _GENERATIONS.items():
        if words and words[-1] == generation:
            return gpu
    return name_accelerator(article)
