"""How far prices of a card fell around the launch of its follower, and whether exchange rates lead prices abroad.

    python benchmarks/launch_falls.py [--prices PATH]

Falls: log change of the old card over 13 weeks before and 13 weeks after its follower was on sale, alone and beside the
median of the other cards of the same source; of rentals by generation over half a year. Launches, not cards, are the
experiments.
"""

import argparse
import os
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

from monitor.catalog import load_catalog
from monitor.core.backtest_score import weekly_grid
from monitor.core.fx import convert
from monitor.core.models import Money
from monitor.core.panel import preferred
from monitor.core.successor import first_followers
from monitor.history import read_price_files
from monitor.rates import load_rates

PRICES = Path(os.environ.get("GPU_LIMBO_SHARED", Path(__file__).parents[2] / "shared")) / "data/prices"
EPOCH = date(1970, 1, 1)
WEEKS = 13


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--prices", default=str(PRICES))
    asked = parser.parse_args()
    files, gpus = read_price_files([asked.prices]), load_catalog().gpus
    series = [one for one in preferred(files.scored) if len(one.days) > 1]
    falls(series, gpus)
    rental_falls([one for one in preferred(files.known) if one.key.condition == "rental" and len(one.days) > 1], gpus)
    exchange_rates(series)


def falls(series, gpus) -> None:
    launches = {name: (on - EPOCH).days for name, on in first_followers(gpus, date.max).items()}
    grids = {one.key: weekly_grid(one) for one in series}
    found = defaultdict(list)
    for key in grids:
        if key.gpu not in launches or not gpus.get(key.gpu) or gpus[key.gpu].segment != "consumer":
            continue
        day = launches[key.gpu]
        before, after = change(grids[key], day - 7 * WEEKS, day), change(grids[key], day, day + 7 * WEEKS)
        if before is None and after is None:
            continue
        others = [
            grid for k, grid in grids.items() if place(k) == place(key) and abs(launches.get(k.gpu, 0) - day) > 182
        ]
        beside = [middle([change(g, a, b) for g in others]) for a, b in ((day - 91, day), (day, day + 91))]
        dear = "launch price over 600" if (gpus[key.gpu].msrp_usd or 0) > 600 else "below"
        found[key.condition, dear].append((day, key, before, after, *beside))
    print(f"{'condition, tier':36s} series launches   13 weeks before   13 weeks after   beside others: before   after")
    for group, rows in sorted(found.items()):
        own = [middle([row[at] for row in rows]) for at in (2, 3)]
        against = [
            middle([row[at] - row[at + 2] for row in rows if None not in (row[at], row[at + 2])]) for at in (2, 3)
        ]
        cells = "".join("            ?" if value is None else f"{value:13.1%}" for value in (*own, *against))
        print(f"{', '.join(group):36s} {len(rows):6d} {len({row[0] for row in rows}):8d} {cells}")


def rental_falls(series, gpus) -> None:
    """Rental prices of a generation half a year before and after the first accelerator of the next one was on sale."""
    first = {}
    for gpu in gpus.values():
        if gpu.segment == "datacenter" and gpu.vendor == "NVIDIA" and gpu.launched_on:
            name = generation(gpu)
            first[name] = min(first.get(name, gpu.launched_on), gpu.launched_on)
    later = {name: [day for day in first.values() if day - on > timedelta(days=365)] for name, on in first.items()}
    followed = {name: (min(days) - EPOCH).days for name, days in later.items() if days}  # siblings of a year are none
    found = defaultdict(list)
    for one in series:
        gpu = gpus.get(one.key.gpu)
        if gpu is None or gpu.segment != "datacenter" or generation(gpu) not in followed:
            continue
        day, grid = followed[generation(gpu)], weekly_grid(one)
        moved = [change(grid, a, b) for a, b in ((day - 182, day), (day, day + 182), (day + 182, day + 364))]
        kind = "spot" if "spot" in one.key.stat else "list"
        found[generation(gpu), EPOCH + timedelta(days=day), kind].append((one.key.source, *moved))
    print(f"{'rented':14s} {'next one on':12s} {'kind':5s} series sources   half a year before   after   a year after")
    for (name, day, kind), rows in sorted(found.items()):
        known = [row for row in rows if any(value is not None for value in row[1:])]
        if known:
            middles = [middle([row[at] for row in known]) for at in (1, 2, 3)]
            cells = "".join("            ?" if value is None else f"{value:13.1%}" for value in middles)
            print(f"{name:14s} {day} {kind:5s} {len(known):7d} {len({row[0] for row in known}):7d} {cells}")


def generation(gpu) -> str:
    return gpu.architecture.split(" ")[0]


def place(key):
    return key.source, key.condition, key.region


def change(grid, first: int, last: int) -> float | None:
    weeks, prices = grid
    at = [int(np.searchsorted(weeks, day, side="right")) - 1 for day in (first, last)]
    if min(at) < 0 or last > weeks[-1] + 63:
        return None
    step = float(np.log(prices[at[1]] / prices[at[0]]))
    return step if np.isfinite(step) else None


def middle(values) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known else None


def exchange_rates(series) -> None:
    """Rank correlation of a currency's last 8 weeks against the dollar with its market's last and next 8 weeks."""
    rates = load_rates()
    for currency in sorted({one.key.currency for one in series} - {"USD"}):
        mine = [weekly_grid(one) for one in series if one.key.currency == currency]
        weeks = sorted({int(week) for grid in mine for week in grid[0]})
        rows = []
        for week in weeks:
            now, then = (rate(rates, currency, day) for day in (week, week - 56))
            ends = ((week - 56, week), (week, week + 56))
            past, ahead = (middle([change(grid, *end) for grid in mine]) for end in ends)
            if None not in (now, then, past, ahead):
                rows.append((np.log(now / then), past, ahead))
        if len(rows) >= 26:
            fx, past, ahead = (ranks([row[at] for row in rows]) for at in range(3))
            said = [f"{np.corrcoef(fx, values)[0, 1]:+.2f}" for values in (past, ahead)]
            print(f"{currency}, {len(rows)} weeks: a dearer dollar with past 8 weeks {said[0]}, next {said[1]}")


def rate(rates, currency: str, day: int) -> float | None:
    """Units of the currency for a dollar."""
    one = convert(Money(amount=Decimal(1), currency="USD"), currency, EPOCH + timedelta(days=day), rates)
    return None if one is None else float(one.rate)


def ranks(values):
    return np.argsort(np.argsort(values))


if __name__ == "__main__":
    main()
