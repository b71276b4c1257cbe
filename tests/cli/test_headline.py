"""`gpu-limbo headline` as a script sees it."""

import json

import pytest

from monitor.cli import run


def test_headlines_come_back_as_json_lines_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["headline", "RTX 6090 rumoured for Q1 2027", "Ten recipes", "--json"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert code == 0
    assert lines == [
        {
            "title": "RTX 6090 rumoured for Q1 2027",
            "event": "rumour",
            "gpus": ["RTX 6090"],
            "expected_date": "2027-Q1",
            "effect": "wait",
        },
        {"title": "Ten recipes", "event": "other", "gpus": [], "expected_date": "", "effect": "none"},
    ]


def test_only_other_headlines_are_nothing_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["headline", "Ten recipes"]) == 1
    assert "other" in capsys.readouterr().out
