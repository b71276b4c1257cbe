"""Amounts of money that people see, and what those that stand beside one another say of each other."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from monitor.core.price_words import AFTER, BEFORE, Role
from monitor.core.words import WordList
from monitor.reading.document import Element
from monitor.reading.marks import Mark

BESIDE_CHARS = 160
TAX_CHARS = 300
SAME_LINE_CHARS = 40
_NET_WORDS = WordList({Role.NET: BEFORE[Role.NET] + AFTER[Role.NET]})


@dataclass(frozen=True, kw_only=True)
class SeenAmount:
    """An amount of money that people see, with where it stands and what marks it bears."""

    value: Decimal
    currency: str | None
    role: Role
    marks: int
    start: int  # in the page's text
    end: int
    element: Element
    text: str

    @property
    def asking(self) -> bool:
        """Whether it can be what somebody asks for an article."""
        return self.role is Role.ASKING and not self.marks & (Mark.STRUCK | Mark.HIDDEN | Mark.OTHER | Mark.NET)


def settled(amounts: list[SeenAmount], lower: str) -> list[SeenAmount]:
    """The amounts after a look at their neighbours: old prices, "reduced from A to B", with and without tax."""
    amounts = _reductions(_tax_words(_ladders(amounts, lower), lower))
    return _taxes(_reduced(_old_prices(amounts), lower))


def with_tax_of(net: Decimal, gross: Decimal) -> bool:
    """Whether the second can be the first with a value added tax: 4 to 28 percent more."""
    return net * 104 <= gross * 100 <= net * 128


def _ladders(amounts: list[SeenAmount], lower: str) -> list[SeenAmount]:
    """Prices by quantity ("1 - 14", "15 - 49", "50+", each lower than the one before): one piece costs the first."""
    found = list(amounts)
    first = 0
    for index in range(1, len(amounts) + 1):
        if index < len(amounts) and _goes_down(amounts[index - 1], amounts[index], lower):
            continue
        steps = amounts[first:index]
        if len(steps) >= MIN_STEPS and _QUANTITIES.search(lower, max(0, steps[0].start - BESIDE_CHARS), steps[-1].end):
            found[first + 1 : index] = [replace(step, role=Role.EXTRA) for step in steps[1:]]
        first = index
    return found


def _goes_down(one: SeenAmount, other: SeenAmount, lower: str) -> bool:
    between = lower[one.end : other.start]
    return (
        one.asking
        and other.asking
        and other.value < one.value
        and len(between) <= SAME_LINE_CHARS
        and not any(map(str.isalpha, _PIECES.sub("", between)))
    )


MIN_STEPS = 3
# Two ranges or thresholds of pieces one after another.
_QUANTITIES = re.compile(r"(?:(?<![\d.,])\d{1,5}\s?(?:[-–—]\s?\d{1,5}|\+)[^\d]{1,25}){2}")
_PIECES = re.compile(r"\b(?:pcs?|pieces?|units?|items?|stk|stück|ab|from|each|ea|st|pièces?|szt|шт|ks|db)\b")


def _reductions(amounts: list[SeenAmount]) -> list[SeenAmount]:
    """ "Reduced from A to B" looks like a range, but A is struck through or called the old price."""
    found = list(amounts)
    for index in range(1, len(found)):
        one, other = found[index - 1], found[index]
        if other.role is Role.RANGE and (one.marks & Mark.STRUCK or one.role is Role.WAS) and other.value < one.value:
            found[index] = replace(other, role=Role.ASKING)
    return found


def _tax_words(amounts: list[SeenAmount], lower: str) -> list[SeenAmount]:
    """Of two amounts with "without tax" between them the lower one is meant, on whichever side it stands."""
    found = list(amounts)
    for index in range(1, len(found)):
        one, other = found[index - 1], found[index]
        between = lower[one.end : other.start]
        if len(between) > SAME_LINE_CHARS or "\n" in between or not _NET_WORDS.all_in(between):
            continue
        first_is_net = with_tax_of(one.value, other.value)
        if not first_is_net and not with_tax_of(other.value, one.value):
            continue
        for place, net in ((index - 1, first_is_net), (index, not first_is_net)):
            amount = found[place]
            if amount.role in (Role.ASKING, Role.NET):
                found[place] = replace(amount, role=Role.NET if net else Role.ASKING)
    return found


def _old_prices(amounts: list[SeenAmount]) -> list[SeenAmount]:
    """The amounts, a "regular" price counted as struck through where a lower asking price stands beside it."""
    found = list(amounts)
    for index, amount in enumerate(amounts):
        if not amount.marks & Mark.REGULAR or not amount.asking:
            continue
        for place in range(max(0, index - 2), min(len(amounts), index + 3)):
            other = amounts[place]
            near = abs(other.start - amount.start) <= BESIDE_CHARS and not _old_between(amounts, index, place)
            if near and other.asking and not other.marks & Mark.REGULAR and other.value < amount.value:
                found[index] = replace(amount, marks=amount.marks | Mark.STRUCK)
    return found


def _reduced(amounts: list[SeenAmount], lower: str) -> list[SeenAmount]:
    """The amounts, the higher of two prices side by side counted as struck through where the saving that is said beside
    them ("$50.00", "-22 %") is just what they differ by."""
    found = list(amounts)
    for index in range(1, len(amounts)):
        one, other = found[index - 1], found[index]
        if not (_shown(one) and _shown(other)) or one.value == other.value or one.currency != other.currency:
            continue
        between = lower[one.end : other.start]
        if len(between) > SAME_LINE_CHARS or any(map(str.isalpha, _OLD_AND_NEW.sub("", between))):
            continue
        high, low = (index - 1, index) if one.value > other.value else (index, index - 1)
        near = [amount.value for amount in amounts[max(0, index - 3) : index + 3] if _beside(amount, one)]
        if found[low].marks & Mark.OTHER and found[low].value * 2 < found[high].value:
            continue  # a saving or a fee rather than what is left to pay
        saved = found[high].value - found[low].value
        percent = saved * 100 / found[high].value
        around = lower[max(0, one.start - BESIDE_CHARS) : other.end + SAME_LINE_CHARS]
        if saved in near or any(abs(int(told) - percent) < 1 for told in _PERCENT.findall(around)):
            found[high] = replace(found[high], marks=found[high].marks | Mark.STRUCK)
            found[low] = replace(found[low], marks=found[low].marks & ~Mark.OTHER)  # called "discount"
    return found


def _shown(amount: SeenAmount) -> bool:
    return amount.role is Role.ASKING and not amount.marks & (Mark.STRUCK | Mark.HIDDEN | Mark.NET)


def _beside(amount: SeenAmount, other: SeenAmount) -> bool:
    return abs(amount.start - other.start) <= BESIDE_CHARS


# Words between an old price and the one of today.
_OLD_AND_NEW = re.compile(
    r"\b(?:now|sale|our|special|online|today|price|jetzt|nur|preis|prix|maintenant|ahora|precio|agora|por|preço|ora|prezzo"
    r"|nu|prijs|teraz|cena|nyní|most|ár|сейчас|теперь|цена|зараз|ціна|pris)\b:?"
)
_PERCENT = re.compile(r"(?<![\d.,])(\d{1,2}) ?%")


def _old_between(amounts: list[SeenAmount], one: int, other: int) -> bool:
    """Whether another old price stands between two amounts: then the lower one is that of the next article."""
    between = amounts[min(one, other) + 1 : max(one, other)]
    return any(amount.marks & (Mark.REGULAR | Mark.STRUCK) or amount.role is Role.WAS for amount in between)


def _taxes(amounts: list[SeenAmount]) -> list[SeenAmount]:
    """A price without tax is the asking price, marked as such, where the page shows none with tax beside it."""
    found = list(amounts)
    for index, amount in enumerate(amounts):
        if amount.role is not Role.NET and not (amount.role is Role.ASKING and amount.marks & Mark.NET):
            continue
        near = amounts[max(0, index - 4) : index + 5]
        if any(
            abs(other.start - amount.start) <= TAX_CHARS
            and other is not amount
            and other.role in (Role.ASKING, Role.FROM)
            and not other.marks & Mark.NET
            and with_tax_of(amount.value, other.value)
            for other in near
        ):
            continue
        found[index] = replace(amount, role=Role.ASKING, marks=(amount.marks & ~Mark.NET) | Mark.ONLY_NET)
    return found
