"""The user's alert rules: default ones until the first change, then whatever the user has made of them."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from monitor.core.alerting import checked
from monitor.core.models import AlertRule
from monitor.store import repo


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
    for rule in [] if repo.alert_rules(session) else repo.rules_in_force(session):
        repo.save_rule(session, rule, now)
    repo.put_choice(session, repo.OWN_RULES, True, now)
