"""What the user chose on the page, and what the program remembers between starts: names with JSON values."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from monitor.store.tables import UserSettingRow

SECRET = "secret."  # names that begin so hold what opens doors: they go into no backup


def choice(session: Session, name: str, default: Any = None) -> Any:
    """The stored value of `name`, or `default`."""
    row = session.get(UserSettingRow, name)
    return default if row is None else row.value


def choices(session: Session, prefix: str = "") -> dict[str, Any]:
    """All stored values whose name begins with `prefix`."""
    query = select(UserSettingRow).where(col(UserSettingRow.name).startswith(prefix, autoescape=True))
    return {row.name: row.value for row in session.exec(query.order_by(UserSettingRow.name))}


def put_choice(session: Session, name: str, value: Any, now: datetime) -> None:
    """Store a value; it must be JSON."""
    session.merge(UserSettingRow(name=name, value=value, changed_at=now))
    session.flush()


def drop_choice(session: Session, name: str) -> None:
    """Forget a value."""
    if row := session.get(UserSettingRow, name):
        session.delete(row)
        session.flush()
