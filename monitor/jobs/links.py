"""The links that stand in messages, and what becomes of one that was followed."""

import base64
import secrets
from datetime import datetime

from sqlmodel import Session

from monitor.core.mute import MUTE_LASTS, muted_rule
from monitor.jobs.rules import mute_rule
from monitor.notify.rendering import Links
from monitor.store import repo

MUTE_KEY = "secret.mute_key"


def links_of(session: Session, public_url: str, now: datetime) -> Links:
    """The dashboard's address and the key of mute links, which is made at the first call."""
    return Links(public_url=public_url, mute_key=_key(session, now))


def mute_by_link(session: Session, token: str, now: datetime) -> str | None:
    """Switch off for a week the rule that a link names; the rule's slug, or `None` where the link is no good."""
    slug = muted_rule(_key(session, now), token, now)
    return slug if slug is not None and mute_rule(session, slug, now + MUTE_LASTS, now) else None


def _key(session: Session, now: datetime) -> bytes:
    stored = repo.choice(session, MUTE_KEY)
    if not isinstance(stored, str):
        stored = base64.b64encode(secrets.token_bytes(32)).decode()
        repo.put_choice(session, MUTE_KEY, stored, now)
    return base64.b64decode(stored)
