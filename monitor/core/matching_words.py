"""Titles to pieces: what each written thing may be (a family, a number of a model, a memory size, a word of a list).

Everything that is known about words comes from data/titles.toml and titles_words.toml. A piece is looked up once per
spelling and kept, since titles repeat their words.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import category

from monitor.core.matching_spelling import Spellings
from monitor.core.matching_text import CHUNK, EASTERN, RUNS, fold, one_script

KEPT = 30_000  # spellings kept; then all are forgotten, so that hostile titles cannot fill the memory
LONGEST_WORD = 300  # between two spaces; eastern titles have few
LONGEST_RUN = 20  # letters that are taken apart
ELIDED = re.compile(r"\b([cdjlmns]) (?=[aeiouh])")  # "d eau" in the lists, "deau" in a folded title
GLUED_XT = re.compile(r"xt(?!x|r).{2,}")  # "9070 xtelite", but not "xtreme"
MIXED = re.compile(r"[a-z]{1,2}\d{2,3}|\d{2,3}[a-z]")

# What a piece may be. Plain numbers: they are compared for every piece of every title.
UNKNOWN = 0
WORD = 1  # value: the class of the word list, "accessory"
FAMILY = 2  # value: the line that numbers belong to, "geforce"
HEAD = 3  # number, code or name that a model is known by
DIGITS = 4  # any other number; value: int
SUFFIX = 5  # value: what it means, a set such as {"super"}
MEMORY = 6  # value: gigabytes
UNIT = 7  # value: how many make a gigabyte, 1 or 1024
SEPARATOR = 8
TIMES = 9  # "2x"; value: 2
TIMES_BEHIND = 10  # "x2"
PART = 11  # value: PartNumber
BRAND = 12  # a maker, series or feature of cards; value: "brand" or "feature"
OPENS = 13  # says nothing by itself, but phrases begin with it
STRANGE = 14  # a word that no list knows; value: SUSPECT where the name of a thing is in it
SUSPECT = "suspect"
SHORTENED = "shortened"  # the beginning of a harmless word: titles are cut off somewhere

# their long words begin others: "Lüfterabdeckung", "hűtőbordája"
COMPOUNDED = ("accessory", "trifle", "part", "box", "broken")
LONG_STEM = 6  # letters
ACCOMPANIED = re.compile(r"(?:v|(.)\1)[ae]l$")  # "with" in Hungarian: "radiátorral", "hűtővel"
PLAIN = "plain"  # the class of words that say nothing about what is sold
GPU_WORDS = ("brand", "feature")  # word classes that only say that it is about GPUs
# word classes of which a misspelt word may be one
NEAR_ENOUGH = frozenset(
    [
        "plain",
        "brand",
        "feature",
        "card",
        "fine",
        "new",
        "used",
        "refurbished",
        "included",
        "port",
        "currency",
        "papers",
        "without",
        "owner",
        "reason",
        "taken",
        "renewed",
    ]
)
THING_WORDS = ("accessory", "trifle", "part", "box", "laptop", "pc", "other")  # the ends of compounds say what is sold
Phrases = Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]


@dataclass(frozen=True, slots=True)
class Piece:
    """One written thing of a title.

    `phrases` are those of the word lists that begin with it, longest first, by their second word ("" where that is a
    stem).
    """

    kind: int
    text: str
    value: Any = None
    phrases: Phrases | None = None
    glued: bool = False  # no space before it


NOTHING = Piece(UNKNOWN, "")


@dataclass(frozen=True, kw_only=True)
class PartNumber:
    """What a maker's part number says of the model."""

    maker: str
    line: str
    head: str  # number or code
    suffixes: frozenset[str]
    name: str | None = None  # where the number stands for a whole name


