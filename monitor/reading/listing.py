"""Rows of a listing by their repeated structure: for any shop, without its markup.

Every price has a smallest element around it that also holds something like a title. Grown until it would swallow a
neighbour, that element is a row; rows that stand side by side and look alike are the list.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from monitor.core.price_words import Role
from monitor.reading.amounts import SeenAmount
from monitor.reading.document import Document, Element
from monitor.reading.marks import Mark
from monitor.reading.row import Row, read_row, titles_in
from monitor.reading.text import VisibleText

MIN_ROWS = 3
FEW_ROWS = 2  # enough where the page says that it is a list
MAX_CLIMB = 40
MOST_ECHOES = 3  # of one article; a link that more rows share leads to no article
MAX_TITLES = 20_000
MIN_SIGNS, MIN_LETTERS = 8, 4  # of something like a title: "RTX 4070 8GB", not "Details"
_TOP = frozenset(("html", "body", "main"))


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The rows of the page's main list, in order, and where its first and last price stand in the text."""

    rows: tuple[Row, ...]
    start: int
    end: int  # of its last price
    elements: frozenset[Element]
    aside: bool  # it stands in a carousel, a menu, or "others also bought"

    def holds(self, element: Element) -> bool:
        """Whether an element stands in one of the rows."""
        return any(node in self.elements for node in _ancestors(element))


def read_listing(document: Document, seen: VisibleText, least: int = MIN_ROWS) -> Listing | None:
    """The page's main list; `None` where there is none of at least so many rows."""
    priced = [amount for amount in seen.amounts if _can_be_a_rows_price(amount)]
    if len(priced) < least:
        return None
    links = document.root.iter("a", "h1", "h2", "h3", "h4", "h5", "h6")
    return _list_of(priced, links, seen, least) or _list_of(priced, document.root.xpath(_NAMED), seen, least)


# Where rows have neither links nor headings: elements called a name, and first cells of table rows.
_NAMED = (
    ".//*[contains(@class, 'itle') or contains(@class, 'ame') or contains(@data-testid, 'itle')"
    " or contains(@data-testid, 'ame')] | .//tr/td[1]"
)


def _list_of(priced: list[SeenAmount], titles: Iterable[Element], seen: VisibleText, least: int) -> Listing | None:
    cores = _cores(priced, _around_titles(titles))
    cards = _like_most(_cards(cores), cores) if len(cores) >= least else []
    chosen = _main_cards(cards, seen)
    return _read_cards(chosen, seen, least) if len(chosen) >= least else None


def _can_be_a_rows_price(amount: SeenAmount) -> bool:
    if amount.marks & (Mark.STRUCK | Mark.HIDDEN):
        return False
    return amount.role in (Role.ASKING, Role.FROM, Role.RANGE, Role.MEMBER, Role.NET)


def _ancestors(element: Element) -> Iterator[Element]:
    node = element
    for _ in range(MAX_CLIMB):
        if node is None:
            return
        yield node
        node = node.getparent()


def _around_titles(titles: Iterable[Element]) -> set[Element]:
    """Every element in which something like a title stands."""
    around: set[Element] = set()
    for element in islice(titles, MAX_TITLES):
        if element in around:
            continue
        text = "".join(element.itertext())[:400]
        if not (_has(MIN_SIGNS, str.isalnum, text) and _has(MIN_LETTERS, str.isalpha, text)):
            continue
        node = element
        while node is not None and node not in around:
            around.add(node)
            node = node.getparent()
    return around


def _has(count: int, kind: Callable[[str], bool], text: str) -> bool:
    """Whether a text has so many characters of a kind; most show it at once."""
    return sum(map(kind, text[: 3 * count])) >= count or sum(map(kind, text)) >= count


def _cores(priced: list[SeenAmount], titles: set[Element]) -> list[Element]:
    """The smallest titled element around each price, without those that hold several others."""
    cores: dict[Element, None] = {}
    for amount in priced:
        for node in _ancestors(amount.element):
            if node.tag in _TOP:
                break
            if node in titles:
                cores[node] = None
                break
    inner: defaultdict[Element, list[Element]] = defaultdict(list)
    for core in cores:
        parent = core.getparent()
        for node in _ancestors(parent) if parent is not None else ():
            if node in cores:
                inner[node].append(core)
                break
    merged = {child for children in inner.values() if len(children) <= 2 for child in children}
    dropped = {outer for outer, children in inner.items() if len(children) > 2}
    return [core for core in cores if core not in merged and core not in dropped]


def _cards(cores: list[Element]) -> list[Element]:
    """Each core grown to the largest element that holds no other core."""
    held: Counter[Element] = Counter()
    for core in cores:
        for node in _ancestors(core):
            held[node] += 1
    cards: list[Element] = []
    for core in cores:
        card = core
        for node in _ancestors(core):
            if held[node] > 1 or node.tag in _TOP:
                break
            card = node
        cards.append(card)
    return cards


