"""`decide`: fields as promised, goals, days in the past, and wrong use."""

import json
from collections import Counter
from dataclasses import replace

import pytest

from monitor.catalog import load_catalog
from monitor.cli import run
from monitor.cli.summary import main_causes, summary
from monitor.clock import utc_now
from monitor.core.models import Action, Condition, Goal, Reason, Signal
from monitor.settings import load_settings
from monitor.store import repo
from monitor.store.engine import open_store, session_scope
from tests.conftest import NOW

GPUS = load_catalog().gpus
NO_CALL = Signal(
    gpu="RTX 5090", condition=Condition.NEW, region="US", action=Action.NO_CALL, window_low_weeks=None,
    window_high_weeks=None, expected_saving=0.0, saving_low=0.0, saving_high=0.0, confidence=0.5, price=None,
    as_of=NOW, data_on=None, reasons=(),
)  # fmt: skip
FIELDS = {
    "gpu", "condition", "region", "action", "window_low_weeks", "window_high_weeks", "expected_saving", "saving_low",
    "saving_high", "confidence", "price", "as_of", "reasons",
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def fresh_install(home, monkeypatch):
    monkeypatch.setenv("GPU_LIMBO_HOME", str(home))
    monkeypatch.delenv("DATABASE_URL", raising=False)


def decided(capsys, *options):
    code = run(["decide", "--json", *options])
    return code, json.loads(capsys.readouterr().out)


def test_a_fresh_installation_prints_decisions_from_the_shipped_history_with_their_date(capsys):
    code, calls = decided(capsys)
    assert code == 0
    assert calls
    for call in calls:
        assert set(call) >= FIELDS
        assert call["action"] in {"buy_now", "wait", "limbo", "no_call"}
        assert call["saving_low"] <= call["expected_saving"] <= call["saving_high"]
        assert 0 <= call["confidence"] <= 1
        assert call["reasons"][0]["text"]
        assert (call["window_low_weeks"] is not None) == (call["action"] in {"wait", "limbo"})
    old = [call for call in calls if call["condition"] == "new"]
    assert old
    assert all(call["reasons"][0]["code"] == "history" for call in old)
    assert {call["action"] for call in old} >= {"buy_now", "wait"}


def test_a_day_is_asked_exactly_and_stale_prices_give_no_call(capsys):
    _, then = decided(capsys, "--as-of", "2024-05-12")
    assert {"buy_now", "wait"} <= {call["action"] for call in then if call["condition"] == "new"}
    _, later = decided(capsys, "--as-of", "2026-10-01")
    assert {call["action"] for call in later if call["condition"] == "new"} == {"no_call"}


def test_a_goal_keeps_what_fits_it_and_a_gpu_only_itself(capsys):
    code, calls = decided(capsys, "--goal", "lora-8b-home")
    assert code == 0
    assert {call["goal"] for call in calls} == {"lora-8b-home"}
    assert {call["region"] for call in calls} == {"US"}
    held = {name for name in (call["gpu"] for call in calls) if GPUS[name].memory_gb > 19}
    assert {call["gpu"] for call in calls} == held  # the work needs 19.3 GB
    _, one = decided(capsys, "--gpu", "rtx-4090")
    assert {call["gpu"] for call in one} == {"RTX 4090"}


def test_a_goal_says_the_verdict_first_and_then_the_cards_by_their_value(capsys):
    assert run(["decide", "--goal", "lora-8b-home", "--as-of", "2024-05-12"]) == 0
    title, verdict, facts, *rest = capsys.readouterr().out.splitlines()
    assert title == "Train an 8B LoRA at home"
    first = verdict.rpartition(": ")[2].partition(" or ")[0]
    assert facts.startswith(f"  price of the {first} ")
    assert any("gives most for the money" in line or "may be worth as much" in line for line in rest)
    named = [line.split("(")[0].split(maxsplit=1)[1].strip() for line in rest if line and line[0] != " "]
    assert named[0] == first
    assert named.index("Titan RTX") < named.index("RTX 3090 Ti")  # by name the other way round


def test_without_a_question_the_calls_fit_on_a_screen_and_say_how_to_see_all(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    _, calls = decided(capsys)
    counts = Counter(call["action"] for call in calls)
    assert run(["decide"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert all(f"{n} {action}" in lines[0] for action, n in counts.items())
    at = {word: next(i for i, line in enumerate(lines[1:]) if line.split()[:1] == [word]) for word in counts}
    assert at["no_call"] == max(at.values())
    assert "weeks old" in lines[at["no_call"] + 2]
    assert "14 May 2024: what held on that day, not today" in lines[2]
    assert "gpu-limbo decide --all" in lines[-1]
    assert run(["decide", "--all"]) == 0
    every = capsys.readouterr().out.splitlines()
    assert sum(line[0] != " " for line in every) == len(calls)


def test_causes_that_differ_in_numbers_only_are_told_once():
    def silent(text: str) -> Signal:
        return replace(NO_CALL, reasons=(Reason(code="history", text="its prices end"), Reason(code="old", text=text)))

    texts = ["the newest price is 12 weeks old", "both ways", "the newest price is 150 weeks old"]
    assert main_causes(map(silent, texts)) == [("the newest price is 12 to 150 weeks old", 2), ("both ways", 1)]


def test_a_country_whose_prices_are_too_new_for_calls_says_why_and_when_there_are_some():
    due = "a first call is due on 8 November 2026"
    new = replace(NO_CALL, data_on=NOW.date(), would_change=(due,), reasons=(Reason(code="too_little", text="why"),))
    abroad = replace(new, gpu="RTX 3090", region="DE", action=Action.BUY_NOW)
    lines = list(summary([new, replace(new, gpu="RTX 4090"), abroad], GPUS, "US", NOW.date()))
    assert lines[2:4] == ["US: 2 cards have prices of these days and no call yet: why", f"  would change it: {due}"]
    assert lines[5].startswith("new, DE")
    used = replace(new, condition=Condition.USED)
    assert "US: 1 card has prices" in "\n".join(summary([new, used], GPUS, "US", NOW.date()))


def test_the_own_country_comes_first_and_a_price_of_today_is_no_history():
    here = replace(NO_CALL, action=Action.BUY_NOW, region="DE", data_on=NOW.date())
    there = [replace(here, gpu=name, region="US") for name in ("RTX 3090", "RTX 4090")]
    lines = list(summary([*there, here], GPUS, "DE", NOW.date()))
    assert lines[2] == "new, DE; newest price 1 November 2026"
    assert lines[5] == "new, US; newest price 1 November 2026"
    assert lines[6].split()[:5] == ["buy_now", "2", "RTX", "4090,", "RTX"]  # the newer card first


def test_a_goal_that_nothing_fits_is_told_where_prices_are_known(home, capsys):
    run(["decide", "--gauge"])  # fills the new database
    capsys.readouterr()
    database = load_settings().database
    wanted = Goal(slug="far", title="In Iceland", workload="lora-8b", conditions=(Condition.NEW,), region="IS")
    with session_scope(open_store(database)) as session:
        repo.save_goal(session, wanted, utc_now())
    assert run(["decide", "--goal", "far"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("In Iceland\n")
    assert "no price is known in IS of a card that fits" in out
    assert "are known in" in out


@pytest.mark.parametrize(
    "options",
    [["--as-of", "soon"], ["--gpu", "RTX 9999 Ti"], ["--goal", "no-such-goal"], ["--gauge", "--gpu", "RTX 4090"]],
)
def test_wrong_use_gets_one_sentence(options, capsys):
    assert run(["decide", *options]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_before_any_price_nothing_is_found(capsys):
    assert run(["decide", "--as-of", "2001-01-01", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == []


def test_the_gauge_is_one_number_with_an_interval_and_a_history(capsys):
    code, found = decided(capsys, "--gauge", "--as-of", "2024-05-12")
    assert code == 0
    assert 0 <= found["gauge"]["low"] <= found["gauge"]["value"] <= found["gauge"]["high"] <= 100
    assert found["segments"] >= 1
    assert isinstance(found["history"], list)
    assert run(["decide", "--gauge", "--as-of", "2024-05-12"]) == 0
    assert "limbo gauge:" in capsys.readouterr().out
