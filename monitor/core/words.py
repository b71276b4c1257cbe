"""A fast search for thousands of words of many languages: one pattern made as a tree of common beginnings."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cached_property
from typing import Generic, TypeVar

Meaning = TypeVar("Meaning")
_CJK = re.compile(r"[\u3000-\u9fff\uac00-\ud7af]")
_SHORT = 5  # words up to this length must also end where they are found
_Tree = dict[str, "_Tree"]


class WordList(Generic[Meaning]):
    """Words with a meaning each, found in lower-case text at word beginnings (anywhere in Chinese, Japanese, Korean).

    Short words must stand alone; a longer one may go on, so that "versand" finds "versandkosten".
    """

    def __init__(self, meanings: Mapping[Meaning, tuple[str, ...]]) -> None:
        self._by_word = {word: meaning for meaning, words in meanings.items() for word in words if word}

    @cached_property
    def _parts(self) -> str:
        free = [word for word in self._by_word if _CJK.search(word) or not word[0].isalnum()]
        bound = [word for word in self._by_word if not (_CJK.search(word) or not word[0].isalnum())]
        parts = [rf"(?<!\w){_tree_pattern(bound)}" if bound else "", _tree_pattern(free) if free else ""]
        return "(?:" + "|".join(part for part in parts if part) + ")"

    @cached_property
    def _anywhere(self) -> re.Pattern[str]:
        return re.compile(self._parts)

    @cached_property
    def _leading(self) -> re.Pattern[str]:
        return re.compile(r"[\s(\[*,.:;|/+-]*?(" + self._parts + ")")

    def last_in(self, text: str) -> tuple[Meaning, int] | None:
        """The meaning of the last word found and where it ends."""
        found: re.Match[str] | None = None
        for match in self._anywhere.finditer(text):
            found = match
        return (self._by_word[found[0]], found.end()) if found else None

    def all_in(self, text: str) -> list[tuple[Meaning, int, int]]:
        """The meaning, start and end of every word found."""
        return [(self._by_word[match[0]], match.start(), match.end()) for match in self._anywhere.finditer(text)]

    def leading(self, text: str) -> tuple[Meaning, int] | None:
        """The meaning of the word that the text begins with, punctuation aside, and where the word ends."""
        match = self._leading.match(text)
        return (self._by_word[match[1]], match.end()) if match else None


def lowered(text: str) -> str:
    """The text in lower case, letter for letter, so that a position in one is the same in the other. Only the Turkish
    capital I with a dot becomes two characters in Python: here it is the "i" that people read."""
    return text.replace("İ", "i").lower()


def listed(text: str) -> tuple[str, ...]:
    """The words of a text that divides them by bars, each with single spaces."""
    return tuple(re.sub(r"\s+", " ", word).strip() for word in text.split("|"))


# A short word without its accents is too often another one, in another language: "köp", "kop"; "hết hàng", "het hang".
_MIN_PLAIN, _MIN_FIRST = 9, 6


def with_plain(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words and how capitals and hasty hands write them: "últimas unidades" also as "ultimas unidades", "épuisé"
    also as "epuisé"."""
    found = dict.fromkeys(words)
    for word in words:
        if len(word) >= _MIN_FIRST:
            found[_plain(word[0]) + word[1:]] = None
        if len(word) >= _MIN_PLAIN:
            found[_plain(word)] = None
    return tuple(found)


def _plain(word: str) -> str:
    """The word without the accents of Latin and Greek letters; those of other scripts make another letter."""
    letters = [unicodedata.normalize("NFD", char) for char in word]
    return "".join(
        parts[0] if parts[0].isascii() or _GREEK.match(parts) else char
        for char, parts in zip(word, letters, strict=True)
    )


_GREEK = re.compile(r"[\u0370-\u03ff]")


def _tree_pattern(words: list[str]) -> str:
    tree: _Tree = {}
    for word in words:
        node = tree
        for char in word:
            node = node.setdefault(char, {})
        short = len(word) <= _SHORT and word[-1].isalnum() and not _CJK.search(word)
        node["short" if short else "end"] = {}
    return _pattern_of(tree)


def _pattern_of(node: _Tree) -> str:
    """Longer words go first, so that "list price" is found before "list"."""
    branches = [re.escape(char) + _pattern_of(node[char]) for char in sorted(node) if len(char) == 1]
    if "end" in node:
        branches.append("")
    elif "short" in node:
        branches.append(r"(?!\w)")
    if len(branches) == 1:
        return branches[0]
    return "(?:" + "|".join(branches) + ")"
