"""What makes a reading of a title too unsure: it then matches nothing (mostly "ambiguous"), whatever it seems to name.

The word lists know what speaks against a card in many languages, never all of it. So a title must also account for
its words: one that no list knows may be the name of a thing that is sold for cards, or say that the card is dead.
"""

from collections.abc import Callable

from monitor.core.matching_also import named_twice, sold_too
from monitor.core.matching_models import Mention, Model
from monitor.core.matching_read import Reading
from monitor.core.matching_words import BRAND, FAMILY, MEMORY, SEPARATOR

FAR_AWAY = 10_000
STRONG = frozenset(["ti", "super", "xt", "xtx", "gre"])
OF_CARD = (BRAND, MEMORY)
WRITTEN_OUT = frozenset(["geforce", "radeon"])
STORY = 5  # unknown words beside one that only owners of cards say: "comprei e não usei, mudei de ideia"
SHORT = frozenset(["rtx", "gtx", "rx"])
LEVELS = ("szint", "szintu", "szintje", "szinten", "level", "niveau", "niveaus", "уровень", "уровня", "рiвень", "рiвня")
ORDINARY = frozenset(["card", "new", "used", "refurbished", "with", "included"])


def doubt_of(said: Reading, model: Model) -> tuple[str, str] | None:
    """The reason and the word that make it doubtful that one card of this model is sold, or `None`."""
    if (
        not said.strange
        and "negation" not in said.names
        and len(said.mentions) < 2
        and len(said.memories) < 2
        and not said.loose
        and "with" not in said.names
        and said.series_at < 0
    ):
        return None  # most titles
    for reason, rule in RULES:
        evidence = rule(said, model)
        if evidence:
            return reason, evidence
    return None


def _strange_thing(said: Reading, model: Model) -> str:
    """An unknown word before the model is what is sold ("Originalkarton RTX 3090"), unless the model's memory and a
    maker, or a word for cards, say that it is the card. Behind the model one may be a series, a place or a remark
    where a maker or the memory stands by it, and two where an ordinary offer's words do or behind a comma; more may
    say anything ("stürzt unter Last ab"), but for a shop's full title and an owner's story of a card with maker and
    memory. What stands among the card's own parts, or between a maker and a name in full, is none of them."""
    if not said.strange:
        return ""
    first = said.mentions[0].at if said.mentions else FAR_AWAY
    memory = any(size in model.memory_gb for size in said.memories)
    card = "card" in said.names
    sized = said.maker and memory
    full = said.maker and _full_name(said, first)
    before = sum(at < first for at in said.strange)
    if before and not (sized or (memory and card and before == 1) or (full and _behind_maker(said, first))):
        return said.text(said.strange[0])
    if said.suspect and not said.featured:
        return said.suspect
    if before == len(said.strange):
        return ""
    if not (said.maker or memory):
        return said.text(said.strange[-1])
    last = _last_of_card(said)
    trailing = [at for at in said.strange if at > last]
    inside = len(said.strange) - before - len(trailing)
    if inside and not sized:
        trailing = [at for at in said.strange if at > first]
    most = 2 if full or (sized and said.names & ORDINARY) or (trailing and _set_apart(said, last, trailing[0])) else 1
    if sized and "owner" in said.names:
        most = STORY
    return said.text(said.strange[-1]) if len(trailing) > most and not said.featured else ""


def _full_name(said: Reading, first: int) -> bool:
    """ "GeForce RTX 3080", "Radeon RX 6800": sellers of coolers and boxes say "RTX 3080"."""
    lines = {piece.text for piece in said.pieces[:first] if piece.kind == FAMILY}
    return not lines.isdisjoint(WRITTEN_OUT) and not lines.isdisjoint(SHORT)


def _behind_maker(said: Reading, first: int) -> bool:
    """Unknown words between a maker and the name are its series: "PowerColor Rojo Devil Radeon RX 6900 XT"."""
    maker = next((at for at, piece in enumerate(said.pieces[:first]) if piece.text in said.makers), first)
    return all(at > maker for at in said.strange if at < first)


