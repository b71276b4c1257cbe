"""Track record, bars, backwards runs, absurd prices, speed and memory of the backtest, all in one run.

    python benchmarks/backtest.py [--prices PATH] [--quick]

Bars on development data: ALL >= 0.45, without any half-year >= 0.20, no market of five series loses over 0.3 %, no
half-year over 1 %. Backwards (dates mirrored, no launches): ALL >= 0.10, no market loses over 0.5 %; shown for cards of
any age, for the weeks that count forwards, and without launch prices. One row in a hundred times 0.1 to 10: < 1 % of
decisions change. How often price intervals hold: benchmarks/coverage.py.
"""

import argparse
import os
import resource
import sys
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from monitor.catalog import load_catalog
from monitor.cli.replay_workers import replay
from monitor.core import backtest
from monitor.core.backtest_score import EPOCH, share_by_source, tracks
from monitor.core.decision import DecisionParams
from monitor.core.models import Action, Series, SeriesKey
from monitor.history import read_price_files

PRICES = Path(os.environ.get("GPU_LIMBO_SHARED", Path(__file__).parents[2] / "shared")) / "data/prices"
OVERLAP_FROM = 19_913  # 2024-07-09: one of two collectors of the same site ends


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--prices", default=str(PRICES))
    parser.add_argument("--quick", action="store_true", help="only the forward run")
    asked = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)
    started = time.perf_counter()
    files, gpus = read_price_files([asked.prices]), load_catalog().gpus
    forward = run("forward", files.known, files.scored, gpus)
    seconds = time.perf_counter() - started
    print(f"\nwhole backtest of {len(files.known)} series: {seconds:.0f} s with {os.cpu_count()} cores (bar 180)")
    print(f"memory: {peak_mb():.0f} MB at most in one process (bar 1500)")
    bars(forward)
    if asked.quick:
        return
    backwards(files, gpus)
    for spread in ("even", "log"):
        absurd_prices(files.known, gpus, forward["calls"], spread)
    compare_with_pandas(files.known, gpus)


def backwards(files, gpus) -> None:
    """Every fall a rise: what a buyer loses who trusts the calls then."""
    pivot = max(int(s.days[-1]) for s in files.scored) + min(int(s.days[0]) for s in files.scored)
    cards = [cut(one) for one in files.known if one.key.condition != "rental"]
    mirrored = [mirror(one, pivot) for one in cards if len(one.days)]
    scored = [mirror(one, pivot) for one in map(cut, files.scored) if len(one.days)]
    unknown = {name: replace(gpu, launched_on=None, announced_on=None) for name, gpu in gpus.items()}
    any_age = {name: replace(gpu, launched_on=EPOCH) for name, gpu in gpus.items()}
    in_scope = {
        name: replace(gpu, launched_on=mirrored_scope(gpu.launched_on, pivot))
        for name, gpu in gpus.items()
        if gpu.launched_on
    }
    found = run("backwards, cards of any age", mirrored, scored, unknown, scope=any_age)
    report_run("backwards, the weeks that count forwards", scored, found["calls"], in_scope)
    bare = {name: replace(gpu, msrp_usd=None) for name, gpu in unknown.items()}
    run("backwards, any age, no launch prices", mirrored, scored, bare, scope=any_age)


def mirrored_scope(launched: date, pivot: int) -> date:
    """The launch date that makes the scope (launch to 6.5 years) of the mirrored weeks that of the real ones."""
    last = (launched - EPOCH).days + int(6.5 * 365.25)
    return EPOCH + timedelta(days=pivot - last)


def run(name, known, scored, gpus, scope=None):
    """Replay and print; returns the report, with the calls."""
    calls = [[short(call) for call in made] for made in replay(known, gpus, DecisionParams())]
    return report_run(name, scored, calls, scope or gpus)


class Short(NamedTuple):
    """What of a call is kept until the next run is compared with it."""

    series: SeriesKey
    as_of: datetime
    action: Action
    confidence: float


def short(call) -> Short:
    return Short(call.series, call.as_of, call.action, call.confidence)


def booked(scored, calls, scope):
    """The tracks that count (all where the scope is of cards of any age), and the calls written down for them."""
    found = tracks(scored, scope)
    if all(gpu.launched_on == EPOCH for gpu in scope.values()):
        found = [replace(track, in_scope=np.ones(len(track.weeks), bool)) for track in found]
    book = backtest.CallBook(found)
    for made in calls:
        book.add(made)
    return found, book


def report_run(name, scored, calls, scope):
    found, book = booked(scored, calls, scope)
    table = backtest.compare(found, book.buys, scope)
    reports = {rule: backtest.report(one) for rule, one in table.items()}
    result = reports["limbo"]
    markets = list(result["sources"])
    if not markets:
        print(f"\n{name}: no buyer can be scored")
        return {**result, "calls": calls}
    print(f"\n{name}\n  {'rule':16s} {'share':>7s} {'loss %':>7s}   by market: " + ", ".join(markets[:-1]))
    for rule, one in reports.items():
        row = one["sources"]
        shares = " ".join(f"{row[market]['share']:+8.2f}" for market in markets[:-1])
        print(f"  {rule:16s} {row['ALL']['share']:+7.3f} {row['ALL']['loss']:+7.2f}   {shares}")
    for source, row in result["sources"].items():
        rest = without(table["limbo"], source)
        left = "" if rest is None else f"  ALL without it {rest:+.3f}"
        print(f"  {source:28s} series {row['series']:3d}  share {row['share']:+.3f}  loss {row['loss']:+.2f} %{left}")
    for half, row in result["episodes"].items():
        rest = float("nan") if row["without"] is None else row["without"]
        print(f"  {half}  share {row['share']:+.3f}  loss {row['loss']:+.2f} %  ALL without it {rest:+.3f}")
    return {**result, "calls": calls}


def without(found, market: str) -> float | None:
    """The pooled share with one market left out."""
    names = np.array([f"{key.source} {key.condition}" for key in found.keys])[found.track]
    rest = share_by_source(found, names != market) if market in names else {}
    return rest["ALL"].share if "ALL" in rest else None


def absurd_prices(series, gpus, before, spread: str, every: int = 1) -> None:
    """How many decisions change when one price in a hundred is multiplied by 0.1 to 10."""
    rng = np.random.default_rng(1)
    spoilt = []
    for one in series:
        times = rng.uniform(0.1, 10, len(one.days)) if spread == "even" else 10 ** rng.uniform(-1, 1, len(one.days))
        prices = np.where(rng.random(len(one.days)) < 0.01, one.prices * times, one.prices)
        spoilt.append(Series(key=one.key, days=one.days, prices=prices, n_obs=one.n_obs))
    count = changed = cards = changed_cards = 0
    for old, new in zip(before, replay(spoilt, gpus, DecisionParams()), strict=True):
        now = {call.series: waits(call) for call in new}
        for call in old:
            differs = now.get(call.series) != waits(call)
            count, changed = count + 1, changed + differs
            if call.series.condition != "rental":
                cards, changed_cards = cards + 1, changed_cards + differs
    print(f"\none price in a hundred times 0.1 to 10 ({spread}): {changed / count:.2%} of {count} decisions change "
          f"between buying and waiting, {changed_cards / cards:.2%} of those on cards (bar 1 %)")  # fmt: skip


def waits(call) -> bool:
    return call.action in (Action.WAIT, Action.LIMBO)


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
