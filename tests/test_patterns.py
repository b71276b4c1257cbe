"""No text from the web holds a worker: no pattern that backtracks without end, and whole pages read in time."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from monitor.core.money import parse_money
from monitor.reading.page import read_page
from tests.pump import hard_texts

ROOT = Path(__file__).parents[1]
LONGEST_LINE = 400  # titles, price texts and headlines are cut off here
SECONDS = 0.25  # of CPU for one text; a pattern that grows with the third power of the length needs more
PAGE_CHARS, PAGE_SECONDS = 60_000, 4.0
PUMPS = (
    "1",
    " ",
    "1 ",
    "1,",
    "1.",
    "<!--",
    "// ",
    "only ",
    "- ",
    "$ ",
    "\\",
    "incl. ",
    "a1",
    "x",
    "&amp;",
    "rtx 4090 ",
)
SHAPES = (
    "<h1>{}</h1>",
    "<title>{}</title>",
    "<div class=price>{}</div>",
    "<ul><li><a href=/a>RTX 4090</a> <b>{}</b></li></ul>",
    "<p>RTX 4090 {} €</p>",
    "<p>€ {} RTX 4090</p>",
    "<meta property='product:price:amount' content='{}'>",
    "<script type='application/ld+json'>{}</script>",
    "<script>window.state = {{{}}}</script>",
)


def test_no_pattern_of_the_program_backtracks_without_end() -> None:
    command = [sys.executable, "-m", "tests.pattern_trial", str(LONGEST_LINE), str(SECONDS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["patterns"] > 150
    assert found["slow"] == {}


@pytest.mark.parametrize(
    "pattern",
    [r"(a+)+$", r"(a|a)*b", r"(\w+\s?)*$", r"^(\d+)*x", r"(x+x+)+y", r"\s*\w*\s*\w*\s*\w*\s*$", r"(?:1|11)*z"],
)
def test_the_texts_find_patterns_that_do(pattern: str) -> None:
    """The check itself, checked: each of these is known to be slow, and is seen to be at a fraction of the length."""
    code = (
        "import re, signal, sys; from tests.pump import hard_texts; "
        "signal.signal(signal.SIGVTALRM, lambda *_: sys.exit(9)); signal.setitimer(signal.ITIMER_VIRTUAL, 1.0); "
        f"p = re.compile({pattern!r}); [(p.search(t), p.fullmatch(t)) for t in hard_texts(p, 400)]"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60).returncode == 9


def test_a_pattern_that_does_not_is_let_through() -> None:
    pattern = re.compile(r"(\d+)(?:[.,](\d{2}))?\s?€")
    began = time.process_time()
    assert not any(pattern.fullmatch(text) for text in hard_texts(pattern, 400) if "\x00" in text)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("pump", PUMPS)
def test_a_page_of_one_thing_over_and_over_is_read_in_time(pump: str) -> None:
    for shape in SHAPES:
        body = shape.format(pump * (PAGE_CHARS // len(pump)) + "!")
        began = time.process_time()
        read_page(f"<html><body>{body}<h1>RTX 4090</h1><p>1.999,00 €</p></body></html>".encode(), "https://x.example/a")
        assert time.process_time() - began < PAGE_SECONDS, shape


@pytest.mark.parametrize("pump", PUMPS)
def test_a_price_text_of_one_thing_over_and_over_is_read_in_time(pump: str) -> None:
    began = time.process_time()
    for text in (pump * 400, f"12 {pump * 100}"[:400], f"€ {pump * 100} €"[:400]):
        parse_money(text, hint="EUR")
    assert time.process_time() - began < 1
