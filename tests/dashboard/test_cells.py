"""What somebody takes from a page into a spreadsheet runs nothing there."""

import re
from pathlib import Path

import pandas as pd
import pytest

from dashboard.cells import csv_of, disarmed

VIEWS = Path(__file__).parents[2] / "dashboard" / "views"


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1+1"])
def test_a_title_from_the_web_is_no_formula(title: str):
    table = disarmed(pd.DataFrame({"Title": [title, "RTX 4090"], "Price": [-1.5, 2.0]}))
    assert list(table["Title"]) == [f"'{title}", "RTX 4090"]
    assert list(table["Price"]) == [-1.5, 2.0]
    assert "\n=" not in csv_of(pd.DataFrame({"Title": [title]}))


@pytest.mark.parametrize("name", ["data_health", "evidence", "timeline", "gpu"])
def test_tables_with_texts_from_the_web_are_disarmed(name: str):
    source = (VIEWS / f"{name}.py").read_text("utf-8")
    with_pages = re.findall(r"st\.dataframe\((.*column_config=.*)\)", source)
    assert with_pages
    assert all(call.startswith("disarmed(") for call in with_pages)
