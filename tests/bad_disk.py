"""A folder whose disk can be full, over quota or read-only for the programs that a test starts, without any rights.

What those programs ask of the kernel passes through a small library (bad_disk.c), which answers as such a disk does.
"""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("bad_disk.c")


@dataclass(frozen=True)
class Disk:
    """`path` is the folder; `environment` goes to the programs that shall live on it."""

    path: Path
    environment: dict[str, str]

    def becomes(self, state: str) -> None:
        """full, quota, readonly; "" is well again."""
        Path(self.environment["BAD_DISK_STATE"]).write_text(state, "utf-8")


@pytest.fixture(scope="session")
def bad_disk_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("gcc") or shutil.which("cc")
    assert compiler, "the tests need a C compiler: run tools/test-services"
    target = tmp_path_factory.mktemp("bad_disk") / "bad_disk.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-w", "-o", str(target), str(SOURCE), "-ldl"], check=True)
    return target


@pytest.fixture
def disk(tmp_path: Path, bad_disk_library: Path) -> Disk:
    """A disk that is well."""
    place, state = tmp_path / "disk", tmp_path / "state"
    place.mkdir()
    environment = {"BAD_DISK": str(place), "BAD_DISK_STATE": str(state), "LD_PRELOAD": str(bad_disk_library)}
    return Disk(place, environment)