def _like_most(cards: list[Element], cores: list[Element]) -> list[Element]:
    """The cards, but one that grew too far because it is alone in its line is cut back to what most look like."""
    looks = Counter(_own_look(card) for card in cards)
    if len(looks) < 2 or len(cards) < MIN_ROWS:
        return cards
    most, count = looks.most_common(1)[0]
    if count < MIN_ROWS or count * 2 <= len(cards):
        return cards
    found: list[Element] = []
    for card, core in zip(cards, cores, strict=True):
        better = card
        if _own_look(card) != most:
            for node in _ancestors(core):
                if _own_look(node) == most:
                    better = node
                    break
                if node is card:
                    break
        found.append(better)
    return found


def _own_look(card: Element) -> tuple[str, str]:
    return card.tag, _first_class(card)


def _main_cards(cards: list[Element], seen: VisibleText) -> list[Element]:
    """The cards of the biggest group of look-alikes, and of other groups that look the same."""
    groups: defaultdict[tuple[str, ...], list[Element]] = defaultdict(list)
    for card in cards:
        groups[_look(card)].append(card)
    ranked = sorted(groups.values(), key=lambda group: len(group) * _standing(group[0], seen), reverse=True)
    if not ranked:
        return []
    main = ranked[0]
    chosen = set(main)
    parents = {card.getparent() for card in main}
    for group in ranked[1:]:
        alike = {card for card in group if _own_look(card) == _own_look(main[0]) and _kin(card, parents)}
        chosen |= alike | {card for card in group if card.getparent() in parents and card.tag == main[0].tag}
    return [card for card in cards if card in chosen]


def _kin(card: Element, parents: set[Element]) -> bool:
    """Whether a card's parent stands beside one of the main group and looks like it: the last line of a grid."""
    parent = card.getparent()
    above = None if parent is None else parent.getparent()
    return above is not None and any(
        other.getparent() is above and _own_look(other) == _own_look(parent) for other in parents
    )


def _standing(card: Element, seen: VisibleText) -> float:
    """Less for a group inside a menu, a carousel or "others also bought"."""
    parent = card.getparent()
    return 0.2 if parent is not None and seen.marks.of(parent) & (Mark.ASIDE | Mark.HIDDEN) else 1.0


def _look(card: Element) -> tuple[str, ...]:
    """What look-alikes share: tags and the first class of the card and of its parent."""
    parent = card.getparent()
    return (card.tag, _first_class(card), "" if parent is None else parent.tag, _first_class(parent))


def _first_class(element: Element | None) -> str:
    names = (element.get("class") or "").split() if element is not None else []
    names = [name for name in names if name.lower() not in _PLACES]
    return names[0].rstrip("0123456789") if names else ""


# Classes that say where a row stands, not what it is.
_PLACES = frozenset(("first", "last", "odd", "even", "alt", "alternate", "active", "selected", "current", "clearfix"))


def _rows_of(
    cards: list[Element],
    amounts: Mapping[Element, list[SeenAmount]],
    seen: VisibleText,
    common: frozenset[str] = frozenset(),
) -> list[Row]:
    found = (read_row(card, amounts.get(card, []), seen, common) for card in cards)
    return [row for row in found if row is not None]


def _said_by_most(rows: list[Row], cards: list[Element]) -> frozenset[str]:
    """Titles of several rows that stand in many more of them: what a button or a label says."""
    repeated = [title for title, count in Counter(row.title for row in rows).items() if count >= MIN_ROWS]
    if not repeated:
        return frozenset()
    said = Counter(text for card in cards for text in titles_in(card))
    return frozenset(title for title in repeated if said[title] * 3 > len(cards))


def _without_echoes(rows: list[Row]) -> list[Row]:
    """The rows without second showings of an article, which lead to the same place at the same price under a name that
    several rows have ("More info", "Quick view")."""
    names = Counter(row.title for row in rows)
    places = Counter((row.url, row.price.value) for row in rows if row.url and row.price is not None)
    named = {(row.url, row.price.value) for row in rows if row.price is not None and names[row.title] == 1}
    return [
        row
        for row in rows
        if row.price is None
        or names[row.title] == 1
        or (where := (row.url, row.price.value)) not in named
        or not 1 < places[where] <= MOST_ECHOES
    ]


def _read_cards(cards: list[Element], seen: VisibleText, least: int) -> Listing | None:
    wanted = set(cards)
    amounts: defaultdict[Element, list[SeenAmount]] = defaultdict(list)
    for amount in seen.amounts:
        for node in _ancestors(amount.element):
            if node in wanted:
                amounts[node].append(amount)
                break
    rows = _rows_of(cards, amounts, seen)
    if len(rows) < least:
        return None
    if common := _said_by_most(rows, cards):  # "Air fryer, 1500 W" below each name
        other = _rows_of(cards, amounts, seen, common)
        rows = other if len({row.title for row in other}) > len({row.title for row in rows}) else rows
    rows = _without_echoes(rows)
    start = min(amount.start for found in amounts.values() for amount in found)
    end = max(amount.end for found in amounts.values() for amount in found)
    aside = _standing(cards[0], seen) < 1.0
    return Listing(rows=tuple(rows), start=start, end=end, elements=frozenset(wanted), aside=aside)
