"""One test for each unit trap of clouds' answers: cents, nanos, nodes, terms, fractions, licences, stale prices."""

import json
from decimal import Decimal
from typing import Any

import pytest

from monitor.core.models import Availability
from spiders.cloud_answers import Answer
from spiders.clouds import CLOUDS


def read(cloud: str, payload: Any) -> Answer:
    return CLOUDS[cloud].parse(json.dumps(payload).encode() if not isinstance(payload, bytes | str) else payload)


def prices(answer: Answer) -> list[tuple[str, int, str, str, str]]:
    """(gpu, GPUs of the node, price per GPU, kind, region) of each offer."""
    return [(o.gpu, o.quantity, f"{o.price.amount.normalize():f}", o.billing.value, o.region) for o in answer.offers]


def reasons(answer: Answer) -> list[str]:
    return [reason for reason, _ in answer.rejections]


def test_cents_of_a_node_become_dollars_of_a_gpu() -> None:
    kind = {"name": "gpu_8x_h100_sxm5", "price_cents_per_hour": 2392, "gpu_description": "H100 (80 GB SXM5)"}
    answer = read("lambda", {"data": {"a": {"instance_type": kind, "regions_with_capacity_available": []}}})
    assert prices(answer) == [("H100 SXM", 8, "2.99", "on_demand", "")]
    assert answer.offers[0].availability is Availability.OUT_OF_STOCK


def test_nanos_and_units_are_added() -> None:
    assert prices(read("gcp", gcp_answer())) == [("Tesla T4", 1, "1.35", "on_demand", "europe-west4")]


@pytest.mark.parametrize(
    ("usage", "text", "kind"),
    [
        ("Preemptible", "Nvidia Tesla T4 GPU attached to Spot Preemptible VMs running in Netherlands", "spot"),
        ("Commit1Yr", "Commitment v1: Nvidia Tesla T4 GPU running in Netherlands for 1 Year", "reserved"),
    ],
)
def test_the_kind_of_a_google_price_is_kept(usage: str, text: str, kind: str) -> None:
    assert prices(read("gcp", gcp_answer(usage=usage, text=text)))[0][3] == kind


def test_a_google_price_keeps_its_own_currency() -> None:
    (offer,) = read("gcp", gcp_answer(currency="IDR", units="21000")).offers
    assert (offer.price.currency, offer.price.amount) == ("IDR", Decimal("21000.35"))


def test_google_prices_by_the_month_are_refused() -> None:
    assert reasons(read("gcp", gcp_answer(unit="mo"))) == ["unknown_unit"]


def test_a_google_machine_is_the_sum_of_its_gpu_cores_and_memory() -> None:
    parts = [
        gcp_article("Nvidia Tesla A100 GPU running in Americas", "GPU", "h", "2", 933908000),
        gcp_article("A2 Instance Core running in Americas", "CPU", "h", "0", 31611000),
        gcp_article("A2 Instance Ram running in Americas", "RAM", "GiBy.h", "0", 4237000),
    ]
    answer = read("gcp", {"skus": parts})
    assert {(o.basis, str(o.price.amount)) for o in answer.offers} == {
        ("gpu_only", "2.933908"),
        ("machine", "3.673385"),
    }


def gcp_answer(
    *, usage: str = "OnDemand", text: str = "Nvidia Tesla T4 GPU running in Netherlands", currency: str = "USD",
    units: str = "1", unit: str = "h",
) -> dict[str, Any]:  # fmt: skip
    article = gcp_article(text, "GPU", unit, units, 350000000, usage=usage, currency=currency)
    return {"skus": [article]}


def gcp_article(
    text: str, group: str, unit: str, units: str, nanos: int, usage: str = "OnDemand", currency: str = "USD"
) -> dict[str, Any]:
    price = {"currencyCode": currency, "units": units, "nanos": nanos}
    return {
        "skuId": text,
        "description": text,
        "category": {"resourceGroup": group, "usageType": usage},
        "serviceRegions": ["europe-west4"],
        "pricingInfo": [{"pricingExpression": {"usageUnit": unit, "tieredRates": [{"unitPrice": price}]}}],
    }


