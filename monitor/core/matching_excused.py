"""Words that would speak against a card, and do not where they stand: a fault that is denied ("sin artefactos"), what
is given away with a card ("送滑鼠墊", "tapis de souris offert")."""

from monitor.core.matching_read import Reading
from monitor.core.matching_things import THINGS
from monitor.core.matching_words import BRAND, DIGITS, FAMILY, HEAD, MEMORY, SEPARATOR, SUFFIX, SUSPECT, UNIT

JOINING = frozenset("and or und oder et ou y o e ni i lub и или та або ani vagy es".split())  # noqa: SIM905
DENYING = ("without", "never")
MEMORY_NOUN = "显存"  # chips of it are sold too
OF_CARDS = (BRAND, FAMILY, HEAD, SUFFIX, MEMORY, UNIT, DIGITS)


def excuse(said: Reading) -> None:
    """Takes such words out of a reading."""
    if "broken" in said.names and not said.names.isdisjoint(DENYING):
        _denied(said)
    if ("gift" in said.names or "gifted" in said.names) and said.mentions:
        _given(said)
    if "accessory" in said.names:
        _sized(said)


def _sized(said: Reading) -> None:
    """ "24G显存": the noun of the size."""
    sizes = {at + 1 for at, piece in enumerate(said.pieces) if piece.kind in (MEMORY, UNIT)}
    said.words = [word for word in said.words if word.at not in sizes or said.text(word.at) != MEMORY_NOUN]
    said.names = {word.name for word in said.words}


def _denied(said: Reading) -> None:
    """A fault right behind "without" or "never", and one that is joined to it. Nothing may stand between: "ohne OVP,
    defekt"."""
    ends = {word.end for word in said.words if word.name in DENYING}
    denied: list[int] = []
    for at, word in enumerate(said.words):
        joined = word.at - 1 in ends and said.text(word.at - 1) in JOINING
        if word.name == "broken" and (word.at in ends or joined):
            denied.append(at)
            ends.add(word.end)
    denied += [at - 1 for at in denied if at and said.words[at - 1].name == "never"]
    said.words = [word for at, word in enumerate(said.words) if at not in denied]
    said.names = {word.name for word in said.words}


def _given(said: Reading) -> None:
    """What follows a word such as "送", or stands before one such as "offert", up to what belongs to the card."""
    given: set[int] = set()
    for word in said.words:
        if word.at < said.mentions[0].end or word.name not in ("gift", "gifted"):
            continue
        if word.name == "gift":
            at = word.end
            while at < len(said.pieces) and said.pieces[at].kind != SEPARATOR:
                given.add(at)
                at += 1
        else:
            at = word.at - 1
            while said.pieces[at].kind not in (SEPARATOR, *OF_CARDS):
                given.add(at)
                at -= 1
    said.strange = [at for at in said.strange if at not in given]
    said.suspect = next((said.text(at) for at in said.strange if said.pieces[at].value is SUSPECT), "")
    said.words = [word for word in said.words if word.at not in given or word.name not in THINGS]
    said.names = {word.name for word in said.words}
