"""Track record, bars, backwards run, speed and memory of the backtest.

    python benchmarks/backtest.py [--prices PATH] [--quick]

Bars on development data: ALL >= 0.45, without any half-year >= 0.20, no market of five series loses over 0.3 %, no
half-year over 1 %. Backwards (dates mirrored, no launches): ALL >= 0.10, no market loses over 0.5 %.
"""

import argparse
import os
import resource
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd

from monitor.catalog import load_catalog
from monitor.cli.replay_workers import replay
from monitor.core import backtest
from monitor.core.backtest_score import tracks
from monitor.core.decision import DecisionParams
from monitor.core.models import Series
from monitor.history import read_price_files

PRICES = Path(os.environ.get("GPU_LIMBO_SHARED", Path(__file__).parents[2] / "shared")) / "data/prices"
OVERLAP_FROM = 19_913  # 2024-07-09: one of two collectors of the same site ends


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--prices", default=str(PRICES))
    parser.add_argument("--quick", action="store_true", help="leave out the pandas loop")
    asked = parser.parse_args()
    started = time.perf_counter()
    files, gpus = read_price_files([asked.prices]), load_catalog().gpus
    forward = run("forward", files.known, files.scored, gpus)
    seconds = time.perf_counter() - started
    print(f"whole backtest of {len(files.known)} series: {seconds:.0f} s with {os.cpu_count()} cores")
    print(f"memory: {peak_mb():.0f} MB at most in one process")
    pivot = max(int(s.days[-1]) for s in files.scored) + min(int(s.days[0]) for s in files.scored)
    cards = [cut(one) for one in files.known if one.key.condition != "rental"]
    unknown = {name: replace(gpu, launched_on=None, announced_on=None) for name, gpu in gpus.items()}
    mirrored = [mirror(one, pivot) for one in cards if len(one.days)]
    scored = [mirror(one, pivot) for one in map(cut, files.scored) if len(one.days)]
    old = {name: replace(gpu, launched_on=pd.Timestamp("2014-01-01").date()) for name, gpu in unknown.items()}
    run("backwards", mirrored, scored, unknown, scope=old)
    bars(forward)
    if not asked.quick:
        compare_with_pandas(files.known, gpus)


def run(name, known, scored, gpus, scope=None):
    """Replay and print; returns the report. `scope`: a catalogue whose launch dates say which weeks count."""
    found = tracks(scored, scope or gpus)
    book = backtest.CallBook(found)
    for calls in replay(known, gpus, DecisionParams()):
        book.add(calls)
    table = backtest.compare(found, book.buys, gpus)
    result = backtest.report(table["limbo"])
    print(
        f"\n{name}: " + ", ".join(f"{k} {backtest.report(v)['sources']['ALL']['share']:+.3f}" for k, v in table.items())
    )
    for source, row in result["sources"].items():
        print(f"  {source:28s} series {row['series']:3d}  share {row['share']:+.3f}  loss {row['loss']:+.2f} %")
    for half, row in result["episodes"].items():
        rest = float("nan") if row["without"] is None else row["without"]
        print(f"  {half}  share {row['share']:+.3f}  loss {row['loss']:+.2f} %  ALL without it {rest:+.3f}")
    return result


def bars(found) -> None:
    sources, episodes = found["sources"], found["episodes"]
    worst = max(row["loss"] for name, row in sources.items() if name != "ALL" and row["series"] >= 5)
    print(f"\nbars: ALL {sources['ALL']['share']:.3f} (0.45); least without a half-year "
          f"{min(row['without'] for row in episodes.values()):.3f} (0.20); worst market {worst:+.2f} % (0.3); "
          f"worst half-year {max(row['loss'] for row in episodes.values()):+.2f} % (1)")  # fmt: skip


def cut(one: Series) -> Series:
    end = int(np.searchsorted(one.days, OVERLAP_FROM)) if one.key.source == "danawa_kr_long" else len(one.days)
    return Series(key=one.key, days=one.days[:end], prices=one.prices[:end], n_obs=one.n_obs[:end])


def mirror(one: Series, pivot: int) -> Series:
    days = (pivot - one.days[::-1]).astype(np.int32)
    return Series(key=one.key, days=days, prices=one.prices[::-1].copy(), n_obs=one.n_obs[::-1].copy())


def peak_mb() -> float:
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def compare_with_pandas(series, gpus) -> None:
    """Seconds a week for `decide`, and for the plain loop over series of the same rule."""
    from backtest_plain import plain_loop

    weeks = list(backtest.mondays(series))[250:370:24]
    started = time.perf_counter()
    for week in weeks:
        backtest.calls_of_week(series, gpus, week, DecisionParams())
    ours = (time.perf_counter() - started) / len(weeks)
    started = time.perf_counter()
    for week in weeks[:2]:
        plain_loop(series, gpus, week)
    plain = (time.perf_counter() - started) / 2
    print(f"a week: {ours:.2f} s; a straightforward pandas loop of the same rule: {plain:.2f} s ({plain / ours:.1f} x)")


if __name__ == "__main__":
    main()
