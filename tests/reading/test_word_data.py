"""The words that pages are read by."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from monitor.core.price_words import AFTER, BEFORE
from monitor.core.words import listed, lowered, with_plain
from monitor.reading import action_words, condition_words, stock_words


def _words(data: Mapping[Any, str]) -> dict[Any, tuple[str, ...]]:
    return {meaning: with_plain(listed(text)) for meaning, text in data.items()}


STOCK = _words(stock_words._STOCK)
ALL: dict[str, Mapping[Any, Iterable[str]]] = {
    "stock": STOCK,
    "stock in a line of its own": _words(stock_words._WHOLE_LINE),
    "condition": _words(condition_words._CONDITIONS),
    "buttons": _words(action_words._ACTIONS),
    "before a price": BEFORE,
    "after a price": AFTER,
}


@pytest.mark.parametrize("name", ALL)
def test_each_phrase_has_one_meaning(name: str) -> None:
    meanings: defaultdict[str, set[object]] = defaultdict(set)
    for meaning, words in ALL[name].items():
        for word in words:
            meanings[word].add(meaning)
    assert {word: found for word, found in meanings.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", ALL)
def test_each_phrase_is_written_as_it_is_looked_for(name: str) -> None:
    words = [word for found in ALL[name].values() for word in found]
    assert [word for word in words if not word or word != lowered(word).strip() or "  " in word] == []


def test_a_line_of_its_own_says_what_the_word_says_elsewhere() -> None:
    elsewhere = {word: state for state, words in STOCK.items() for word in words}
    alone = stock_words.WHOLE_LINE
    assert {word for word in alone if elsewhere.get(word, alone[word]) is not alone[word]} == set()
