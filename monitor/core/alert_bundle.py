"""What changed at one look -> one alert; what gathers for a digest -> one alert when it is due."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from monitor.core.alert_offer import change_of, lines_of
from monitor.core.alert_state import SUMMARY, News, Sighting, digest_period, digest_slot, quiet_until
from monitor.core.models import Alert, AlertRule, RuleState

MOST_PENDING = 200  # lines that a digest holds


def pending(whole: RuleState, news: Sequence[tuple[Sighting, News]]) -> RuleState:
    """The rule's state with more changes waiting for its digest, as JSON; the oldest give way."""
    waiting = (json.dumps(_change(seen, what)) for seen, what in news)
    return replace(whole, pending=(*whole.pending, *waiting)[-MOST_PENDING:])


def bundle(rule: AlertRule, news: Sequence[tuple[Sighting, News]], now: datetime) -> Alert:
    """One alert for everything that a rule has to tell at one moment."""
    titles = [seen.title if what is News.CHANGED else f"Still: {seen.title}" for seen, what in news]
    subject = titles[0] if len(titles) == 1 else f"{titles[0]} (and {len(titles) - 1} more)"
    changes = [_change(seen, what) for seen, what in news]
    key = _key(rule.slug, now, *sorted(f"{seen.subject}={seen.value}" for seen, _ in news))
    return Alert(
        key=key,
        rule=rule.slug,
        subject=subject,
        body=_body(changes),
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
    standing = rule.kind == SUMMARY  # whose lines are no changes
    changes = [] if standing else [_waited(text) for text in whole.pending]
    alert = Alert(
        key=_key(rule.slug, slot, "digest"),
        rule=rule.slug,
        subject=f"{period.capitalize()} digest" + ("" if standing else f": {n} change{'s' if n > 1 else ''}"),
        body="\n".join(whole.pending) if standing else _body(changes),
        payload={"rule": rule.slug, "kind": rule.kind, "digest": period, "goal": rule.goal, "changes": changes},
        created_at=now,
        not_before=quiet_until(rule, now),
    )
    return alert, replace(whole, pending=(), fired=(now,))


def _change(seen: Sighting, what: News) -> dict[str, Any]:
    return change_of(seen, still=what is News.STILL)


def _body(changes: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(line for change in changes for line in lines_of(change))


def _waited(text: str) -> dict[str, Any]:
    """A change that has waited for its digest; before there were offers in messages it waited as a plain line."""
    plain = {"subject": "", "line": text}
    try:
        change: dict[str, Any] = json.loads(text) if text.startswith('{"subject"') else plain
    except ValueError:
        return plain
    return change


def _key(*parts: object) -> str:
    text = "\x1f".join(part.isoformat() if isinstance(part, datetime) else str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
