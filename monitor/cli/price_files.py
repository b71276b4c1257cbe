"""Price files (CSV, also .gz, one or folders of them) -> price series for the backtest."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from monitor.core.models import Series, SeriesKey
from monitor.errors import SourceError, UsageError

KEY = ["source", "gpu_model", "condition", "stat", "region", "currency"]
COLUMNS = [*KEY, "observed_on", "price", "n_obs", "unit", "flag"]
LEAST_OFFERS_OF_A_QUARTILE = 5
LEAST_KOREAN_OFFERS = 3  # below it the cheapest Korean offer is often a scam


@dataclass(frozen=True, kw_only=True, eq=False)
class PriceFiles:
    """What stood in the files: every series as it could be known, and the same without flagged rows for the score.

    The flags were set with hindsight, so that only the score may use them. `rejected` counts rows by reason.
    """

    known: list[Series]
    scored: list[Series]
    rows: int
    rejected: Counter[str]


def read_price_files(paths: Sequence[str]) -> PriceFiles:
    """Read files and folders of files; raises `UsageError` for a missing path, `SourceError` for an unreadable file."""
    table = pd.concat([_read(path) for path in _files(paths)], ignore_index=True)
    rows, (table, rejected) = len(table), _checked(table)
    cards = table.loc[(table["unit"] == "card") & table["flag"].isna()]
    return PriceFiles(known=_series(table), scored=_series(cards), rows=rows, rejected=rejected)


def _files(paths: Sequence[str]) -> list[Path]:
    found: list[Path] = []
    for path in map(Path, paths):
        if not path.exists():
            raise UsageError(f"there is no file or folder {path}; name price files with --prices")
        found += sorted(path.glob("*.csv*")) if path.is_dir() else [path]
    if not found:
        raise UsageError(f"no .csv or .csv.gz file lies in {', '.join(paths)}")
    return found


def _read(path: Path) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, dtype="str", usecols=lambda name: name in COLUMNS, on_bad_lines="skip")
    except (OSError, ValueError, EOFError, pd.errors.ParserError) as error:
        raise SourceError(f"{path} cannot be read as a price file: {error}") from None
    missing = [name for name in ("source", "gpu_model", "observed_on", "price") if name not in table.columns]
    if missing:
        raise SourceError(f"{path} is not a price file: it has no column {', '.join(missing)}")
    return table.reindex(columns=COLUMNS)


def _checked(table: pd.DataFrame) -> tuple[pd.DataFrame, Counter[str]]:
    """Rows with a date, a price above zero and enough offers behind it; the others are counted by reason."""
    table[KEY] = table[KEY].fillna("")
    day = pd.to_datetime(table["observed_on"], format="ISO8601", errors="coerce", utc=True)
    table["price"] = pd.to_numeric(table["price"], errors="coerce")
    table["n_obs"] = pd.to_numeric(table["n_obs"], errors="coerce")
    table["day"] = (day - pd.Timestamp(0, tz="UTC")) // pd.Timedelta(days=1)
    quartile = table["stat"] == "p25_offer"
    korean = table["source"].str.startswith("danawa") & (table["stat"] == "min_offer")
    least = LEAST_OFFERS_OF_A_QUARTILE * quartile + LEAST_KOREAN_OFFERS * korean
    faults = {
        "unreadable_date": day.isna(),
        "unreadable_price": ~np.isfinite(table["price"]),
        "price_not_positive": table["price"] <= 0,
        "no_model": table["gpu_model"] == "",
        "too_few_offers": (least > 0) & ~(table["n_obs"] >= least),
    }
    bad, rejected = pd.Series(False, index=table.index), Counter[str]()
    for reason, fault in faults.items():
        rejected[reason] = int((fault & ~bad).sum())
        bad |= fault
    return table.loc[~bad], +rejected


def _series(table: pd.DataFrame) -> list[Series]:
    """A day's price is the cheapest where the stat is the cheapest offer, else the median."""
    cheapest = table["stat"] == "min_offer"
    days = pd.concat(
        [
            table[cheapest].groupby([*KEY, "day"]).agg(price=("price", "min"), n_obs=("n_obs", "max")),
            table[~cheapest].groupby([*KEY, "day"]).agg(price=("price", "median"), n_obs=("n_obs", "max")),
        ]
    ).reset_index()
    return [_one(key, group) for key, group in days.groupby(KEY, sort=True)]


def _one(key: object, group: pd.DataFrame) -> Series:
    source, gpu, condition, stat, region, currency = map(str, key)  # type: ignore[arg-type]
    return Series(
        key=SeriesKey(source=source, gpu=gpu, condition=condition, stat=stat, region=region, currency=currency),
        days=group["day"].to_numpy(np.int32),
        prices=group["price"].to_numpy(np.float64),
        n_obs=group["n_obs"].to_numpy(np.float64),
    )
