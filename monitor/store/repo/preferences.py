"""The owner's choices; what was never chosen, or was set back, is as the environment says."""

from dataclasses import asdict, replace
from datetime import datetime

from sqlmodel import Session

from monitor.core.models import Preferences
from monitor.store.repo.choices import choices, drop_choice, put_choice

PREFIX, SAVED = "preference.", "preferences.saved"


def preferences(session: Session, defaults: Preferences) -> Preferences:
    """What was chosen, over `defaults`."""
    stored = {name.removeprefix(PREFIX): value for name, value in choices(session, PREFIX).items()}
    return replace(defaults, **{name: value for name, value in stored.items() if name in asdict(defaults)})


def save_preferences(session: Session, wishes: Preferences, defaults: Preferences, now: datetime) -> None:
    """Keep what differs from `defaults`; the rest follows them from now on."""
    put_choice(session, SAVED, True, now)  # also where all is set back, so that caches notice
    usual = asdict(defaults)
    for name, value in asdict(wishes).items():
        if value == usual[name]:
            drop_choice(session, f"{PREFIX}{name}")
        else:
            put_choice(session, f"{PREFIX}{name}", value, now)
