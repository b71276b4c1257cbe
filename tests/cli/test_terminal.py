"""What a terminal gets is as wide as it is; what a file or pipe gets stays in one line."""

import pytest

from monitor.cli.crawl import as_text
from monitor.cli.sources import _offer_text
from monitor.cli.terminal import plain, size_of, wrapped

TEXT = "         - its price swings by 7.4% from one observation to the next: a dip alone is not worth the wait"


def test_long_lines_go_on_under_their_beginning(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "80")
    first, *rest = wrapped(TEXT, 11).split("\n")
    assert first.startswith("         - its price")
    assert [line[:11] for line in rest] == [" " * 11]
    assert all(len(line) <= 80 for line in (first, *rest))
    assert " ".join(line.strip() for line in (first, *rest)) == TEXT.strip()


def test_what_a_terminal_would_obey_is_taken_out_of_foreign_text():
    assert plain("RTX 4090\x1b[2J\r\u202egpu") == "RTX 4090 [2J  gpu"
    offer = {"price": "9", "currency": "EUR", "gpu": "", "availability": "in_stock", "title": "RTX\x1b]0;x\x07 4090"}
    assert "\x1b" not in _offer_text(offer)
    line = {"source": "s", "offers": 0, "rejections": 0, "errors": 1, "seconds": 1.0, "state": "failed"}
    assert "\x1b" not in as_text(line | {"faults": ["moved to \x1b[2J"], "fault": ""})


def test_a_pipe_gets_whole_lines(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    assert wrapped(TEXT, 11) == TEXT


@pytest.mark.parametrize(
    ("value", "size", "words"),
    [(26_370_000, 1e6, " mn"), (4.1e12, 1e12, " tn"), (999_999, 1.0, ""), (0.0, 1.0, "")],
)
def test_large_numbers_are_counted_in_words(value: float, size: float, words: str):
    assert size_of(value) == (size, words)
