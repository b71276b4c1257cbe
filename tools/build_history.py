"""Rebuild monitor/data/history/ from the price files whose licence lets them be shipped.

usage: python tools/build_history.py FOLDER_OF_PRICE_FILES

Each day of a series becomes one line: the lowest price where the series is one of cheapest offers, else the median;
that is what decisions use. NOTICE names source and licence of each file written here.
"""

import gzip
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

from monitor.core.daily import daily_series
from monitor.core.models import Rejection, Series
from monitor.history import EPOCH, PriceLine, read_lines

OUT = Path(__file__).parents[1] / "monitor" / "data" / "history"
HEADER = "observed_on,source,gpu_model,condition,price,currency,stat,n_obs,unit,region\n"
MIT_PARTS_FROM = date(2021, 1, 1)  # earlier rows of that file come from repositories without a licence


@dataclass(frozen=True, kw_only=True)
class Shipped:
    """One file that may be shipped: where it comes from, and which of its rows."""

    file: str
    keep: Callable[[PriceLine], bool] = lambda _: True


SHIPPED = (
    Shipped(file="retail_idealo_de_2017_2018.csv"),
    Shipped(file="retail_pcpp.csv.gz", keep=lambda line: line.key.source == "pcpp_us" and line.day >= MIT_PARTS_FROM),
    Shipped(file="rental_clouds_git.csv.gz"),
    Shipped(file="rental_primeintellect.csv"),
    Shipped(file="rental_gpurentalprices.csv.gz"),
)


def main(folder: Path) -> None:
    """Write one packed file per source and print what it holds."""
    OUT.mkdir(parents=True, exist_ok=True)
    total = 0
    for shipped in SHIPPED:
        lines = [line for line in read_lines(folder / shipped.file) if not isinstance(line, Rejection)]
        kept = [line for line in lines if shipped.keep(line)]
        units = {line.key: line.unit for line in kept}
        rows = sorted(row for series in _daily(kept) for row in _rows(series, units[series.key]))
        text = HEADER + "".join(rows)
        target = OUT / f"{shipped.file.removesuffix('.gz').removesuffix('.csv')}.csv.gz"
        target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
        total += target.stat().st_size
        print(f"{target.name}: {len(rows)} of {len(lines)} rows, {target.stat().st_size / 1000:.0f} kB")
    print(f"{total / 1000:.0f} kB in all")


def _daily(lines: list[PriceLine]) -> list[Series]:
    keys = list(dict.fromkeys(line.key for line in lines))
    number = {key: place for place, key in enumerate(keys)}
    return daily_series(
        keys,
        np.array([number[line.key] for line in lines], dtype=np.int32),
        np.array([(line.day - EPOCH).days for line in lines], dtype=np.int32),
        np.array([float(line.price) for line in lines]),
        np.array([np.nan if line.n_obs is None else float(line.n_obs) for line in lines]),
    )


def _rows(series: Series, unit: str) -> Iterator[str]:
    key = series.key
    for day, price, n_obs in zip(series.days, series.prices, series.n_obs, strict=True):
        on = EPOCH + timedelta(days=int(day))
        exact = Decimal(repr(round(float(price), 6))).normalize()
        count = "" if np.isnan(n_obs) else int(n_obs)
        yield (
            f"{on},{key.source},{key.gpu},{key.condition},{exact:f},{key.currency},{key.stat},{count},{unit},{key.region}\n"
        )


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
