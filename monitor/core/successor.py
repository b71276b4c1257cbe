"""When a card's successor will be on sale: a hazard by age, learned from the launches known on the day.

Ages at which followers came, and of cards still without one, give a monthly hazard (Kaplan and Meier, 1958) with a
prior of 5 % a month that weighs seven card-months. Evidence multiplies the odds; an announcement all but settles it.
A row of the catalogue counts only from its launch or announcement on, so the answer is what could be known that day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from monitor.core.models import Gpu, NewsEvent

MONTHS, DAYS_A_MONTH = 60, 30.44
PRIOR_HAZARD, PRIOR_CARD_MONTHS = 0.05, 7.0
NEVER = 0.2  # about one model in five never gets a follower
NEW_PART_DAYS = 548
NEW_PART_ODDS = 2.5  # first part of a new architecture sold: consumer cards came 0 to 15 months later, median 7
RUMOUR_ODDS, RUMOUR_SOURCES, RUMOUR_DAYS = 3.0, 3, 30
ANNOUNCED_WEEKS = (2.0, 6.0)  # usual time from an announcement to the shelf: 20 % and 60 % quantiles
SHELF_WEEKS = 4.0  # until a new card is in stock


@dataclass(frozen=True, kw_only=True)
class Successor:
    """Chance of a follower within 3, 6, 9 and 12 months; weeks until it can be bought (20 % and 60 % quantiles, `None`
    beyond five years); what it rests on."""

    within_months: Mapping[int, float]
    low_weeks: float | None
    high_weeks: float | None
    evidence: str
    announced: bool


def launch_survival(gpus: Mapping[str, Gpu], on: date) -> NDArray[np.float64]:
    """Share of consumer cards without a follower at each age in months, from what was launched by `on`."""
    followed = first_followers(gpus, on)
    at_risk, events = np.zeros(MONTHS), np.zeros(MONTHS)
    for gpu in gpus.values():
        if gpu.segment != "consumer" or gpu.launched_on is None or gpu.launched_on > on:
            continue
        end = followed.get(gpu.name, on)
        months = min(max(int((end - gpu.launched_on).days / DAYS_A_MONTH), 0), MONTHS - 1)
        at_risk[: months + 1] += 1
        events[months] += gpu.name in followed
    hazard = (events + PRIOR_HAZARD * PRIOR_CARD_MONTHS) / (at_risk + PRIOR_CARD_MONTHS)
    return np.concatenate([[1.0], np.cumprod(1 - hazard)])


def first_followers(gpus: Mapping[str, Gpu], on: date) -> dict[str, date]:
    """For each card the day its first follower was on sale, among those on sale by `on`; a refresh is no follower."""
    found: dict[str, date] = {}
    for gpu in gpus.values():
        before = gpus.get(gpu.predecessor) if gpu.predecessor else None
        if gpu.predecessor is None or gpu.launched_on is None or gpu.launched_on > on:
            continue
        if before is None or before.architecture != gpu.architecture:
            found[gpu.predecessor] = min(found.get(gpu.predecessor, gpu.launched_on), gpu.launched_on)
    return found


def successors(
    names: Iterable[str], gpus: Mapping[str, Gpu], as_of: datetime, news: Sequence[NewsEvent]
) -> dict[str, Successor]:
    """The outlook for the successor of each card that is on sale at `as_of` and has none yet."""
    on, found = as_of.date(), dict[str, Successor]()
    survival, followed = launch_survival(gpus, on), first_followers(gpus, on)
    for name in names:
        gpu = gpus.get(name)
        if gpu and gpu.launched_on and gpu.launched_on <= on and name not in followed:
            found[name] = _successor(gpu, gpus, as_of, news, survival)
    return found


def _successor(
    gpu: Gpu, gpus: Mapping[str, Gpu], as_of: datetime, news: Sequence[NewsEvent], survival: NDArray[np.float64]
) -> Successor:
    assert gpu.launched_on is not None
    on = as_of.date()
    if name := _announced(gpu, gpus, on):
        low, high = ANNOUNCED_WEEKS
        chances = {3: 0.9, 6: 0.95, 9: 0.97, 12: 0.98}
        text = f"its successor {name} is announced"
        return Successor(
            within_months=chances, low_weeks=low, high_weeks=high + SHELF_WEEKS, evidence=text, announced=True
        )
    odds, text = _evidence(gpu, gpus, as_of, news)
    age = min(int((on - gpu.launched_on).days / DAYS_A_MONTH), MONTHS)
    chances = _chances(survival, age, odds)
    evidence = f"it is {age} months old" + (f", and {text}" if text else "")
    return Successor(
        within_months={months: float(chances[months]) for months in (3, 6, 9, 12)},
        low_weeks=_quantile_weeks(chances, 0.2),
        high_weeks=_quantile_weeks(chances, 0.6),
        evidence=evidence,
        announced=False,
    )


def _chances(survival: NDArray[np.float64], age: int, odds: float) -> NDArray[np.float64]:
    """Chance of a follower within 0, 1, 2 ... months from now, given none so far."""
    ahead = np.minimum(age + np.arange(MONTHS + 1), MONTHS)
    chance = 1 - survival[ahead] / max(float(survival[min(age, MONTHS)]), 1e-6)
    chance = np.minimum(chance, 1 - NEVER)
    return odds * chance / (1 - chance + odds * chance)


def _quantile_weeks(chances: NDArray[np.float64], level: float) -> float | None:
    reached = np.flatnonzero(chances >= level)
    return float(reached[0] * DAYS_A_MONTH / 7 + SHELF_WEEKS) if len(reached) else None


def _announced(gpu: Gpu, gpus: Mapping[str, Gpu], on: date) -> str:
    for other in gpus.values():
        known = other.announced_on is not None and other.announced_on <= on
        if known and other.predecessor == gpu.name and other.architecture != gpu.architecture:
            return other.name
    return ""


def _evidence(gpu: Gpu, gpus: Mapping[str, Gpu], as_of: datetime, news: Sequence[NewsEvent]) -> tuple[float, str]:
    odds, texts = 1.0, list[str]()
    if part := _first_part(gpu, gpus, as_of.date()):
        odds *= NEW_PART_ODDS
        texts.append(f"{part}, the first chip of the next generation, is on sale")
    since = as_of - timedelta(days=RUMOUR_DAYS)
    heard = [e for e in news if since <= e.published_at <= as_of and e.effect == "wait" and _is_about(e, gpu)]
    outlets = {event.source for event in heard}
    if len(outlets) >= RUMOUR_SOURCES:
        odds *= RUMOUR_ODDS
        texts.append(f"{len(outlets)} outlets expect a new generation")
    return odds, " and ".join(texts)


def _is_about(event: NewsEvent, gpu: Gpu) -> bool:
    return event.event in {"announcement", "rumour", "launch"} and (not event.gpus or gpu.vendor in event.title)


def _first_part(gpu: Gpu, gpus: Mapping[str, Gpu], on: date) -> str:
    """The first part on sale of a generation that no consumer card has yet, if younger than `gpu` and 18 months."""
    if gpu.segment != "consumer" or gpu.launched_on is None:
        return ""
    first: dict[str, tuple[date, str]] = {}
    consumer: set[str] = set()
    for other in gpus.values():
        if other.vendor != gpu.vendor or other.launched_on is None or other.launched_on > on:
            continue
        generation = other.architecture.split(" ")[0]
        first[generation] = min(first.get(generation, (other.launched_on, other.name)), (other.launched_on, other.name))
        if other.segment == "consumer" and not other.name.startswith("Titan"):
            consumer.add(generation)
    newest = max((part for generation, part in first.items() if generation not in consumer), default=None)
    if newest is None or newest[0] <= gpu.launched_on or (on - newest[0]).days > NEW_PART_DAYS:
        return ""
    return newest[1]
