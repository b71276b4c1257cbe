# ruff: noqa: SIM905 - a list of words reads best as one text
"""What the pieces of a title say together: models that are named, memory sizes, counts, and words with their places."""

from collections.abc import Callable
from typing import ClassVar

from monitor.core.matching_models import NONE, PRAISED, VERSIONED, Head, Mention, Names, Word
from monitor.core.matching_words import (
    BRAND,
    DIGITS,
    FAMILY,
    GPU_WORDS,
    HEAD,
    MEMORY,
    NOTHING,
    OPENS,
    PART,
    SEPARATOR,
    STRANGE,
    SUFFIX,
    SUSPECT,
    TIMES,
    TIMES_BEHIND,
    UNIT,
    UNKNOWN,
    WORD,
    PartNumber,
    Phrases,
    Piece,
)

FAMILY_REACH = 5  # pieces from a family to its number: "GeForce RTX ASUS Dual OC 3060"
SHORT_LINES = ("r5", "r7", "r9")  # AMD's cards with three digits, its processors with four
MOST_CARDS = 64
FAR = -99
COUNTED_INSIDE = (HEAD, SUFFIX, MEMORY, UNIT)  # a count may stand behind them: "RTX 3060 x4 bulk"
COUNTED = (*COUNTED_INSIDE, WORD)  # and behind these at the end
MOST_INSIDE = 12
TELLING = frozenset(["ti", "super", "xt", "xtx"])  # glued to a number they make it a model's
BETWEEN = (MEMORY, UNIT)  # stand between a number and its suffix: "1660 6GB Super"
# word classes that never speak against a card
HARMLESS = frozenset(
    "card fine mounted included with new used refurbished cut only swap papers without gift gifted owner reason "
    "taken renewed".split()
)
UNNOTED = frozenset(["fine", "plain", "port", "currency", "counter", "unit_gb", "unit_mb"])
MAKES_X = frozenset("inno3d nno3d inno ichill his 映众 映眾 이노".split())  # makers with series "X2", "X3"
CHIP_MAKERS = frozenset(["tesla", "instinct", "nvidia", "amd", "intel", "arc"])


