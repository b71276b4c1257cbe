"""How often real prices would have been kept waiting: run over the development price series, split by source.

The bounds of monitor/core/trust.py were chosen on TUNED; the other sources are reported apart. Each observation is held
against the launch price (all there is in a first crawl), and against the median of the other models' own series at the
time: a series' price against its own median of the eight observations before it. "glitch" are rows that the data's
makers flagged as wrong with hindsight: those should wait, the others should not.
"""

import csv
import gzip
import os
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median

from monitor.catalog import load_catalog
from monitor.core import fx, tax
from monitor.core.models import Condition, Money
from monitor.core.trust import YOUNG_DAYS, Trust, Usual, judge
from monitor.rates import load_rates

SHARED = Path(os.environ.get("GPU_LIMBO_SHARED", Path(__file__).parents[2] / "shared"))
TUNED = ("danawa", "amazon")
BEFORE = 8  # observations of the same series that make its market


def main() -> None:
    catalog, rates = load_catalog(), load_rates()
    counts: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    series: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for row in sorted(_rows(), key=lambda row: row["observed_on"]):
        gpu = catalog.gpus.get(row["gpu_model"])
        usd = _usd(row, rates)
        if gpu is None or not gpu.msrp_usd or gpu.launched_on is None or usd is None:
            continue
        seen, condition = date.fromisoformat(row["observed_on"]), Condition(row["condition"])
        split = "tuned" if any(name in row["source"] for name in TUNED) else "left out"
        young = (seen - gpu.launched_on).days <= YOUNG_DAYS
        launch = judge(usd, condition, Usual(price_usd=gpu.msrp_usd, shops=0, young=young), None)
        what = "glitch" if row["flag"] else condition.value
        counts[split, what, "launch price"][launch.trust] += 1
        past = series[row["source"], row["gpu_model"], row["condition"], row["stat"], row["region"]]
        if len(past) >= BEFORE:
            market = judge(usd, condition, Usual(price_usd=median(past[-BEFORE:]), shops=2), None)
            counts[split, what, "market"][market.trust] += 1
        past.append(usd)
    _print(counts)


def _rows() -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for path in sorted((SHARED / "data" / "prices").glob("*.csv*")):
        if not path.name.startswith(("retail", "used")):
            continue
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            rows += [row for row in csv.DictReader(lines) if row["condition"] in ("new", "used")]
    return rows


def _usd(row: dict[str, str], rates: fx.Rates) -> float | None:
    price = tax.without_tax(Money(amount=Decimal(row["price"]), currency=row["currency"]), row["region"])
    converted = fx.convert(price, "USD", date.fromisoformat(row["observed_on"]), rates)
    return float(converted.price.amount) if converted else None


def _print(counts: dict[tuple[str, str, str], dict[str, int]]) -> None:
    print(f"{'prices':10s} {'kind':10s} {'held against':14s} {'n':>8s} {'unconfirmed':>12s} {'suspicious':>11s}")
    for (split, condition, against), found in sorted(counts.items()):
        n = sum(found.values())
        waiting, odd = found[Trust.UNCONFIRMED] / n, found[Trust.SUSPICIOUS] / n
        print(f"{split:10s} {condition:10s} {against:14s} {n:8d} {waiting:12.2%} {odd:11.2%}")


if __name__ == "__main__":
    main()
