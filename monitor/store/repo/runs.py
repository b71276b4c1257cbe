"""Runs of jobs, and the lease that lets only one scheduler work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from monitor.store.bulk import insert_into
from monitor.store.tables import LeaseRow, RunRow

CLOCKS_DIFFER = timedelta(hours=1)  # by no more than this, so that a lease further off is nobody's


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of a job; status is running, ok, failed or missed."""

    job: str
    started_at: datetime
    finished_at: datetime | None
    status: str
    detail: str = ""
    counts: Mapping[str, Any]


def begin_run(session: Session, job: str, now: datetime) -> int:
    """Write down that a job begins; the id goes to `end_run`."""
    row = RunRow(job=job, started_at=now, status="running")
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def end_run(
    session: Session,
    run_id: int,
    now: datetime,
    *,
    status: str,
    detail: str = "",
    counts: Mapping[str, Any] | None = None,
) -> None:
    """Write down how a job ended."""
    row = session.get_one(RunRow, run_id)
    row.finished_at, row.status, row.detail, row.counts = now, status, detail, dict(counts or {})
    session.add(row)
    session.flush()


def record_run(session: Session, run: Run) -> None:
    """Write down a whole run at once, a missed one for example."""
    session.add(
        RunRow(
            job=run.job,
            started_at=run.started_at,
            finished_at=run.finished_at,
            status=run.status,
            detail=run.detail,
            counts=dict(run.counts),
        )
    )
    session.flush()


def runs(session: Session, *, job: str | None = None, status: str | None = None, limit: int = 100) -> list[Run]:
    """The newest runs, newest first."""
    query = select(RunRow).order_by(col(RunRow.started_at).desc(), col(RunRow.id).desc()).limit(limit)
    query = query if job is None else query.where(RunRow.job == job)
    query = query if status is None else query.where(RunRow.status == status)
    return [_run_from(row) for row in session.exec(query)]


def last_good_runs(session: Session) -> dict[str, datetime]:
    """When each job last ended well: the run that was stored last, also where the clock was set back since."""
    last = select(func.max(RunRow.id)).where(RunRow.status == "ok").group_by(RunRow.job)
    query = select(RunRow.job, RunRow.finished_at).where(col(RunRow.id).in_(last))
    return {job: finished for job, finished in session.exec(query) if finished is not None}


def drop_old_runs(session: Session, before: datetime) -> int:
    """Forget runs that began before a time; how many."""
    done = session.execute(delete(RunRow).where(col(RunRow.started_at) < before))
    return int(done.rowcount)  # type: ignore[attr-defined]


def take_lease(session: Session, name: str, holder: str, now: datetime, lasts: timedelta) -> str:
    """Take or renew a lease and return who holds it now: `holder` itself, or the one that came first.

    One that ends far in the future was taken by a wrong clock, and counts for nothing.
    """
    wanted = insert_into(session, LeaseRow).values(name=name, holder=holder, expires_at=now + lasts)
    ends = col(LeaseRow.expires_at)
    free = (col(LeaseRow.holder) == holder) | (ends <= now) | (ends > now + lasts + CLOCKS_DIFFER)
    session.connection().execute(
        wanted.on_conflict_do_update(
            index_elements=["name"], set_={"holder": holder, "expires_at": now + lasts}, where=free
        )
    )
    return session.exec(select(LeaseRow.holder).where(LeaseRow.name == name)).one()


def give_lease_back(session: Session, name: str, holder: str) -> None:
    """End a lease that `holder` has; somebody else's stays."""
    session.execute(delete(LeaseRow).where(col(LeaseRow.name) == name, col(LeaseRow.holder) == holder))


def _run_from(row: RunRow) -> Run:
    return Run(
        job=row.job,
        started_at=row.started_at,
        finished_at=row.finished_at,
        status=row.status,
        detail=row.detail,
        counts=row.counts,
    )