class Reading:
    """All that a title says; one pass over its pieces."""

    __slots__ = (
        "alarming", "brand", "cpu_at", "cut", "end", "everywhere", "family_at", "featured", "heads", "line", "loose",
        "maker", "makers", "memories", "memory_at", "mentions", "names", "parts", "pieces", "quantity", "series_at",
        "several_at", "sizes", "strange", "super_series_before", "suspect", "swapped", "words",
    )  # fmt: skip

    def __init__(self, pieces: list[Piece], names: Names) -> None:
        self.pieces = pieces
        self.heads = names.heads
        self.sizes = names.memory_sizes
        self.makers = names.makers
        self.super_series_before = names.super_series_before
        self.mentions: list[Mention] = []
        self.parts: list[PartNumber] = []
        self.memories: list[float] = []
        self.words: list[Word] = []
        self.names: set[str] = set()  # classes of `words`
        self.everywhere: frozenset[str] = NONE  # suffixes that count wherever they stand
        self.alarming = False  # a word speaks against a card
        self.brand = False
        self.maker = False  # of boards, or a series of theirs
        self.featured = False  # a data sheet's word: a shop's full title
        self.memory_at = FAR  # of the last memory size
        self.strange: list[int] = []  # where words stand that no list knows
        self.suspect = ""  # one of them, if a thing's name is in it: "originalbox"
        self.loose: list[int] = []  # where suffixes stand
        self.swapped = False  # for another model
        self.series_at = -1  # of a suffix that begins a series of the maker: "Super JetStream"
        self.cut = False
        self.quantity = 1
        self.several_at = -1
        self.family_at = FAR
        self.line = ""
        self.cpu_at = FAR
        self.end = FAR  # of the last mention
        self._run(names.anywhere)

    def _run(self, anywhere: frozenset[str]) -> None:
        free = 0  # pieces before it belong to a phrase
        for at, piece in enumerate(self.pieces):
            kind = piece.kind
            if not kind or at < free:
                continue
            if piece.phrases is not None and (end := self._phrase(piece.phrases, at)):
                free = end
            elif kind == BRAND:
                self.brand = self.maker = True
                if piece.value == "feature":
                    self.featured = True
            elif kind == FAMILY:
                self.brand = True
                if piece.value != "vendor":
                    self.line, self.family_at = piece.value, at
            elif kind == WORD:
                self._note(piece.value, at, at + 1)
            elif kind == STRANGE or (kind == OPENS and piece.value):
                self.strange.append(at)
                if piece.value is SUSPECT:
                    self.suspect = piece.text
            elif kind == SUFFIX:
                self.loose.append(at)
                if piece.value & anywhere:
                    self.everywhere |= piece.value
            else:
                free = self.STEPS[kind](self, piece, at)
            if self.cut:
                break

    def _phrase(self, phrases: Phrases, at: int) -> int:
        """The end of the longest phrase that begins here, or 0."""
        pieces = self.pieces
        candidates = phrases.get(pieces[at + 1].text if at + 1 < len(pieces) else "") or phrases.get("")
        for words, name in candidates or ():
            end = at + len(words)
            if end <= len(pieces) and all(map(_is_word, words, pieces[at:end])):
                self._note(name, at, end)
                return end
        return 0

    def _note(self, name: str, at: int, end: int) -> None:
        if name in GPU_WORDS:
            self.brand = self.maker = True
            self.featured |= name == "feature"
            return
        if name in UNNOTED:
            if name == "counter":
                self._count(at)
            return
        if name not in HARMLESS:
            self.alarming = True
            if name == "cpu":
                self.cpu_at = end - 1
        elif name == "card":
            self._count(at)
        elif name in ("cut", "swap"):
            self.cut = bool(self.mentions)  # the rest is about something else
            self.swapped = self.cut and name == "swap" and self._names_another(end)
        self.names.add(name)
        self.words.append(Word(name, at, end))

    def _names_another(self, at: int) -> bool:
        """Whether another model than the last is named from here on ("swap for RTX 4090")."""
        number = self.text(self.mentions[-1].at)
        return any(
            (piece.kind == HEAD and piece.text != number) or (piece.kind == DIGITS and 100 <= piece.value <= 9999)
            for piece in self.pieces[at:]
        )

    def _count(self, at: int) -> None:
        before = self.piece(at - 1)
        if before is None or before.kind != DIGITS or self.text(at - 2) in VERSIONED:
            return
        if 2 <= before.value <= MOST_CARDS and not before.glued:
            self.quantity, self.several_at = before.value, at

    def piece(self, at: int) -> Piece | None:
        """The piece at a place, or `None` outside of the title."""
        return self.pieces[at] if 0 <= at < len(self.pieces) else None

    def text(self, at: int) -> str:
        """Its text, or ""."""
        return self.pieces[at].text if 0 <= at < len(self.pieces) else ""

    # --- one step for each other kind: returns where to go on --------------------------------------------------------

    def _separator(self, piece: Piece, at: int) -> int:
        if piece.value is not None:
            self._note(piece.value, at, at + 1)
        if piece.text != "," and at != self.end:
            self.family_at = FAR
        return at + 1

    def _memory_piece(self, piece: Piece, at: int) -> int:
        self._memory(piece.value, at, at + 1)
        return at + 1

    def _memory(self, gigabytes: float, at: int, end: int) -> None:
        """A size that is not that of a disk."""
        self.memory_at = at
        if gigabytes not in self.sizes or gigabytes in self.memories:
            return
        for neighbour in (self.piece(end), self.piece(at - 1)):
            if neighbour is not None and neighbour.value == "storage":
                return
        self.memories.append(gigabytes)

    def _digits(self, piece: Piece, at: int) -> int:
        behind = self.piece(at + 1)
        if behind is not None and behind.kind == UNIT:
            self._memory(piece.value / behind.value, at, at + 2)
            return at + 2
        if behind is not None and behind.text == "x" and piece.value <= MOST_CARDS and not behind.glued:
            return self._count_before(piece.value, at, at + 2)
        if self._counts_cards(piece.value, at, behind):
            self.quantity, self.several_at = piece.value, at
        if 100 <= piece.value <= 9999 and self._is_of_family(at, behind):
            if self.line in SHORT_LINES and piece.value > 999:
                self._note("cpu", at, at + 1)
            else:
                self.end = at + 1
                self.mentions.append(Mention(None, self.line, NONE, at, at + 1))
        return at + 1

    def _counts_cards(self, count: int, at: int, behind: Piece | None) -> bool:
        """ "3 RTX 3090", "RTX 3090 x 3"."""
        if not 2 <= count <= MOST_CARDS:
            return False
        if behind is None:
            return self.text(at - 1) == "x" and bool(self.mentions) and not self._makes_x()
        starts = at == 0 or (at == 1 and self.pieces[0].kind in (UNKNOWN, STRANGE, WORD, OPENS))
        return behind.kind == FAMILY and starts

    def _makes_x(self) -> bool:
        return any(other.text in MAKES_X for other in self.pieces)

    def _is_of_family(self, at: int, behind: Piece | None) -> bool:
        if behind is not None and behind.kind == SUFFIX and behind.glued and behind.value & TELLING:
            return not self.pieces[at].glued  # "550ti"
        if behind is not None and behind.kind == FAMILY and behind.glued:
            self.line = behind.value
            return True
        return self.family_at == at - 1 and self.pieces[at - 1].text not in CHIP_MAKERS

    def _times(self, piece: Piece, at: int) -> int:
        return self._count_before(piece.value, at, at + 1)

    def _count_before(self, count: int, at: int, end: int) -> int:
        """ "2x RTX 3090" is two cards; "2x HDMI" and "Ventus 2X" are not."""
        behind = self.piece(end)
        if not 2 <= count <= MOST_CARDS:
            return end
        if behind is None:  # "3060 Ti 6x"
            if self.mentions and (self.piece(at - 1) or NOTHING).kind in COUNTED_INSIDE:
                self.quantity, self.several_at = count, at
            return end
        is_card = behind.kind in (FAMILY, HEAD) or (at <= 1 and behind.value in ("brand", "card"))
        before = self.text(at - 1)  # "Ventus 2X", "PCIe 4.0 16x"
        versioned = before in VERSIONED or "." in before
        if is_card and not versioned and not (at > 0 and self.pieces[at - 1].kind == BRAND):
            self.quantity, self.several_at = count, at
        return end

    def _times_behind(self, piece: Piece, at: int) -> int:
        """ "RTX 3090 x2", "x2 RTX 3090"; "iChill X3" is a series, "PCIe 4.0 x16" a slot."""
        if at == 0:
            return self._count_before(piece.value, at, at + 1)
        before = self.piece(at - 1) or NOTHING
        counts = (before.kind in COUNTED or before.text in self.makers) and before.text not in VERSIONED
        inside = before.kind in COUNTED_INSIDE and self.text(at + 1) not in (*VERSIONED, "oc")
        last = at == len(self.pieces) - 1 or (inside and piece.value <= MOST_INSIDE)
        if last and counts and self.mentions and 2 <= piece.value <= MOST_CARDS and not self._makes_x():
            self.quantity, self.several_at = piece.value, at
        return at + 1

    def _part(self, piece: Piece, at: int) -> int:
        self.parts.append(piece.value)
        return at + 1

    def _nothing(self, piece: Piece, at: int) -> int:
        return at + 1

    # --- models -----------------------------------------------------------------------------------------------------

    def _head(self, piece: Piece, at: int) -> int:
        head = self.heads[piece.text]
        if head.number and self._is_something_else(head, at):
            return at + 1
        mention = self._numbered(head, at) if head.number else self._named(head, at)
        if mention is not None:
            self.mentions.append(mention)
            self.end = mention.end
        return at + 1

    def _is_something_else(self, head: Head, at: int) -> bool:
        """A processor's number ("Ryzen 5 5600") or a price ("1080 Ft")."""
        if self.family_at == at - 1:
            if self.line in SHORT_LINES and head.number is not None and head.number > 999:
                self._note("cpu", at, at + 1)
                return True
            return False
        if self.cpu_at >= at - 2:
            self.cpu_at = at
            return True
        behind = self.piece(at + 1)
        return behind is not None and behind.value == "currency"

    def _numbered(self, head: Head, at: int) -> Mention:
        suffixes, end, family_behind = self._suffixes(head, at + 1)
        before = self.piece(at - 1)
        last = self.mentions[-1] if self.mentions else None
        mention = Mention(head, "", suffixes, at, end)
        if before is not None:
            if before.kind == SUFFIX and before.value & head.suffixes:
                mention.suffixes = suffixes | before.value
            elif last is not None and (last.end == at or (before.kind == SEPARATOR and last.end == at - 1)):
                mention.listed, mention.line = True, last.line
        if at - self.family_at <= FAMILY_REACH and self.family_at >= self.end - 1:
            mention.line = self._line(head, self.line, at)
        elif not mention.line and family_behind:
            mention.line = self._line(head, family_behind, at)
        elif not mention.line:
            mention.bare = True
        return mention

    def _line(self, head: Head, line: str, at: int) -> str:
        """The line that a family means for this number: "Radeon 290X" is one of R9."""
        if line == "radeon" and line not in head.lines and len(head.lines) == 1 and self.text(self.family_at) != "rx":
            return next(iter(head.lines))
        before = self.text(at - 1)  # "Quadro 6000" and "Radeon Pro 580" are other lines
        return before if before == "quadro" or (before == "pro" and line == "radeon") else line

    def _named(self, head: Head, at: int) -> Mention | None:
        """Codes ("A100") and names ("Titan X"), which need no family but something of a GPU beside them."""
        suffixes, end, _ = self._suffixes(head, at + 1)
        suffixes |= head.suffixes & {self.text(at - 1)} & {"pro"}  # "Radeon Pro VII"
        near = at - self.family_at <= 2 and (not head.families or self.line in head.families)
        if near and "gtx" in head.suffixes:
            suffixes |= {self.text(at - 1), self.text(at - 2)} & {"gtx", "rtx"}
        is_name = head.text.isalpha()
        if is_name and not (near or suffixes & head.suffixes):
            return None
        close = at - self.family_at <= FAMILY_REACH or any(self.text(at - step) in CHIP_MAKERS for step in (1, 2, 3))
        return Mention(head, "", suffixes, at, end, bare=not (close or head.sure or is_name))

    def _suffixes(self, head: Head, at: int) -> tuple[frozenset[str], int, str]:
        """Suffixes behind a head, the end of the name, and a family that stands behind ("3080 RTX")."""
        found = NONE
        end, family, skipped = at, "", 0
        pieces, count = self.pieces, len(self.pieces)
        while at < count and skipped < 4:
            piece = pieces[at]
            kind = piece.kind
            if kind == SUFFIX:
                if (piece.phrases is not None and self._is_series(head, piece, at)) or self._is_other(at + 1, skipped):
                    break
                found |= piece.value
                end = at + 1
            elif kind == FAMILY:
                if piece.text in head.suffixes and not (at + 1 < count and pieces[at + 1].kind == HEAD):
                    found |= {piece.text}  # "Titan RTX"
                elif piece.value == "vendor" or family or piece.value not in head.lines:  # "3080 GS" is a series
                    break
                else:
                    family = piece.value
                skipped += 1
            elif kind in BETWEEN or piece.value == "feature" or self._is_size(at):
                skipped += 1
            elif piece.text in head.suffixes:
                found |= {piece.text}  # "Vega 64", "Titan Z"
                end = at + 1
            else:
                break
            at += 1
        return found, end, family

    def _is_other(self, at: int, skipped: int) -> bool:
        """Whether a suffix apart belongs to what stands here: "RX 5700 with XT bios", "2070 8GB, super Zustand"."""
        text = self.text(at)
        return (skipped > 0 and text in PRAISED) or text.startswith("bios")

    def _is_size(self, at: int) -> bool:
        behind = self.piece(at + 1)
        return self.pieces[at].kind == DIGITS and behind is not None and behind.kind == UNIT

    def _is_series(self, head: Head, piece: Piece, at: int) -> bool:
        """ "GTX 1070 Super JetStream": the super is the board maker's."""
        old = head.number is not None and head.number < self.super_series_before
        found = old and bool(piece.phrases and self.text(at + 1) in piece.phrases)
        if found:
            self.series_at = at
        return found

    STEPS: ClassVar[dict[int, Callable[["Reading", Piece, int], int]]] = {
        HEAD: _head,
        DIGITS: _digits,
        MEMORY: _memory_piece,
        UNIT: _nothing,
        SEPARATOR: _separator,
        TIMES: _times,
        TIMES_BEHIND: _times_behind,
        PART: _part,
        OPENS: _nothing,
    }


def _is_word(word: str, piece: Piece) -> bool:
    return piece.text == word or (word[-1] == "*" and piece.text.startswith(word[:-1]))
