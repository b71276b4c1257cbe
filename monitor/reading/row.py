"""One row of a listing: its title, price, address, stock and condition."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from monitor.core.currencies import currency_code
from monitor.core.models import Availability, Condition
from monitor.core.money import read_number
from monitor.core.price_words import Role
from monitor.core.words import lowered
from monitor.reading.action_words import ACTIONS
from monitor.reading.amounts import SeenAmount
from monitor.reading.document import Element
from monitor.reading.for_sale import is_sent
from monitor.reading.marks import Mark
from monitor.reading.stock import condition_in_lines, condition_in_title, stock_in
from monitor.reading.text import VisibleText
from monitor.reading.tidy import spoken, tidy

_NAMED = re.compile(
    r"(?<!sub)(?<!sub[-_])(?:title|name|heading)|bezeichnung|(?<!sous)(?<!sous[-_])titre|designation|nome|nazwa",
    re.IGNORECASE,
)
# Links below the title that lead to the same article.
_DESCRIBED = re.compile(r"feature|descri|spec(?:s\b|ific)|attribut|beschreib|propert|params", re.IGNORECASE)
_HEADINGS = {"h1": 2.2, "h2": 2.2, "h3": 2.2, "h4": 2.0, "h5": 1.8, "h6": 1.5}
_PRICE_LIKE = re.compile(r"^\W*(?:[€$£¥]|\w{1,3})?\W*[\d.,' \u00a0]+\W*(?:[€$£¥]|\w{1,3})?\W*$")
_NUMBER = re.compile(r"\d(?:[\d.,' ]*\d)?")
_WORD = re.compile(r"[^\W\d_]+")
MAX_TITLE = 400
MAX_PRICE = 30  # what is longer is more than a price; the pattern takes long over a line of dots
MAX_ELEMENTS = 400
PICTURED = 0.8  # for what the row's picture is called too
MIN_PICTURED = 8
MIN_LETTERS = 4
WHOLE = 0.3  # off for a link that holds the price too: a name within it says it better
ICON = 1.0  # off for a link without a text: what it does, not what the article is called
COMMON = 0.6  # off for what all rows say; enough against a title of the same kind, not for "To the shop"
_TITLE_TAGS = frozenset((*_HEADINGS, "a", "img", "td"))


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row with a price; `price` is `None` where two prices stand in it and nothing decides."""

    title: str
    price: SeenAmount | None
    url: str
    availability: Availability
    condition: Condition
    lowest: bool  # "from" price of several sellers or variants
    sent: bool = False  # the row tells how it gets to the buyer


def read_row(
    card: Element, amounts: list[SeenAmount], seen: VisibleText, common: frozenset[str] = frozenset()
) -> Row | None:
    """The row that a card shows; `None` if it has no title or no price at all. `common` is what stands in most rows."""
    title, link, element = _title_of(card, common, [_number_in(amount.text) for amount in amounts])
    if not title:
        return None
    price, lowest = price_of(amounts)
    if len(amounts) > 1 and seen.document.has(b"itemprop") and (stated := _stated(card, amounts)) is not None:
        price, lowest = stated, False
    if price is None and not any(amount.asking for amount in amounts):
        return None
    if price is not None and element is not None and element in price.element.iterancestors():
        title = _before_price(title, _number_in(price.text))
    lines = seen.lines_of(card)
    condition = condition_in_title(title)
    if condition is Condition.UNKNOWN:
        condition = condition_in_lines(lines)
    return Row(
        title=title,
        price=price,
        url=link,
        availability=stock_in(_beside_title(lines, lowered(title))),
        condition=condition,
        lowest=lowest,
        sent=is_sent(lines),
    )


def _beside_title(lines: list[str], title: str) -> list[str]:
    """What a row says besides its title, which may share a line with the rest: "RTX 4070 12GB 599.00 $ sold out"."""
    parts = (part.strip() for line in lines for part in line.replace(title, "\n").split("\n"))
    return [part for part in parts if part and part not in title]


def _stated(card: Element, amounts: list[SeenAmount]) -> SeenAmount | None:
    """The amount that the row's own markup calls its price; `None` where it calls none or several so."""
    told = [element for element in islice(card.iter(), MAX_ELEMENTS) if element.get("itemprop") == "price"]
    values = {read_number(element.get("content") or "".join(element.itertext()).strip()) for element in told}
    if len(values) != 1:
        return None
    fitting = [
        amount
        for amount in amounts
        if amount.value in values and not amount.marks & (Mark.STRUCK | Mark.HIDDEN) and amount.role is Role.ASKING
    ]
    return fitting[0] if fitting else None


def price_of(amounts: list[SeenAmount]) -> tuple[SeenAmount | None, bool]:
    """The one price of a row, and whether it is a "from" price; `None` where nothing decides between several."""
    asking = [amount for amount in amounts if amount.asking]
    named = [amount for amount in asking if amount.marks & Mark.PRICE]
    outside = [amount for amount in named or asking if not amount.marks & Mark.LINK] or named or asking
    for candidates in (named, outside, asking):
        values = {amount.value for amount in candidates}
        if len(values) == 1:
            return candidates[0], False
    if asking:
        return _lower_of_two(named or asking), False
    lowest = [a for a in amounts if a.role is Role.FROM and not a.marks & (Mark.STRUCK | Mark.HIDDEN)]
    if lowest and len({amount.value for amount in lowest}) == 1:
        return lowest[0], True
    return None, False


