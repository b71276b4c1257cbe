"""Pieces of a title to what they say together: models that are named, memory sizes, counts, and words with their places."""

from dataclasses import dataclass, field

from monitor.core.matching_models import Head, Names
from monitor.core.matching_words import Kind, PartNumber, Piece

FAMILY_REACH = 4  # pieces between a family and its number: "GeForce RTX ASUS Dual 3060"
SHORT_LINES = ("r5", "r7", "r9")  # AMD's cards with three digits, its processors with four
NEVER_FAMILY = ("vendor",)
LARGEST_MEMORY_GB = 300
MOST_CARDS = 64
NONE: frozenset[str] = frozenset()


@dataclass(slots=True)
class Mention:
    """One model that a title names; `head` is `None` for a number that the catalogue and titles.toml do not know."""

    head: Head | None
    line: str
    suffixes: frozenset[str]
    at: int
    end: int  # the piece behind it
    bare: bool = False  # a number without family
    listed: bool = False  # "3070/3080": follows another model with only a separator between


@dataclass(slots=True)
class Word:
    """A word or phrase of the lists."""

    name: str
    at: int
    end: int


@dataclass(slots=True)
class Reading:
    """All that a title says."""

    pieces: list[Piece]
    mentions: list[Mention] = field(default_factory=list[Mention])
    parts: list[PartNumber] = field(default_factory=list[PartNumber])
    memories: list[float] = field(default_factory=list[float])
    words: list[Word] = field(default_factory=list[Word])
    everywhere: frozenset[str] = NONE  # suffixes that count wherever they stand
    names: frozenset[str] = NONE  # classes of `words`
    brand: bool = False
    quantity: int = 1
    several_at: int = -1


