"""Words that are nearly one of the lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.matching_spelling import Spellings

NEAR = Spellings(
    harmless=["geforce", "palit", "garancia", "warranty", "original", "used"],
    alarming=["plate", "defekt"],
    things=["box", "huto", "venti", "karton"],
)


@pytest.mark.parametrize("word", ["gefoce", "gefforce", "geforze", "gefroce", "pailt", "garanciaval", "garancias"])
def test_a_slip_of_the_pen_or_another_ending_is_harmless(word):
    assert NEAR.is_harmless(word)


@pytest.mark.parametrize(
    "word",
    [
        "unused",  # the first letters decide
        "plait",  # as near to a plate as to a maker
        "used",  # too short to be compared
        "defekte",
        "originalbox",
        "elephant",
    ],
)
def test_what_is_far_short_or_near_to_a_fault_or_a_thing_stays_unknown(word):
    assert not NEAR.is_harmless(word)


@pytest.mark.parametrize("word", ["originalbox", "hutorendszer", "ventik", "leerkarton"])
def test_a_compound_with_a_thing_in_it_is_a_thing(word):
    assert NEAR.is_thing(word)


@given(st.text(max_size=40))
def test_no_word_is_harmless_and_a_thing(word):
    assert not (NEAR.is_harmless(word) and NEAR.is_thing(word))
