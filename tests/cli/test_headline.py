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


def test_the_day_of_publication_decides_what_a_month_means(capsys: pytest.CaptureFixture[str]) -> None:
    """So a list of old headlines can be read as it was meant; a day that does not exist is a part of the text."""
    text = "Nvidia RTX 4060 Ti rumoured to cost $450 at launch in May"
    run(["headline", "--published", "2023-04-02", text, f"2021-12-01\t{text}", f"2023-02-30\t{text}", "--json"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["expected_date"] for line in lines] == ["2023-05", "2022-05", "2023-05"]
    assert [line["title"] for line in lines] == [text, text, f"2023-02-30\t{text}"]


def test_a_card_is_a_rumour_only_before_its_maker_shows_it(capsys: pytest.CaptureFixture[str]) -> None:
    text = "RTX 4090 is a monster"
    run(["headline", "--json", f"2022-08-01\t{text}", f"2022-11-01\t{text}"])
    assert [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()] == ["rumour", "other"]


def test_a_day_that_cannot_be_read_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["headline", "--published", "8 Jan", "RTX 4090"]) == 2
    assert "8 Jan" in capsys.readouterr().err
