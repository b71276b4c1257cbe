"""Tables that leave the page: a title from the web must not become a formula in somebody's spreadsheet."""

from typing import Any

import pandas as pd

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what spreadsheets take for a formula


def disarmed(frame: pd.DataFrame) -> pd.DataFrame:
    """The same table; texts that a spreadsheet would run have an apostrophe before them. Numbers stay as they are."""
    texts = frame.select_dtypes(exclude=["number", "datetime", "datetimetz"])
    return frame.assign(**{str(name): texts[name].map(_cell) for name in texts})


def csv_of(frame: pd.DataFrame) -> str:
    """The table as CSV, without its index and with nothing in it that a spreadsheet runs."""
    return disarmed(frame).to_csv(index=False)


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(STARTS) else value
