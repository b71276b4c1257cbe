"""Words that are nearly one of the lists: a slip of the pen ("Gefoce", "plait") or another ending ("garanciaval").

Nearness only says that a word is harmless: it never makes a maker or a model of it, and a word that is as near to one
that speaks against a card stays unknown.
"""

from collections.abc import Iterable

SHORTEST = 5  # letters of a word that is compared; shorter ones are near too many others
SHORTEST_STEM = 6
LONGEST_ENDING = 4
SHORTEST_HEAD = 3  # of a compound: "originalbox" is a box


class Spellings:
    """What unknown words are compared with; built once."""

    def __init__(self, harmless: Iterable[str] = (), alarming: Iterable[str] = (), things: Iterable[str] = ()) -> None:
        """Single words of the lists, folded; `things` are what may be the end of a compound."""
        good = {word for word in harmless if word.isalpha()}
        bad = {word for word in alarming if word.isalpha()}
        self._good, self._bad = _slips(good), _slips(bad)
        self._stems = frozenset(word[:-1] for word in good if len(word) > SHORTEST_STEM)
        self._bad_stems = frozenset(word[:-1] for word in bad if len(word) > SHORTEST_STEM)
        self._beginnings, self._bad_beginnings = _beginnings(good), _beginnings(bad)
        self._heads = frozenset(word for word in things if len(word) >= SHORTEST_HEAD)

    def is_harmless(self, word: str) -> bool:
        """True where the word is nearly one that says nothing, and not nearly one that alarms."""
        if len(word) < SHORTEST or self.is_thing(word):
            return False
        if not (_has_slip(word, self._good) or _has_stem(word, self._stems)):
            return False
        return not (_has_slip(word, self._bad) or _has_stem(word, self._bad_stems))

    def is_beginning(self, word: str) -> bool:
        """True for what may be left of a harmless word at the end of a title that was cut off, and of no other."""
        return word in self._beginnings and word not in self._bad_beginnings

    def is_thing(self, word: str) -> bool:
        """True for a compound that ends with the name of a thing ("originalbox") or begins with one ("ventik")."""
        return any(word[at:] in self._heads for at in range(2, len(word) - SHORTEST_HEAD + 1)) or any(
            word[:size] in self._heads for size in range(SHORTEST - 1, len(word))
        )


def _slips(words: Iterable[str]) -> frozenset[str]:
    """The words and what is left of them without one letter, the first apart ("unused" is not "used")."""
    return frozenset(
        slip
        for word in words
        if len(word) >= SHORTEST
        for slip in (word, *(word[:at] + word[at + 1 :] for at in range(1, len(word))))
    )


def _beginnings(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word[:size] for word in words for size in range(SHORTEST_HEAD, len(word)))


def _has_slip(word: str, slips: frozenset[str]) -> bool:
    """One letter too many, missing, another, or two exchanged."""
    return word in slips or any(word[:at] + word[at + 1 :] in slips for at in range(1, len(word)))


def _has_stem(word: str, stems: frozenset[str]) -> bool:
    shortest = max(SHORTEST_STEM, len(word) - LONGEST_ENDING)
    return any(word[:size] in stems for size in range(shortest, len(word) + 1))
