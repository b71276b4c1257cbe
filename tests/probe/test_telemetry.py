"""Samples while a card works, through the real nvidia-ml-py against the fake driver: throttling, a cap, a lost card."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.probe.conftest import RTX_4090, another, changed

WATCH = """
import json, sys, time
from monitor.probe.telemetry import NvmlTelemetry
from monitor.probe.workbench import Gone

telemetry, end, found = NvmlTelemetry(sys.argv[1]), time.monotonic() + 20, []
try:
    while time.monotonic() < end and len(found) < 4:
        time.sleep(0.05)
        found = telemetry.between(0.0, end)
    print(json.dumps([[s.sm_mhz, s.power_watts, s.reasons, s.pcie_width] for s in found]))
except Gone as lost:
    print(json.dumps({"gone": str(lost)}))
finally:
    telemetry.close()
"""


@pytest.fixture
def watch(tmp_path: Path, driver: Path):
    """What four samples of the card at a bus address say."""

    def run(scenario: str, bus: str = "00000000:01:00.0"):
        answers = tmp_path / "scenario.txt"
        answers.write_text(scenario, encoding="utf-8")
        env = {**os.environ, "FAKE_NVML": str(answers), "LD_LIBRARY_PATH": str(driver)}
        done = subprocess.run(
            [sys.executable, "-c", WATCH, bus], env=env, capture_output=True, text=True, timeout=60, check=True
        )
        return json.loads(done.stdout)

    return run


def test_throttling_by_heat_is_seen_when_it_begins(watch) -> None:
    samples = watch(changed(RTX_4090, reasons="0x4,0x4,0x24", clock_sm="2520,2520,1900"))
    assert samples[0][2] == ["sw_power_cap"]
    assert samples[-1][0] == 1900
    assert "sw_thermal" in samples[-1][2]


def test_capped_power_is_seen_while_it_works(watch) -> None:
    samples = watch(changed(RTX_4090, power_mw="250000", limit_mw="250000", reasons="0x4"))
    assert {sample[1] for sample in samples} == {250.0}


def test_a_card_lost_in_mid_run_ends_the_watch(watch) -> None:
    found = watch(changed(RTX_4090, lost=",".join(["0"] * 20 + ["1"])))
    assert "gone" in found


def test_the_card_is_found_by_its_address_and_not_by_its_number(watch) -> None:
    scenario = RTX_4090.replace("count=1", "count=2") + another(
        RTX_4090, 1, bus="00000000:41:00.0", clock_sm="1111", pcie_width="4"
    )
    samples = watch(scenario, "00000000:41:00.0")
    assert {(sample[0], sample[3]) for sample in samples} == {(1111, 4)}


def test_what_the_driver_does_not_say_is_none(watch) -> None:
    samples = watch(changed(RTX_4090, power_mw=None, reasons=None))
    assert samples[0][1] is None
    assert samples[0][2] == []
