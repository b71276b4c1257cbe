"""What makes a reading of a title too unsure: it then matches nothing ("ambiguous"), whatever it seems to name.

The word lists know what speaks against a card in fourteen languages, never all of it. So a title must also account for
its words: one that no list knows may be the name of a thing that is sold for cards, or say that the card is dead.
"""

from collections.abc import Callable

from monitor.core.matching_models import Model
from monitor.core.matching_read import Mention, Reading

FAR_AWAY = 10_000
ORDINARY = frozenset(["card", "new", "used", "refurbished", "with", "included"])


def doubt_of(said: Reading, model: Model) -> str:
    """The word that makes it doubtful that one card of this model is sold, or ""."""
    if not said.strange and "negation" not in said.names and len(said.mentions) < 2 and len(said.memories) < 2:
        return ""  # nine titles in ten
    for rule in RULES:
        evidence = rule(said, model)
        if evidence:
            return evidence
    return ""


def _strange_thing(said: Reading, model: Model) -> str:
    """An unknown word before the model is what is sold ("Originalkarton RTX 3090"), unless both a maker and the model's
    memory say that it is the card. Behind the model one word may be a series or a place where a maker stands by it and
    the memory or a word for cards does, and two where an ordinary offer's words do; more are a remark that may say
    anything ("stürzt unter Last ab"), but for a shop's full title."""
    if not said.strange:
        return ""
    first = said.mentions[0].at if said.mentions else FAR_AWAY
    sized = said.maker and any(size in model.memory_gb for size in said.memories)
    likely = sized or (said.maker and "card" in said.names)
    remarks = 0
    for at in said.strange:
        if not (sized if at < first else likely):
            return said.text(at)
        remarks += at > max(first, said.memory_at)
    most = 2 if sized and said.names & ORDINARY else 1
    return said.text(said.strange[-1]) if remarks > most and not said.featured else ""


def _added(said: Reading, model: Model) -> str:
    """ "+ an unknown word": it is sold too."""
    for word in said.words:
        if word.name == "with" and said.text(word.at) == "+" and word.end in said.strange:
            return said.text(word.end)
    return ""


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
    """True for a number that is no part of a part number and no comparison ("3090-es szint")."""
    return not (said.pieces[mention.at].glued or said.pieces[mention.end - 1].glued)


def _two_memories(said: Reading, model: Model) -> str:
    """The memory of another card with the same number: "RTX 3060 12GB, 8GB"."""
    head = said.mentions[0].head if said.mentions else None
    if head is None or not model.memory_gb or len(said.memories) < 2:
        return ""
    of_others = {size for models in head.models.values() for other in models for size in other.memory_gb}
    other = [size for size in said.memories if size in of_others - model.memory_gb]
    return f"{other[0]:g}gb" if other else ""


RULES: tuple[Callable[[Reading, Model], str], ...] = (_strange_thing, _added, _negated, _another_number, _two_memories)
