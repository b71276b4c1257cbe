"""What stands first in a ranking, what cannot be told apart from it, and what is too old to stand in it.

One rule for all who show a ranking: the verdict of a goal, the page Compare and the commands.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from monitor.core.models import Condition, Score, Signal, StreetPrice
from monitor.core.panel import STALE_WEEKS

OLD_DAYS = 7 * STALE_WEEKS  # the age from which a price carries no call

Place = tuple[str, Condition, str]  # card, condition, region


def place_of(one: Score | Signal) -> Place:
    """What a score or a call is of."""
    return one.gpu, one.condition, one.region


def best_first(scores: Sequence[Score]) -> list[Score]:
    """The best value first; of equal ones always the same order."""
    return sorted(scores, key=lambda score: (-score.per_dollar, score.gpu, score.condition, score.region))


def tied_with_best(scores: Sequence[Score]) -> list[Score]:
    """Those of one workload's scores, best first, whose interval holds the value of the best."""
    return [score for score in scores if score.high >= scores[0].per_dollar] if scores else []


def too_old(day: date, newest: date) -> bool:
    """Whether a price of that day can no longer stand beside the newest: more than nine weeks lie between."""
    return (newest - day).days > OLD_DAYS


def of_one_time(prices: Sequence[StreetPrice]) -> list[StreetPrice]:
    """The prices without those more than nine weeks older than the newest of them."""
    newest = max((price.seen_on for price in prices), default=date.min)
    return [price for price in prices if not too_old(price.seen_on, newest)]


def apart_by_age(
    scores: Sequence[Score], seen_on: Mapping[Place, date | None]
) -> tuple[list[Score], list[tuple[Score, date]]]:
    """The scores whose prices stand beside each other, best first, and those of older prices with their days.

    A price counts as old where the newest of all is more than nine weeks newer: from then on no call is made at it, and
    a bargain of long ago would stand above all that can be bought. Without a day a price counts as live.
    """
    ranked = best_first(scores)
    days = [(score, seen_on.get(place_of(score))) for score in ranked]
    newest = max((day for _, day in days if day), default=None)
    if newest is None:
        return ranked, []
    old = [(score, day) for score, day in days if day and too_old(day, newest)]
    left = {id(score) for score, _ in old}
    return [score for score in ranked if id(score) not in left], old
