"""The record of calls: appended to, never changed."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from monitor.core.record import Entry, chained
from monitor.store.repo.choices import choice, put_choice
from monitor.store.tables import RecordRow

HEAD = "record_head"  # the number of the newest entry, kept apart so that a cut end is seen


def add_to_record(session: Session, kind: str, lines: Iterable[tuple[str, str]], now: datetime) -> int:
    """Append lines (subject, body) in order, each chained to the one before; returns how many."""
    newest = session.exec(select(RecordRow).order_by(col(RecordRow.number).desc()).limit(1)).first()
    number, digest, added = (newest.number, newest.digest, 0) if newest else (0, "", 0)
    for subject, body in lines:
        number, added, digest = number + 1, added + 1, chained(digest, kind, subject, now, body)
        row = RecordRow(number=number, kind=kind, subject=subject, made_at=now, body=body, digest=digest)
        session.add(row)
    session.flush()
    if added:
        put_choice(session, HEAD, number, now)
    return added


def record_head(session: Session) -> int:
    """The number of the newest entry that was ever appended; 0 before the first."""
    return int(choice(session, HEAD, 0))


def record_entries(session: Session, *, kind: str | None = None) -> list[Entry]:
    """Every entry, oldest first."""
    query = select(RecordRow).order_by(col(RecordRow.number))
    query = query if kind is None else query.where(RecordRow.kind == kind)
    return [
        Entry(
            number=row.number, kind=row.kind, subject=row.subject, made_at=row.made_at, body=row.body, digest=row.digest
        )
        for row in session.exec(query)
    ]
