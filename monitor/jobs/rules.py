"""The user's alert rules: default ones until the first change, then whatever the user has made of them."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from monitor.core.alerting import checked
from monitor.core.models import AlertRule
from monitor.store import repo

# What a new installation tells its user: another call for one of the goals, and sources that stop working.
DEFAULT_RULES = (
    AlertRule(slug="calls", kind="signal_flip", needed=1, sightings=1, cap_per_day=3),
    AlertRule(slug="sources", kind="source_broken", needed=2, sightings=2, cap_per_day=1, digest="daily"),
)
OWN = "alert_rules.own"  # set at the first change, so that removing the last rule does not bring the default ones back


def rules_in_force(session: Session) -> list[AlertRule]:
    """The user's rules, or the default ones while nothing was ever changed."""
    return repo.alert_rules(session) or ([] if repo.choice(session, OWN) else list(DEFAULT_RULES))


def put_rule(session: Session, rule: AlertRule, now: datetime) -> None:
    """Keep a rule in place of one of the same name; it begins anew. Raises `UsageError` where it makes no sense."""
    checked(rule)
    _make_own(session, now)
    repo.delete_rule(session, rule.slug)
    repo.save_rule(session, rule, now)


def drop_rule(session: Session, slug: str, now: datetime) -> bool:
    """Forget a rule; whether there was one."""
    _make_own(session, now)
    return repo.delete_rule(session, slug)


def mute_rule(session: Session, slug: str, until: datetime | None, now: datetime) -> bool:
    """Silence a rule until then (`None`: not any more); whether there is such a rule. It keeps what it remembers."""
    _make_own(session, now)
    found = [rule for rule in repo.alert_rules(session) if rule.slug == slug]
    for rule in found:
        repo.save_rule(session, replace(rule, muted_until=until), now)
    return bool(found)


def _make_own(session: Session, now: datetime) -> None:
    """Before the first change the default rules become the user's, so that changing one keeps the rest."""
    for rule in [] if repo.alert_rules(session) else rules_in_force(session):
        repo.save_rule(session, rule, now)
    repo.put_choice(session, OWN, True, now)
