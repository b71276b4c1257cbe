"""What a visitor may change: goals, alert rules, quarantined prices, matches of titles. Everything else only reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlmodel import Session

from dashboard.login_role import require_owner
from dashboard.queries.base import catalog, engine
from monitor.clock import utc_now
from monitor.core.models import AlertRule, Goal
from monitor.errors import UsageError
from monitor.jobs import links
from monitor.jobs.rules import drop_rule, put_rule
from monitor.store import repo
from monitor.store.engine import session_scope

LONGEST_TITLE = 200


@contextmanager
def write() -> Iterator[Session]:
    """A session of an owner that commits at its end; raises `UsageError` for anybody else."""
    require_owner()
    with session_scope(engine()) as session:
        yield session


def save_goal(goal: Goal, title: str) -> Goal:
    """Keep a goal under a title: from now on it has a verdict of its own and may have alerts."""
    name = " ".join(title.split())[:LONGEST_TITLE]
    slug = "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())[:60]
    if not slug:
        raise UsageError("give the goal a name of letters or digits")
    kept = replace(goal, slug=slug, title=name)
    with write() as session:
        repo.save_goal(session, kept, utc_now())
    return kept


def delete_goal(slug: str) -> None:
    """Forget a goal."""
    with write() as session:
        repo.delete_goal(session, slug)


def save_rule(rule: AlertRule) -> None:
    """Keep an alert rule; raises `UsageError` with what is wrong with it."""
    with write() as session:
        put_rule(session, rule, utc_now())


def delete_rule(slug: str) -> None:
    """Forget an alert rule."""
    with write() as session:
        drop_rule(session, slug, utc_now())


def mute_by_link(token: str) -> str | None:
    """Silence for a week the rule that a link in a message names; its name, or `None` where the link is no good.

    The link is what allows it: no login stands before it.
    """
    with session_scope(engine()) as session:
        return links.mute_by_link(session, token, utc_now())


def judge(offer_id: int, genuine: bool) -> None:
    """Confirm or reject a quarantined price."""
    with write() as session:
        (repo.confirm_quarantined if genuine else repo.reject_quarantined)(session, offer_id, utc_now())


def correct_title(title: str, gpu: str | None) -> None:
    """Say which GPU a title means (`None`: no GPU at all); it holds for earlier and later offers of that title."""
    if gpu is not None:
        catalog().gpu(gpu)
    with write() as session:
        repo.correct_title(session, title, gpu, utc_now())
