"""What is sold: the rules that turn the reading of a title into a card, or into the reason why it is none."""

from monitor.core.matching_models import Mention, Model, Names, Word, choose
from monitor.core.matching_read import Reading
from monitor.core.matching_things import NEAR, accessory, any_before
from monitor.core.matching_words import (
    SEPARATOR,
    PartNumber,
)
from monitor.core.models import Condition

JOINING = frozenset(["and", "und", "et", "y", "e", "es", "и", "та", "en", "oraz", "+", "&"])
LISTING = ("with", "or")
BUNDLED = ("bundle", "cpu", "other", "storage")
COMPUTER_PARTS = frozenset(["cpu", "ram", "storage"])
SERIES = ("series", "serie", "series.", "serija", "serii", "серии", "серия", "серіі", "cерия", "シリーズ")


def condition_of(said: Reading) -> Condition:
    """As the title says it; of "new" and "used" the first counts."""
    if "refurbished" in said.names:
        return Condition.REFURBISHED
    for word in said.words:
        if word.name == "new":
            return Condition.NEW
        if word.name == "used":
            return Condition.USED
    return Condition.UNKNOWN


def why_not_one_card(said: Reading) -> tuple[str, str] | None:
    """The reason that speaks against a single card and the words that say so, or `None`."""
    if said.alarming and not said.mentions and not said.parts:
        return _without_model(said)
    if said.alarming or "with" in said.names or "swap" in said.names:
        for reason, rule in RULES:
            word = rule(said)
            if word is not None:
                return reason, _text(word, said)
    if said.several_at >= 0 and said.mentions:
        return "several_cards", f"{said.quantity} x"
    return None


def what_model(said: Reading, names: Names) -> Model | str:
    """The model that the title names, or why none."""
    mentions = _distinct(said)
    if len(mentions) > 1:
        return "several_models"
    if mentions and any(_is_of_another_card(part, names) for part in said.parts):
        return "unknown_model"
    if mentions:
        return _of_mention(mentions[0], said, names)
    if said.parts:
        return _of_part(said.parts[0], said, names)
    return _nothing_named(said)


def _without_model(said: Reading) -> tuple[str, str] | None:
    """Where no model is named the first word that says what is sold decides."""
    for word in said.words:
        reason = ALONE.get(word.name)
        if reason is not None:
            return reason, _text(word, said)
    return None


def _text(word: Word, said: Reading) -> str:
    return " ".join(piece.text for piece in said.pieces[word.at : word.end])


# --- what speaks against a card --------------------------------------------------------------------------------------


def _external(said: Reading) -> Word | None:
    return _first(said, "external")


def _laptop(said: Reading) -> Word | None:
    return _first(said, "laptop")


def _computer(said: Reading) -> Word | None:
    """A whole computer: a word for it (unless the card is "for PC"), or a processor with memory or disk."""
    evidence = said.names & COMPUTER_PARTS
    for word in said.words:
        if word.name == "pc" and (evidence or not _is_card_for_pc(word, said)):
            return word
        if word.name == "pc_weak" and (evidence or _starts_without_card(word, said)):
            return word
    return _first(said, min(evidence)) if len(evidence) > 1 else None


def _starts_without_card(word: Word, said: Reading) -> bool:
    return "card" not in said.names and (not said.mentions or word.at < said.mentions[0].at)


def _is_card_for_pc(word: Word, said: Reading) -> bool:
    """ "graphics card for PC", "desktop graphics card"."""
    if any_before(said, "card", word.at):
        return True
    return any(
        (other.name == "for" and 0 <= word.at - other.end <= 1)
        or (other.name == "card" and 0 <= other.at - word.end <= 2)
        for other in said.words
    )


def _bundle(said: Reading) -> Word | None:
    if not said.mentions and not said.parts:
        return None
    return next(filter(None, (_first(said, name) for name in BUNDLED)), None) or _added(said)


def _added(said: Reading) -> Word | None:
    """ "+ water block": both are sold, unless the block sits on the card."""
    if "mounted" in said.names:
        return None
    for plus in said.words:
        if plus.name == "with" and said.pieces[plus.at].text in ("+", "&"):
            for word in said.words:
                if word.name in ("accessory", "part") and plus.end <= word.at <= plus.end + NEAR:
                    return word
    return None


def _wanted(said: Reading) -> Word | None:
    return _first(said, "wanted")


def _swapped(said: Reading) -> Word | None:
    """ "RTX 4080 swap for RTX 4090": no price is asked; "swap RTX 4080": neither, unless it is also for sale."""
    word = _first(said, "swap")
    if word is None or said.swapped:
        return word
    return word if said.mentions and word.at < said.mentions[0].at else None


def _rig(said: Reading) -> Word | None:
    return _first(said, "rig")


def _broken(said: Reading) -> Word | None:
    return _first(said, "broken")


def _lot(said: Reading) -> Word | None:
    if not said.mentions or _distinct(said)[1:]:
        return None
    first = said.mentions[0].at
    for word in said.words:
        if word.name == "lot" or (word.name == "number" and _counts(word, said, first)):
            return word
        if word.name == "with" and word.at > first and _joins_series(word, said):
            return word
    return None


def _counts(word: Word, said: Reading, first: int) -> bool:
    """ "two RTX 3090", "two cards RTX 3090"."""
    behind = said.piece(word.end)
    if behind is not None and behind.value in ("card", "counter"):
        return True
    if any(other.name == "card" and other.at == word.end for other in said.words):  # of two words
        return True
    return 0 <= first - word.end <= 1


