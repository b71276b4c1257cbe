"""The digest of the user's goals: the cards of the first page, as they stand on its day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from monitor.core.alert_state import SUMMARY
from monitor.core.alerting import subject_of
from monitor.core.goal_card import GoalCard, card_of
from monitor.core.models import Alert, Goal, Money, Verdict
from monitor.core.phrases import SHAPES

NAMED_GOALS = 2  # in the subject; more are counted


def with_cards(alert: Alert, goals: Sequence[Goal], verdicts: Sequence[Verdict], now: datetime) -> Alert:
    """A summary with the card of each goal it is about; any other alert as it is."""
    if alert.payload.get("kind") != SUMMARY:
        return alert
    named, only = {goal.slug: goal for goal in goals}, alert.payload.get("goal")
    shown = [verdict for verdict in verdicts if verdict.goal in named and only in (None, "", verdict.goal)]
    cards = [card_of(named[verdict.goal], verdict, now, _money) for verdict in shown]
    drawn = next((verdict.signals[0] for verdict in shown if verdict.signals), None)
    payload: dict[str, Any] = {**alert.payload, "cards": [_as_json(card) for card in cards]}
    return replace(
        alert,
        subject=f"{alert.subject}: {_in_short(cards)}" if cards else alert.subject,
        body="\n\n".join("\n".join(_lines(card)) for card in cards) or alert.body,
        payload=payload | ({"chart_of": subject_of(drawn)} if drawn else {}),
    )


def _in_short(cards: Sequence[GoalCard]) -> str:
    """The verdicts for a subject: "Wait: RTX 4090 (new, US)", or how many goals have which."""
    if len(cards) <= NAMED_GOALS:
        return "; ".join(f"{card.verdict}: {card.what}" for card in cards)
    counts = Counter("No fresh price" if card.held_on else card.verdict for card in cards)
    return ", ".join(f"{words} ({count} goal{'s' if count > 1 else ''})" for words, count in counts.most_common())


def _lines(card: GoalCard) -> list[str]:
    facts = "; ".join(f"{name} {value}" for name, value in card.facts)
    reasons = [f"- {reason}" for reason in card.reasons]
    head = [card.title, f"{SHAPES[card.action]} {card.verdict}: {card.what}"]
    return [*head, *([facts] if facts else []), *reasons, card.note]


def _as_json(card: GoalCard) -> dict[str, Any]:
    return {
        "title": card.title,
        "action": str(card.action),
        "verdict": card.verdict,
        "what": card.what,
        "facts": [list(fact) for fact in card.facts],
        "reasons": list(card.reasons),
        "note": card.note,
        "old": card.held_on is not None,
    }


def _money(money: Money) -> str:
    return f"{money.amount:,.{0 if money.amount >= 1000 else 2}f} {money.currency}"
