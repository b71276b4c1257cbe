"""Words that would speak against a card, and do not where they stand: a fault, a suffix or mining that is denied ("sin
artefactos", "nicht Super", "не с майнинга"), what is given away with a card ("送滑鼠墊", "tapis de souris offert")."""

from monitor.core.matching_models import Word
from monitor.core.matching_read import Reading
from monitor.core.matching_things import THINGS
from monitor.core.matching_words import BRAND, DIGITS, FAMILY, HEAD, MEMORY, SEPARATOR, SUFFIX, SUSPECT, UNIT

JOINING = frozenset("and or und oder et ou y o e ni i lub и или та або ani vagy es".split())  # noqa: SIM905
DENYING = ("without", "never")
DENIALS = (*DENYING, "negation")
MINING = ("mining", "майн", "маин", "miner", "minad", "minat", "minag", "banya", "kopa")  # as far as the ending
MINING_NEAR = 4  # pieces: "não usada em mineração"
SEEN = ("был", "вид", "бач", "использ", "участв", "знал", "бул")  # "в майнинге не была", "майнинг не видела"
SUFFIX_NEAR = 2  # pieces: "nicht Ti", "pas la Ti", "non-XT"
MEMORY_NOUN = "显存"  # chips of it are sold too
OF_CARDS = (BRAND, FAMILY, HEAD, SUFFIX, MEMORY, UNIT, DIGITS)


def excuse(said: Reading) -> None:
    """Takes such words out of a reading."""
    if "broken" in said.names and not said.names.isdisjoint(DENYING):
        _denied(said)
    if ("gift" in said.names or "gifted" in said.names) and said.mentions:
        _given(said)
    if "accessory" in said.names or "storage" in said.names:
        _sized(said)
    if not said.names.isdisjoint(DENIALS):
        _denied_suffix(said)
        _denied_mining(said)


def _sized(said: Reading) -> None:
    """ "24G显存": the noun of the size. "MI325X 256GB": the size of a card, which otherwise is one of a disk."""
    nouns = {at + 1 for at, piece in enumerate(said.pieces) if piece.kind in (MEMORY, UNIT)}
    heads = [mention.head for mention in said.mentions if mention.head is not None]
    sizes = {
        f"{size:g}gb" for head in heads for models in head.models.values() for one in models for size in one.memory_gb
    }
    said.words = [
        word
        for word in said.words
        if not (word.at in nouns and said.text(word.at) == MEMORY_NOUN)
        and not (word.name == "storage" and said.text(word.at) in sizes)
    ]
    said.names = {word.name for word in said.words}


def _denied_suffix(said: Reading) -> None:
    """ "8GB (nicht Super)": what the card is not, behind the name of what it is."""
    denied: list[Word] = []
    for word in said.words:
        if word.name not in DENIALS or not said.mentions or word.at < said.mentions[0].end:
            continue
        suffix = next((at for at in said.loose if word.end <= at < word.end + SUFFIX_NEAR), None)
        if suffix is not None:
            denied.append(word)
            said.loose.remove(suffix)
    said.words = [word for word in said.words if word not in denied]
    said.names = {word.name for word in said.words}


def _denied_mining(said: Reading) -> None:
    """ "не с майнинга", "в майнинге не была": words for mining alone say nothing, but a negation would."""
    if not any(piece.text.startswith(MINING) for piece in said.pieces):
        return
    denied = [
        word
        for word in said.words
        if word.name in DENIALS and (_mined(said, word.end) or said.text(word.end).startswith(SEEN))
    ]
    said.words = [word for word in said.words if word not in denied]
    said.names = {word.name for word in said.words}


def _mined(said: Reading, at: int) -> bool:
    """Whether a word for mining follows before the next comma."""
    for piece in said.pieces[at : at + MINING_NEAR]:
        if piece.text.startswith(MINING):
            return True
        if piece.kind == SEPARATOR:
            return False
    return False


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
