"""Things for a card: when a title that names a model sells a cooler, a box or a cable, and no card."""

from monitor.core.matching_models import Word
from monitor.core.matching_read import Reading
from monitor.core.matching_words import FAMILY, GPU_WORDS, OPENS, SEPARATOR, STRANGE, SUFFIX, UNKNOWN, WORD

NEAR = 3  # pieces
PACKED = ("ovp",)  # says by custom that the box is there
THINGS = frozenset(["accessory", "trifle", "accessory_maker", "part", "box"])


def accessory(said: Reading) -> Word | None:
    """A thing for a card. What comes with a card ("+ water block") is none."""
    first = said.mentions[0].at if said.mentions else 10_000
    for word in said.words:
        if word.name not in THINGS:
            continue
        if _is_only(word, said) or (not _comes_along(word, said, first) and _is_the_thing(word, said, first)):
            return word
    return _for_a_model(said)


def _is_the_thing(word: Word, said: Reading, first: int) -> bool:
    if word.name in ("accessory", "trifle"):
        return True
    if word.name == "accessory_maker":
        return word.at == 0
    if word.at < first:
        of_cards = any(other.name == "card" and other.end == word.at for other in said.words)  # "GPU fan"
        return bool(said.mentions) and (of_cards or not any_before(said, "card", word.at))
    if _is_head_noun(word, said):
        return True
    if said.featured or "card" in said.names or said.pieces[word.at].text in PACKED:
        return False
    if word.name == "box" and _is_in_a_list(word, said):
        return False
    return not said.memories or _is_last_known(word, said)


def _is_in_a_list(word: Word, said: Reading) -> bool:
    """ "..., box, invoice": what comes with a card whose papers, or maker and memory, are named."""
    after = any(piece.kind == SEPARATOR for piece in said.pieces[max(0, word.at - NEAR) : word.at])
    return after and ("papers" in said.names or (said.maker and bool(said.memories)))


def _is_head_noun(word: Word, said: Reading) -> bool:
    """ "graphics card cooler" at the end of a title, "replacement fan", "ventilador de repuesto"."""
    if word.name != "part":
        return False
    for other in said.words:
        if other.name == "card" and other.end == word.at:
            return _is_last_known(word, said)
        if other.name == "replacement" and (0 <= word.at - other.end <= 1 or 0 <= other.at - word.end <= 1):
            return True
    return False


def _is_last_known(word: Word, said: Reading) -> bool:
    """Whether nothing that the lists know to be of a card stands behind ("... 10GB heatsink assembly")."""
    return all(piece.kind in (UNKNOWN, STRANGE, OPENS, WORD) for piece in said.pieces[word.end :])


def _is_only(word: Word, said: Reading) -> bool:
    return "only" in said.names and any(
        other.name == "only" and -NEAR <= other.at - word.at <= NEAR for other in said.words
    )


def _comes_along(word: Word, said: Reading, first: int) -> bool:
    """ "with backplate", "bracket included"."""
    for other in said.words:
        if other.name == "with" and first < other.at < word.at <= other.end + NEAR:
            return True
        if other.name == "included" and first < word.at and 0 <= other.at - word.end <= 1:
            return True
    return False


def _for_a_model(said: Reading) -> Word | None:
    """ "for RTX 3080", "RTX 3080用"; but not "graphics card for games"."""
    for word in said.words:
        if word.name == "for_behind" and any(0 <= word.at - mention.end <= 1 for mention in said.mentions):
            return word
        if word.name != "for" or (any_before(said, "card", word.at) and not said.names & THINGS):
            continue
        for mention in said.mentions:
            between = said.pieces[word.end : mention.at]
            if 0 <= mention.at - word.end <= NEAR and all(
                _belongs_to_name(piece.kind, piece.value) for piece in between
            ):
                return word
    return None


def _belongs_to_name(kind: int, value: object) -> bool:
    return kind in (FAMILY, SUFFIX) or value in GPU_WORDS


def any_before(said: Reading, name: str, at: int) -> bool:
    return name in said.names and any(word.name == name and word.at < at for word in said.words)
