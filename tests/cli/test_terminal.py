"""What a terminal gets is as wide as it is; what a file or pipe gets stays in one line."""

import pytest

from monitor.cli.terminal import size_of, wrapped

TEXT = "         - its price swings by 7.4% from one observation to the next: a dip alone is not worth the wait"


def test_long_lines_go_on_under_their_beginning(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "80")
    first, *rest = wrapped(TEXT, 11).split("\n")
    assert first.startswith("         - its price")
    assert [line[:11] for line in rest] == [" " * 11]
    assert all(len(line) <= 80 for line in (first, *rest))
    assert " ".join(line.strip() for line in (first, *rest)) == TEXT.strip()


def test_a_pipe_gets_whole_lines(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    assert wrapped(TEXT, 11) == TEXT


@pytest.mark.parametrize(
    ("value", "size", "words"),
    [(26_370_000, 1e6, " mn"), (4.1e12, 1e12, " tn"), (999_999, 1.0, ""), (0.0, 1.0, "")],
)
def test_large_numbers_are_counted_in_words(value: float, size: float, words: str):
    assert size_of(value) == (size, words)
