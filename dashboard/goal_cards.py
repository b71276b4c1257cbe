"""The verdict card of one goal, as HTML: for the first page, and for its first sight."""

from collections.abc import Mapping
from datetime import datetime

from dashboard import queries, texts
from dashboard.cards import verdict_card
from dashboard.queries import Freshness
from dashboard.texts import money
from monitor.clock import utc_now
from monitor.core.goal_card import card_of
from monitor.core.models import Action, Goal, Verdict


def goal_card(goal: Goal, as_of: datetime | None, own: str = "", *, folded: bool = False) -> str:
    """The card of a goal at `as_of` (now, if `None`), with the speed beside the card that the visitor has."""
    verdict = queries.verdict(goal, as_of)
    card = card_of(goal, verdict, as_of or utc_now(), money)
    named = verdict.gpus[0] if own and verdict.signals else None
    ratio = queries.relative_speed(own, named, goal.workload, goal.cards) if named else None
    speed = [("speed", texts.times_own(ratio, own))] if ratio else []
    facts = [*card.facts, *speed]
    reasons = [*card.reasons, *_held_before(goal, verdict)] if as_of is None else card.reasons
    return verdict_card(
        card.title,
        card.action,
        card.what,
        facts,
        reasons,
        card.note,
        condition=card.condition,
        held_on=card.held_on,
        folded=folded and len(reasons) > 1,
    )


def _held_before(goal: Goal, verdict: Verdict) -> list[str]:
    """Where today's prices carry no call yet, what was called before from older ones."""
    if verdict.action is not Action.NO_CALL or not verdict.signals:
        return []
    past = queries.held_before(goal)
    if not past or past[0].data_on is None:
        return []
    said = ", ".join(f"{call.gpu}: {texts.verdict(call.action, call.condition).lower()}" for call in past)
    return [texts.HELD_BEFORE.format(day=texts.day(past[0].data_on), said=said)]


def how_old() -> tuple[str, Freshness]:
    """How old the newest price of all is, in words and in days; the words say what to do where there is none."""
    fresh = queries.age_of(queries.newest_day())
    if fresh.day is None:
        return texts.EMPTY_STORE, fresh
    template = texts.STALE_DATA if fresh.stale else texts.FRESH_NOTE
    return template.format(day=texts.day(fresh.day), age=texts.age(fresh.age_days)), fresh


def own_card(asked: Mapping[str, str]) -> str:
    """The card that the visitor has now, by the address (`?have=rtx-3060`); empty where it says none."""
    slug = asked.get("have", "")
    return next((name for name, gpu in queries.catalog().gpus.items() if gpu.slug == slug), "")