def _set_apart(said: Reading, last: int, at: int) -> bool:
    """True for a remark behind a comma or a stroke, which is no name of a thing: those follow the model directly."""
    return any(piece.kind == SEPARATOR and piece.value is None for piece in said.pieces[last:at])


def _last_of_card(said: Reading) -> int:
    """The last place of a maker, a series, a memory size or the noun: an unknown word before it stands among what a
    card is made of. The model's name itself may be said again behind a remark."""
    noun = max((word.end - 1 for word in said.words if word.name == "card"), default=0)
    first = said.mentions[0].at if said.mentions else 0
    return max((noun, first, *(at for at, piece in enumerate(said.pieces) if piece.kind in OF_CARD)))


def _negated(said: Reading, model: Model) -> str:
    """ "does not ..." with words that no phrase of the lists knows."""
    for word in said.words:
        if word.name == "negation":
            return said.text(word.at)
    return ""


def _another_number(said: Reading, model: Model) -> str:
    """Another model's number without its family: "RTX 3060 3070 3080", "swap RTX 3060, 3070"."""
    if len(said.mentions) < 2:
        return ""
    sold = next((mention.head for mention in said.mentions if not mention.bare), said.mentions[0].head)
    for mention in said.mentions:
        if mention.bare and mention.head is not sold and _stands_free(mention, said):
            return said.text(mention.at)
    return ""


def _stands_free(mention: Mention, said: Reading) -> bool:
    """True for a number that is no part of a part number and no comparison ("3090-es szint", "3070 szint")."""
    if said.text(mention.end) in LEVELS:
        return False
    return not (said.pieces[mention.at].glued or said.pieces[mention.end - 1].glued)


def _two_memories(said: Reading, model: Model) -> str:
    """The memory of another card with the same number: "RTX 3060 12GB, 8GB"."""
    head = said.mentions[0].head if said.mentions else None
    if head is None or not model.memory_gb or len(said.memories) < 2:
        return ""
    of_others = {size for models in head.models.values() for other in models for size in other.memory_gb}
    other = [size for size in said.memories if size in of_others - model.memory_gb]
    return f"{other[0]:g}gb" if other else ""


def _loose_suffix(said: Reading, model: Model) -> str:
    """A suffix apart from the number, which may make another model of it: "GTX 1660 StormX 6GB Super"."""
    if not said.loose or not said.mentions:
        return ""
    mention = next((mention for mention in said.mentions if mention.head is not None), None)
    if mention is None or mention.head is None:
        return ""
    for at in said.loose:
        if any(one.at - 1 <= at < one.end for one in said.mentions) or _is_remark(at, mention, said):
            continue
        meaning = said.pieces[at].value & STRONG & mention.head.suffixes
        if meaning - mention.suffixes:
            return said.text(at)
    return ""


def _is_remark(at: int, mention: Mention, said: Reading) -> bool:
    """True for what stands behind a separator ("..., chipset Nvidia, Ti")."""
    return any(piece.kind == SEPARATOR for piece in said.pieces[mention.end : at])


def _series_of_old(said: Reading, model: Model) -> str:
    """ "RTX 2070 Super JetStream": a series of Palit's until 2019, and from then on a Super of the series JetStream."""
    if said.series_at < 0 or not said.mentions or said.mentions[0].head is None:
        return ""
    mention = said.mentions[0]
    super_too = (mention.line, mention.suffixes | {"super"})
    return said.text(said.series_at) if mention.head is not None and super_too in mention.head.models else ""


RULES: tuple[tuple[str, Callable[[Reading, Model], str]], ...] = (
    ("ambiguous", _strange_thing),
    ("bundle", sold_too),
    ("several_cards", named_twice),
    ("ambiguous", _negated),
    ("ambiguous", _another_number),
    ("ambiguous", _two_memories),
    ("ambiguous", _loose_suffix),
    ("ambiguous", _series_of_old),
)