AZURE_ROW = {
    "armSkuName": "Standard_ND96isr_H100_v5",
    "armRegionName": "westeurope",
    "retailPrice": 98.32,
    "unitOfMeasure": "1 Hour",
    "meterName": "ND96isrH100v5",
    "productName": "Virtual Machines NDsr H100 v5 Series",
    "currencyCode": "USD",
    "type": "Consumption",
}


@pytest.mark.parametrize(
    ("changes", "price", "kind", "basis"),
    [
        ({}, "12.29", "on_demand", "machine"),
        ({"meterName": "ND96isrH100v5 Spot"}, "12.29", "spot", "machine"),
        ({"productName": "Virtual Machines NDsr H100 v5 Series Windows"}, "12.29", "on_demand", "windows"),
        ({"type": "Reservation", "reservationTerm": "1 Year", "retailPrice": 350400}, "5", "reserved", "machine"),
        ({"type": "Reservation", "reservationTerm": "3 Years", "retailPrice": 1051200}, "5", "reserved", "machine"),
        ({"unitOfMeasure": "100 Hours", "retailPrice": 9832}, "12.29", "on_demand", "machine"),
    ],
)
def test_azure_prices_by_kind(changes: dict[str, Any], price: str, kind: str, basis: str) -> None:
    answer = read("azure", {"Items": [AZURE_ROW | changes]})
    assert prices(answer) == [("H100 SXM", 8, price, kind, "westeurope")]
    assert answer.offers[0].basis == basis


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"meterName": "ND96isrH100v5 Low Priority"}, "low_priority_price"),
        ({"unitOfMeasure": "1/Month"}, "unknown_unit"),
        ({"type": "Reservation"}, "unknown_term"),
        ({"type": "DevTestConsumption"}, "other_kind_of_price"),
        ({"productName": "NDsr H100 v5 Series Cloud Services"}, "not_a_virtual_machine"),
        ({"armSkuName": "Standard_NC40ads_H100_v5"}, "unknown_model"),
        ({"armSkuName": "Standard_NV6ads_A10_v5"}, "fraction_of_gpu"),
        ({"retailPrice": 0}, "no_price"),
        ({"retailPrice": "soon"}, "unreadable_price"),
        ({"retailPrice": None}, "unreadable_price"),
        ({"retailPrice": -3}, "unreadable_price"),
        ({"currencyCode": None}, "unknown_currency"),
    ],
)
def test_azure_rows_that_are_no_price_of_a_gpu_say_why(changes: dict[str, Any], reason: str) -> None:
    answer = read("azure", {"Items": [AZURE_ROW | changes, AZURE_ROW]})
    assert reasons(answer) == [reason]
    assert len(answer.offers) == 1


def test_azure_leaves_machines_without_gpus_out() -> None:
    assert read("azure", {"Items": [AZURE_ROW | {"armSkuName": "Standard_D4s_v5"}]}) == Answer()


def test_azure_pages_name_the_next_one() -> None:
    next_page = CLOUDS["azure"].cloud.next_page
    assert next_page is not None
    assert next_page({"Items": [], "NextPageLink": "https://prices.azure.com/x?$skip=1000"}) == (
        "https://prices.azure.com/x?$skip=1000"
    )
    assert next_page({"Items": [], "NextPageLink": None}) is None
    assert next_page([]) is None


