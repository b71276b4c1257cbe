"""Short forms of the long trials of `make soak`: each command is the same, only its numbers are smaller."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import SERVER

ROOT = Path(__file__).parents[1]


def run(*command: str, seconds: float = 550) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False
    )


@pytest.fixture(scope="module")
def soak():
    found = importlib.util.spec_from_file_location("soak", ROOT / "benchmarks" / "soak.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules["soak"] = module
    found.loader.exec_module(module)
    return module


def part(soak, name: str, code: int):
    return soak.Part(name=name, command=("-c", f"raise SystemExit({code})"), minutes=1, what="a stand-in")


def test_the_first_missed_bar_ends_a_soak_with_an_error_and_a_summary(soak, capfd):
    parts = [part(soak, "good", 0), part(soak, "bad", 3), part(soak, "later", 0)]
    assert soak.main([], parts) == 1
    said = capfd.readouterr().out
    assert "[2/3] bad" in said
    assert "MISSED (exit code 3)" in said
    assert "later           -      not run" in said
    assert "1 of 3 parts passed" in said


def test_a_soak_whose_bars_are_met_says_so_and_parts_can_be_named(soak, capfd):
    parts = [part(soak, "good", 0), part(soak, "bad", 3), part(soak, "later", 0)]
    assert soak.main(["good", "later"], parts) == 0
    assert "2 of 2 parts passed" in capfd.readouterr().out
    assert soak.main(["nothing"], parts) == 2
    assert "there are: good, bad, later" in capfd.readouterr().out


def test_every_part_of_the_soak_is_there_and_every_long_command_is_a_part(soak):
    named = {part.command[0] for part in soak.PARTS}
    assert all((ROOT / name).is_file() for name in named)
    long = {*(ROOT / "benchmarks").glob("load_*.py"), *(ROOT / "benchmarks").glob("soak_*.py")}
    aside = {"load_crawl_settings.py", "load_store.py"}  # parts of others
    assert {f"benchmarks/{path.name}" for path in long if path.name not in aside} <= named


@pytest.mark.timeout(600)
def test_simulated_months_tell_of_every_real_deal_and_of_no_other():
    """Six shops for a month, one price in fifty misread: the long form has 40 shops and 24 months."""
    done = run("benchmarks/simulate.py", "--months", "1", "--shops", "6", "--glitches", "0.02", "--json")
    assert done.stdout, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["missed"] == []
    assert found["false"] == []
    assert (found["sent_twice"], found["left_unsent"]) == (0, 0)
    assert found["deals"] == found["delivered"] >= 5, "a market in which nothing happens proves nothing"
    assert found["glitches"] >= 15
    assert found["failed_visits"] >= 5
    assert done.returncode == 0


@pytest.mark.skipif(not SERVER, reason="needs PostgreSQL: TEST_DATABASE_URL")
@pytest.mark.timeout(600)
def test_a_service_lives_through_a_lost_server_a_full_disk_and_a_damaged_file():
    """Six seconds of each: the long form takes ten minutes. On a server of its own, since it is stopped."""
    command = ["tools/with-postgres", sys.executable, "benchmarks/soak_trouble.py", "6"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=550, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.count("none twice, no offer lost") == 3, done.stdout


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("benchmarks/alerts.py", "100"), "100 alerts over a channel of 50 ms each"),
        (("benchmarks/load_ingest.py", "400"), "million an hour"),
        (("benchmarks/load_crawl.py", "12", "1", "5"), "read whole: 9 of 9 good hosts"),
    ],
)
def test_a_load_meets_its_bars(command: tuple[str, ...], said: str):
    done = run(*command, seconds=280)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert said in done.stdout
