"""The text that people see on a page, as one string with a way back to the elements, and the amounts in it."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from monitor.core.currencies import COUNTRY_CURRENCY
from monitor.core.money import Amount, find_amounts, read_number
from monitor.core.price_words import Role
from monitor.core.roles import role_in
from monitor.core.words import lowered
from monitor.reading.amounts import SeenAmount, settled
from monitor.reading.buttons import dead_buttons
from monitor.reading.codes import announces_code, begins_with_code
from monitor.reading.document import Document, Element
from monitor.reading.fragments import Run, composed, grouped
from monitor.reading.marks import Mark, Marks
from monitor.reading.runs import Blocks, first_runs
from monitor.reading.sections import others_below
from monitor.reading.templates import unseen_parts
from monitor.reading.ways import Ways, read_ways

MAX_RUN = 3_000  # of a text that goes on outside of the part that is looked at
MAX_AMOUNTS = 2_000
MAX_LABEL = 32
_UNSEEN = (
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "iframe",
    "object",
    "select",
    "textarea",
    "datalist",
    "head",
)


class VisibleText:
    """Text runs of the page in order: lines are blocks, runs of one line are joined by spaces."""

    def __init__(self, document: Document, country: str | None, currency: str | None) -> None:
        self.document = document
        self.marks = Marks()
        self.country = country
        self._currency = currency
        self._doubts_dollars = False
        self.owners: list[Element] = []
        self.starts: list[int] = []
        self._ways = Ways()
        self.text = self._read()
        self.marks.put(Mark.HIDDEN, self._ways.closed)
        self.marks.put(Mark.HIDDEN, (*dead_buttons(document.root), *unseen_parts(document)))
        self.lower = lowered(self.text)

    @property
    def has_open_way(self) -> bool:
        """Whether one of several ways to buy is open and has a price, while others are sold out."""
        return self._ways.is_open

    def assume_country(self, country: str | None) -> None:
        """Read shared signs as `country` does; only before the amounts are asked for."""
        self.country = country
        self._currency = self._currency or COUNTRY_CURRENCY.get(country or "")

    def doubt_dollars(self) -> None:
        """Take a bare "$" for no currency; only before the amounts are asked for."""
        self._doubts_dollars = True

    def _read(self) -> str:
        root = self.document.root
        self.document.remember_head()  # which goes away now, as people do not see it
        self._ways = read_ways(root, self._currency)
        etree.strip_elements(root, *_UNSEEN, with_tail=False)
        runs = first_runs(root)
        parts: list[str] = []
        length = 0
        blocks = Blocks()
        previous: Run | None = None
        for group in grouped(runs):
            together = blocks.goes_on(group[0].element, group[-1].element) and not _two_numbers(previous, group[0])
            if together and previous is not None and self._parted_by_sight(previous, group[0]):
                together = False
            glue = "" if previous is None else " " if together else "\n"
            text = glue + composed(group)
            self.starts.append(length + len(glue))
            self.owners.append(group[0].element)
            parts.append(text)
            length += len(text)
            previous = group[-1]
        self.marks.put(Mark.ASIDE, others_below(zip(self.owners, map(str.strip, parts), strict=True)))
        return "".join(parts)

    def _parted_by_sight(self, before: Run, after: Run) -> bool:
        """Whether a number that nobody sees stands beside what people see, or the other way round: the sign of
        "DKK 1.996,00" is not that of a hidden "1996,00" before it."""
        if before.element is after.element or not before.text[-1:].isdigit():
            return False
        return bool((self.marks.of(before.element) ^ self.marks.of(after.element)) & Mark.HIDDEN)

    def element_at(self, position: int) -> Element:
        """The element that holds the text at a position."""
        index = bisect_right(self.starts, position) - 1
        return self.owners[max(index, 0)]

    def marks_at(self, position: int) -> int:
        """The marks of the text at a position."""
        return self.marks.of(self.element_at(position)) if self.owners else Mark.NONE

    @cached_property
    def amounts(self) -> list[SeenAmount]:
        """Every amount with a currency sign, in order of the page."""
        found: list[SeenAmount] = []
        for amount in find_amounts(self.text, self._currency, self.country):
            if amount.value <= 0:
                continue
            element = self.element_at(amount.start)
            role = self._role(amount)
            marks = self.marks.of(element)
            if role is Role.REGULAR:
                role, marks = Role.ASKING, marks | Mark.REGULAR
            if role is Role.ASKING and self._with_tax(amount):
                marks |= Mark.GROSS
            text = self.text[amount.start : amount.end]
            doubted = self._doubts_dollars and amount.currency == "USD" and "$" in text and "u" not in text.lower()
            found.append(
                SeenAmount(
                    value=amount.value,
                    currency=None if doubted else amount.currency,
                    role=role,
                    marks=marks,
                    start=amount.start,
                    end=amount.end,
                    element=element,
                    text=text,
                )
            )
            if len(found) >= MAX_AMOUNTS:
                break
        if not any(amount.asking and not amount.marks & (Mark.ASIDE | Mark.REGULAR) for amount in found):
            found = sorted([*found, *islice(self._bare_prices(), MAX_AMOUNTS)], key=lambda amount: amount.start)
        return settled(found, self.lower)

    def _bare_prices(self) -> Iterator[SeenAmount]:
        """Lines that are a number, in what the shop calls a price: some shops leave the sign out. Only for pages that
        show no price with a sign, and in the currency of the shop or its country."""
        for match in _BARE_PRICE.finditer(self.text) if self._currency else ():
            value = read_number(match[1], self._currency)
            element = self.element_at(match.start(1))
            marks = self.marks.of(element)
            if value is None or value <= 0 or not marks & Mark.PRICE:
                continue
            role = self._role(
                Amount(value=value, currency=self._currency, role=Role.ASKING, start=match.start(1), end=match.end(1))
            )
            yield SeenAmount(
                value=value, currency=self._currency, role=role, marks=marks, start=match.start(1), end=match.end(1),
                element=element, text=match[1],
            )  # fmt: skip

    def _role(self, amount: Amount) -> Role:
        """The amount's role; a short line of its own before or after it ("Was:", "per month") counts as its label."""
        if amount.role is not Role.ASKING:
            return amount.role
        line_start = self.text.rfind("\n", 0, amount.start) + 1
        before = self.lower[line_start : amount.start].strip(" :(-")
        if before and _UP_TO.fullmatch(before):
            return Role.RANGE
        if _LIMIT.search(before) or _LIMIT_AFTER.match(self.lower, amount.end):
            return Role.EXTRA  # a class of prices in a menu
        if not before and line_start > 0:
            role = self._role_by_label(line_start)
            if role is not Role.ASKING:
                return role
        line_end = self.text.find("\n", amount.end)
        if line_end >= 0 and not self.text[amount.end : line_end].strip():
            return self._role_by_next_line(line_end + 1)
        return Role.ASKING

    def _role_by_label(self, line_start: int) -> Role:
        """What the line before the one at `line_start` says of the amount that this one begins with; nothing where
        nobody sees it ("MSRP:" of a template)."""
        start = self.text.rfind("\n", 0, line_start - 1) + 1
        label = self.lower[start : line_start - 1]
        role = self._role_of_label(label, start)
        return Role.ASKING if role is not Role.ASKING and self.marks_at(start) & Mark.HIDDEN else role

    def _role_of_label(self, label: str, start: int) -> Role:
        """What a line that begins at `start` says of the amount that the next one begins with."""
        if announces_code(label):
            return Role.MEMBER
        if _SEVERAL.fullmatch(label.strip()):
            return Role.EXTRA
        if _UP_TO.fullmatch(label.strip()):
            return Role.RANGE
        tail = _AFTER_NUMBER.search(label)
        if tail is not None and role_in(tail[1], "") is Role.MEMBER:  # "$30 off, members only", then their price
            return Role.MEMBER
        if len(label) > MAX_LABEL or any(char.isdigit() for char in label):
            return Role.ASKING
        role = role_in(label, "")
        if role is Role.SHIPPING and _WITH.match(label) and self._price_ends_at(start - 1):
            return Role.ASKING
        told = role in _LABEL_ROLES_BEFORE and (label.rstrip().endswith(":") or role_in(label[:14], "") is role)
        return role if told else Role.ASKING

    def _role_by_next_line(self, start: int) -> Role:
        """What the line at `start` says of the amount that the line before ends with."""
        stop = self.text.find("\n", start)
        line = self.lower[start : stop if stop >= 0 else start + 120]
        if _UP_TO.fullmatch(line.strip()):
            return Role.FROM
        role = role_in("", line[:MAX_LABEL])
        if role in (Role.INSTALMENT, Role.NET):
            return role
        of_next = stop >= 0 and _AMOUNT_BEGINS.match(self.lower, stop + 1) is not None
        return Role.MEMBER if begins_with_code(line) and not of_next else Role.ASKING

    def _price_ends_at(self, line_end: int) -> bool:
        """Whether the line that ends at a position ends as a price does."""
        line = self.text[max(self.text.rfind("\n", 0, max(line_end, 0)) + 1, line_end - 30) : max(line_end, 0)]
        return _PRICE_END.search(line) is not None

    @cached_property
    def _runs_of(self) -> dict[Element, tuple[int, int]]:
        """The first and last run that each element holds itself."""
        spans: dict[Element, tuple[int, int]] = {}
        for index, owner in enumerate(self.owners):
            first, _ = spans.get(owner, (index, index))
            spans[owner] = (first, index)
        return spans

    def lines_of(self, element: Element) -> list[str]:
        """The lower-case lines of text that an element holds."""
        spans = [span for node in element.iter() if (span := self._runs_of.get(node)) is not None]
        if not spans:
            return []
        first, last = min(span[0] for span in spans), max(span[1] for span in spans)
        stop = self.starts[last + 1] if last + 1 < len(self.starts) else len(self.text)
        return self.lower[self.starts[first] : stop].strip().split("\n")

    def _with_tax(self, amount: Amount) -> bool:
        """Whether the words beside an amount say that tax is in it."""
        line_start = self.text.rfind("\n", 0, amount.start)
        before = self.lower[max(line_start - 40, amount.start - 60, 0) : amount.start]
        return (
            _WITH_TAX.search(before[-45:]) is not None
            or _WITH_TAX.match(self.lower[amount.end : amount.end + 24]) is not None
        )

    def window(self, start: int, end: int, *, skip: int = Mark.HIDDEN | Mark.ASIDE) -> str:
        """The lower-case text between two positions without runs that bear a mark in `skip`."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        parts: list[str] = []
        for index in range(first, len(self.starts)):
            begin = self.starts[index]
            if begin >= end:
                break
            stop = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)
            if not self.marks.of(self.owners[index]) & skip:
                parts.append(self.lower[max(begin, start - MAX_RUN) : min(stop, end + MAX_RUN)])
        return "".join(parts)


_AFTER_NUMBER = re.compile(r"\d([^\d\n]{4,40})$")

# A run that ends like this is a whole price; digits of the next one are not its.
_WHOLE_PRICE = re.compile(
    r"\d\s?(?:€|kr\.?|zł|kč|ft|lei|₽|₴|руб\.?|грн\.?|원|円|元|tl|₺|chf|eur|sek|nok|dkk|pln|czk|huf)$", re.IGNORECASE
)


def _two_numbers(before: Run | None, after: Run) -> bool:
    """Words that end in a number, and an element that begins with one: "Edition 18", "717,03 €" is not 18717.03."""
    if before is None or not after.text[:1].isdigit():
        return False
    if before.text[-1:].isdigit():
        return not before.fragment
    return _WHOLE_PRICE.search(before.text[-12:]) is not None


_WITH_TAX = re.compile(
    r"\W*(?:(?:in(?:cl?|kl?)\.?|mit|inclusive|including|avec|con|com|met|med|z|vč\.?|s|с учетом|з"
    r"|m\.) ?(?:of )?(?:\d+ ?% ?)?"
    r"(?:vat|gst|tax|mwst|ust|btw|iva|moms|mva|dph|dpd|ндс|пдв|tva|alv|áfa)|ttc\b|brutto|bruttó|税込|iva incl"
    r"|impuestos incl|含税|含稅|부가세 포함)"
)

# "incl. shipping" in a line of its own below a price is said of that price, and no label of the amount that follows.
_WITH = re.compile(r"\W*(?:in[ck]l|(?:mit|with|avec|con|com|met|med)\b|[zсз]\s)[^:：]*$")
_PRICE_END = re.compile(r"\d(?:[.,]?-{1,2})?\s?(?:[^\W\d_]{1,4}\.?|[€$£¥₹₩₽₴₺₫฿])?$")

# A whole line: groups of thousands, cents, or both. A number with neither may be anything.
_BARE_PRICE = re.compile(r"^ {0,3}(\d{1,3}(?:[ .,']\d{3}){1,3}(?:[.,]\d{2})?|\d{1,9}[.,]\d{2}) {0,3}$", re.MULTILINE)

_AMOUNT_BEGINS = re.compile(r"\W{0,2}(?:[a-z]{1,3}\$?\s?)?\d")

# "From 5" before the price of one of five.
_SEVERAL = re.compile(
    r"(?:ab|from|à partir de|dès|od|vanaf|da|desde|a partir de|від|от|>=?|≥)\s?(?:[2-9]|\d{2,4})"
    r"(?: (?:stk|stück|pcs|pieces|units|pièces|szt|ks|шт)\.?)?:?"
)
# "From", "$899", "To", "$1,299" in lines of their own.
_UP_TO = re.compile(r"(?:to|up to|bis|à|jusqu'à|hasta|até|fino a|tot|do|až|до|till)\s?:?")
_LIMIT = re.compile(r"(?:^|\s)(?:under|below|less than|unter|moins de|menos de|meno di|onder|poniżej)$")
_LIMIT_AFTER = re.compile(r" ?(?:and|&|or|und) (?:above|over|below|under|less|mehr|weniger|darunter|darüber)\b")
_LABEL_ROLES_BEFORE = frozenset(
    (Role.WAS, Role.SAVING, Role.MEMBER, Role.NET, Role.SHIPPING, Role.EXTRA, Role.INSTALMENT)
)