def _lower_of_two(candidates: list[SeenAmount]) -> SeenAmount | None:
    """Of two prices side by side the lower one: the other is the old price. Of more, or far apart: neither."""
    values = sorted({amount.value for amount in candidates})
    if len(values) != 2 or values[0] * 5 < values[1] * 2:
        return None
    return next(amount for amount in candidates if amount.value == values[0])


def _number_in(price: str) -> str:
    """A price's digits as written, without its sign, which stands closer or further away in the title."""
    found = _NUMBER.search(price)
    return found[0] if found else price


def _place_of(number: str, text: str) -> int:
    """Where a number stands on its own in a text ("40" not in "RTX 4070"), the last place; -1 for nowhere."""
    at = text.rfind(number) if number else -1
    while at >= 0:
        after = text[at + len(number) : at + len(number) + 1]
        if not (text[max(at - 1, 0) : at].isalnum() or after.isalnum()):
            return at
        at = text.rfind(number, 0, at + len(number) - 1)
    return -1


def _before_price(title: str, price: str) -> str:
    """What stands before the price in a link that holds both."""
    name = title[: max(_place_of(price, title), 0)].rstrip(" -–|:,·($€£¥")
    return name if sum(map(str.isalpha, name)) >= MIN_LETTERS else title


def _title_of(card: Element, common: frozenset[str], prices: list[str]) -> tuple[str, str, Element | None]:
    """The row's title, the address it leads to, and the element that says it."""
    best: tuple[float, str, Element] | None = None
    candidates = _title_candidates(card)
    pictured = [alt for element in candidates if element.tag == "img" and len(alt := _text_of(element)) >= MIN_PICTURED]
    for order, element in enumerate(candidates):
        said = _text_of(element)
        text = said if element.tag == "img" else _named_by_link(element, said)
        whole = element.tag == "a" and any(_place_of(price, text) >= 0 for price in prices)
        if whole:  # the whole card is a link: the name is what the picture in it is called
            text = next((alt for alt in pictured if alt in text), text)
        score = _score(element, text) - order * 0.05 - (COMMON if text in common else 0.0)
        if element.tag == "a" and not said:
            score -= ICON
        elif element.tag != "img" and text in pictured:
            score += PICTURED
        elif whole:
            score -= WHOLE
        if best is None or score > best[0]:
            best = (score, text, element)
    if best is None or best[0] <= 0:
        return "", _link_near(card, None), None
    return tidy(best[1], MAX_TITLE), _link_near(card, best[2]), best[2]


def titles_in(card: Element) -> set[str]:
    """Every text of a card that might be its title."""
    return {_named_by_link(element, _text_of(element)) for element in _title_candidates(card)}


def _text_of(element: Element) -> str:
    """What an element says; of a picture, what it is called."""
    if element.tag == "img":
        return " ".join((element.get("alt") or "")[:2000].split())
    return spoken(element.itertext())


def _named_by_link(element: Element, text: str) -> str:
    """The text, or the whole name where the element shows only its beginning or nothing."""
    whole = " ".join((element.get("title") or "").split()) if element.tag != "img" else ""
    if whole and (not text or (text.endswith(("...", "…")) and len(whole) > len(text))):
        return whole
    return text


def _title_candidates(card: Element) -> list[Element]:
    """Headings, links, pictures, table cells, and whatever is called a name, in the card's order."""
    return [
        element
        for element in islice(card.iter(), MAX_ELEMENTS)
        if element.tag in _TITLE_TAGS
        or element.get("itemprop") == "name"
        or (_is_named(_names(element)) and len(element) < 8)
    ]


@lru_cache(maxsize=20_000)
def _is_named(names: str) -> bool:
    """Whether what a shop calls an element says that it is a name."""
    return _NAMED.search(names) is not None


def _names(element: Element) -> str:
    """What a shop calls an element, for its looks and for its tests."""
    return f"{element.get('class') or ''} {element.get('data-testid') or ''}"


def _score(element: Element, text: str) -> float:
    letters = sum(map(str.isalpha, text[:80]))
    if letters < 40:  # more do not count
        letters = sum(map(str.isalpha, text))
    if letters < MIN_LETTERS or len(text) > 1000 or (len(text) <= MAX_PRICE and _is_a_price(text)):
        return -1.0
    score = _HEADINGS.get(element.tag, 0.0)
    if _is_named(_names(element)) or element.get("itemprop") == "name":
        score += 1.2
    if element.tag == "a":
        score += 0.0 if _DESCRIBED.search(_names(element)) else 1.0
    elif element.tag == "img":
        score += 0.3
    score += min(letters, 40) / 40 - (1.5 if len(text) > 300 else 0.0)
    if len(text) < 40 and ACTIONS.all_in(lowered(text)):
        score -= 5.0
    if any(map(str.isdigit, text)):
        score += 0.2
    return score


def _is_a_price(text: str) -> bool:
    """Whether a text is an amount and no more: "CHF 1.299.-", not "RTX 4070"."""
    if _PRICE_LIKE.match(text) is None:
        return False
    return all(currency_code(word) is not None for word in _WORD.findall(text))


def _link_near(card: Element, title: Element | None) -> str:
    node = title
    while node is not None:
        if node.tag == "a" and node.get("href"):
            return node.get("href")
        if node is card:
            break
        node = node.getparent()
    for scope in (title, card):
        if scope is None:
            continue
        for link in scope.iter("a"):
            href = link.get("href") or ""
            if href and not href.startswith(("#", "javascript:")):
                return href
    return ""
