"""The verdict card of one goal, as HTML: for the first page, and for its first sight."""

from collections.abc import Mapping
from datetime import date, datetime

from dashboard import queries, texts
from dashboard.cards import verdict_card
from dashboard.queries import Freshness
from dashboard.texts import money
from monitor.core.models import Goal, Signal, Verdict

SHOWN_REASONS = 4


def goal_card(goal: Goal, as_of: datetime | None, own: str = "") -> str:
    """The card of a goal at `as_of` (now, if `None`), with the speed beside the card that the visitor has."""
    verdict = queries.verdict(goal, as_of)
    call = verdict.signals[0] if verdict.signals else None
    what = " or ".join(verdict.gpus) if verdict.gpus else texts.NO_CARD
    if call:
        what += f" ({texts.CONDITIONS[call.condition]}{', ' + call.region if call.region else ''})"
    fresh = queries.age_of(call.data_on if call else None, as_of)
    note, old = texts.NO_PRICES_YET, None
    if fresh.day:
        template = texts.STALE_NOTE if fresh.stale else texts.FRESH_NOTE
        note = template.format(day=texts.day(fresh.day), age=texts.age(fresh.age_days))
        old = fresh.day if fresh.stale else None
    reasons = [reason.text for reason in verdict.reasons[:SHOWN_REASONS]]
    reasons += [texts.WOULD_CHANGE.format(what=change) for change in (call.would_change[:1] if call else ())]
    facts = _facts(goal, verdict, call, old, own)
    return verdict_card(goal.title, verdict.action, what, facts, reasons, note, held_on=old)


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


def _facts(goal: Goal, verdict: Verdict, call: Signal | None, old: date | None, own: str) -> list[tuple[str, str]]:
    if call is None:
        return []
    saving = f"{texts.percent(call.expected_saving)} ({call.saving_low:+.0%} to {call.saving_high:+.0%})"
    window = texts.window(call.window_low_weeks, call.window_high_weeks)
    ratio = queries.relative_speed(own, verdict.gpus[0], goal.workload) if own else None
    return [
        ("price then" if old else "price", money(verdict.price or call.price)),
        ("window", window),
        ("waiting saves", saving if window else ""),
        ("buy at or below", money(call.limit_price)),
        ("confidence", texts.sureness(call.confidence) if call.confidence else ""),
        ("speed", texts.times_own(ratio * goal.cards, own) if ratio else ""),
    ]
