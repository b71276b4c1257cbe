"""Short forms of the long trials of `make soak`: each command is the same, only its numbers are smaller."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.timeout(600)
def test_simulated_months_tell_of_every_real_deal_and_of_no_other():
    """Six shops for a month, one price in fifty misread: the long form has 40 shops and 24 months."""
    command = [
        sys.executable,
        "benchmarks/simulate.py",
        "--months",
        "1",
        "--shops",
        "6",
        "--glitches",
        "0.02",
        "--json",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=550)
    assert done.stdout, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["missed"] == []
    assert found["false"] == []
    assert (found["sent_twice"], found["left_unsent"]) == (0, 0)
    assert found["deals"] == found["delivered"] >= 5, "a market in which nothing happens proves nothing"
    assert found["glitches"] >= 15
    assert found["failed_visits"] >= 5
    assert done.returncode == 0
