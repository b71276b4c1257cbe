"""Exchange rates on disk: those shipped (data/fx), and newer ones that a crawl put into the home folder."""

import csv
import gzip
import io
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from monitor.core.fx import Converted, Rates, build_rates, convert
from monitor.core.models import Money
from monitor.errors import CatalogError

SHIPPED = Path(__file__).with_name("data") / "fx" / "ecb.csv.gz"
FRESH = "rates.csv"  # in the home folder

Row = tuple[date, Mapping[str, str]]


def load_rates(home: Path | None = None) -> Rates:
    """The shipped rates, and those in `home` on top; raises `CatalogError` where a file cannot be read."""
    fresh = home.expanduser() / FRESH if home is not None else None
    if fresh is None or not fresh.exists():
        return _shipped()
    return build_rates([*_rows(SHIPPED), *_rows(fresh)])


def save_rates(home: Path, rows: Sequence[Row]) -> int:
    """Add days to the home folder's file and return how many were not there before; the file is replaced at once."""
    fresh = home.expanduser() / FRESH
    known: dict[date, Mapping[str, str]] = dict(_rows(fresh)) if fresh.exists() else {}
    new = len({day for day, _ in rows} - known.keys())
    known.update(dict(rows))
    fresh.parent.mkdir(parents=True, exist_ok=True)
    beside = fresh.with_suffix(".part")
    beside.write_text(as_csv(known), "utf-8")
    os.replace(beside, fresh)
    return new


def dollars_by_currency(currencies: Collection[str], rates: Rates) -> dict[str, float]:
    """What one unit of each currency is worth in US dollars by the newest rate; those without a rate are left out."""
    return {"USD": 1.0} | {currency: float(one.rate) for currency, one in dollar_rates(currencies, rates).items()}


def dollar_rates(currencies: Collection[str], rates: Rates) -> dict[str, Converted]:
    """One unit of each other currency in US dollars, with the rate and its day."""
    ones = {
        currency: convert(Money(amount=Decimal(1), currency=currency), "USD", rates.days[-1], rates)
        for currency in sorted(set(currencies) - {"USD"})
    }
    return {currency: one for currency, one in ones.items() if one is not None}


def as_csv(rows: Mapping[date, Mapping[str, str]]) -> str:
    """The file's text: a day a row in ascending order, a currency a column."""
    codes = sorted({code for rates in rows.values() for code in rates})
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["date", *codes])
    for day in sorted(rows):
        writer.writerow([day.isoformat(), *(rows[day].get(code, "") for code in codes)])
    return text.getvalue()


@cache
def _shipped() -> Rates:
    return build_rates(_rows(SHIPPED))


def _rows(path: Path) -> Iterator[Row]:
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for row in csv.DictReader(io.StringIO(data.decode("utf-8"))):
            yield date.fromisoformat(row.pop("date")), {code: text for code, text in row.items() if text}
    except (OSError, EOFError, UnicodeDecodeError, csv.Error, KeyError, ValueError) as error:
        raise CatalogError(
            f"the exchange rates in {path} cannot be read: {error}; remove or restore the file"
        ) from None
