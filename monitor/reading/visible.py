"""The price beside the main title, as people see it, and what stands around it."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice

from monitor.core.currencies import currency_code
from monitor.core.models import Availability, Condition
from monitor.core.price_words import Role
from monitor.reading.action_words import ACTIONS, BUY
from monitor.reading.amounts import TAX_CHARS, SeenAmount, with_tax_of
from monitor.reading.coming import is_coming
from monitor.reading.heading import Heading
from monitor.reading.marks import Mark
from monitor.reading.stock import condition_in_lines, condition_in_title, says_in_stock, stock_in
from monitor.reading.text import VisibleText

SURE = 2.2
CLEAR_LEAD = 0.8
SMALL_LEAD = 0.2  # enough for the first price after the title, called a price
ALONE = 0.3  # enough for the only asking price of the page
LONE = 0.9  # enough where the others are those of other articles
ALONE_CHARS = 1500
REGION_AFTER = 2000  # characters after title and price in which stock and condition are looked for
REGION_BEFORE = 250
BOX_BEFORE, BOX_AFTER = 150, 450  # the same around the price in a box that stands apart
MAX_BOXES = 4
PAIR_CHARS, PAIR_SCORE = 24, 1.8
MOST_REDUCED = 3
LABELLED = 1.0  # for "Price:" before it; a name in the markup says more
LABEL_CHARS = 24
BUTTON_CHARS = 120
LIKELY = 1.5  # a score that a price far from the title does not overrule
TAX_RATES = (5, 7, 8, 10, 18, 19, 20, 21, 22, 23, 24, 25, 27)
ROUNDING = Decimal("0.0005")


@dataclass(frozen=True, kw_only=True)
class SeenPrice:
    """The most likely main price. `sure` says that nothing else comes close."""

    amount: SeenAmount
    score: float
    sure: bool


def main_price(seen: VisibleText, heading: Heading, *, skip: frozenset[int] = frozenset()) -> SeenPrice | None:
    """The asking price that belongs to the main title; amounts starting at a position in `skip` are left out. Where
    none stands near it, the only one of the page that a button to buy follows."""
    price = _price_at_title(seen, heading, skip)
    if price is None or price.sure or not heading.sure:
        return price
    boxed = _price_at_button(seen, heading, skip)
    if boxed is None or (price.score >= LIKELY and boxed.amount.value != price.amount.value):
        return price
    return boxed


def _price_at_button(seen: VisibleText, heading: Heading, skip: frozenset[int]) -> SeenPrice | None:
    """The price in a box to buy that stands apart from the title; `None` where there are several such boxes."""
    found = [
        amount
        for amount in seen.amounts
        if amount.asking
        and amount.start not in skip
        and not amount.marks & (Mark.ASIDE | Mark.LINK)
        and _has_button_below(amount, seen)
    ]
    if not found or len({amount.value for amount in found}) > 1 or _dwarfed(found[0], seen, heading):
        return None
    if any(
        other.asking and _rivals(amount, other) and 0 < amount.start - other.end < BUTTON_CHARS
        for amount in found
        for other in seen.amounts
    ):
        return None  # shipping or an old price may stand between the price and the button
    return SeenPrice(amount=found[0], score=SURE, sure=True)


def _rivals(amount: SeenAmount, other: SeenAmount) -> bool:
    """Whether another amount may be the price instead: a higher one, or one not much lower that has its tax."""
    without = other.marks & (Mark.NET | Mark.ONLY_NET)
    return other.value > amount.value or (amount.value > other.value > amount.value / MOST_REDUCED and not without)


def _has_button_below(amount: SeenAmount, seen: VisibleText) -> bool:
    """Whether one of the next lines is a button to buy, and no other asking price stands before it."""
    stop = amount.end + BUTTON_CHARS
    others = (other for other in seen.amounts if other.asking and other.value != amount.value)
    later = (other.start for other in others if amount.end <= other.start < stop)
    lines = seen.lower[amount.end : min(later, default=stop)].split("\n")[1:]
    return any(action == BUY for line in lines for action, _, _ in ACTIONS.all_in(line))


def _price_at_title(seen: VisibleText, heading: Heading, skip: frozenset[int]) -> SeenPrice | None:
    scored = [
        (score_amount(amount, seen, heading), -index, amount)
        for index, amount in enumerate(seen.amounts)
        if amount.asking and amount.start not in skip
    ]
    if not scored:
        return None
    scored.sort(key=lambda entry: (entry[0], entry[1]), reverse=True)
    score, _, best = scored[0]
    gross = _with_tax_of(best, [entry[2] for entry in scored])
    if gross is not best:
        scored = [entry for entry in scored if entry[2].value != best.value]
        best, score = gross, max(score, SURE)
    rivals = [other for other in scored if other[2].value != best.value and other[2].value * 20 >= best.value]
    pair = _lower_beside(best, rivals[0][2], seen) if rivals and score >= PAIR_SCORE else None
    if pair is not None:
        best = pair
        dropped = {best.value, scored[0][2].value, rivals[0][2].value}
        rivals = [other for other in rivals if other[2].value not in dropped]
    # The title's own part of the page may be called like one about others.
    within = heading.position >= 0 and seen.marks_at(heading.position) & Mark.ASIDE
    if best.marks & Mark.ASIDE and not within:
        return SeenPrice(amount=best, score=score, sure=False)
    in_place = [other for other in rivals if not other[2].marks & Mark.ASIDE]
    lone = ALONE if not rivals else LONE if not in_place else 99.0
    rival = rivals[0][0] if rivals else -99.0
    first = min(
        (amount for _, _, amount in scored if amount.start > heading.position and not amount.marks & Mark.ASIDE),
        key=lambda amount: amount.start,
        default=None,
    )
    if score >= (lone if pair is None else max(lone, PAIR_SCORE)) and (
        heading.position < 0 or abs(best.start - heading.position) <= ALONE_CHARS
    ):
        return SeenPrice(amount=best, score=score, sure=not _dwarfed(best, seen, heading))
    leads = first is not None and first.value == best.value
    told = leads and (_is_labelled(best, seen) or _has_button_below(best, seen))
    lead = SMALL_LEAD if told or (leads and best.marks & Mark.PRICE) else CLEAR_LEAD
    sure = score >= (LIKELY if told else SURE) and score - rival >= lead and not _dwarfed(best, seen, heading)
    return SeenPrice(amount=best, score=score, sure=sure)


_BARE_BEFORE = re.compile(r"\d[.,]\d\d\s{1,2}$")


def _dwarfed(best: SeenAmount, seen: VisibleText, heading: Heading) -> bool:
    """Whether an amount many times as high stands between the title and the price: then this is that of an extra; or a
    number without a sign right before what is called the original price: then that is what one pays."""
    if best.marks & Mark.REGULAR and _BARE_BEFORE.search(seen.text, max(0, best.start - 12), best.start):
        return True
    return any(
        heading.position < amount.start < best.start
        and amount.value > best.value * MOST_REDUCED
        and not amount.marks & (Mark.ASIDE | Mark.HIDDEN)
        and amount.role not in (Role.SAVING, Role.SHIPPING)
        for amount in seen.amounts
    )


def _words_behind(amount: SeenAmount, seen: VisibleText) -> bool:
    """Whether words follow an amount in its line ("$522.49 for Pros"): then it may not be for all."""
    stop = seen.text.find("\n", amount.end)
    rest = seen.lower[amount.end : stop if stop >= 0 else amount.end + 40].split(maxsplit=6)
    words = [word for word in rest if any(map(str.isalpha, word)) and not any(map(str.isdigit, word))]
    return len(words) > 1 and currency_code(words[0].strip("*.")) is None


_PRICE_NOUN = re.compile(
    r"\b(?:(?:regular|sale|current|special|your|our|new|now|discounted) )?"
    r"(?:price|preis|prix|precio|preço|prezzo|prijs|cena|pris|ár|цена|ціна)\b|할인판매가|할인가|판매가|販売価格|セール価格|特価"
)


def _lower_beside(one: SeenAmount, other: SeenAmount, seen: VisibleText) -> SeenAmount | None:
    """The lower of two prices side by side, of which nothing says more: the higher is the old one. `None` if they are
    not beside each other, or differ just by a tax."""
    low, high = sorted((one, other), key=lambda amount: amount.value)
    first, second = sorted((one, other), key=lambda amount: amount.start)
    between = seen.text[first.end : second.start]
    if (
        len(between) > PAIR_CHARS
        or any(map(str.isalpha, _PRICE_NOUN.sub("", between.lower())))
        or high.value > low.value * MOST_REDUCED
    ):
        return None
    if low.marks & Mark.ASIDE or one.currency != other.currency or _words_behind(low, seen):
        return None
    by_tax = any(abs(low.value * (100 + rate) / 100 - high.value) <= ROUNDING * high.value for rate in TAX_RATES)
    return None if by_tax else low


def _with_tax_of(best: SeenAmount, amounts: list[SeenAmount]) -> SeenAmount:
    """The same price with tax, if the best one is without and the page shows both."""
    if best.marks & Mark.GROSS:
        return best
    for amount in amounts:
        beside = abs(amount.start - best.start) <= TAX_CHARS
        if beside and amount.marks & Mark.GROSS and with_tax_of(best.value, amount.value):
            return amount
    return best


def score_amount(amount: SeenAmount, seen: VisibleText, heading: Heading) -> float:
    """How much an amount looks like the main price; about 3 and more for a real one."""
    score = 0.0
    if amount.marks & Mark.PRICE:
        score += 1.5
    elif _is_labelled(amount, seen):
        score += LABELLED
    if amount.marks & Mark.ASIDE:
        score -= 2.5
    if amount.marks & Mark.LINK:
        score -= 1.2
    if amount.marks & Mark.GROSS:
        score += 0.5
    score += _by_distance(amount, heading)
    line_start = seen.text.rfind("\n", 0, amount.start) + 1
    line_end = seen.text.find("\n", amount.end)
    rest = (line_end if line_end >= 0 else len(seen.text)) - line_start - (amount.end - amount.start)
    score += 0.7 if rest <= 25 else -0.8 if rest > 90 else 0.0
    return score


def _is_labelled(amount: SeenAmount, seen: VisibleText) -> bool:
    """Whether "Price:" stands before an amount, in its line or in one of its own above it."""
    return _LABEL.search(seen.lower, max(0, amount.start - LABEL_CHARS), amount.start) is not None


_LABEL = re.compile(
    r"(?:^|\n|\b(?:our|your|sale|special|current|unser|notre|nuestro|nosso|nostro|onze|nasza|naše|наша) )"
    r"(?:price|preis|prix|precio|preço|prezzo|prijs|cena|ár|pris|hinta|preț|fiyat|цена|ціна|価格|販売価格|가격|판매가|价格|售价|價格|售價)"
    r" ?[:：]?[ \n]$"
    r"|(?:^|\n)(?:sale|now|today|jetzt|heute|maintenant|ahora|agora|adesso|teraz|сейчас|зараз)[:：]? $"
)


def _by_distance(amount: SeenAmount, heading: Heading) -> float:
    if heading.position < 0:
        return -0.5
    distance = amount.start - (heading.position + len(heading.text))
    if distance < 0:
        return 0.3 if distance > -400 else -1.0
    return max(-1.5, 1.8 - distance / 500)


def seen_values(seen: VisibleText, value: Decimal) -> set[Role]:
    """In which roles a value stands on the page: ASKING where nothing speaks against it; empty if it does not."""
    roles: set[Role] = set()
    for amount in seen.amounts:
        if amount.value != value:
            continue
        if amount.asking and not amount.marks & Mark.ASIDE:
            roles.add(Role.ASKING)
        elif amount.marks & Mark.STRUCK:
            roles.add(Role.WAS)
        elif amount.marks & Mark.NET:
            roles.add(Role.NET)
        elif amount.role is not Role.ASKING:
            roles.add(amount.role)
        else:
            roles.add(Role.EXTRA)
    return roles


def region_lines(seen: VisibleText, heading: Heading, price: SeenAmount | None) -> list[str]:
    """The lower-case lines around the main title and its price, without menus, hidden text and other articles."""
    anchors = [heading.position] if heading.position >= 0 else []
    anchors += [price.start] if price is not None and (not anchors or abs(price.start - anchors[0]) < 4000) else []
    if not anchors:
        return seen.window(0, 3000).split("\n")
    return seen.window(max(0, min(anchors) - REGION_BEFORE), max(anchors) + REGION_AFTER).split("\n")


def read_stock(
    lines: list[str],
    markup: Availability,
    elsewhere: list[list[str]],
    *,
    is_open: bool = False,
    today: date | None = None,
    country: str | None = None,
) -> Availability:
    """The state of the main article, from its lines and the markup; where both are silent, from the lines around the
    other places that show its price (a buy box that stands apart), then from a way to buy that `is_open`. What comes
    weeks after `today` is ordered before it is there; `country` tells how dates are written."""
    state = stock_in(lines, markup)
    for other in elsewhere:
        if state is not Availability.UNKNOWN:
            break
        state = stock_in(other)
    if state is Availability.UNKNOWN and is_open:
        state = Availability.IN_STOCK
    if (
        state in (Availability.UNKNOWN, Availability.IN_STOCK)
        and today is not None
        and is_coming(lines, today, country)
    ):
        return state if says_in_stock(lines) else Availability.PREORDER
    return state


def lines_elsewhere(seen: VisibleText, value: Decimal, position: int) -> list[list[str]]:
    """The lines around each other place where a price stands, outside other articles; `position` is its main one."""
    boxes = (
        seen.window(max(0, amount.start - BOX_BEFORE), amount.end + BOX_AFTER).split("\n")
        for amount in seen.amounts
        if amount.value == value
        and amount.role is Role.ASKING
        and not amount.marks & (Mark.ASIDE | Mark.HIDDEN)
        and abs(amount.start - position) > BOX_BEFORE
    )
    return list(islice(boxes, MAX_BOXES))


def read_condition(lines: list[str], title: str, page_title: str, markup: Condition) -> Condition:
    """The condition by the article's title, then by a line of its own, then by the page's title, then by markup."""
    if (condition := condition_in_title(title)) is not Condition.UNKNOWN:
        return condition
    stated = condition_in_lines(lines)
    if stated in (Condition.USED, Condition.REFURBISHED):
        return stated
    if (condition := condition_in_title(page_title)) is not Condition.UNKNOWN:
        return condition
    return markup if markup is not Condition.UNKNOWN else stated
