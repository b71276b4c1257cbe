"""Alert rules of the user, and where each stands for each subject."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from monitor.core.models import FORMER_GOALS, AlertRule, Money, RuleState
from monitor.store.repo.choices import choice
from monitor.store.tables import AlertRuleRow, GoalRow, RuleStateRow

# What a new installation tells its user: another call for one of the goals, and sources that stop working.
DEFAULT_RULES = (
    AlertRule(slug="calls", kind="signal_flip", needed=1, sightings=1, cap_per_day=3),
    AlertRule(slug="sources", kind="source_broken", needed=2, sightings=2, cap_per_day=1, digest="daily"),
)
OWN_RULES = "alert_rules.own"  # set at the first change: removing the last rule does not bring the default ones back


def save_rule(session: Session, rule: AlertRule, now: datetime) -> None:
    """Store a rule, or replace the one of the same slug; what it remembers stays."""
    session.merge(
        AlertRuleRow(
            slug=rule.slug,
            kind=rule.kind,
            enabled=rule.enabled,
            muted_until=rule.muted_until,
            body=_body(rule),
            saved_at=now,
        )
    )
    session.flush()


def alert_rules(session: Session, *, enabled: bool | None = None) -> list[AlertRule]:
    """The user's rules by slug; one of a shipped goal of an older version is of the goal as it is called now."""
    query = select(AlertRuleRow).order_by(AlertRuleRow.slug)
    query = query if enabled is None else query.where(col(AlertRuleRow.enabled) == enabled)
    renamed = {} if session.exec(select(GoalRow.slug).limit(1)).first() else FORMER_GOALS  # own goals put away shipped
    return [_rule_from(row, renamed) for row in session.exec(query)]


def rules_in_force(session: Session) -> list[AlertRule]:
    """The user's rules, or the default ones while nothing was ever changed."""
    return alert_rules(session) or ([] if choice(session, OWN_RULES) else list(DEFAULT_RULES))


def delete_rule(session: Session, slug: str) -> bool:
    """Forget a rule and what it remembers; whether there was one."""
    session.execute(delete(RuleStateRow).where(col(RuleStateRow.rule) == slug))
    row = session.get(AlertRuleRow, slug)
    if row is not None:
        session.delete(row)
        session.flush()
    return row is not None


def rule_states(session: Session) -> list[RuleState]:
    """Where every rule stands for every subject that it has looked at."""
    query = select(RuleStateRow).order_by(RuleStateRow.rule, RuleStateRow.subject)
    return [_state_from(row) for row in session.exec(query)]


def save_rule_states(session: Session, states: Iterable[RuleState]) -> None:
    """Store where rules stand now, over what stood there."""
    for state in states:
        session.merge(
            RuleStateRow(
                rule=state.rule,
                subject=state.subject,
                value=state.value,
                looks=list(state.looks),
                fired=[moment.isoformat() for moment in state.fired],
                pending=list(state.pending),
            )
        )
    session.flush()


def _body(rule: AlertRule) -> dict[str, Any]:
    return {
        "gpu": rule.gpu,
        "goal": rule.goal,
        "condition": rule.condition,
        "region": rule.region,
        "threshold": None if rule.threshold is None else [str(rule.threshold.amount), rule.threshold.currency],
        "margin": rule.margin,
        "needed": rule.needed,
        "sightings": rule.sightings,
        "cooldown_hours": rule.cooldown_hours,
        "cap_per_day": rule.cap_per_day,
        "still_days": rule.still_days,
        "quiet_from": rule.quiet_from,
        "quiet_to": rule.quiet_to,
        "time_zone": rule.time_zone,
        "digest": rule.digest,
    }


def _rule_from(row: AlertRuleRow, renamed: Mapping[str, str]) -> AlertRule:
    body = row.body
    threshold, goal = body["threshold"], str(body["goal"])
    return AlertRule(
        slug=row.slug,
        kind=row.kind,
        gpu=body["gpu"],
        goal=renamed.get(goal, goal),
        condition=body["condition"],
        region=body["region"],
        threshold=None if threshold is None else Money(amount=Decimal(threshold[0]), currency=threshold[1]),
        margin=body["margin"],
        needed=body["needed"],
        sightings=body["sightings"],
        cooldown_hours=body["cooldown_hours"],
        cap_per_day=body["cap_per_day"],
        still_days=body["still_days"],
        quiet_from=body["quiet_from"],
        quiet_to=body["quiet_to"],
        time_zone=body["time_zone"],
        digest=body["digest"],
        muted_until=row.muted_until,
        enabled=row.enabled,
    )


def _state_from(row: RuleStateRow) -> RuleState:
    return RuleState(
        rule=row.rule,
        subject=row.subject,
        value=row.value,
        looks=tuple(row.looks),
        fired=tuple(datetime.fromisoformat(moment) for moment in row.fired),
        pending=tuple(row.pending),
    )
