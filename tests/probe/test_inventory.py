"""What the driver says, through the real nvidia-ml-py against a fake library: quirk by quirk."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.probe.conftest import RTX_4090, Probe, another, changed


def inventory(done: "subprocess.CompletedProcess[str]") -> dict:
    """The JSON of a run that went well."""
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_healthy_card_answers_every_fact(probe: Probe) -> None:
    found = inventory(probe(RTX_4090, "--inventory", "--json"))
    card = found["devices"][0]
    assert (found["driver"], found["cuda_driver"]) == ("580.95.05", "13.0")
    assert card["gpu"] == "RTX 4090"
    assert (card["power_limit_watts"], card["power_max_watts"]) == (450.0, 600.0)
    assert (card["pcie_generation"], card["pcie_generation_max"], card["pcie_width"]) == (1, 4, 16)
    assert card["slow_reasons"] == ["idle"]
    assert card["processes"] == []
    assert set(card["missing"]) == {"ecc", "mig"}  # GeForce has neither


@pytest.mark.parametrize(
    ("field", "key"),
    [
        ("energy_joules", "energy_mj"),
        ("memory_total_mib", "memory_mib"),
        ("power_watts", "power_mw"),
        ("utilization_percent", "utilization"),
        ("sm_clock_mhz", "clock_sm"),
        ("slowdown_temperature_c", "slowdown"),
    ],
)
def test_a_fact_that_is_not_answered_is_null_with_its_reason_and_never_zero(probe: Probe, field: str, key: str) -> None:
    card = inventory(probe(changed(RTX_4090, **{key: None}), "--inventory", "--json"))["devices"][0]
    assert card[field] is None
    assert card["missing"][field]


def test_an_old_driver_without_todays_calls_is_still_read(probe: Probe, old_driver: Path) -> None:
    scenario = changed(RTX_4090, reasons="0x4", compute="77/900")
    card = inventory(probe(scenario, "--inventory", "--json", library=old_driver))["devices"][0]
    assert card["slow_reasons"] == ["sw_power_cap"]
    assert card["processes"] == [{"pid": 77, "kind": "compute", "memory_mib": 900.0}]


def test_processes_without_memory_are_listed_as_windows_and_wsl_give_them(probe: Probe) -> None:
    card = inventory(probe(changed(RTX_4090, compute="77"), "--inventory", "--json"))["devices"][0]
    assert card["processes"][0]["memory_mib"] is None


def test_processes_that_nobody_may_see_are_null(probe: Probe) -> None:
    scenario = changed(RTX_4090, compute=None, graphics=None, mps=None)
    card = inventory(probe(scenario, "--inventory", "--json"))["devices"][0]
    assert card["processes"] is None
    assert "processes" in card["missing"]


def test_eight_cards_are_all_listed_and_a_lost_one_does_not_hide_the_others(probe: Probe) -> None:
    scenario = RTX_4090.replace("count=1", "count=8")
    for number in range(1, 8):
        scenario += another(RTX_4090, number, bus=f"00000000:{number + 1:02d}:00.0", uuid=f"GPU-{number}")
    found = inventory(probe(scenario + "3.lost=1\n", "--inventory", "--json"))
    assert [card["index"] for card in found["devices"]] == [0, 1, 2, 4, 5, 6, 7]
    assert "GPU 3" in found["failed"]


def test_slices_of_a_card_are_devices_of_their_own(probe: Probe) -> None:
    scenario = changed(
        RTX_4090, name="NVIDIA A100-SXM4-80GB", memory_mib="81920", cc="8.0", mig_mode="1/1", mig_max="7"
    )
    scenario += "0.mig.0.name=NVIDIA A100-SXM4-80GB MIG 1g.10gb\n0.mig.0.uuid=MIG-1\n0.mig.0.memory_mib=9984\n"
    whole, part = inventory(probe(scenario, "--inventory", "--json"))["devices"]
    assert (whole["kind"], part["kind"]) == ("gpu", "mig")
    assert whole["gpu"] == "A100 80GB"
    assert part["uuid"] == "MIG-1"


def test_a_name_that_nobody_knows_has_no_match(probe: Probe) -> None:
    card = inventory(probe(changed(RTX_4090, name="NVIDIA Graphics Device"), "--inventory", "--json"))["devices"][0]
    assert card["gpu"] is None


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("9", "not loaded"),
        ("18", "reboot"),
        ("4", "refuses access"),
        ("15", "lost"),
        ("999", "does not answer"),
    ],
)
def test_a_driver_that_does_not_start_gets_a_sentence_and_exit_code_3(probe: Probe, code: str, says: str) -> None:
    done = probe(f"init={code}\n")
    assert done.returncode == 3
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_machine_without_a_driver_says_so_and_exits_with_3(probe: Probe, tmp_path: Path) -> None:
    done = probe("", library=tmp_path)
    assert done.returncode == 3
    assert "no NVIDIA driver" in done.stderr


def test_a_driver_that_lists_no_card_exits_with_3(probe: Probe) -> None:
    done = probe("count=0\n")
    assert done.returncode == 3
    assert "no GPU answers" in done.stderr


def test_a_hanging_driver_is_given_up(driver: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from monitor.errors import ProbeUnavailable
    from monitor.probe.inventory import take_inventory

    answers = tmp_path / "scenario.txt"
    answers.write_text("hang=nvmlDeviceGetCount_v2\n", encoding="utf-8")
    monkeypatch.setenv("FAKE_NVML", str(answers))
    monkeypatch.setenv("LD_LIBRARY_PATH", str(driver))
    with pytest.raises(ProbeUnavailable, match="hanging"):
        take_inventory(timeout_seconds=3.0)


def test_a_busy_card_is_not_measured(probe: Probe) -> None:
    done = probe(changed(RTX_4090, utilization="97", compute="77/20000", used_mib="20500"))
    assert done.returncode == 3
    assert "--allow-busy" in done.stderr


def test_a_card_without_a_backend_says_what_to_install(probe: Probe) -> None:
    done = probe(RTX_4090)
    assert done.returncode == 3
    assert "torch" in done.stderr


def test_an_unknown_gpu_on_the_command_line_is_named_with_those_that_are_there(probe: Probe) -> None:
    done = probe(RTX_4090, "--gpu", "7")
    assert done.returncode == 2
    assert "GPU-aaaaaaaa-0000" in done.stderr


def test_nothing_in_the_probe_sets_anything_on_a_card() -> None:
    folder = Path(__file__).parents[2] / "monitor" / "probe"
    text = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    assert not any(word in text for word in ("nvmlDeviceSet", "nvmlDeviceReset", "nvmlDeviceClear", "nvidia-smi"))
