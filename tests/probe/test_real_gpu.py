"""On a machine with a real GPU only: the probe three times, within three percent, and nothing changed on the card."""

import json
import subprocess
import sys

import pytest

from monitor.errors import ProbeUnavailable
from monitor.probe.inventory import take_inventory

pytestmark = pytest.mark.gpu


@pytest.fixture(scope="module")
def runs() -> list[dict]:
    """Three quick runs of the first GPU."""
    try:
        take_inventory()
    except ProbeUnavailable as error:
        pytest.skip(f"needs a real GPU: {error}")
    command = [sys.executable, "-m", "monitor.probe", "--quick", "--json", "--no-store"]
    done = [subprocess.run(command, capture_output=True, text=True, timeout=120) for _ in range(3)]
    if all(run.returncode == 3 for run in done):
        pytest.skip(f"needs a real GPU with a backend: {done[0].stderr}")
    return [json.loads(run.stdout) for run in done]


def rate(run: dict, op: str) -> float:
    """The first rate of an operation."""
    return next(result["median"] for result in run["results"] if result["op"] == op and result["median"])


@pytest.mark.parametrize("op", ["gemm", "copy"])
def test_three_runs_agree_within_three_percent(runs: list[dict], op: str) -> None:
    rates = [rate(run, op) for run in runs]
    assert max(rates) / min(rates) < 1.03


def test_results_are_right_and_clocks_are_known(runs: list[dict]) -> None:
    assert not [r["op"] for run in runs for r in run["results"] if r["status"] == "wrong"]
    assert next(r["sm_mhz"] for r in runs[0]["results"] if r["op"] == "gemm")
