"""The score is that of the public tool to the last digit, and the replay is the live decision."""

import importlib.util
import subprocess
import sys
from importlib.machinery import SourceFileLoader

import numpy as np
import pandas as pd
import pytest

from monitor.catalog import load_catalog
from monitor.core import backtest
from monitor.core.backtest_quality import Calls, quality
from monitor.core.backtest_score import arrivals, half_year, share_by_half_year, share_by_source, tracks
from monitor.core.decision import DecisionParams, decide
from monitor.history import read_price_files
from tests.core.test_decision import START, cut, market, moment

GPUS = load_catalog().gpus
PARAMS = DecisionParams()


@pytest.fixture(scope="module")
def small(shared, tmp_path_factory):
    """A folder with parts of two real files: five models of auctions, a year and a half of Amazon's listings."""
    folder = tmp_path_factory.mktemp("prices")
    auctions = pd.read_csv(shared / "data/prices/used_ebay_us_auctions.csv", dtype=str)
    auctions[auctions.gpu_model.isin(sorted(set(auctions.gpu_model))[:5])].to_csv(folder / "auctions.csv", index=False)
    listings = pd.read_csv(shared / "data/prices/retail_amazon_us.csv", dtype=str)
    listings[(listings.observed_on >= "2021-06") & (listings.observed_on < "2023-01")].to_csv(
        folder / "amazon.csv", index=False
    )
    return folder


def tool(shared):
    loader = SourceFileLoader("score_decisions", str(shared / "tools/score-decisions"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("score_decisions", loader))
    loader.exec_module(module)
    return module


@pytest.mark.parametrize("rule", ["now", "wait", "two_thresholds"])
def test_the_score_is_that_of_the_public_tool(shared, small, rule, monkeypatch, capsys):
    scorer = tool(shared)
    monkeypatch.setattr(sys, "argv", ["score-decisions", "--prices", str(small), "--rule", rule])
    monkeypatch.setattr(scorer, "round", lambda value, digits: value, raising=False)  # its figures, unrounded
    scorer.main()
    theirs = scorer.json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    scored = tracks(read_price_files([small]).scored, GPUS)
    name = {"now": "buy_now"}.get(rule, rule)
    ours = backtest.report(backtest.compare(scored, [np.ones(len(t.weeks), bool) for t in scored], GPUS)[name])
    assert ours["sources"].keys() == theirs["sources"].keys()
    for part in ("sources", "episodes"):
        for place, figures in theirs[part].items():
            for figure, value in figures.items():
                if value == value:  # "without" of the only episode
                    assert ours[part][place][figure] == pytest.approx(value, abs=1e-9), (part, place, figure)


def test_the_written_calls_score_as_the_command_reports(shared, small, tmp_path):
    out, scorer = tmp_path / "calls.csv", str(shared / "tools/score-decisions")
    command = [sys.executable, "-m", "monitor", "backtest", "--prices", str(small), "--decisions", str(out), "--json"]
    ours = backtest_json(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    theirs = subprocess.run(
        [sys.executable, scorer, "--prices", str(small), "--decisions", str(out)],
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = backtest_json(theirs.stdout.strip().splitlines()[-1])
    assert ours["missing_series"] == theirs["missing_series"] == 0
    for source, figures in theirs["sources"].items():
        assert ours["sources"][source]["share"] == pytest.approx(figures["share"], abs=6e-4)
        assert ours["sources"][source]["loss"] == pytest.approx(figures["loss"], abs=6e-3)
    assert ours["rules"]["buy_now"]["sources"]["ALL"]["loss"] == 0
    assert 0 < ours["quality"]["brier"] < 0.5
    header = out.read_text().splitlines()[0]
    assert header == (
        "source,gpu_model,condition,stat,region,currency,as_of,action,window_low_weeks,window_high_weeks,"
        "expected_saving,confidence"
    )


def backtest_json(text):
    import json

    return json.loads(text)


def test_the_replay_is_the_live_decision_on_the_data_of_the_day():
    series = market(-0.01, weeks=60, noise=0.03)
    weeks = backtest.mondays(series)
    for week, calls in zip(weeks, backtest.replay(series, GPUS, PARAMS), strict=True):
        if week in (START + 210, START + 357):
            known = [c for one in series if len((c := cut(one, week)).days)]
            assert calls == decide(known, GPUS, moment(week), PARAMS, per_series=True, explain=False)


def test_always_buying_scores_zero_and_nobody_beats_perfect_foresight():
    scored = tracks(market(-0.004, weeks=70, noise=0.04), GPUS)
    masks = [np.arange(len(t.weeks)) % 5 == 0 for t in scored]
    table = backtest.compare(scored, masks, GPUS)
    assert share_by_source(table["buy_now"])["ALL"].share == 0
    for found in table.values():
        assert (found.paid >= found.best - 1e-12).all()
        assert share_by_source(found)["ALL"].share <= 1


def test_a_call_counts_for_nine_weeks_and_then_as_none():
    scored = tracks(market(weeks=60), GPUS)
    book = backtest.CallBook(scored)
    (first, *_) = backtest.calls_of_week(market(-0.02, weeks=60), GPUS, START + 210, PARAMS)
    book.add([first])
    number = [t.key for t in scored].index(first.series)
    assert (~book.buys[number]).nonzero()[0].tolist() == list(range(30, 40))
    assert book.missing == len(scored) - 1


def test_half_years_are_left_out_one_at_a_time():
    scored = tracks(market(-0.01, weeks=80), GPUS)
    found = arrivals(scored, [np.zeros(len(t.weeks), bool) for t in scored])
    parts = share_by_half_year(found)
    assert set(parts) == {"2023H1", "2023H2", "2024H1"}
    assert sum(part.arrivals for part, _ in parts.values()) == len(found.week)
    assert all(rest.arrivals == len(found.week) - part.arrivals for part, rest in parts.values())
    assert half_year(int(found.week[0])) == "2023H1"


def test_ties_count_for_neither_side():
    scored = tracks(market(weeks=60, noise=0.0), GPUS)
    never = [np.zeros(len(t.weeks), bool) for t in scored]
    calls = Calls(waits=never, silent=never, confidence=[np.full(len(t.weeks), 0.7) for t in scored])
    found = arrivals(scored, [np.ones(len(t.weeks), bool) for t in scored], delay_cost=0.0)
    assert quality(scored, found, calls, 0.0)["calls"] == 0
    assert quality(scored, found, calls, 0.005)["buy_now"]["right"] == 1