AWS_SPOT = {
    "SpotPriceHistory": [
        {"InstanceType": "g6.xlarge", "AvailabilityZone": "us-east-1a", "SpotPrice": "0.31",
         "ProductDescription": "Linux/UNIX"},
        {"InstanceType": "g6.xlarge", "AvailabilityZone": "us-east-1a", "SpotPrice": "0.40",
         "ProductDescription": "Windows"},
        {"InstanceType": "m7i.large", "AvailabilityZone": "us-east-1a", "SpotPrice": "0.04",
         "ProductDescription": "Linux/UNIX"},
        {"InstanceType": "g5.xlarge", "AvailabilityZone": "us-east-1a", "SpotPrice": "0.40",
         "ProductDescription": "Linux/UNIX"},
    ]
}  # fmt: skip


def test_aws_spot_history_keeps_the_zone_and_windows_apart() -> None:
    answer = read("aws", AWS_SPOT)
    assert prices(answer) == [("L4", 1, "0.31", "spot", "us-east-1a"), ("L4", 1, "0.4", "spot", "us-east-1a")]
    assert [o.basis for o in answer.offers] == ["machine", "windows"]
    assert reasons(answer) == ["unknown_model"]  # g5 is A10G, not A10


def test_aws_price_list_adds_the_upfront_part_of_a_commitment() -> None:
    facts = {"instanceType": "p5.48xlarge", "regionCode": "us-east-1", "operatingSystem": "Linux", "tenancy": "Shared"}
    hourly = {"unit": "Hrs", "pricePerUnit": {"USD": "20.0"}}
    upfront = {"unit": "Quantity", "pricePerUnit": {"USD": "87600"}}
    terms = {
        "OnDemand": {"a": {"priceDimensions": {"b": {"unit": "Hrs", "pricePerUnit": {"USD": "55.04"}}}}},
        "Reserved": {
            "c": {"termAttributes": {"LeaseContractLength": "1yr"}, "priceDimensions": {"d": hourly, "e": upfront}}
        },
    }
    answer = read("aws", {"PriceList": [json.dumps({"product": {"attributes": facts}, "terms": terms})]})
    assert prices(answer) == [
        ("H100 SXM", 8, "6.88", "on_demand", "us-east-1"),
        ("H100 SXM", 8, "3.75", "reserved", "us-east-1"),
    ]


def test_aws_price_page_and_spot_page() -> None:
    page = {"regions": {"US East (N. Virginia)": {"x": {"Instance Type": "g6e.12xlarge", "price": "10.4926400000"}}}}
    assert prices(read("aws", page)) == [("L40S", 4, "2.62316", "on_demand", "us-east-1")]
    columns = [{"name": "linux", "prices": {"USD": "8.00"}}, {"name": "mswin", "prices": {"USD": "N/A*"}}]
    sizes = {"instanceTypes": [{"sizes": [{"size": "p4d.24xlarge", "valueColumns": columns}]}], "region": "us-east-1"}
    assert prices(read("aws", {"config": {"rate": "perhr", "regions": [sizes]}})) == [
        ("A100 40GB", 8, "1", "spot", "us-east-1")
    ]


VAST_ROW = {
    "gpu_name": "RTX 4090", "num_gpus": 4, "gpu_ram": 24564, "dph_total": 1.6, "min_bid": 0.8, "gpu_frac": 0.5,
    "geolocation": "Sweden, SE", "machine_id": 7, "rentable": True, "rented": False, "verification": "verified",
}  # fmt: skip


def test_a_part_of_a_vast_machine_is_still_whole_gpus() -> None:
    assert prices(read("vastai", {"offers": [VAST_ROW]})) == [
        ("RTX 4090", 4, "0.4", "on_demand", "Sweden, SE"),
        ("RTX 4090", 4, "0.2", "spot", "Sweden, SE"),
    ]


