"""Amazon EC2: prices are per instance, and the number of GPUs stands in no price row, so the sizes are a table here."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

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
    has_price,
    number,
    per_gpu,
    read_rows,
)

_PAGE_PRICES = "https://b0.p.awsstatic.com/pricing/2.0/meteredUnitMaps/ec2/USD/current/ec2-ondemand-without-sec-sel"

CLOUD = Cloud(
    title="AWS",
    asks=(
        Ask(url=f"{_PAGE_PRICES}/US%20East%20(N.%20Virginia)/Linux/index.json"),
        Ask(url=f"{_PAGE_PRICES}/US%20West%20(Oregon)/Linux/index.json"),
        Ask(url=f"{_PAGE_PRICES}/EU%20(Frankfurt)/Linux/index.json"),
        Ask(url="https://website.spot.ec2.aws.a2z.com/spot.json"),
    ),
    posture="robots",
    note="the price pages' own files, read by public clients; a saved table of list prices",
)

_SINGLE = ("xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge")
_G6 = {**dict.fromkeys(_SINGLE, 1), "12xlarge": 4, "24xlarge": 4, "48xlarge": 8}
# https://aws.amazon.com/ec2/instance-types/ (accelerated computing); g5 is A10G, p2 half a K80: not in the catalogue
_FAMILIES: dict[str, tuple[str, dict[str, int]]] = {
    "p3": ("Tesla V100 16GB", {"2xlarge": 1, "8xlarge": 4, "16xlarge": 8}),
    "p3dn": ("Tesla V100 32GB", {"24xlarge": 8}),
    "p4d": ("A100 40GB", {"24xlarge": 8}),
    "p4de": ("A100 80GB", {"24xlarge": 8}),
    "p5": ("H100 SXM", {"4xlarge": 1, "48xlarge": 8}),
    "p5e": ("H200", {"48xlarge": 8}),
    "p5en": ("H200", {"48xlarge": 8}),
    "p6-b200": ("B200", {"48xlarge": 8}),
    "p6-b300": ("B300", {"48xlarge": 8}),
    "g4dn": ("Tesla T4", {**dict.fromkeys(_SINGLE, 1), "12xlarge": 4, "metal": 8}),
    "g6": ("L4", _G6),
    "gr6": ("L4", {"4xlarge": 1, "8xlarge": 1}),
    "g6e": ("L40S", _G6),
    "g7e": ("RTX PRO 6000", {"2xlarge": 1, "4xlarge": 1, "8xlarge": 1, "12xlarge": 2, "24xlarge": 4, "48xlarge": 8}),
    "trn2": ("Trainium 2", {"3xlarge": 1, "48xlarge": 16}),
}
# The price pages write regions in other ways than everything else.
_REGION_CODES = {
    "US East (N. Virginia)": "us-east-1",
    "US East (Ohio)": "us-east-2",
    "US West (N. California)": "us-west-1",
    "US West (Oregon)": "us-west-2",
    "EU (Frankfurt)": "eu-central-1",
    "Europe (Frankfurt)": "eu-central-1",
    "EU (Ireland)": "eu-west-1",
    "Europe (Ireland)": "eu-west-1",
    "us-east": "us-east-1",
    "us-west": "us-west-1",
    "eu-ireland": "eu-west-1",
    "apac-sin": "ap-southeast-1",
    "apac-syd": "ap-southeast-2",
    "apac-tokyo": "ap-northeast-1",
}
_GPU_FAMILY = re.compile(r"(?:p\d|g[3-9]|gr\d|trn|dl[12])")
_FRACTIONS = {"g6f", "gr6f"}
_HOURS_BY_UNIT = {"hrs": 1, "hours": 1, "hour": 1, "hr": 1, "": 1}


def parse(payload: object) -> Answer:
    """Offers of any of the forms in which AWS states prices: price page, price list, spot history, spot page, table."""
    return read_rows(payload, _rows, _offers)


def _rows(data: Any) -> Iterator[Row]:
    """Rows of one form: instance, region, price, unit, billing, system."""
    if isinstance(data, list):
        yield from (row if "instance_type" not in row else _table_row(row) for row in data)
    elif "SpotPriceHistory" in data:
        yield from (_spot_history_row(row) for row in data["SpotPriceHistory"])
    elif "PriceList" in data:
        for text in data["PriceList"]:
            yield from _price_list_rows(json.loads(text) if isinstance(text, str) else text)
    elif "products" in data and "terms" in data:
        for code, product in data["products"].items():
            terms = {kind: by_code.get(code) or {} for kind, by_code in data["terms"].items()}
            yield from _price_list_rows({"product": product, "terms": terms})
    elif "config" in data:
        yield from _spot_page_rows(data["config"])
    elif "regions" in data:
        yield from _page_rows(data["regions"])
    else:
        raise BadRow("unexpected_answer")


def _offers(row: Row) -> Iterator[CloudOffer]:
    instance = str(row["instance"])
    family, _, size = instance.partition(".")
    if not _GPU_FAMILY.match(family):
        return
    gpu, gpus = _machine(family, size, instance)
    system = str(row.get("system") or "Linux").lower()
    if "windows" not in system and "linux" not in system:
        raise BadRow("other_system", system)
    if str(row.get("unit") or "").lower() not in _HOURS_BY_UNIT:
        raise BadRow("unknown_unit", str(row.get("unit")))
    yield CloudOffer(
        gpu=gpu,
        price=per_gpu(row["price"], currency=row.get("currency") or "USD", gpus=gpus),
        billing=row.get("billing") or ON_DEMAND,
        region=_REGION_CODES.get(str(row["region"]), str(row["region"])),
        quantity=gpus,
        sku=instance,
        title=instance,
        basis="windows" if "windows" in system else "machine",
    )


def _machine(family: str, size: str, instance: str) -> tuple[str, int]:
    if family in _FRACTIONS:
        raise BadRow("fraction_of_gpu", instance)
    if family not in _FAMILIES:
        raise BadRow("unknown_model", instance)
    gpu, gpus_by_size = _FAMILIES[family]
    if size not in gpus_by_size:
        raise BadRow("unknown_node", instance)
    return gpu, gpus_by_size[size]


def _table_row(row: Row) -> Row:
    return {"instance": row["instance_type"], "region": row["region"], "price": row["usd_per_instance_hour"]}


def _spot_history_row(row: Row) -> Row:
    return {
        "instance": row["InstanceType"],
        "region": row["AvailabilityZone"],
        "price": row["SpotPrice"],
        "billing": SPOT,
        "system": row.get("ProductDescription"),
    }


def _price_list_rows(entry: Row) -> Iterator[Row]:
    """On-demand and reserved rows of one product of the price list."""
    product = entry["product"]
    facts = product["attributes"]
    usable = (
        facts.get("tenancy", "Shared") == "Shared"
        and facts.get("preInstalledSw", "NA") == "NA"
        and facts.get("capacitystatus", "Used") == "Used"
    )
    if not facts.get("instanceType") or not usable:
        return
    shared = {
        "instance": facts["instanceType"],
        "region": facts.get("regionCode") or facts.get("location") or "",
        "system": facts.get("operatingSystem"),
    }
    for term in (entry["terms"].get("OnDemand") or {}).values():
        for part in term["priceDimensions"].values():
            yield {**shared, "unit": part.get("unit"), **_one_price(part)}
    for term in (entry["terms"].get("Reserved") or {}).values():
        yield {**shared, "billing": RESERVED, **_reserved_price(term)}


def _one_price(part: Row) -> dict[str, Any]:
    currency, price = next(iter(part["pricePerUnit"].items()))
    return {"currency": currency, "price": price}


def _reserved_price(term: Row) -> dict[str, Any]:
    """Hourly price of a commitment: what is paid up front, spread over its hours, plus what is paid by the hour."""
    years = {"1yr": 1, "3yr": 3}.get(term["termAttributes"]["LeaseContractLength"])
    if years is None:
        raise BadRow("unknown_term")
    hourly = upfront = number(0)
    currency = "USD"
    for part in term["priceDimensions"].values():
        currency, price = next(iter(part["pricePerUnit"].items()))
        if str(part.get("unit", "")).lower() == "quantity":
            upfront += number(price)
        else:
            hourly += number(price)
    return {"currency": currency, "price": hourly + upfront / (years * 8760)}


def _spot_page_rows(config: Row) -> Iterator[Row]:
    if str(config.get("rate", "perhr")) != "perhr":
        raise BadRow("unknown_unit", str(config.get("rate")))
    for region in config["regions"]:
        for kind in region["instanceTypes"]:
            for size in kind["sizes"]:
                for column in size["valueColumns"]:
                    price = column["prices"].get("USD")
                    if has_price(price) and price != "N/A*":
                        system = "Windows" if column["name"] == "mswin" else "Linux"
                        yield {
                            "instance": size["size"],
                            "region": region["region"],
                            "price": price,
                            "billing": SPOT,
                            "system": system,
                        }


def _page_rows(regions: Mapping[str, Mapping[str, Row]]) -> Iterator[Row]:
    for region, rows in regions.items():
        for row in rows.values():
            yield {
                "instance": row.get("Instance Type") or row.get("plc:InstanceType") or row.get("instanceType"),
                "region": region,
                "price": row["price"],
                "system": row.get("plc:OperatingSystem"),
            }
