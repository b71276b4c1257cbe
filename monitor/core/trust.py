"""Whether a price that was read can be believed at once, must be seen a second time, or is no price of such a card.

Prices are compared in one currency and without tax. What the market explains is believed; a price far from it, or a
jump of an article's own price that the market does not share, waits for a second sighting: a later crawl or another
source. A price that no market has ever shown is kept and never used unless a person says so.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import inf
from statistics import median

from monitor.core.models import Condition, Gpu

Kind = tuple[str, Condition]  # a GPU in a condition

# Shares of the usual price: what lies outside PLAUSIBLE waits, what lies outside ABSURD is not used by itself.
PLAUSIBLE, ABSURD = (0.6, 2.0), (0.3, 5.0)  # of a market of two shops or more
EXPLAINED = (0.75, 1.35)  # a jump that ends here is the article's return to its market
OWN_STEP = (0.7, 1.43)  # of the article's own last price
# With nothing but the launch price to go by the bounds are wide, and wider for cards long out of production: of the
# asking prices of 2017-2024 that we know, 1 in 100 lies outside the first pair, 1 in 1,000 outside the second.
PLAUSIBLE_YOUNG = {Condition.NEW: (0.4, 4.0), Condition.USED: (0.2, 3.6)}
PLAUSIBLE_OLD = {Condition.NEW: (0.2, 6.0), Condition.USED: (0.05, 3.0)}
ABSURD_YOUNG, ABSURD_OLD, ABSURD_OLD_USED = (0.1, 10.0), (0.08, 25.0), (0.02, 25.0)
# Clouds differ far more among each other, and spot prices move by themselves.
PLAUSIBLE_RENTAL, ABSURD_RENTAL = (0.1, 10.0), (0.02, 50.0)
SAME = (0.97, 1.03)  # of the article's own last price: nothing new
YOUNG_DAYS = 4 * 365

SOURCE_FAULT = "source fault"  # begins the reason of offers that only a person, or the market, can clear

BURST_SHARE, BURST_LEAST, BURST_STEP = 0.6, 5, 0.25
SHIFT_LEAST = 3
UNKNOWN = "unknown"  # a stock that a page stops or begins to state is no change of it
FLIP_SHARE, FLIP_LEAST = 0.9, 10
STRAY_SHARE, STRAY_LEAST = 0.6, 5


class Trust(StrEnum):
    """Whether a price counts: at once, after a second sighting, or not at all."""

    BELIEVED = "believed"
    UNCONFIRMED = "unconfirmed"
    SUSPICIOUS = "suspicious_price"


@dataclass(frozen=True, kw_only=True)
class Usual:
    """What a GPU in a condition usually costs, in USD without tax; `shops` 0: the launch price, no market."""

    price_usd: float
    shops: int
    young: bool = True  # launched within the last four years


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """Whether a price counts, and why not."""

    trust: Trust
    reason: str = ""


BELIEVED = Judgement(trust=Trust.BELIEVED)


@dataclass(frozen=True, kw_only=True)
class Change:
    """An article that a crawl saw again: its believed price and stock before, and now."""

    price_before: float
    price_now: float
    stock_before: str
    stock_now: str


def usual_prices(
    prices: Mapping[Kind, Sequence[tuple[str, float]]], gpus: Mapping[str, Gpu], on: date
) -> dict[Kind, Usual]:
    """What each GPU costs by condition: the median over shops of each shop's median; the launch price elsewhere.

    `prices` are (source, USD without tax) of believed offers.
    """
    found: dict[Kind, Usual] = {}
    for gpu in gpus.values():
        young = gpu.launched_on is None or (on - gpu.launched_on).days <= YOUNG_DAYS
        for condition in Condition:
            by_shop: dict[str, list[float]] = defaultdict(list)
            for source, usd in prices.get((gpu.name, condition), ()):
                by_shop[source].append(usd)
            votes = [median(some) for some in by_shop.values()]
            if len(votes) >= 2:
                found[gpu.name, condition] = Usual(price_usd=median(votes), shops=len(votes), young=young)
            elif gpu.msrp_usd and condition is not Condition.RENTAL:
                found[gpu.name, condition] = Usual(price_usd=gpu.msrp_usd, shops=0, young=young)
    return found


def judge(
    price_usd: float | None, condition: Condition, usual: Usual | None, last_usd: float | None, *, taxed: bool = False
) -> Judgement:
    """Whether to believe a price; `last_usd` is the article's own last believed price, `taxed` says that there may be a
    tax in it that nobody knows. What cannot be compared is believed: there is nothing to doubt it by."""
    if price_usd is None:
        return BELIEVED
    share = price_usd / usual.price_usd if usual else None
    step = price_usd / last_usd if last_usd else None
    if step is not None and _within(step, SAME):
        return BELIEVED
    if usual and share and not _within(share, _limits(condition, usual)):
        return Judgement(trust=Trust.SUSPICIOUS, reason=_against(price_usd, usual, taxed))
    if condition is not Condition.RENTAL and step is not None:
        if explained(price_usd, usual) or _within(step, OWN_STEP):
            return BELIEVED
        return Judgement(trust=Trust.UNCONFIRMED, reason=f"its own price moved by {100 * (step - 1):+.0f} % at once")
    if usual is None or share is None or _within(share, _bounds(condition, usual)):
        return BELIEVED
    return Judgement(trust=Trust.UNCONFIRMED, reason=_against(price_usd, usual, taxed))


def explained(price_usd: float | None, usual: Usual | None) -> bool:
    """Whether a price is what a market of two shops or more asks anyway."""
    return bool(price_usd and usual and usual.shops and _within(price_usd / usual.price_usd, EXPLAINED))


def agree(one_usd: float | None, other_usd: float | None, within: float = 0.1) -> bool:
    """Whether two prices say the same, so that one confirms the other."""
    return bool(one_usd and other_usd and abs(one_usd / other_usd - 1) <= within)


def burst(changes: Sequence[Change]) -> str:
    """Why the changes of one shop in one crawl are a fault of the source, or "". `changes` holds every article that
    was known before, also those that did not change."""
    if len(changes) >= BURST_LEAST:
        moved = [c for c in changes if abs(c.price_now / c.price_before - 1) > BURST_STEP]
        if len(moved) >= max(BURST_LEAST, BURST_SHARE * len(changes)):
            return f"{len(moved)} of {len(changes)} prices moved by more than {BURST_STEP:.0%} in one crawl"
    if len(changes) >= FLIP_LEAST:
        flipped = [c for c in changes if UNKNOWN not in (c.stock_now, c.stock_before) and c.stock_now != c.stock_before]
        if len(flipped) >= FLIP_SHARE * len(changes) and len({c.stock_now for c in flipped}) == 1:
            return f"{len(flipped)} of {len(changes)} articles became {flipped[0].stock_now} in one crawl"
    return ""


def shift(shelf: Sequence[tuple[Sequence[float], Sequence[float]]]) -> str:
    """Why a shop's prices by kind of article (before, in this crawl) are a fault of the source, or "": a new layout
    gives every article a new address, so that none has a past of its own, and reads something else as the price."""
    steps = [price / median(before) for before, now in shelf if before for price in now]
    for low, high, way in ((0.0, 1 - BURST_STEP, "fell"), (1 + BURST_STEP, inf, "rose")):
        n = sum(low < step < high for step in steps)
        if n >= max(SHIFT_LEAST, BURST_SHARE * len(steps)):
            return f"the prices of {n} of {len(steps)} articles {way} by more than {BURST_STEP:.0%} in one crawl"
    return ""


def stray(compared: int, agreed: int, waiting: int) -> str:
    """Why a source is at fault although nothing changed, or "": of its prices that could be `compared` with those of
    others few `agreed`, and so many articles are `waiting`. A new source may be misread from its first day on."""
    if waiting >= STRAY_LEAST and compared - agreed >= STRAY_SHARE * compared:
        return f"{compared - agreed} of {compared} prices are far from what others ask"
    return ""


def _bounds(condition: Condition, usual: Usual) -> tuple[float, float]:
    if condition is Condition.RENTAL:
        return PLAUSIBLE_RENTAL
    if usual.shops:
        return PLAUSIBLE
    table = PLAUSIBLE_YOUNG if usual.young else PLAUSIBLE_OLD
    return table[Condition.NEW if condition is Condition.NEW else Condition.USED]


def _limits(condition: Condition, usual: Usual) -> tuple[float, float]:
    if condition is Condition.RENTAL:
        return ABSURD_RENTAL
    if usual.shops:
        return ABSURD
    if usual.young:
        return ABSURD_YOUNG
    return ABSURD_OLD if condition is Condition.NEW else ABSURD_OLD_USED


def _within(share: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= share <= bounds[1]


def _against(price_usd: float, usual: Usual, taxed: bool) -> str:
    market = f"about {usual.price_usd:,.0f} USD in {usual.shops} shops"
    about = market if usual.shops else f"a launch price of {usual.price_usd:,.0f} USD"
    return f"{price_usd:,.0f} USD {'with whatever tax is in it' if taxed else 'without tax'} against {about}"
