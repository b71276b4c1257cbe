"""Words and letters."""

import sys

from monitor.core.money import parse_money
from monitor.core.words import lowered


def test_lower_case_keeps_the_place_of_every_letter() -> None:
    assert all(len(lowered(chr(code))) == 1 for code in range(sys.maxunicode + 1))
    assert lowered("İNDİRİM RTX 4090") == "indirim rtx 4090"


def test_turkish_capitals_are_read_as_words() -> None:
    assert parse_money("İNDİRİM 500 TL, 24.999 TL", country="TR") == parse_money("24.999 TL", country="TR")
