"""How often the 80 % intervals of the price path hold, by market and horizon; each quarter of a year weighs the same.

python benchmarks/coverage.py [--prices PATH]
"""

import argparse
import os
from collections import defaultdict
from pathlib import Path

import numpy as np

from monitor.catalog import load_catalog
from monitor.core import backtest, forecast
from monitor.core.market import known_on
from monitor.core.outlook import outlook
from monitor.core.panel import WEEKS
from monitor.history import read_price_files

PRICES = Path(os.environ.get("GPU_LIMBO_SHARED", Path(__file__).parents[2] / "shared")) / "data/prices"
HORIZONS = np.array([4, 13, 26])
QUARTER_DAYS = 91


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--prices", default=str(PRICES))
    parser.add_argument("--every", type=int, default=2, help="ask every so many weeks")
    asked = parser.parse_args()
    series, gpus = read_price_files([asked.prices]).known, load_catalog().gpus
    later = {one.key: one for one in series}
    inside = defaultdict(lambda: defaultdict(list))
    widths = defaultdict(list)
    for week in list(backtest.mondays(series))[:: asked.every]:
        near = [one for one in series if one.days[0] <= week and one.days[-1] > week - 7 * WEEKS]
        view = outlook(known_on(near, week), gpus, week)
        if not len(view.panel.keys):
            continue
        stretch = view.stretch.at(np.arange(len(view.panel.keys)), HORIZONS)
        path = forecast.price_path(view.rate, view.ageing, view.own, view.premium, view.move, HORIZONS, stretch)
        for row in np.flatnonzero(view.known & (view.prices >= 2)):
            key = view.panel.keys[row]
            for at, horizon in enumerate(HORIZONS):
                change = seen_change(later[key], view.panel.level[row], week + 7 * int(horizon))
                if change is not None:
                    holds = path.low[row, at] <= change <= path.high[row, at]
                    inside[f"{key.source} {key.condition}", int(horizon)][week // QUARTER_DAYS].append(holds)
                    widths[int(horizon)].append(path.high[row, at] - path.low[row, at])
    names = sorted({name for name, _ in inside})
    print(f"{'market':34s}" + "".join(f"{h:>5d} weeks" for h in HORIZONS))
    for name in names:
        cells = [inside.get((name, int(h))) for h in HORIZONS]
        if all(cell and enough(cell) for cell in cells):
            print(f"{name:34s}" + "".join(f"{covered(cell):11.2f}" for cell in cells))
    for kind in ("cards", "rental"):
        pooled = [
            [covered(c) for (name, at), c in inside.items() if at == h and is_kind(name, kind) and enough(c)]
            for h in HORIZONS
        ]
        print(f"{'all ' + kind:34s}" + "".join(f"{np.mean(values):11.2f}" for values in pooled))
    print("median log width " + ", ".join(f"{h}: {np.median(widths[int(h)]):.2f}" for h in HORIZONS))


def seen_change(one, level: float, day: int) -> float | None:
    """Log change to the newest price of the last nine weeks before `day`, if anything was seen near that day."""
    at = int(np.searchsorted(one.days, day, side="right")) - 1
    if at < 0 or day - one.days[at] > 63 or one.days[-1] < day:
        return None
    return float(np.log(one.prices[at]) - level)


def is_kind(name: str, kind: str) -> bool:
    return name.endswith("rental") == (kind == "rental")


def enough(quarters: dict[int, list[bool]]) -> bool:
    return sum(map(len, quarters.values())) >= 100


def covered(quarters: dict[int, list[bool]]) -> float:
    return float(np.mean([np.mean(held) for held in quarters.values()]))


if __name__ == "__main__":
    main()
