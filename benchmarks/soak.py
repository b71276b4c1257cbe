"""`make soak`: every long trial one after another, with what each says; the first that misses its bar ends it.

usage: tools/with-postgres python benchmarks/soak.py [--list] [PART...]

Ends with a line for each part (its time, and whether its bars were met) and exits with 1 where one was missed. With
names of parts only those run. The short forms of all of them are in `make test`: tests/test_soak.py.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One trial; `minutes` is about what it takes on two idle cores."""

    name: str
    command: tuple[str, ...]
    minutes: float
    what: str


PARTS = (
    Part(name="kill", command=("benchmarks/soak_kill.py",), minutes=3, what="SIGKILL 200 times on each database"),
    Part(name="alerts", command=("benchmarks/alerts.py",), minutes=1, what="1,000 alerts over a slow channel"),
    Part(name="ingest", command=("benchmarks/load_ingest.py",), minutes=3, what="offers an hour into each database"),
    Part(name="crawl", command=("benchmarks/load_crawl.py",), minutes=1, what="200 hosts at once, three of them bad"),
    Part(name="trouble", command=("benchmarks/soak_trouble.py",), minutes=32, what="ten minutes of each trouble"),
    Part(
        name="dashboard", command=("benchmarks/load_dashboard.py",), minutes=12, what="50 people on ten million offers"
    ),
    Part(name="months", command=("benchmarks/simulate.py",), minutes=30, what="24 months of 40 shops"),
)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a part ended; `code` is its exit code."""

    part: Part
    seconds: float
    code: int


def main(arguments: Sequence[str], parts: Sequence[Part] = PARTS) -> int:
    """Run the parts that are named, or all; 0 where every bar was met, 2 for a name that is none."""
    if "--list" in arguments:
        for part in parts:
            print(f"{part.name:10s} about {part.minutes:3.0f} min  {part.what}")
        return 0
    if unknown := set(arguments) - {part.name for part in parts}:
        print(f"no such part: {', '.join(sorted(unknown))}; there are: {', '.join(p.name for p in parts)}")
        return 2
    wanted = [part for part in parts if not arguments or part.name in arguments]
    outcomes: list[Outcome] = []
    for number, part in enumerate(wanted, 1):
        print(f"\n[{number}/{len(wanted)}] {part.name}: {part.what} (about {part.minutes:.0f} min)", flush=True)
        began = time.monotonic()
        done = subprocess.run([sys.executable, *part.command], cwd=ROOT, check=False)
        outcomes.append(Outcome(part=part, seconds=time.monotonic() - began, code=done.returncode))
        if done.returncode:
            break
    print(_summary(wanted, outcomes), flush=True)
    return int(any(outcome.code for outcome in outcomes))


def _summary(wanted: Sequence[Part], outcomes: Sequence[Outcome]) -> str:
    lines = ["", "soak:"]
    for outcome in outcomes:
        how = "all bars met" if not outcome.code else f"MISSED (exit code {outcome.code})"
        lines.append(f"  {outcome.part.name:10s} {outcome.seconds / 60:6.1f} min  {how}")
    lines += [f"  {part.name:10s}      -      not run" for part in wanted[len(outcomes) :]]
    met = sum(not outcome.code for outcome in outcomes)
    total = sum(outcome.seconds for outcome in outcomes) / 60
    return "\n".join([*lines, f"  {met} of {len(wanted)} parts passed in {total:.1f} minutes"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