class Lexicon:
    """Looks up the pieces of titles; the same title always gives the same pieces."""

    def __init__(self, rules: Mapping[str, Any], heads: Iterable[str], codes: Iterable[str]) -> None:
        self._words: dict[str, Piece] = {}
        self._stems: dict[str, str] = {}
        self._heads = frozenset(heads)
        self._codes = frozenset(codes)
        self._units: dict[str, int] = {}
        self._seen: dict[str, tuple[Piece, ...]] = {}
        self._spellings = Spellings()
        self._parts: list[tuple[re.Pattern[str], dict[str, Any]]] = [
            (re.compile(part["pattern"]), part) for part in rules.get("part", [])
        ]
        self._part_suffixes: Mapping[str, list[str]] = rules.get("part_quals", {})
        self._fill(rules)
        east = sorted((word for word in self._words if EASTERN.match(word)), key=len, reverse=True)
        self._east = re.compile(f"({'|'.join(map(re.escape, east)) or '(?!)'})")
        self._spellings = self._near()

    def _near(self) -> Spellings:
        known = [(word, piece.value) for word, piece in self._words.items() if piece.kind in (UNKNOWN, WORD, BRAND)]
        known += self._stems.items()
        families = [word for word, piece in self._words.items() if piece.kind == FAMILY]
        return Spellings(
            harmless=[*families, *(word for word, name in known if name in NEAR_ENOUGH)],
            alarming=[word for word, name in known if name is not None and name not in NEAR_ENOUGH],
            things=[word for word, name in known if name in THING_WORDS],
        )

    def pieces(self, title: str) -> list[Piece]:
        """The pieces of a title, in order."""
        found: list[Piece] = []
        seen = self._seen
        for word in title.split():
            pieces = seen.get(word)
            if pieces is None:
                pieces = self._learn(word)
            found += pieces
        return found

    def _learn(self, word: str) -> tuple[Piece, ...]:
        """The pieces of what stands between two spaces, kept for the next time."""
        if len(self._seen) >= KEPT:
            self._seen.clear()
        chunks = CHUNK.findall(fold(word[:LONGEST_WORD]))
        pieces = tuple(piece for chunk in chunks for piece in self._read(chunk))
        self._seen[word] = pieces
        return pieces

    # --- filling ---------------------------------------------------------------------------------------------------

    def _fill(self, rules: Mapping[str, Any]) -> None:
        phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name, languages in rules.get("words", {}).items():
            for entry in {fold(one_script(word)) for words in languages.values() for word in words}:
                for written in {entry, ELIDED.sub(r"\1", entry)}:
                    self._add_entry(name, written, phrases)
        for line, words in rules.get("families", {}).items():
            for word in words:
                key = one_script(fold(word))
                self._words[key] = Piece(FAMILY, key, line)
        for meaning, words in rules.get("suffixes", {}).items():
            for word in words:
                if not self._words.get(fold(word), NOTHING).kind:
                    self._words[fold(word)] = Piece(SUFFIX, fold(word), frozenset(meaning.split()))
        for head in self._heads:
            self._words[head] = Piece(HEAD, head, head)
        for char in "/+&,|":
            known = self._words.get(char)
            self._words[char] = Piece(SEPARATOR, char, known.value if known else None)
        for first, entries in phrases.items():
            ordered = _by_second(entries)
            known = self._single(first)
            if re.fullmatch(r"x\d", first):  # "x3" is a count, "x3 oc" a series
                known = Piece(TIMES_BEHIND, first, int(first[1]))
            elif known.kind in (UNKNOWN, STRANGE):  # value: whether it is strange where no phrase goes on
                known = Piece(OPENS, known.text, known.kind == STRANGE)
            self._words[first] = Piece(known.kind, known.text, known.value, ordered)

    def _add_entry(self, name: str, entry: str, phrases: dict[str, list[tuple[tuple[str, ...], str]]]) -> None:
        chunks = CHUNK.findall(entry.replace("*", "\0"))
        if len(chunks) == 1 and "-" in entry[1:] and "*" not in entry:
            self._words[entry] = Piece(BRAND if name in GPU_WORDS else WORD, entry, name)
        parts = [part for chunk in chunks for part in (chunk.split("-") if "-" in chunk[1:] else [chunk]) if part]
        words = [part.replace("\0", "*") for part in parts]
        if len(words) > 1:
            phrases.setdefault(words[0], []).append((tuple(words), name))
            for word in words[1:]:
                if MIXED.fullmatch(word):  # "m15" stays whole
                    self._words.setdefault(word, Piece(UNKNOWN, word))
        elif entry.endswith("*"):
            self._stems[words[0][:-1]] = name
        elif name.startswith("unit"):
            self._units[entry] = 1 if name == "unit_gb" else 1024
            if not self._words.get(entry, NOTHING).kind:
                self._words[entry] = Piece(UNIT, entry, self._units[entry])
        else:
            kind = UNKNOWN if name == PLAIN else BRAND if name in GPU_WORDS else WORD
            self._words[words[0]] = Piece(kind, words[0], name)
            if name in COMPOUNDED and len(words[0]) >= LONG_STEM:
                self._stems.setdefault(words[0], name)

    # --- reading one chunk -----------------------------------------------------------------------------------------

    def _read(self, chunk: str) -> Iterable[Piece]:
        chunk = chunk.strip("-_.")
        known = self._words.get(chunk)
        if known is not None:
            return [known]
        part = self._part(chunk)
        if part is not None:
            return part
        if "-" in chunk or "_" in chunk or ("." in chunk and not re.fullmatch(r"\D*\d+\.\d+\D*", chunk)):
            found = [piece for sub in re.split(r"[-_.]+", chunk) if sub for piece in self._read(sub)]
            return found if chunk.isalpha() or not _has_digit(chunk) else [_not_strange(piece) for piece in found]
        return self._runs(one_script(chunk))

    def _part(self, chunk: str) -> list[Piece] | None:
        """A maker's part number: what it says, and the memory that its ends may state."""
        for pattern, part in self._parts:
            found = pattern.match(chunk)
            if found is None:
                continue
            groups = found.groupdict()
            tens = f"{groups['tens']}0" if groups.get("tens") else ""
            head = groups.get("number") or groups.get("code") or tens or (groups.get("pad") or "").ljust(4, "0")
            suffixes = frozenset([*self._part_suffixes.get(groups.get("qual") or "", []), *part.get("with", [])])
            name = part.get("names", {}).get(groups.get("key") or "")
            number = PartNumber(maker=part["maker"], line=part["family"], head=head, suffixes=suffixes, name=name)
            pieces = [Piece(PART, chunk, number)]
            if groups.get("memory"):
                pieces.append(Piece(MEMORY, chunk, float(groups["memory"])))
            if part.get("sizeless"):
                return pieces
            tail = [self._read(sub) for sub in chunk.split("-")[2:]]
            return pieces + [piece for sub in tail for piece in sub if piece.kind == MEMORY]
        return None

    def _runs(self, chunk: str) -> list[Piece]:
        """Letters and digits that are written without a space between them."""
        known = self._words.get(chunk)
        if known is not None:
            return [known]
        if chunk[:2] in ("r9", "r7", "r5") and (chunk[2:5].isdecimal() or self._is_name(chunk[2:])):
            return [self._words[chunk[:2]], *self._runs(chunk[2:])]
        runs = [part for run in RUNS.findall(chunk) for part in self._segments(run)]
        if len(runs) == 1:
            return [self._single(runs[0])]
        found: list[Piece] = []
        at = 0
        while at < len(runs):
            piece, used = self._at(runs, at)
            found.append(piece)
            at += used
        return found

    def _at(self, runs: list[str], at: int) -> tuple[Piece, int]:
        """The piece at one run of a chunk, and how many runs it takes."""
        run = runs[at]
        before = runs[at - 1] if at else ""
        behind = runs[at + 1] if at + 1 < len(runs) else ""
        for size in (3, 2):
            joined = "".join(runs[at : at + size])
            after = runs[at + size] if at + size < len(runs) else ""
            whole = len(after) != 1 or not after.isascii() or not after.isalpha() or self._is_known(after)  # "a4000h"
            if joined in self._codes and run.isalpha() and whole and (not before or self._is_known(before)):
                return Piece(HEAD, joined, joined), size
        if len(runs) == 2 and run == "x" and behind.isdecimal() and len(behind) < 3:
            return Piece(TIMES_BEHIND, run + behind, int(behind)), 2
        if not run[0].isdecimal():
            return self._glued_letters(run, before), 1
        if behind in self._units and "." not in run and (self._units[behind] > 1 or len(run) < 4):
            return _memory(run, self._units[behind], before), 2
        if len(runs) == 2 and behind == "x" and len(run) < 3:
            return Piece(TIMES, run + behind, int(float(run))), 2
        if run in self._heads and self._stands_alone(before, behind):
            return Piece(HEAD, run, run, glued=bool(before)), 1
        readable = not behind or not behind.isascii() or self._is_known(behind)
        return self._digits(run, readable=readable, glued=bool(before)), 1

    def _glued_letters(self, run: str, before: str) -> Piece:
        if before in self._heads or before.isdecimal():
            if run == "s":
                return Piece(SUFFIX, run, frozenset(["super"]), glued=True)
            if run == "m" and before in self._heads:
                return Piece(WORD, run, "laptop", glued=True)
        known = self._single(run)
        kind = UNKNOWN if known.kind == STRANGE and not EASTERN.match(run) else known.kind
        return Piece(kind, known.text, known.value, known.phrases, glued=bool(before))

    def _stands_alone(self, before: str, behind: str) -> bool:
        """True where the letters around a number leave it a model's number ("tuf3080ti", not "1080p" or "x3080b")."""
        if behind and behind.isascii() and not (self._is_known(behind) or behind in ("s", "m")):
            return False
        if before == "x":  # "ATI X1050"
            return False
        return not before or not before.isascii() or self._is_known(before) or self._is_family(behind)

    def _is_name(self, letters: str) -> bool:
        return letters.isalpha() and all(map(self._means_something, self._segments(letters)))

    def _is_known(self, run: str) -> bool:
        known = self._words.get(run)
        return known is not None and known.kind != UNKNOWN and run not in ("p", "k", "w", "hz", "e")

    def _means_something(self, run: str) -> bool:
        known = self._words.get(run)
        return known is not None and known.value != PLAIN

    def _is_family(self, run: str) -> bool:
        return run in self._words and self._words[run].kind == FAMILY

    def _digits(self, run: str, *, readable: bool = True, glued: bool = False) -> Piece:
        if not run.isdecimal() or len(run) > 6 or not readable:
            return Piece(UNKNOWN, run)
        return Piece(DIGITS, run, int(run), glued=glued)

    def _single(self, run: str) -> Piece:
        known = self._words.get(run)
        if known is not None:
            return known
        if run[0].isdecimal():
            return self._digits(run)
        for size in range(len(run), 2, -1):
            name = self._stems.get(run[:size])
            if name is not None:
                if name in THING_WORDS and ACCOMPANIED.search(run):
                    name = "fine"
                return Piece(UNKNOWN if name == PLAIN else WORD, run, name)
        if not _is_a_word(run) or self._spellings.is_harmless(run):
            return Piece(UNKNOWN, run)
        if self._spellings.is_thing(run):
            return Piece(STRANGE, run, SUSPECT)
        return Piece(STRANGE, run, SHORTENED if self._spellings.is_beginning(run) else None)

    def _segments(self, run: str) -> list[str]:
        """Known words that are written as one: "gtxtitan", "teslat"; eastern scripts never have spaces."""
        if run in self._words or len(run) < 3 or run[0].isdecimal():
            return [run]
        if EASTERN.match(run):
            return [part for part in self._east.split(run) if part]
        if len(run) > LONGEST_RUN:
            return [run]
        if len(run) < 7 and run[-3:] in ("rtx", "gtx"):  # "M-NRTX3060TI"
            return [run[:-3], run[-3:]]
        for size in range(len(run) - 1, 1, -1):
            head = self._words.get(run[:size])
            if head is None or head.kind not in (FAMILY, SUFFIX, BRAND, HEAD):
                continue
            if head.kind == BRAND and size < 3:
                continue
            rest = self._segments(run[size:])
            if (head.kind == FAMILY and len(rest[0]) <= 2) or all(map(self._means_something, rest)):
                return [run[:size], *rest]
        if GLUED_XT.match(run):
            return ["xt", *self._segments(run[2:])]
        return [run]


def _is_a_word(run: str) -> bool:
    """Letters enough to mean something: three, or two signs of an eastern script; vowels may be marks on them."""
    if len(run) < (2 if EASTERN.match(run) else 3):
        return False
    return run.isalpha() or (not run.isascii() and all(char.isalpha() or category(char)[0] == "M" for char in run))


def _has_digit(chunk: str) -> bool:
    return any(char.isdecimal() for char in chunk)


def _not_strange(piece: Piece) -> Piece:
    """Letters between the digits of a part number are no word."""
    return Piece(UNKNOWN, piece.text, glued=piece.glued) if piece.kind == STRANGE else piece


def _by_second(entries: Iterable[tuple[tuple[str, ...], str]]) -> Phrases:
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for words, name in sorted(entries, key=lambda entry: -len(entry[0])):
        found.setdefault("" if words[1].endswith("*") else words[1], []).append((words, name))
    return {second: tuple(phrases) for second, phrases in found.items()}


def _memory(run: str, parts: int, before: str) -> Piece:
    """Gigabytes; "16gbps" and the like never come here, since their unit is not in the lists."""
    return Piece(MEMORY, run, int(run) / parts if len(run) < 7 else 0.0, glued=bool(before))
