"""From `gpu-limbo up` on an empty home to the first verdict: `python benchmarks/first_run.py [TIMES]`.

It asks for the first page again and again, as an impatient visitor would: the page answers, it holds a verdict, and the
address is said on the terminal. Processor time is that of everything that was started, until then.
"""

import os
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parents[1]))

from tools.browser import ROOT, environment

GIVES_UP_SECONDS, ASKED_EVERY_SECONDS = 180.0, 0.05
FIGURES = ("the page answers", "a verdict is on it", "the address is said")


def main(times: int) -> None:
    """Print one line for each run, and the medians."""
    runs = [_run(number) for number in range(times)]
    print("median: " + ", ".join(f"{name} {statistics.median(run[name] for run in runs):.1f} s" for name in FIGURES))


def _run(number: int) -> dict[str, float]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile("w+") as said:
        command, settings = [sys.executable, "-m", "monitor", "up", "--port", str(port)], environment(Path(home))
        started = time.perf_counter()
        service = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=said, stderr=said)
        try:
            seen = _watch(f"http://127.0.0.1:{port}", said.fileno(), started)
        finally:
            service.send_signal(signal.SIGINT)
            service.wait(timeout=60)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    figures = ", ".join(f"{name} {seen[name]:.1f} s" for name in FIGURES)
    print(f"run {number + 1}: {figures}; processor {cpu:.1f} s; load {os.getloadavg()[0]:.1f}", flush=True)
    return seen


def _watch(address: str, said: int, started: float) -> dict[str, float]:
    """Seconds until each of the figures has been seen."""
    seen: dict[str, float] = {}
    while len(seen) < len(FIGURES) and time.perf_counter() - started < GIVES_UP_SECONDS:
        try:
            page = httpx.get(address, timeout=30).text
        except httpx.HTTPError:
            page = ""
        so_far = os.pread(said, 100_000, 0).decode(errors="replace")
        now = time.perf_counter() - started
        for name, true in zip(FIGURES, (page, 'class="gl-verdict"' in page, address in so_far), strict=True):
            if true:
                seen.setdefault(name, now)
        time.sleep(ASKED_EVERY_SECONDS)
    return seen


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
