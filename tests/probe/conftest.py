"""A fake NVIDIA driver, built once: the real nvidia-ml-py talks to it in child processes."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("fake_nvml.c")
RTX_4090 = """
count=1
driver=580.95.05
nvml=13.580.95
cuda=13000
0.name=NVIDIA GeForce RTX 4090
0.uuid=GPU-aaaaaaaa-0000
0.bus=00000000:01:00.0
0.cc=8.9
0.cores=16384
0.memory_mib=24564
0.used_mib=310
0.bus_bits=384
0.clock_sm=2520
0.clock_sm_max=3105
0.clock_mem=10251
0.clock_mem_max=10501
0.power_mw=31000
0.limit_mw=450000
0.default_mw=450000
0.limits_mw=150000/600000
0.energy_mj=123456
0.temperature=41
0.slowdown=90
0.reasons=0x1
0.pcie_gen=1
0.pcie_gen_max=4
0.pcie_width=16
0.pcie_width_max=16
0.utilization=0
0.display=0
0.persistence=0
0.virtualization=0
0.compute=
0.graphics=
0.mps=
"""


def build(folder: Path, *flags: str) -> Path:
    """The library in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    compiler = shutil.which("gcc") or shutil.which("cc")
    assert compiler, "the tests need a C compiler: run tools/test-services"
    target = folder / "libnvidia-ml.so.1"
    command = [compiler, "-shared", "-fPIC", "-w", "-Wl,-soname,libnvidia-ml.so.1", *flags]
    subprocess.run([*command, "-o", str(target), str(SOURCE)], check=True)
    return folder


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A driver of today."""
    return build(tmp_path_factory.mktemp("driver"))


@pytest.fixture(scope="session")
def old_driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A driver of 2021 (470): no versioned process lists of today, no event reasons."""
    return build(tmp_path_factory.mktemp("old"), "-DOLD_DRIVER")


Probe = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def probe(tmp_path: Path, driver: Path) -> Probe:
    """Runs `python -m monitor.probe ARGS` with a scenario as the driver's answers."""

    def run(scenario: str, *args: str, library: Path = driver, **extra: str) -> "subprocess.CompletedProcess[str]":
        answers = tmp_path / "scenario.txt"
        answers.write_text(scenario, encoding="utf-8")
        env = {**os.environ, "FAKE_NVML": str(answers), "LD_LIBRARY_PATH": str(library), **extra}
        env["GPU_LIMBO_HOME"] = str(tmp_path / "home")
        return subprocess.run(
            [sys.executable, "-m", "monitor.probe", *args], env=env, capture_output=True, text=True, timeout=90
        )

    return run


def changed(scenario: str, **values: str | None) -> str:
    """A scenario with other values of GPU 0; `None` takes a line out (the card does not answer it)."""
    lines = scenario.strip().splitlines()
    for name, value in values.items():
        lines = [line for line in lines if not line.startswith((f"0.{name}=", f"{name}="))]
        if value is not None:
            lines.append(f"0.{name}={value}")
    return "\n".join(lines) + "\n"


def another(scenario: str, number: int, **values: str) -> str:
    """A scenario's GPU 0 once more under another number."""
    lines = [line.replace("0.", f"{number}.", 1) for line in scenario.splitlines() if line.startswith("0.")]
    for name, value in values.items():
        lines = [line for line in lines if not line.startswith(f"{number}.{name}=")] + [f"{number}.{name}={value}"]
    return "\n".join(lines) + "\n"
