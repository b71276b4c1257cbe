"""How much of the track record is luck: the same prices, with every date moved by up to six days.

    python benchmarks/robustness.py [--prices PATH] [--days 0,2,4] [--alone SOURCE]

The score asks on Mondays. Moving all dates (launches with them) by some days asks on another weekday instead: nothing
else changes, so what the share differs by is luck. Printed for each weekday, and as mean and worst of all: forwards,
and backwards (dates mirrored, every fall a rise) for cards of any age, for the weeks that count forwards, and without
launch prices. With --alone the same for the prices of one source by themselves. Series of cards only. How many calls
absurd prices change: benchmarks/backtest.py.
"""

import argparse
import os
from dataclasses import replace
from datetime import timedelta

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from backtest import PRICES, booked, cut, mirror, mirrored_scope, short

from monitor.catalog import load_catalog
from monitor.cli.replay_workers import replay
from monitor.core.backtest_score import EPOCH, arrivals, share_by_half_year, share_by_source
from monitor.core.decision import DecisionParams
from monitor.core.models import Series
from monitor.history import read_price_files

LEAST_SERIES = 5  # of a market whose loss is a figure and not an anecdote


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prices", default=str(PRICES))
    parser.add_argument("--days", default="0,1,2,3,4,5,6", help="by how many days the dates are moved, one run each")
    parser.add_argument("--alone", metavar="SOURCE", help="only the prices of this source")
    asked = parser.parse_args()
    files, gpus = read_price_files([asked.prices]), load_catalog().gpus
    known, scored = (
        [one for one in series if one.key.condition != "rental" and asked.alone in (None, one.key.source)]
        for series in (files.known, files.scored)
    )
    if not known:
        raise SystemExit(f"no prices of cards by {asked.alone} in {asked.prices}")
    found = {}
    for days in map(int, asked.days.split(",")):
        for name, row in runs(known, scored, gpus, days):
            found.setdefault(name, []).append(row)
            print(f"{days} days later  {name:28s} {line(row)}", flush=True)
    for name, rows in found.items():
        table = np.array(rows)
        worst = [*table[:, :2].min(axis=0), *table[:, 2:].max(axis=0)]
        print(f"\n{name}\n  mean of {len(rows)}: {line(table.mean(axis=0))}\n  worst:     {line(worst)}")


def line(figures) -> str:
    share, least, market, half = figures
    return f"ALL {share:+.3f}, without a half-year {least:+.3f}, worst market {market:+.2f} %, half-year {half:+.2f} %"


def runs(known, scored, gpus, days: int):
    """Figures of the run forwards, and of those backwards, with every date moved."""
    then = {name: later(gpu, days) for name, gpu in gpus.items()}
    yield "forwards", figures(calls_of(moved(known, days), then), moved(scored, days), then)
    pivot = max(int(one.days[-1]) for one in scored) + min(int(one.days[0]) for one in scored) + days
    back, score = ([mirror(one, pivot) for one in map(cut, part) if len(one.days)] for part in (known, scored))
    unknown = {name: replace(gpu, launched_on=None, announced_on=None) for name, gpu in gpus.items()}
    any_age = {name: replace(gpu, launched_on=EPOCH) for name, gpu in gpus.items()}
    dated = {name: gpu for name, gpu in gpus.items() if gpu.launched_on}
    counted = {name: replace(gpu, launched_on=mirrored_scope(gpu.launched_on, pivot)) for name, gpu in dated.items()}
    calls = calls_of(back, unknown)
    yield "backwards, any age", figures(calls, score, any_age)
    yield "backwards, weeks that count", figures(calls, score, counted)
    bare = {name: replace(gpu, msrp_usd=None) for name, gpu in unknown.items()}
    yield "backwards, no launch prices", figures(calls_of(back, bare), score, any_age)


def calls_of(known, gpus):
    return [[short(call) for call in made] for made in replay(known, gpus, DecisionParams())]


def moved(series, days: int) -> list[Series]:
    return [Series(key=s.key, days=(s.days + days).astype(np.int32), prices=s.prices, n_obs=s.n_obs) for s in series]


def later(gpu, days: int):
    by = timedelta(days=days)
    return replace(
        gpu,
        launched_on=gpu.launched_on + by if gpu.launched_on else None,
        announced_on=gpu.announced_on + by if gpu.announced_on else None,
    )


def figures(calls, scored, scope) -> tuple[float, float, float, float]:
    """Share of all, least share without a half-year, and the loss of the worst market and half-year in percent."""
    counted, book = booked(scored, calls, scope)
    bought = arrivals(counted, book.buys)
    shares, halves = share_by_source(bought), share_by_half_year(bought)
    if "ALL" not in shares:
        nothing = float("nan")
        return nothing, nothing, nothing, nothing
    losses = [one.loss for name, one in shares.items() if name != "ALL" and one.series >= LEAST_SERIES]
    rests = [rest.share for _, rest in halves.values() if rest]
    worst = max(one.loss for one, _ in halves.values())
    return shares["ALL"].share, min(rests, default=float("nan")), max(losses, default=float("nan")), worst


if __name__ == "__main__":
    main()
