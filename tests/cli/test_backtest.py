"""The command: its table, its shows, and one sentence for each wrong use."""

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest

from monitor.cli import run
from monitor.core.record import CALL
from monitor.store.engine import open_store, session_scope
from monitor.store.repo.record import add_to_record
from monitor.store.tables import RecordRow
from tests.conftest import NOW

HEADER = (
    "observed_on,source,sku_or_title,gpu_model,vendor,condition,price,currency,in_stock,url,vram_gb,stat,n_obs,unit,"
    "region,flag"
)


@pytest.fixture
def prices(tmp_path):
    """A market of three cards that falls by 1 % a week for 70 weeks."""
    lines = [HEADER]
    for week in range(70):
        day = np.datetime64("2023-01-02") + 7 * week
        for name, start in (("RTX 3080", 700), ("RTX 3070", 500), ("RTX 3060", 330)):
            price = start * 0.99**week
            lines.append(f"{day},shop,{name},{name},NVIDIA,used,{price:.2f},USD,,,,monthly_mean_sold,9,card,US,")
    path = tmp_path / "prices.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return str(path)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("GPU_LIMBO_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return f"sqlite:///{tmp_path / 'home' / 'gpu-limbo.db'}"


def test_the_table_has_constant_rules_and_the_calls_capture_a_plain_fall(prices, tmp_path, capsys):
    out = tmp_path / "calls.csv"
    assert run(["backtest", "--prices", prices, "--decisions", str(out), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"limbo", "buy_now", "wait", "two_thresholds"} <= set(found["rules"])
    assert found["rules"]["wait"]["sources"]["ALL"]["share"] > 0.9
    assert found["sources"]["ALL"]["share"] > 0.7
    rows = out.read_text("utf-8").splitlines()
    assert len(rows) == 1 + 3 * 79
    assert any(",wait," in row or ",limbo," in row for row in rows)
    assert run(["backtest", "--prices", prices]) == 0
    assert "two_thresholds" in capsys.readouterr().out


def test_a_remembered_month_shows_what_was_said_and_what_came(prices, capsys):
    assert run(["backtest", "--prices", prices, "--replay", "2023-09", "--json"]) == 0
    calls = json.loads(capsys.readouterr().out)
    assert {call["gpu"] for call in calls} == {"RTX 3080", "RTX 3070", "RTX 3060"}
    assert all(call["action"] in ("wait", "limbo") and call["right"] for call in calls)
    assert all(call["change_after_8_weeks"] == pytest.approx(0.99**8 - 1, abs=0.01) for call in calls)
    assert run(["backtest", "--prices", prices, "--replay", "2023-09"]) == 0
    assert "what came: right 3, wrong 0" in capsys.readouterr().out


def test_the_record_is_verified_and_an_edit_is_told(home, tmp_path, capsys):
    (tmp_path / "home").mkdir()
    engine = open_store(home)
    with session_scope(engine) as session:
        add_to_record(session, CALL, [("a|new|US|", "{}"), ("b|new|US|", "{}")], NOW)
    assert run(["backtest", "--verify-record", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["entries"] == 2
    with session_scope(engine) as session:
        session.get(RecordRow, 1).body = '{"x":1}'
    assert run(["backtest", "--verify-record"]) == 1
    assert "entry 1 does not follow" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ([], 2, "name the price files"),
        (["--prices", "nowhere"], 2, "nowhere"),
        (["--prices", "PRICES", "--delay-cost", "2"], 2, "--delay-cost"),
        (["--prices", "PRICES", "--replay", "soon"], 2, "2017-12"),
        (["--prices", "PRICES", "--replay", "2017-13"], 2, "2017-12"),
        (["--prices", "PRICES", "--decisions", "/no/such/folder/x.csv"], 2, "--decisions"),
    ],
)
def test_wrong_use_gets_one_sentence(prices, options, code, words, capsys):
    assert run(["backtest", *[prices if option == "PRICES" else option for option in options]]) == code
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told


def test_a_file_without_a_series_long_enough_says_so(tmp_path, capsys):
    path = tmp_path / "one.csv"
    path.write_text(HEADER + "\n2023-01-02,shop,x,RTX 3080,NVIDIA,used,500,USD,,,,min_offer,1,card,US,\n", "utf-8")
    assert run(["backtest", "--prices", str(path)]) == 1
    assert "no series is long enough" in capsys.readouterr().out


REPLAYS = (Path(__file__).parents[2] / "docs" / "replays.md").read_text("utf-8")
TABLES = re.findall(r"^<!-- (gpu-limbo .*?) -->\n(.*?)\n<!-- -->$", REPLAYS, re.M | re.S)


def test_the_remembered_months_are_all_documented():
    months = [command.split("--replay ")[1].split()[0] for command, _ in TABLES]
    assert {"2017-12", "2020-09", "2022-05", "2024-11", "2026-04"} <= set(months)


@pytest.mark.parametrize(("command", "table"), TABLES, ids=[command.split()[-2] for command, _ in TABLES])
def test_a_remembered_month_is_told_as_the_command_prints_it_now(command, table, shared, capsys):
    words = [str(shared / "data/prices") if "shared" in word else word for word in shlex.split(command)[1:]]
    assert run(words) == 0
    assert capsys.readouterr().out.strip() == table.strip()
    wrong = [row for row in table.splitlines() if row.startswith("|") and row.split("|")[1].count(",") == 2]
    counted = sum(int(row.split("|")[6]) for row in table.splitlines() if re.match(r"\| (new|used|rental), ", row))
    assert len(wrong) == counted  # each one that was wrong stands there by name
