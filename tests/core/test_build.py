"""The machine around the cards: each part's answer in known cases."""

import pytest

from monitor.catalog import load_catalog
from monitor.core.build import Machine, check_build

CATALOG = load_catalog()


def states(card: str, cards: int, slug: str, rate: float = 1000.0, **machine: object) -> dict[str, str]:
    found = check_build(CATALOG.gpus[card], cards, CATALOG.workloads[slug], Machine(**machine), rate)  # type: ignore[arg-type]
    return {check.part: check.state for check in found}


@pytest.mark.parametrize(
    ("ram", "state"), [(8, "fails"), (40, "tight"), (64, "ok"), (1024, "wasteful"), (None, "unknown")]
)
def test_ram_against_the_cards_memory(ram: float | None, state: str) -> None:
    assert states("RTX 3090", 2, "lora-8b", ram_gb=ram)["RAM"] == state


@pytest.mark.parametrize(("watts", "state"), [(500, "fails"), (850, "tight"), (1200, "ok"), (3000, "wasteful")])
def test_power_supply_bears_two_3090(watts: float, state: str) -> None:
    assert states("RTX 3090", 2, "lora-8b", psu_watts=watts)["power supply"] == state


def test_image_work_wants_cores_and_language_work_does_not() -> None:
    assert states("RTX 4090", 4, "vision-cnn-train", cpu_cores=8)["CPU cores"] == "fails"
    assert states("RTX 4090", 4, "llm-decode-8b-b1", cpu_cores=8)["CPU cores"] == "ok"


def test_one_card_needs_few_lanes() -> None:
    assert states("RTX 4090", 1, "lora-8b", lanes_per_card=4)["PCIe lanes a card"] == "ok"


def test_open_air_cards_side_by_side_fail() -> None:
    assert states("RTX 3090", 4, "lora-8b", free_slots_between=0)["cooling"] == "fails"
    assert states("A40", 4, "lora-8b", free_slots_between=0)["cooling"] == "ok"


def test_a_slow_disk_fails_fast_image_training() -> None:
    assert states("RTX 4090", 4, "vision-cnn-train", rate=2000.0, disk_gb_s=0.2)["disk"] == "fails"


def test_every_check_states_formula_and_source_and_says_what_to_change() -> None:
    machine = Machine(ram_gb=8, cpu_cores=2, lanes_per_card=1, psu_watts=300, disk_gb=10)
    found = check_build(CATALOG.gpus["RTX 3090"], 2, CATALOG.workloads["vision-cnn-train"], machine, 1000.0)
    assert all(check.formula and check.source for check in found)
    assert all(check.advice for check in found if check.state == "fails")


def advice(country: str, cards: int = 8, **machine: object) -> dict[str, str]:
    gpu, work = CATALOG.gpus["RTX 4090"], CATALOG.workloads["lora-8b"]
    found = check_build(gpu, cards, work, Machine(**machine), 1000.0, country=country)  # type: ignore[arg-type]
    return {check.part: f"{check.state}: {check.have}, {check.need} -> {check.advice}" for check in found}


def test_the_mains_are_those_of_the_country() -> None:
    assert advice("US")["mains circuit"].startswith("fails: 15 A at 120 V, 3,368 W -> a 230 V circuit, several")
    assert advice("DE")["mains circuit"].startswith("tight: 16 A at 230 V, 3,368 W -> several circuits")
    assert advice("GB", cards=4)["mains circuit"].startswith("ok: 13 A at 230 V")
    assert advice("JP", cards=2)["mains circuit"].startswith("ok: 15 A at 100 V")


def test_a_socket_that_is_not_known_is_said_to_be_assumed() -> None:
    gpu, work = CATALOG.gpus["RTX 4090"], CATALOG.workloads["lora-8b"]
    said = {
        country: {check.part: check.source for check in check_build(gpu, 1, work, Machine(), None, country=country)}
        for country in ("BR", "US")
    }
    assert said["BR"]["mains circuit"].startswith("taken as in most countries")
    assert said["US"]["mains circuit"].startswith("the usual socket in US")


def test_more_watts_than_one_supply_gives_are_said_to_need_several() -> None:
    assert "(more than one desktop supply gives: 3 of them, or a server's)" in advice("US")["power supply"]
    assert "(more than one desktop supply gives: 3 of them" in advice("DE")["power supply"]
    assert "more than one" not in advice("US", cards=1)["power supply"]
    assert advice("US", psu_watts=5000)["power supply"].endswith("-> ")
    assert "more than one" not in advice("US", psu_watts=9000)["power supply"]


def test_one_of_a_thing_is_said_as_one() -> None:
    assert "1 lane " in advice("US", cards=1, lanes_per_card=4)["PCIe lanes a card"]