def test_a_vast_search_for_bids_gives_no_on_demand_price() -> None:
    assert [row[3] for row in prices(read("vastai", {"offers": [VAST_ROW | {"is_bid": True}]}))] == ["spot"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rentable": False}, "not_rentable"),
        ({"verification": "unverified"}, "unverified_host"),
        ({"num_gpus": 0}, "unreadable_count"),
        ({"num_gpus": 0.5}, "fraction_of_gpu"),
        ({"gpu_ram": 49140}, "unknown_model"),  # a card with doubled memory is another product
        ({"gpu_name": "RTX 4090 D"}, "unknown_model"),
        ({"gpu_name": "RTX 3070 laptop"}, "unknown_model"),
        ({"dph_total": "NaN"}, "unreadable_price"),
        ({"dph_total": True}, "unreadable_price"),
        ({"gpu_name": None}, "no_gpu_name"),
    ],
)
def test_vast_rows_that_cannot_be_compared_say_why(changes: dict[str, Any], reason: str) -> None:
    assert reasons(read("vastai", {"offers": [VAST_ROW | changes]})) == [reason]


RUNPOD_ROW = {
    "id": "NVIDIA H200", "displayName": "H200 SXM", "memoryInGb": 141, "secureCloud": True, "communityCloud": False,
    "securePrice": 3.59, "communityPrice": 0.5, "secureSpotPrice": 2.1, "communitySpotPrice": None,
    "lowestPrice": {"stockStatus": "Low"},
}  # fmt: skip


def test_a_community_price_that_nobody_can_rent_at_is_stale() -> None:
    answer = read("runpod", {"data": {"gpuTypes": [RUNPOD_ROW]}})
    assert prices(answer) == [("H200", 1, "3.59", "on_demand", ""), ("H200", 1, "2.1", "spot", "")]
    assert reasons(answer) == ["stale_price"]
    assert {o.availability for o in answer.offers} == {Availability.LIMITED}


def test_a_fraction_of_a_vultr_card_is_refused_and_two_cards_are_two() -> None:
    plan = {"id": "vcg-a40-24c-120g-48vram", "hourly_cost": 1.712, "type": "vdm", "locations": ["blr"]}
    small = plan | {"id": "vcg-a40-2c-10g-4vram"}
    two = plan | {"id": "vcg-a100-24c-240g-160vram", "hourly_cost": 4.8, "gpu_type": "NVIDIA_A100", "gpu_vram_gb": 160}
    spot = plan | {"deploy_ondemand": False, "deploy_preemptible": True, "hourly_cost_preemptible": 1.0}
    answer = read("vultr", {"plans": [plan, small, two, spot]})
    assert prices(answer) == [
        ("A40", 1, "1.712", "on_demand", "blr"),
        ("A100 80GB", 2, "2.4", "on_demand", "blr"),
        ("A40", 1, "1", "spot", "blr"),
    ]
    assert reasons(answer) == ["fraction_of_gpu"]


def test_tensordock_prices_are_per_gpu_whatever_the_host_has() -> None:
    specs = {
        "cpu": {"amount": 256, "price": 0.003},
        "ram": {"amount": 1495, "price": 0.002},
        "gpu": {"l40-pcie-48gb": {"amount": 8, "price": 1.05, "vram": 48}},
    }
    node = {"location": {"country": "Canada", "region": "Ontario", "city": "Toronto"}, "specs": specs}
    answer = read("tensordock", {"hostnodes": {"abc": node}})
    assert {(o.gpu, o.quantity, str(o.price.amount), o.basis, o.region) for o in answer.offers} == {
        ("L40", 1, "1.050000", "gpu_only", "Toronto, Ontario, Canada"),
        ("L40", 1, "1.094000", "machine", "Toronto, Ontario, Canada"),
    }