def _joins_series(word: Word, said: Reading) -> bool:
    """ "RTX 3080 Zotac Trinity and Amp Holo" are two cards."""
    if word.end >= len(said.pieces) or said.pieces[word.at].text not in JOINING:
        return False
    return said.pieces[word.at - 1].value == "brand" and said.pieces[word.end].value == "brand"


def _first(said: Reading, name: str) -> Word | None:
    if name not in said.names:
        return None
    return next(word for word in said.words if word.name == name)


ALONE = {
    "accessory": "accessory",
    "trifle": "accessory",
    "accessory_maker": "accessory",
    "wanted": "ambiguous",
    "rig": "whole_pc",
    "laptop": "laptop",
    "pc": "whole_pc",
    "pc_weak": "whole_pc",
    "cpu": "not_a_gpu",
    "ram": "not_a_gpu",
    "storage": "not_a_gpu",
    "other": "not_a_gpu",
}
RULES = (
    ("accessory", accessory),
    ("ambiguous", _wanted),
    ("ambiguous", _swapped),
    ("whole_pc", _rig),
    ("bundle", _external),
    ("laptop", _laptop),
    ("whole_pc", _computer),
    ("bundle", _bundle),
    ("broken", _broken),
    ("several_cards", _lot),
)


# --- which model ------------------------------------------------------------------------------------------------------


def _distinct(said: Reading) -> list[Mention]:
    """Models that are different; the same one said again with less ("RTX 3080 Ti ... RTX 3080") counts once."""
    mentions = said.mentions
    if len(mentions) < 2:
        return mentions
    if any(not mention.bare for mention in mentions):
        mentions = [mention for mention in mentions if not mention.bare or mention.listed]
    kept: list[Mention] = []
    for mention in mentions:
        same = [other for other in kept if _says_the_same(mention, other, said)]
        if not same:
            kept.append(mention)
        elif len(mention.suffixes) > len(same[0].suffixes):
            kept[kept.index(same[0])] = mention
    if len(kept) > 1:
        kept = [mention for mention in kept if not _is_series_number(mention, said)] or kept
    return kept


def _says_the_same(mention: Mention, other: Mention, said: Reading) -> bool:
    if mention.head is None or mention.head is not other.head:
        return mention.head is other.head and said.pieces[mention.at].text == said.pieces[other.at].text
    one, two = _telling(mention), _telling(other)
    if one == two:
        return True
    between = said.pieces[other.end : mention.at]
    if len(between) <= NEAR and any(piece.kind == SEPARATOR or piece.value in LISTING for piece in between):
        return False  # "3060 / 3060 Ti" is a list
    return one < two or two < one


def _telling(mention: Mention) -> frozenset[str]:
    assert mention.head is not None
    return mention.suffixes & (mention.head.suffixes | {"ti", "super", "xt", "xtx", "gre"})


def _is_series_number(mention: Mention, said: Reading) -> bool:
    """ "RTX 3000 series", "Radeon 6000", "RX 500 Series"."""
    number = said.pieces[mention.at].value if mention.head is None else mention.head.number
    if not isinstance(number, int) or not number or mention.suffixes:
        return False
    return number % 1000 == 0 or (number % 100 == 0 and said.text(mention.end) in SERIES)


def _of_mention(mention: Mention, said: Reading, names: Names) -> Model | str:
    head = mention.head
    if head is None:
        return "unknown_model"
    line = mention.line
    if mention.bare and head.number:
        if not _is_believed(mention, said, names):
            return "ambiguous" if said.brand or "card" in said.names else "not_a_gpu"
        line = next(iter(head.lines)) if len(head.lines) == 1 else ""
    elif mention.bare and not (said.brand or said.names & {"card"} or _fits_memory(mention, said)):
        return "not_a_gpu"
    if (mention.suffixes & names.laptop) - head.suffixes:
        return "laptop"
    return choose(head, line, mention.suffixes | said.everywhere, tuple(said.memories), names)


def _is_believed(mention: Mention, said: Reading, names: Names) -> bool:
    """A number without family is a model where a suffix, a maker or a memory size stands by it."""
    assert mention.head is not None
    assert mention.head.number is not None
    context = said.brand or "card" in said.names or any(piece.text.startswith(names.signs) for piece in said.pieces)
    if mention.suffixes & names.strong & mention.head.suffixes:
        return True
    if mention.head.number < 1000 or "radeon" in mention.head.lines:
        return context and _fits_memory(mention, said)
    return context or _fits_memory(mention, said)


def _fits_memory(mention: Mention, said: Reading) -> bool:
    assert mention.head is not None
    sizes = {size for models in mention.head.models.values() for model in models for size in model.memory_gb}
    return any(size in sizes for size in said.memories)


def _is_of_another_card(part: PartNumber, names: Names) -> bool:
    """ "GV-NP106D5-6G GTX 1060" is a card for mining."""
    head = names.heads.get(part.head)
    if head is None or head.number:
        return False
    return all(model.name is None for models in head.models.values() for model in models)


def _of_part(part: PartNumber, said: Reading, names: Names) -> Model | str:
    if part.name is not None:
        return names.by_name.get(part.name, "unknown_model")
    if not part.head.strip("0"):
        return "ambiguous"
    head = names.heads.get(part.head)
    if head is None:
        return "unknown_model"
    return choose(head, part.line if head.number else "", part.suffixes, tuple(said.memories), names)


def _nothing_named(said: Reading) -> str:
    if said.names & COMPUTER_PARTS or "other" in said.names:
        return "not_a_gpu"
    return "ambiguous" if said.brand or "card" in said.names else "not_a_gpu"
