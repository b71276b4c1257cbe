"""Every part of the record has every figure, and the parts agree with the whole."""

import re
from pathlib import Path

import numpy as np
import pytest

from monitor.catalog import load_catalog
from monitor.core import backtest
from monitor.core.backtest_parts import HORIZONS_WEEKS, parts
from monitor.core.backtest_score import tracks
from monitor.core.decision import DecisionParams
from tests.core.test_decision import market

GPUS = load_catalog().gpus
FIGURES = {
    "calls", "no_call", "brier", "brier_of_base_rate", "worst_regret", "regret_95", "flips_per_series_and_year",
    "reliability", "wait", "buy_now", "win_rate",
}  # fmt: skip
TEXT = (Path(__file__).parents[2] / "docs" / "backtest.md").read_text("utf-8")


@pytest.fixture(scope="module")
def replayed():
    series = [*market(-0.006, weeks=80, noise=0.03), *market(0.004, weeks=80, noise=0.02, source="b", condition="used")]
    scored = tracks(series, GPUS)
    book = backtest.CallBook(scored)
    for calls in backtest.replay(series, GPUS, DecisionParams()):
        book.add(calls)
    return scored, book


def test_each_market_half_year_and_condition_has_every_figure(replayed):
    found = parts(*replayed, 0.005, 26)
    assert set(found["sources"]) == {"shop new", "b used"}
    assert set(found["conditions"]) == {"new", "used"}
    assert set(found["episodes"]) == {"2023H1", "2023H2", "2024H1"}
    for part in ("sources", "conditions", "episodes"):
        assert all(set(row) == FIGURES for row in found[part].values())


def test_the_parts_agree_with_the_whole(replayed):
    scored, book = replayed
    found, whole = parts(scored, book, 0.005, 26), backtest.track_record(scored, book, GPUS)
    for part in ("sources", "conditions", "episodes"):
        rows = found[part].values()
        assert sum(row["calls"] for row in rows) == whole["quality"]["calls"]
        assert max(row["worst_regret"] for row in rows) == whole["quality"]["worst_regret"]
    assert found["horizons"]["26"]["share"] == pytest.approx(whole["sources"]["ALL"]["share"], abs=1e-12)
    assert set(found["horizons"]) == {str(weeks) for weeks in HORIZONS_WEEKS}


def test_a_win_is_a_lower_price_than_at_once(replayed):
    scored, _ = replayed
    book = backtest.CallBook(scored)
    for mask in book.buys:
        mask[:] = False  # always wait: right where the market falls, wrong where it rises
    found = parts(scored, book, 0.0, 26)["sources"]
    assert found["shop new"]["win_rate"] > 0.8
    assert found["b used"]["win_rate"] < 0.2


def test_every_key_is_documented(replayed):
    scored, book = replayed
    whole = {**backtest.track_record(scored, book, GPUS), "parts": parts(scored, book, 0.005, 26)}
    named = set(re.findall(r"`([a-z_0-9]+)`", TEXT))
    keys = {*whole, *FIGURES, *whole["rules"], *whole["parts"]}
    keys |= {key for row in whole["sources"].values() for key in row}
    keys |= {key for row in whole["episodes"].values() for key in row}
    keys |= {key for row in whole["quality"]["reliability"] for key in row}
    assert keys <= named
    assert np.isfinite(whole["sources"]["ALL"]["share"])
