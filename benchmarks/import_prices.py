"""Time and memory of importing price files into SQLite and PostgreSQL, and of reading them back.

usage: tools/with-postgres python benchmarks/import_prices.py [FOLDER ...]   (without with-postgres: SQLite only)

Each import is a process of its own, `gpu-limbo import` as a user runs it, so that its start and memory count too.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from monitor.clock import utc_now
from monitor.store import repo
from monitor.store.engine import open_store, session_scope

SHARED = Path(os.environ.get("GPU_LIMBO_SHARED", Path(__file__).parents[2] / "shared"))


def main(paths: list[str]) -> None:
    """Print one line a database and step."""
    paths = paths or [str(SHARED / "data" / "prices")]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "limbo.db"
        measure(f"sqlite:///{file}", paths)
        print(f"SQLite      file {file.stat().st_size / 1e6:.1f} MB")
    if url := os.environ.get("TEST_DATABASE_URL"):
        measure(url, paths)


def measure(url: str, paths: list[str]) -> None:
    """Import twice, then read every series back."""
    kind = "SQLite" if url.startswith("sqlite") else "PostgreSQL"
    for step in ("import", "again"):
        begun, cpu = time.perf_counter(), _children_seconds()
        told = subprocess.run(
            [sys.executable, "-m", "monitor", "import", *paths],
            env={**os.environ, "DATABASE_URL": url}, capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
        wall, used = time.perf_counter() - begun, _children_seconds() - cpu
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3
        print(f"{kind:11s} {step:7s} {wall:6.1f} s wall, {used:5.1f} s CPU of ours, peak {peak:.0f} MB: {told}")
    engine = open_store(url)
    with session_scope(engine, read_only=True) as session:
        begun = time.perf_counter()
        series = repo.series_as_of(session, utc_now())
        print(f"{kind:11s} read    {time.perf_counter() - begun:6.2f} s: {len(series)} series, "
              f"{sum(len(one.days) for one in series)} points")  # fmt: skip
        begun = time.perf_counter()
        repo.series_as_of(session, utc_now(), gpus=["RTX 3080"])
        print(f"{kind:11s} one GPU {time.perf_counter() - begun:6.2f} s")
    engine.dispose()


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(sys.argv[1:])
