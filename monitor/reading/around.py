"""What stands around the main article and its price: the lines about it, and what they say of its stock."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from monitor.core.models import Availability
from monitor.reading.amounts import SeenAmount
from monitor.reading.choices import closed_sizes, stock_of_choices
from monitor.reading.heading import Heading
from monitor.reading.marks import Mark
from monitor.reading.text import VisibleText
from monitor.reading.visible import lines_elsewhere, read_stock, region_lines


@dataclass(frozen=True, kw_only=True)
class Around:
    """The lower-case lines around title and price, those around other places that show the price, and the stock."""

    lines: list[str]
    elsewhere: list[list[str]]
    availability: Availability


def look_around(
    seen: VisibleText,
    heading: Heading,
    anchor: SeenAmount | None,
    value: Decimal,
    markup: Availability,
    today: date | None,
) -> Around:
    """What people read around the article; `anchor` is the amount its price was read from, `markup` what markup says.
    Sizes that are sold out say nothing where others are not; a list of sizes is asked last."""
    lines = region_lines(seen, heading, anchor)
    elsewhere = lines_elsewhere(seen, value, anchor.start if anchor else -1)
    state = read_stock(lines, markup, elsewhere, is_open=seen.has_open_way, today=today, country=seen.country)
    if state is Availability.OUT_OF_STOCK and (closed := closed_sizes(seen.document.root)):
        seen.marks.put(Mark.HIDDEN, closed)
        lines = region_lines(seen, heading, anchor)
        elsewhere = lines_elsewhere(seen, value, anchor.start if anchor else -1)
        state = read_stock(lines, markup, elsewhere, is_open=seen.has_open_way, today=today, country=seen.country)
    if state is Availability.UNKNOWN:
        state = stock_of_choices(seen.document)
    return Around(lines=lines, elsewhere=elsewhere, availability=state)
