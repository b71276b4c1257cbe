"""Calls and scores -> what to do for one goal: which card, and whether to buy it now."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from monitor.core.amounts import written
from monitor.core.models import (
    Action,
    Condition,
    Goal,
    Gpu,
    Market,
    Reason,
    Score,
    Signal,
    StreetPrice,
    Verdict,
)
from monitor.core.phrases import day
from monitor.core.ranking import apart_by_age, tied_with_best

SHOWN_TIES = 3


def goal_verdict(
    goal: Goal, signals: Sequence[Signal], scores: Sequence[Score], gpus: Mapping[str, Gpu], as_of: datetime
) -> Verdict:
    """The best card for `goal` by throughput per dollar, and its call.

    Cards whose 80 % intervals hold the best one's value cannot be told apart: they stand together, one that can be
    bought now before one that should be waited for. Prices too old for a call stand apart. A goal of several cards is
    ranked by scores of such sets. `signals` should be made with the goal's own cost of delay and deadline.
    """
    fitting = [score for score in scores if _fits(score, goal, gpus)]
    if not fitting:
        return _nothing(goal, scores, gpus, as_of)
    calls = {(signal.gpu, signal.condition, signal.region): signal for signal in signals}
    ranked, old = apart_by_age(fitting, {place: call.data_on for place, call in calls.items()})
    best, tied = ranked[0], tied_with_best(ranked)
    ties, others = tied[: SHOWN_TIES + 1], len({score.gpu for score in tied} - {best.gpu})  # more than are named
    paired = [(score, calls.get((score.gpu, score.condition, score.region))) for score in ties]
    paired.sort(key=lambda pair: _rank(pair[1]))
    first, call = paired[0]
    made = tuple(replace(signal, goal=goal.slug) for _, signal in paired if signal is not None)
    return Verdict(
        goal=goal.slug,
        action=call.action if call else Action.NO_CALL,
        gpus=tuple(dict.fromkeys(score.gpu for score, _ in paired)),
        signals=made,
        reasons=_reasons(first, best, call, others, [one for one in old if one[0].per_dollar > best.per_dollar]),
        as_of=call.as_of if call else as_of,
        price=first.price,
        per_dollar=first.per_dollar,
        low=first.low,
        high=first.high,
        unit=first.unit,
    )


def prices_of(signals: Sequence[Signal]) -> list[StreetPrice]:
    """The prices that calls were made at, as street prices: to score cards where no fresh offers exist."""
    return [_street_price(signal) for signal in signals if signal.price is not None and signal.series is None]


def fits_goal(call: Signal | Score, goal: Goal, gpus: Mapping[str, Gpu]) -> bool:
    """Whether a call or a score is for a card in the goal's market, with its memory each, within its budget for all."""
    gpu = gpus.get(call.gpu)
    if call.condition not in goal.conditions or call.region not in (goal.region, *_everywhere(call)):
        return False
    if gpu is None or gpu.memory_gb < goal.min_memory_gb or call.price is None:
        return False
    budget = goal.budget
    if budget is None:
        return True
    return call.price.currency == budget.currency and call.price.amount * goal.cards <= budget.amount


def _everywhere(call: Signal | Score) -> tuple[str, ...]:
    """A cloud's machines can be rented from any country."""
    return (call.region,) if call.condition is Condition.RENTAL else ()


def _fits(score: Score, goal: Goal, gpus: Mapping[str, Gpu]) -> bool:
    of_the_work = score.workload == goal.workload and score.cards == goal.cards
    return of_the_work and score.fits != "no" and fits_goal(score, goal, gpus)


def _rank(call: Signal | None) -> int:
    if call is None:
        return 3
    return {Action.BUY_NOW: 0, Action.WAIT: 1, Action.LIMBO: 1, Action.NO_CALL: 2}[call.action]


def _reasons(
    first: Score, best: Score, call: Signal | None, others: int, old: Sequence[tuple[Score, date]]
) -> tuple[Reason, ...]:
    plural, them = ("", "them") if first.cards > 1 else ("s", "it")
    what = f"{_set(first)} ({first.condition})"
    why = f"{what} give{plural} most for the money: {in_words(first.per_dollar, first.unit)}"
    if first is not best:
        why = f"{what} may be worth as much as {_set(best)}, and the call is better"
    elif others:
        why += f"; {others} other{'s' if others > 1 else ''} cannot be told apart from {them}"
    reasons = [Reason(code="best_value", text=why)]
    if old:
        reasons.append(Reason(code="old_price", text=_left_aside(old)))
    if call is None:
        return (*reasons, Reason(code="no_prices", text="there is no price history to make a call from"))
    return (*reasons, *call.reasons)


def _set(score: Score) -> str:
    return score.gpu if score.cards == 1 else f"{score.cards} x {score.gpu}"


def _left_aside(old: Sequence[tuple[Score, date]]) -> str:
    """The card that an old price would put first, with that price and its day."""
    score, seen = old[0]
    price = f"{written(score.price.amount)} {score.price.currency}"
    more = len({one.gpu for one, _ in old} - {score.gpu})
    others = f", as {'is' if more == 1 else 'are'} {more} more" * bool(more)
    what = f"{score.gpu} ({score.condition})"
    return f"{what} is left aside{others}: its price of {price} is from {day(seen)}, too old for a call"


def in_words(per_dollar: float, unit: str) -> str:
    """Units of work per dollar as people say it.

    >>> in_words(21_400_000.0, "images/s")
    'about 21 million images per dollar'
    """
    noun = unit.removesuffix("/s")
    for size, word in ((1e12, "trillion "), (1e9, "billion "), (1e6, "million "), (1e3, "thousand ")):
        if per_dollar >= size:
            return f"about {_rounded(per_dollar / size)} {word}{noun} per dollar"
    return f"about {_rounded(per_dollar)} {noun} per dollar"


def _rounded(value: float) -> str:
    """Two digits that count: 21, 470, 4.7."""
    return f"{float(f'{value:.2g}'):.10g}"


def _nothing(goal: Goal, scores: Sequence[Score], gpus: Mapping[str, Gpu], as_of: datetime) -> Verdict:
    if any(score.workload == goal.workload for score in scores):
        wanted = [f"{goal.min_memory_gb:g} GB or more"] if goal.min_memory_gb else []
        if goal.budget:
            wanted.append(f"at most {goal.budget.amount} {goal.budget.currency}")
        text = f"no price is known in {goal.region} of a card that fits{_listed(wanted)}"
        others = sorted({score.region for score in scores if _fits(score, replace(goal, region=score.region), gpus)})
        if others:
            text += f"; prices of such cards are known in {', '.join(others)}"
        reason = Reason(code="nothing_fits", text=text)
    else:
        reason = Reason(code="no_scores", text="no card that does this work has a price yet")
    return Verdict(goal=goal.slug, action=Action.NO_CALL, gpus=(), signals=(), reasons=(reason,), as_of=as_of)


def _listed(wanted: Sequence[str]) -> str:
    return f" ({', '.join(wanted)})" if wanted else ""


def _street_price(signal: Signal) -> StreetPrice:
    assert signal.price is not None
    rented = signal.condition is Condition.RENTAL
    amount: Decimal = signal.price.amount
    return StreetPrice(
        gpu=signal.gpu,
        condition=signal.condition,
        region=signal.region,
        price=signal.price,
        n=1,
        shops=1,
        low=amount,
        high=amount,
        spread=0.0,
        seen_on=signal.data_on or signal.as_of.date(),
        carried=True,
        market=Market.CLOUD if rented else Market.RETAIL,
    )