class _Reader:
    """One pass over the pieces."""

    def __init__(self, pieces: list[Piece], names: Names) -> None:
        self.pieces = pieces
        self.heads = names.heads
        self.anywhere = names.anywhere
        self.said = Reading(pieces)
        self.family_at = -99
        self.line = ""
        self.cpu_at = -99
        self.named_end = -99  # end of the last mention

    def run(self) -> Reading:
        pieces, said = self.pieces, self.said
        at, count = 0, len(pieces)
        while at < count:
            piece = pieces[at]
            if piece.phrases is not None and (end := self._phrase(piece, at)):
                if said.words and said.words[-1].name == "cut" and said.mentions:
                    break
                at = end
                continue
            kind = piece.kind
            if kind == 0:
                at += 1
            elif kind == Kind.WORD:
                if self._word(piece.value, at):
                    break
                at += 1
            else:
                at = STEPS[kind](self, piece, at)
        said.names = frozenset([word.name for word in said.words])
        return said

    def _phrase(self, piece: Piece, at: int) -> int:
        """The end of the longest phrase that begins here, or 0."""
        pieces = self.pieces
        for words, name in piece.phrases or ():
            end = at + len(words)
            if end > len(pieces):
                continue
            for offset in range(1, len(words)):
                word, text = words[offset], pieces[at + offset].text
                if text != word and not (word[-1] == "*" and text.startswith(word[:-1])):
                    break
            else:
                self._note(name, at, end)
                return end
        return 0

    def _word(self, name: str, at: int) -> bool:
        """Notes a word; true where the rest of the title is about something else."""
        self._note(name, at, at + 1)
        return name == "cut" and bool(self.said.mentions)

    def _note(self, name: str, at: int, end: int) -> None:
        if name == "brand":
            self.said.brand = True
            return
        if name == "cpu":
            self.cpu_at = end - 1
        elif name == "counter":
            self._count(at)
        self.said.words.append(Word(name, at, end))

    def _count(self, at: int) -> None:
        before = self.pieces[at - 1] if at else None
        if before is not None and before.kind == Kind.DIGITS and 2 <= before.value <= MOST_CARDS:
            self.said.quantity, self.said.several_at = before.value, at

    # --- one step for each kind: returns where to go on -------------------------------------------------------------

    def _step_family(self, piece: Piece, at: int) -> int:
        self.said.brand = True
        if piece.value not in NEVER_FAMILY:
            self.line, self.family_at = piece.value, at
        return at + 1

    def _step_separator(self, piece: Piece, at: int) -> int:
        if piece.value is not None:
            self._note(piece.value, at, at + 1)
        if piece.text != "," and at != self.named_end:
            self.family_at = -99
        return at + 1

    def _step_suffix(self, piece: Piece, at: int) -> int:
        if piece.value in self.anywhere:
            self.said.everywhere |= {piece.value}
        return at + 1

    def _step_memory(self, piece: Piece, at: int) -> int:
        self._memory(piece.value, at, at + 1)
        return at + 1

    def _step_digits(self, piece: Piece, at: int) -> int:
        behind = self._piece(at + 1)
        if behind is not None and behind.kind == Kind.UNIT:
            self._memory(piece.value / behind.value, at, at + 2)
            return at + 2
        if behind is not None and behind.text == "x" and piece.value <= MOST_CARDS and not behind.glued:
            return self._times(piece.value, at, at + 2)
        if 100 <= piece.value <= 9999 and self._directly_behind_family(at, behind):
            if self.line in SHORT_LINES and piece.value > 999:
                self._note("cpu", at, at + 1)
                return at + 1
            mention = Mention(None, self.line, NONE, at, at + 1)
            self.said.mentions.append(mention)
            self.named_end = at + 1
        return at + 1

    def _directly_behind_family(self, at: int, behind: Piece | None) -> bool:
        if behind is not None and behind.kind == Kind.FAMILY and behind.glued:
            self.line = behind.value
            return True
        return self.family_at == at - 1 and self.pieces[at - 1].text not in ("nvidia", "amd")

    def _step_times(self, piece: Piece, at: int) -> int:
        return self._times(piece.value, at, at + 1)

    def _times(self, count: int, at: int, end: int) -> int:
        """ "2x RTX 3090" is two cards; "2x HDMI" and "Ventus 2X" are not."""
        behind = self._piece(end)
        if not 2 <= count <= MOST_CARDS or behind is None:
            return end
        is_card = behind.kind in (Kind.FAMILY, Kind.HEAD) or (at <= 1 and self._is_maker(behind))
        after_series = at > 0 and self.pieces[at - 1].value == "brand"
        if is_card and not after_series:
            self.said.quantity, self.said.several_at = count, at
        return end

    def _is_maker(self, piece: Piece) -> bool:
        return piece.kind == Kind.WORD and piece.value in ("brand", "card")

    def _step_times_behind(self, piece: Piece, at: int) -> int:
        """ "RTX 3090 x2" at the end; "iChill X3" is a series."""
        last = at == len(self.pieces) - 1
        after_series = at > 0 and self.pieces[at - 1].text in ("ichill", "twin", "gaming", "windforce", "iceq")
        makes_x = any(piece.text in ("inno3d", "nno3d", "ichill", "his", "inno") for piece in self.pieces)
        if last and not after_series and not makes_x and self.said.mentions and 2 <= piece.value <= MOST_CARDS:
            self.said.quantity, self.said.several_at = piece.value, at
        return at + 1

    def _step_part(self, piece: Piece, at: int) -> int:
        self.said.parts.append(piece.value)
        return at + 1

    def _step_unit(self, piece: Piece, at: int) -> int:
        return at + 1

    def _step_head(self, piece: Piece, at: int) -> int:
        head = self.heads[piece.text]
        if self._is_something_else(head, at):
            return at + 1
        mention = self._numbered(head, at) if head.number else self._named(head, at)
        if mention is None:
            return at + 1
        self.said.mentions.append(mention)
        self.named_end = mention.end
        return at + 1

    # --- models -----------------------------------------------------------------------------------------------------

    def _is_something_else(self, head: Head, at: int) -> bool:
        """A processor's number ("Ryzen 5 5600") or a price ("1080 Ft")."""
        if head.number is None:
            return False
        if self.family_at == at - 1:
            if self.line in SHORT_LINES and head.number > 999:
                self._note("cpu", at, at + 1)
                return True
            return False
        if self.cpu_at >= at - 2:
            self.cpu_at = at
            return True
        behind = self._piece(at + 1)
        return behind is not None and behind.value == "currency"

    def _numbered(self, head: Head, at: int) -> Mention:
        suffixes, end, family_behind = self._suffixes(head, at + 1)
        before = self._piece(at - 1)
        if before is not None and before.kind == Kind.SUFFIX and before.value in head.suffixes:
            suffixes |= {before.value}
        mention = Mention(head, "", frozenset(suffixes), at, end)
        last = self.said.mentions[-1] if self.said.mentions else None
        if last is not None and before is not None and before.kind == Kind.SEPARATOR and last.end == at - 1:
            mention.listed, mention.line = True, last.line
        if at - self.family_at <= FAMILY_REACH + 1 and self.family_at >= self.named_end - 1:
            mention.line = self._line(head, self.line, at)
        elif not mention.line and family_behind:
            mention.line = self._line(head, family_behind, at)
        elif not mention.line:
            mention.bare = True
        return mention

    def _line(self, head: Head, line: str, at: int) -> str:
        """The line that a family means for this number: "Radeon 290X" is one of R9."""
        if (
            line == "radeon"
            and line not in head.lines
            and len(head.lines) == 1
            and self.pieces[self.family_at].text != "rx"
        ):
            return next(iter(head.lines))
        return "quadro" if self._piece_text(at - 1) == "quadro" else line

    def _named(self, head: Head, at: int) -> Mention | None:
        """Codes ("A100") and names ("Titan X"), which need no family but something that belongs to a GPU beside them."""
        suffixes, end, _ = self._suffixes(head, at + 1)
        near = at - self.family_at <= 2
        if head.suffixes & {"gtx", "rtx"}:
            suffixes |= {self._piece_text(at - 1), self._piece_text(at - 2)} & {"gtx", "rtx"} if near else set()
        if head.text.isalpha() and not (near or suffixes & head.suffixes):
            return None
        close = at - self.family_at <= FAMILY_REACH + 1 or any(
            self._piece_text(at - step) in ("tesla", "instinct", "nvidia", "amd", "intel", "arc") for step in (1, 2, 3)
        )
        return Mention(head, "", frozenset(suffixes), at, end, bare=not (close or head.sure or head.text.isalpha()))

    def _suffixes(self, head: Head, at: int) -> tuple[set[str], int, str]:
        """Suffixes behind a head, the end of the name, and a family that stands behind ("3080 RTX")."""
        found: set[str] = set()
        end, family, skipped = at, "", 0
        while (piece := self._piece(at)) is not None and skipped < 4:
            if piece.kind == Kind.SUFFIX:
                if piece.value == "super" and self._is_series(at):
                    break
                found.add(piece.value)
                end = at + 1
            elif piece.kind == Kind.FAMILY and piece.text in head.suffixes:
                following = self._piece(at + 1)
                if following is not None and following.kind == Kind.HEAD:
                    break
                found.add(piece.text)
            elif piece.kind == Kind.FAMILY and piece.value not in NEVER_FAMILY and not family:
                family, skipped = piece.value, skipped + 1
            elif piece.kind == Kind.DIGITS and piece.text in head.suffixes:
                found.add(piece.text)
                end = at + 1
            elif piece.kind in (Kind.MEMORY, Kind.UNIT) or self._is_split_memory(piece, at):
                skipped += 1
            else:
                break
            at += 1
        return found, end, family

    def _is_split_memory(self, piece: Piece, at: int) -> bool:
        behind = self._piece(at + 1)
        return piece.kind == Kind.DIGITS and behind is not None and behind.kind == Kind.UNIT

    def _is_series(self, at: int) -> bool:
        """ "Super JetStream": the super is the board maker's."""
        piece = self.pieces[at]
        behind = self._piece(at + 1)
        return behind is not None and any(
            words[1] == behind.text for words, _ in piece.phrases or () if len(words) == 2
        )

    # --- memory -----------------------------------------------------------------------------------------------------

    def _memory(self, gigabytes: float, at: int, end: int) -> None:
        """A size that is not that of the computer's memory or disk."""
        if not 0 < gigabytes <= LARGEST_MEMORY_GB or gigabytes != int(gigabytes):
            return
        for neighbour in (self._piece(end), self._piece(at - 1)):
            if neighbour is not None and neighbour.value in ("ram", "storage"):
                return
        if gigabytes not in self.said.memories:
            self.said.memories.append(gigabytes)

    def _piece(self, at: int) -> Piece | None:
        return self.pieces[at] if 0 <= at < len(self.pieces) else None

    def _piece_text(self, at: int) -> str:
        return self.pieces[at].text if 0 <= at < len(self.pieces) else ""


STEPS = {
    Kind.FAMILY: _Reader._step_family,
    Kind.HEAD: _Reader._step_head,
    Kind.DIGITS: _Reader._step_digits,
    Kind.SUFFIX: _Reader._step_suffix,
    Kind.MEMORY: _Reader._step_memory,
    Kind.UNIT: _Reader._step_unit,
    Kind.SEPARATOR: _Reader._step_separator,
    Kind.TIMES: _Reader._step_times,
    Kind.TIMES_BEHIND: _Reader._step_times_behind,
    Kind.PART: _Reader._step_part,
}


def read(pieces: list[Piece], names: Names) -> Reading:
    """What the pieces say together."""
    return _Reader(pieces, names).run()
