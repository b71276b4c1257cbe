"""What changed at one look -> one alert; what gathers for a digest -> one alert when it is due."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.core.alert_state import SUMMARY, News, Sighting, digest_period, digest_slot, quiet_until
from monitor.core.models import Alert, AlertRule, RuleState

MOST_PENDING = 200  # lines that a digest holds


def pending(whole: RuleState, news: Sequence[tuple[Sighting, News]]) -> RuleState:
    """The rule's state with more lines waiting for its digest; the oldest give way."""
    return replace(whole, pending=(*whole.pending, *(_line(seen, what) for seen, what in news))[-MOST_PENDING:])


def bundle(rule: AlertRule, news: Sequence[tuple[Sighting, News]], now: datetime) -> Alert:
    """One alert for everything that a rule has to tell at one moment."""
    titles = [seen.title if what is News.CHANGED else f"Still: {seen.title}" for seen, what in news]
    subject = titles[0] if len(titles) == 1 else f"{titles[0]} (and {len(titles) - 1} more)"
    lines = [_line(seen, what) for seen, what in news]
    changes = [{"subject": seen.subject, "value": seen.value, "still": what is News.STILL} for seen, what in news]
    key = _key(rule.slug, now, *sorted(f"{seen.subject}={seen.value}" for seen, _ in news))
    return Alert(
        key=key,
        rule=rule.slug,
        subject=subject,
        body="\n".join(lines),
        payload={"rule": rule.slug, "kind": rule.kind, "changes": changes},
        created_at=now,
        not_before=quiet_until(rule, now),
    )


def due_digest(rule: AlertRule, whole: RuleState, now: datetime) -> tuple[Alert | None, RuleState]:
    """The digest, if one has come due since the last one, and the state without what it told."""
    slot = digest_slot(rule, now)
    if not whole.fired:  # the first look only starts the clock
        return None, replace(whole, fired=(now,))
    if slot is None or whole.fired[-1] >= slot or not whole.pending:
        return None, whole
    n, period = len(whole.pending), digest_period(rule)
    standing = rule.kind == SUMMARY
    alert = Alert(
        key=_key(rule.slug, slot, "digest"),
        rule=rule.slug,
        subject=f"{period.capitalize()} digest" + ("" if standing else f": {n} change{'s' if n > 1 else ''}"),
        body="\n".join(whole.pending),
        payload={"rule": rule.slug, "kind": rule.kind, "digest": period, "goal": rule.goal, "changes": []},
        created_at=now,
        not_before=quiet_until(rule, now),
    )
    return alert, replace(whole, pending=(), fired=(now,))


def _line(seen: Sighting, what: News) -> str:
    return seen.line if what is News.CHANGED else f"Still: {seen.line}"


def _key(*parts: object) -> str:
    text = "\x1f".join(part.isoformat() if isinstance(part, datetime) else str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