@pytest.mark.parametrize(
    ("cloud", "payload", "expected"),
    [
        (
            "verda",
            [{"gpu": {"number_of_gpus": 8}, "gpu_memory": {"size_in_gigabytes": 640}, "name": "A100 SXM4 80GB",
              "price_per_hour": "10.32", "spot_price": "", "currency": "usd", "instance_type": "8A100.176V"}],
            [("A100 80GB", 8, "1.29", "on_demand", "")],
        ),
        (
            "cloudrift",
            {"data": {"instance_types": [{"brand_short": "RTX 4090", "variants": [
                {"name": "rtx49.2", "cost_per_hour": 78, "gpu_count": 2, "vram": 24 * 1024**3,
                 "nodes_per_dc": {"us-east-nc-nr-1": 12}}]}]}},
            [("RTX 4090", 2, "0.39", "on_demand", "us-east-nc-nr-1")],
        ),
        (
            "hotaisle",
            [{"OnDemandPrice": 1592, "Specs": {"gpus": [{"count": 8, "model": "MI300X"}]}}],
            [("MI300X", 8, "1.99", "on_demand", "")],
        ),
        (
            "lium",
            {"nodes": [{"gpu_model": "RTX 5090", "gpu_count": 8, "price_per_gpu_hour": 0.5, "price_per_node_hour": 4.0,
                        "gpu_memory_gb": 32, "tier": "spot", "country_code": "JP", "region": "13", "id": "x"}]},
            [("RTX 5090", 8, "0.5", "spot", "jp-13")],
        ),
        (
            "oracle",
            {"items": [{"partNumber": "B98415", "displayName": "Compute - GPU - H100", "metricName": "GPU Per Hour",
                        "currencyCodeLocalizations": [{"currencyCode": "USD", "prices": [
                            {"model": "PAY_AS_YOU_GO", "value": 10}]}]},
                       {"partNumber": "B1", "displayName": "Compute - Standard - E5", "metricName": "OCPU Per Hour",
                        "currencyCodeLocalizations": []}]},
            [("H100 SXM", 1, "10", "on_demand", "")],
        ),
        (
            "shadeform",
            {"instance_types": [{"cloud": "hyperstack", "shade_instance_type": "A6000x2", "hourly_price": 100,
                                 "configuration": {"gpu_type": "A6000", "num_gpus": 2, "vram_per_gpu_in_gb": 48},
                                 "availability": [{"region": "canada-1", "available": True}]}]},
            [("RTX A6000", 2, "0.5", "on_demand", "canada-1")],
        ),
        (
            "hyperstack",
            [{"name": "RTX-A4000", "value": 0.15}, {"name": "vCPU (CPU-only-flavors)", "value": 0.02}],
            [("RTX A4000", 1, "0.15", "on_demand", "")],
        ),
        (
            "primeintellect",
            {"H100_80GB": [{"cloudId": "c", "gpuType": "H100_80GB", "socket": "PCIe", "provider": "x", "country": "US",
                            "gpuCount": 2, "gpuMemory": 80, "prices": {"onDemand": 4.2, "currency": "USD"},
                            "isSpot": True, "stockStatus": "Low"}]},
            [("H100 PCIe", 2, "2.1", "spot", "US")],
        ),
        (
            "seeweb",
            {"plans": [{"name": "ECS2GPU3", "gpu": "2", "gpu_label": "A100 80GB", "hourly_price": 1.98,
                        "available": True, "available_regions": [{"location": "it-fr2"}]}]},
            [("A100 80GB", 2, "0.99", "on_demand", "it-fr2")],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_each_cloud_has_its_own_unit(cloud: str, payload: Any, expected: list[Any]) -> None:
    assert prices(read(cloud, payload)) == expected


def test_an_h100_that_may_be_either_form_is_ambiguous() -> None:
    server = {"gpu_type": "H100", "region": "europe-01", "price_per_hour": 2.99, "vram": "80", "workload_type": "vm"}
    assert reasons(read("jarvislabs", {"server_meta": [server]})) == ["ambiguous"]


def test_rows_that_say_the_same_are_one_offer_with_its_sightings() -> None:
    server = {"gpu_type": "L4", "region": "in", "price_per_hour": 0.44, "vram": "24", "workload_type": "vm"}
    (offer,) = read("jarvislabs", {"server_meta": [server, server | {"workload_type": "container"}]}).offers
    assert offer.n_obs == 2
