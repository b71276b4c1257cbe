"""Words that would speak against a card, and do not where they stand: a fault, a suffix or mining that is denied ("sin
artefactos", "nicht Super", "не с майнинга"), what is given away with a card ("送滑鼠墊", "tapis de souris offert"), the
computer that it came from and the laptop that it is sold for."""

from monitor.core.matching_models import Word
from monitor.core.matching_read import Reading
from monitor.core.matching_things import THINGS
from monitor.core.matching_words import BRAND, DIGITS, FAMILY, HEAD, MEMORY, SEPARATOR, SHORTENED, SUFFIX, SUSPECT, UNIT

JOINING = frozenset("and or und oder et ou y o e ni i lub и или та або ani vagy es".split())  # noqa: SIM905
DENIALS = ("without", "never", "negation")
BEHIND = frozenset("없음 없습니다 없어요 なし 無し ナシ mentes nelkul".split())  # noqa: SIM905 - they deny what stands before them
EASTERN_NO = tuple("无没不未非無沒")
STOPS = frozenset([",", "/", "+", "|", "&"])
MINING = ("mining", "майн", "маин", "miner", "minad", "minat", "minag", "banya", "kopa")  # as far as the ending
MINING_NEAR = 4  # pieces: "não usada em mineração"
SEEN = ("был", "вид", "бач", "использ", "участв", "знал", "бул")  # "в майнинге не была", "майнинг не видела"
SUFFIX_NEAR = 2  # pieces: "nicht Ti", "pas la Ti", "non-XT"
MEMORY_NOUN = "显存"  # chips of it are sold too
# what is not sold where a seller tells why the card is, or where it was
TOLD = {
    "reason": frozenset(["pc", "pc_weak", "laptop", "other", "cpu"]),
    "taken": frozenset(["pc", "pc_weak", "cpu"]),
    "for": frozenset(["other"]),  # "für kleine Gehäuse"
    "without": frozenset(["other", "storage", "ram"]),  # "ohne Netzteil"
}
CUT_OFF = 7  # pieces; titles that a page cuts off are long
TOLD_NEAR = 5  # pieces
RENEWED = ("accessory", "part", "trifle")
SMALL = ("backplate", "bracket", "slotbl", "blende", "adapter", "adaptador", "staffa", "equerre", "планк", "бекплеит")
RENEWED_NEAR = 1  # pieces between
OF_CARDS = (BRAND, FAMILY, HEAD, SUFFIX, MEMORY, UNIT, DIGITS)


def excuse(said: Reading) -> None:
    """Takes such words out of a reading."""
    last = len(said.pieces) - 1
    if said.strange and said.strange[-1] == last >= CUT_OFF and said.pieces[last].value == SHORTENED:
        said.strange.pop()
    if "broken" in said.names:
        _denied(said)
    if ("gift" in said.names or "gifted" in said.names) and said.mentions:
        _given(said)
    if not said.names.isdisjoint(TOLD) and said.mentions:
        _told(said)
    if "renewed" in said.names and said.alarming and said.mentions and said.maker:
        _renewed(said)
    if "accessory" in said.names or "storage" in said.names:
        _sized(said)
    if not said.names.isdisjoint(DENIALS):
        _denied_suffix(said)
        _denied_mining(said)
        _denied_use(said)


def _told(said: Reading) -> None:
    """ "wegen Umstieg auf Laptop", "из рабочего компьютера": behind the name, up to the next comma."""
    excused: list[Word] = []
    for told in said.words:
        if told.name not in TOLD or told.at < said.mentions[0].end:
            continue
        behind = said.pieces[told.end : told.end + TOLD_NEAR]
        end = told.end + next((at for at, piece in enumerate(behind) if piece.kind == SEPARATOR), len(behind))
        excused += [word for word in said.words if told.end <= word.at < end and word.name in TOLD[told.name]]
        if told.name == "reason":  # "wegen Umstieg auf RTX 4080"
            said.mentions = [one for one in said.mentions if not told.end <= one.at < end]
    said.words = [word for word in said.words if word not in excused]
    said.names = {word.name for word in said.words}


def _renewed(said: Reading) -> None:
    """ "Wärmeleitpads frisch gewechselt": parts of the card, named behind it beside a word that says so."""
    renewed = [word for word in said.words if word.name == "renewed"]
    first = said.mentions[0].end
    said.words = [
        word
        for word in said.words
        if word.name not in RENEWED
        or word.at < first
        or all(min(abs(other.at - word.end), abs(word.at - other.end)) > RENEWED_NEAR for other in renewed)
    ]
    said.names = {word.name for word in said.words}


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


def _denied_use(said: Reading) -> None:
    """ "nie grał", "não usei", "never installed": what the owner did not do, which is no fault."""
    done = {word.at for word in said.words if word.name in ("owner", "used", "mounted", "renewed")}
    done |= {word.at for word in said.words if word.name == "negation" and word.end in done}  # "nigdy nie grał"
    said.words = [word for word in said.words if not (word.name in ("negation", "never") and word.end in done)]
    if said.mentions:
        _missing(said)
    said.names = {word.name for word in said.words}


def _missing(said: Reading) -> None:
    """ "no bracket", "ohne Backplate": behind the name of a card that is sold without. Its cooler it needs."""
    first = said.mentions[0].end
    denials = {word.end: word.at for word in said.words if word.name in ("negation", "without") and word.at >= first}
    things = {word.at for word in said.words if word.at in denials and _is_small(word, said)}
    gone = things | {denials[at] for at in things}
    said.words = [word for word in said.words if word.at not in gone]


def _is_small(word: Word, said: Reading) -> bool:
    return word.name == "trifle" or (word.name in RENEWED and said.text(word.at).startswith(SMALL))


def _mined(said: Reading, at: int) -> bool:
    """Whether a word for mining follows before the next comma."""
    for piece in said.pieces[at : at + MINING_NEAR]:
        if piece.text.startswith(MINING):
            return True
        if piece.kind == SEPARATOR:
            return False
    return False


def _denied(said: Reading) -> None:
    """A fault right behind a denial or before one ("불량 없음"), and one that is joined to it. Nothing may stand
    between ("ohne OVP, defekt"), but for a verb behind "never"."""
    words = said.words
    ends = {word.end for word in words if word.name in DENIALS}
    ends |= {word.end + 1 for word in words if word.name == "never" and said.text(word.end) not in STOPS}
    denied: set[int] = set()  # places
    for word in words:
        joined = word.at - 1 in ends and said.text(word.at - 1) in JOINING
        glued = word.at > 0 and said.text(word.at - 1).endswith(EASTERN_NO)
        behind = said.text(word.end) in BEHIND
        if word.name == "broken" and (word.at in ends or behind or joined or glued):
            denied.update((word.at, word.end if behind else word.at))
            ends.add(word.end)
    beside = {word.at for word in words if word.name in ("negation", "never")}
    denied |= {word.at for word in words if word.at in beside and (word.end in denied or word.end + 1 in denied)}
    said.words = [word for word in words if word.at not in denied]
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
