"""What a title sells beside the card, though no list knows it: an article behind a "+", or the same model once more
from another maker. Shops and sellers write thousands of boards, power supplies and cases; their codes look alike."""

from itertools import pairwise

from monitor.core.matching_models import Model
from monitor.core.matching_read import Reading
from monitor.core.matching_words import (
    DIGITS,
    HEAD,
    OPENS,
    SEPARATOR,
    STRANGE,
    SUFFIX,
    UNKNOWN,
    WORD,
    Piece,
)

PLUS = ("+", "&")
LINKS = frozenset("with mit inkl avec con com met incl including includes plus und and и та oraz et".split())  # noqa: SIM905
ENUMERATING = frozenset([",", "/", "+", "&", "and", "und", "et", "y", "e", "es", "и", "та", "en", "oraz", "i"])
# word classes of what may come with any card
EXPLAINING = frozenset(
    ["box", "papers", "trifle", "included", "port", "new", "used", "refurbished", "mounted", "gift", "gifted", "card"]
)
REACH = 6  # pieces behind a "+"
SHORTEST_CODE = 3  # digits
LONGEST_LETTERS = 5  # of a code: "gp-pb500w", "b450m"
YEARS = range(2010, 2035)
NEXT = 3  # pieces behind a "+" among which a maker's name counts


def sold_too(said: Reading, model: Model) -> str:
    """What a "+" adds that nothing explains: an unknown word, a maker or an article's code ("+ B450M PRO-VDH"). Behind
    "with" only a code counts, for people write much there."""
    for word in said.words:
        link = said.text(word.at)
        if word.name != "with" or not (link in PLUS or link in LINKS):
            continue
        before, behind = _before(said, word.at), _behind(said, word.end)
        if any(mention.at in behind for mention in said.mentions):
            if not any(mention.at in before for mention in said.mentions) and _code(said, before):
                return _code(said, before)
            continue
        if _code(said, range(max(0, word.at - 2), word.at)):
            continue  # a sign within a number: "M3515+N612-01"
        if any(said.pieces[at].value in EXPLAINING for at in behind):
            continue
        added = _code(said, behind) or (_stranger(said, behind) if link in PLUS else "")
        if added:
            return added
    return ""


def _before(said: Reading, at: int) -> range:
    start = at
    while start > 0 and said.pieces[start - 1].kind != SEPARATOR:
        start -= 1
    return range(start, at)


def _behind(said: Reading, at: int) -> range:
    end = at
    while end < min(len(said.pieces), at + REACH) and said.pieces[end].kind != SEPARATOR:
        end += 1
    return range(at, end)


def _stranger(said: Reading, places: range) -> str:
    """An unknown word right there or a maker's name."""
    right_there = True
    for at in places[:NEXT]:
        piece = said.pieces[at]
        maker = piece.text in said.makers or piece.value == "accessory_maker"
        if maker or (right_there and at in said.strange):
            return piece.text
        right_there &= piece.text.isdecimal()  # "+ 27 zoll ..."
    return ""


def _code(said: Reading, places: range) -> str:
    """A number of three digits or more with letters beside it that mean nothing: "h510m", "gm700tz", "12100f"."""
    for at in places:
        piece = said.pieces[at]
        if piece.kind not in (UNKNOWN, DIGITS, HEAD) or not piece.text.isdecimal() or len(piece.text) < SHORTEST_CODE:
            continue
        if len(piece.text) == len("2026") and int(piece.text) in YEARS:
            continue
        before, behind = said.piece(at - 1), said.piece(at + 1)
        if before is not None and at - 1 in places and _means_nothing(before):
            return f"{before.text}{piece.text}"
        if behind is not None and at + 1 in places and behind.glued and _means_nothing(behind):
            return f"{piece.text}{behind.text}"
    return ""


def _means_nothing(piece: Piece) -> bool:
    if not (piece.text.isascii() and piece.text.isalpha()) or len(piece.text) > LONGEST_LETTERS:
        return False
    if piece.kind in (UNKNOWN, OPENS):
        return not piece.value
    one = piece.kind == WORD and len(piece.text) == 1 and piece.value != "currency"
    return one or piece.kind in (SUFFIX, STRANGE)


def named_twice(said: Reading, model: Model) -> str:
    """The same model in a list, from another maker or of another series: "EVGA 3090 FTW3, 3090 FE" are two cards. A
    shop that says its card again adds to the maker's name only ("MSI RTX 3060, RTX 3060 Ventus")."""
    for one, two in pairwise(said.mentions):
        if one.head is None or one.head is not two.head:
            continue
        link = next((at for at in range(one.end, two.at) if said.pieces[at].text in ENUMERATING), None)
        if link is None:
            continue
        end = next((at for at in range(two.end, len(said.pieces)) if said.text(at) in ENUMERATING), len(said.pieces))
        first, second = _names(said, range(_before(said, one.at).start, link)), _names(said, range(link + 1, end))
        if _differ(first & said.makers, second & said.makers) or _differ(first - said.makers, second - said.makers):
            return said.text(two.at)
    return ""


def _names(said: Reading, places: range) -> frozenset[str]:
    return frozenset(said.text(at) for at in places if said.pieces[at].value == "brand")


def _differ(one: frozenset[str], two: frozenset[str]) -> bool:
    return bool(one and two) and not one & two
