"""What the user chose on the page, and what the program remembers between starts: names with JSON values."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from monitor.store.tables import TitleCorrectionRow, UserSettingRow

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


def correct_title(session: Session, title: str, gpu: str | None, now: datetime) -> None:
    """Remember what the user says a title means; `None` says that it is no GPU."""
    session.merge(TitleCorrectionRow(title=_plain(title), gpu=gpu, corrected_at=now))
    session.flush()


def title_corrections(session: Session) -> dict[str, str | None]:
    """What the user said about titles, by the title in lower case with single spaces."""
    return {row.title: row.gpu for row in session.exec(select(TitleCorrectionRow))}


def drop_title_correction(session: Session, title: str) -> None:
    """Forget what the user said about a title."""
    if row := session.get(TitleCorrectionRow, _plain(title)):
        session.delete(row)
        session.flush()


def _plain(title: str) -> str:
    return " ".join(title.lower().split())
