"""What `match` and `headline` are given line by line, from whatever wrote it, and what a terminal gets of it."""

import io
import sys

import pytest

from monitor.cli import run
from monitor.cli.lines import given_lines


def _given(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_lines_come_without_ends_marks_and_broken_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    _given(monkeypatch, b"\xef\xbb\xbfRTX 4090\r\n\xffRTX 3080\n\nlast")
    assert list(given_lines()) == ["RTX 4090", "\ufffdRTX 3080", "", "last"]


@pytest.mark.parametrize("command", ["match", "headline"])
def test_what_a_terminal_would_obey_is_not_printed(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _given(monkeypatch, b"RTX 4090 \x1b[2J price cut\tx\n")
    run([command])
    out = capsys.readouterr().out
    assert "RTX 4090" in out
    assert "\x1b" not in out


def test_a_marked_file_keeps_the_day_of_its_first_headline(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _given(monkeypatch, b"\xef\xbb\xbf2021-12-01\tNvidia RTX 4060 Ti rumoured to launch in May\n")
    run(["headline"])
    assert "2022-05" in capsys.readouterr().out
