"""The card of one goal in words: what the first page shows, and what the digest carries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from monitor.core.models import Action, Condition, Goal, Money, Signal, Verdict
from monitor.core.phrases import CONDITIONS, age, day, percent, sureness, verdict, window
from monitor.core.phrases import reason as with_figure

STALE_DAYS = 7  # an older price is no advice for today
SHOWN_REASONS = 4
NO_CARD = "No card to name"
AS_GOOD = "as good, with another call"
NO_PRICES_YET = "No prices for this yet."
WOULD_CHANGE = "Would change it: {what}"
STALE_NOTE = "The newest price is {age} old (from {day}): read this as history, not as today's advice."
FRESH_NOTE = "Newest price: {day}."


@dataclass(frozen=True, kw_only=True)
class GoalCard:
    """Verdict first, then what it is about, its figures, its reasons, and how old its data are.

    `held_on` is set where the newest price is too old: the verdict held on that day.
    """

    title: str
    action: Action
    what: str
    facts: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    note: str
    held_on: date | None = None
    condition: Condition | None = None

    @property
    def verdict(self) -> str:
        """The verdict in words, with its day where it is an old one: "On 3 May 2024: Wait"."""
        words = verdict(self.action, self.condition)
        return f"On {day(self.held_on)}: {words}" if self.held_on else words


def card_of(goal: Goal, found: Verdict, now: datetime, money: Callable[[Money], str]) -> GoalCard:
    """The card of a goal as of `now`; `money` writes amounts as the reader's country does."""
    call = found.signals[0] if found.signals else None
    others = _called_otherwise(found)
    many = f"{goal.cards} x " if goal.cards > 1 else ""
    what = " or ".join(f"{many}{gpu}" for gpu in found.gpus if gpu not in others) or NO_CARD
    note, old = NO_PRICES_YET, None
    if call:
        what += f" ({CONDITIONS[call.condition]}{', ' + call.region if call.region else ''})"
    if call and call.data_on:
        days = (now.date() - call.data_on).days
        old = call.data_on if days > STALE_DAYS else None
        note = (STALE_NOTE if old else FRESH_NOTE).format(day=day(call.data_on), age=age(days))
    reasons = [with_figure(one.text, one.contribution) for one in found.reasons[:SHOWN_REASONS]]
    reasons += [WOULD_CHANGE.format(what=change) for change in (call.would_change[:1] if call else ())]
    return GoalCard(
        title=goal.title or goal.slug,
        action=found.action,
        what=what,
        facts=(*_facts(goal.cards, found, call, old, money), *_as_good(others)) if call else (),
        reasons=tuple(reasons),
        note=note,
        held_on=old,
        condition=call.condition if call else None,
    )


def _called_otherwise(found: Verdict) -> dict[str, Signal]:
    """Cards that tie with the first by value, and whose own call is another one than the verdict: not to buy now."""
    calls = {call.gpu: call for call in reversed(found.signals)}
    return {gpu: calls[gpu] for gpu in found.gpus if gpu in calls and calls[gpu].action is not found.action}


def _as_good(others: Mapping[str, Signal]) -> tuple[tuple[str, str], ...]:
    named = ", ".join(f"{gpu} ({verdict(call.action, call.condition).lower()})" for gpu, call in others.items())
    return ((AS_GOOD, named),) if named else ()


def _facts(
    cards: int, found: Verdict, call: Signal, old: date | None, money: Callable[[Money], str]
) -> tuple[tuple[str, str], ...]:
    price, span = call.price or found.price, window(call.window_low_weeks, call.window_high_weeks)
    saving = f"{percent(call.expected_saving)} ({call.saving_low:+.0%} to {call.saving_high:+.0%})"
    rented, said = call.condition is Condition.RENTAL, call.action is not Action.NO_CALL
    unit, get = (" an hour", "rent") if rented else ("", "buy")
    each, then = (" a card" if cards > 1 else ""), (" then" if old else "")
    whose = f" of the {found.gpus[0]}" if len(found.gpus) > 1 else each  # of several names the price is the first one's
    all_cards = replace(price, amount=price.amount * cards) if price and cards > 1 else None
    facts = (
        (f"price{unit}{whose}{then}", money(price) if price else ""),
        (f"{cards} cards{unit}{then}", money(all_cards) if all_cards else ""),
        ("window", span),
        ("waiting saves", saving if span else ""),
        (f"{get} at or below{each and ','}{each}", money(call.limit_price) if call.limit_price else ""),
        ("confidence", sureness(call.confidence) if call.confidence and said else ""),
    )
    return tuple((name, value) for name, value in facts if value)
