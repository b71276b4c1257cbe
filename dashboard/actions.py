"""What a visitor may change: goals, rules, choices, quarantined prices, matches of titles. Everything else only reads.

The larger jobs are loaded when somebody asks for them, so that the first page need not wait for them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session

from dashboard.login_role import require_owner
from dashboard.queries.base import catalog, dollars, engine, settings, unpin
from monitor.clock import utc_now
from monitor.core.matching import match_title
from monitor.core.models import AlertRule, Goal, Preferences
from monitor.core.preferences import checked_preferences
from monitor.errors import UsageError
from monitor.jobs import links
from monitor.jobs.mailbox import letter_page
from monitor.jobs.rules import drop_rule, put_rule
from monitor.rates import load_rates
from monitor.store import repo
from monitor.store.engine import session_scope

if TYPE_CHECKING:
    from monitor.ingest import Corrected
    from monitor.jobs.samples import Tried

LONGEST_TITLE = 200
PREVIEW_DAYS = 365


@contextmanager
def write() -> Iterator[Session]:
    """A session of an owner that commits at its end; raises `UsageError` for anybody else."""
    require_owner()
    with session_scope(engine()) as session:
        yield session
    unpin()


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


def preview_rule(rule: AlertRule) -> str:
    """What a rule would have done in the last year of stored history, in one sentence; raises `UsageError`."""
    from monitor.jobs.preview import preview_rule as replayed

    now = utc_now()
    with session_scope(engine(), read_only=True) as session:
        since = now - timedelta(days=PREVIEW_DAYS)
        return replayed(session, catalog(), rule, now, since, settings().preferences).sentence


def send_samples(kind: str) -> "list[Tried]":
    """Send a real sample of one kind of alert over every channel, now; raises `UsageError` where there is none."""
    require_owner()
    from monitor.jobs.samples import send_samples

    return send_samples(settings(), utc_now(), [kind])


def save_preferences(wishes: Preferences) -> None:
    """Keep the owner's choices and rank and call anew by them; changes that come of it are told to nobody."""
    from monitor.jobs.decide import decide
    from monitor.jobs.score import score

    checked, now = checked_preferences(wishes), utc_now()
    if checked.currency not in dollars():
        raise UsageError(f"there is no exchange rate for {checked.currency}; take another currency")
    with write() as session:
        repo.save_preferences(session, checked, settings().preferences, now)
        score(session, catalog(), now, load_rates(settings().home), settings().preferences)
    with write() as session:
        decide(session, catalog(), now, (), settings().preferences)


def run_backtest(on_week: Callable[[int, int], None]) -> None:
    """Replay the calls over the prices of this database and keep the figures; `on_week` hears of progress."""
    require_owner()
    from monitor.jobs.backtest import run_backtest as replay

    replay(engine(), catalog(), utc_now(), on_week=on_week)


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


def letter(key: str) -> str | None:
    """One letter of the dashboard's own mailbox as a page; `None` where there is no such letter."""
    with session_scope(engine(), read_only=True) as session:
        return letter_page(session, key, settings().public_url)


def judge(offer_id: int, genuine: bool) -> None:
    """Confirm or reject a quarantined price."""
    with write() as session:
        (repo.confirm_quarantined if genuine else repo.reject_quarantined)(session, offer_id, utc_now())


def correct_title(title: str, gpu: str | None) -> "Corrected":
    """Say which GPU a title means (`None`: no GPU at all); it holds for earlier and later offers of that title, and for
    those that were refused. What followed."""
    from monitor.ingest import correct_title as corrected

    if gpu is not None:
        catalog().gpu(gpu)
    with write() as session:
        return corrected(session, title, gpu, catalog(), utc_now())


def forget_title(title: str) -> None:
    """Take back what was said about a title; its offers are again what the title says by itself."""
    gpu = match_title(title, catalog().matcher).gpu
    with write() as session:
        repo.drop_title_correction(session, title, gpu)
