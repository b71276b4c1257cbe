"""Alerts and their way to each channel: stored once by key, claimed, sent outside of any transaction, recorded."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select, update

from monitor.core.models import Alert, Delivery
from monitor.store.tables import AlertRow, DeliveryRow

CLAIM_LASTS = timedelta(minutes=10)  # after that, a sender that died has lost its claim
LONGEST_REST = timedelta(days=2)  # no quiet hours and no wait between tries are longer: what rests so was due by a
# clock that has been set back since


def add_alerts(session: Session, alerts: Iterable[Alert], channels: Sequence[str]) -> int:
    """Store alerts for these channels and return how many deliveries are new; a stored key stays as it is."""
    added = 0
    for alert in alerts:
        if session.get(AlertRow, alert.key) is None:
            session.add(AlertRow(**_values(alert)))
            session.flush()
        query = select(DeliveryRow.channel).where(DeliveryRow.alert_key == alert.key)
        for channel in sorted(set(channels) - set(session.exec(query))):
            session.add(
                DeliveryRow(alert_key=alert.key, channel=channel, next_try_at=alert.not_before or alert.created_at)
            )
            added += 1
    session.flush()
    return added


def claim_alerts(session: Session, now: datetime, *, channel: str | None = None, limit: int = 50) -> list[Delivery]:
    """Deliveries that are due, now marked as being sent; commit before sending. No two callers get the same one.

    A claim whose outcome was never recorded (the sender died) is due again after `CLAIM_LASTS`, with the same key.
    """
    at = col(DeliveryRow.next_try_at)
    query = (
        select(DeliveryRow)
        .where(col(DeliveryRow.state).in_(("due", "sending")), (at <= now) | (at > now + LONGEST_REST))
        .order_by(col(DeliveryRow.next_try_at), DeliveryRow.alert_key)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = session.exec(query if channel is None else query.where(DeliveryRow.channel == channel)).all()
    found: list[Delivery] = []
    for row in rows:
        row.state, row.next_try_at = "sending", now + CLAIM_LASTS
        found.append(_delivery_from(session, row))
        row.attempts += 1
        session.add(row)
    session.flush()
    return found


def record_sent(session: Session, delivery: Delivery, now: datetime) -> None:
    """The channel took the message."""
    row = session.get_one(DeliveryRow, (delivery.alert.key, delivery.channel))
    row.state, row.sent_at, row.error = "sent", now, ""
    session.add(row)
    session.flush()


def record_failed(session: Session, delivery: Delivery, error: str, next_try_at: datetime | None) -> None:
    """The channel did not take it: try again at `next_try_at`, or with `None` give up until somebody says retry."""
    row = session.get_one(DeliveryRow, (delivery.alert.key, delivery.channel))
    row.state, row.error = ("dead" if next_try_at is None else "due"), error
    row.next_try_at = next_try_at or row.next_try_at
    session.add(row)
    session.flush()


def retry_alerts(session: Session, now: datetime, keys: Sequence[str] | None = None) -> int:
    """Make given-up deliveries (of these alerts, or all) due again with a fresh count; how many."""
    query = update(DeliveryRow).where(col(DeliveryRow.state) == "dead")
    query = query if keys is None else query.where(col(DeliveryRow.alert_key).in_(keys))
    done = session.execute(query.values(state="due", attempts=0, next_try_at=now))
    session.expire_all()
    return int(done.rowcount)  # type: ignore[attr-defined]


def give_up_removed(session: Session, channels: Sequence[str], why: str) -> int:
    """Make dead letters of what waits for a channel that is none of these; how many. `retry_alerts` revives them."""
    query = update(DeliveryRow).where(
        col(DeliveryRow.state).in_(("due", "sending")), col(DeliveryRow.channel).not_in(list(channels))
    )
    done = session.execute(query.values(state="dead", error=why))
    session.expire_all()
    return int(done.rowcount)  # type: ignore[attr-defined]


def deliveries(
    session: Session,
    *,
    state: str | None = None,
    channel: str | None = None,
    since: datetime | None = None,
    limit: int = 200,
) -> list[Delivery]:
    """Deliveries, newest alert first."""
    query = select(DeliveryRow).join(AlertRow, col(AlertRow.key) == col(DeliveryRow.alert_key))
    query = query if state is None else query.where(DeliveryRow.state == state)
    query = query if channel is None else query.where(DeliveryRow.channel == channel)
    query = query if since is None else query.where(col(AlertRow.created_at) >= since)
    query = query.order_by(col(AlertRow.created_at).desc(), AlertRow.key, DeliveryRow.channel).limit(limit)
    return [_delivery_from(session, row) for row in session.exec(query)]


def delivery_counts(session: Session) -> dict[str, int]:
    """How many deliveries stand in each state."""
    query = select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
    return dict(session.exec(query).all())


def alerts_since(session: Session, since: datetime, *, rule: str | None = None) -> list[Alert]:
    """Alerts made since then, oldest first."""
    query = select(AlertRow).where(col(AlertRow.created_at) >= since).order_by(col(AlertRow.created_at), AlertRow.key)
    query = query if rule is None else query.where(AlertRow.rule == rule)
    return [_alert_from(row) for row in session.exec(query)]


def _delivery_from(session: Session, row: DeliveryRow) -> Delivery:
    return Delivery(
        alert=_alert_from(session.get_one(AlertRow, row.alert_key)),
        channel=row.channel,
        attempts=row.attempts,
        state=row.state,
        next_try_at=row.next_try_at,
        error=row.error,
    )


def _values(alert: Alert) -> dict[str, Any]:
    return {
        "key": alert.key,
        "rule": alert.rule,
        "subject": alert.subject,
        "body": alert.body,
        "payload": dict(alert.payload),
        "created_at": alert.created_at,
    }


def _alert_from(row: AlertRow) -> Alert:
    return Alert(
        key=row.key,
        rule=row.rule,
        subject=row.subject,
        body=row.body,
        payload=row.payload,
        created_at=row.created_at,
    )
