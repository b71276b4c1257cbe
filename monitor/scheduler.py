"""*When* each job runs, and nothing else. `python -m monitor.scheduler` works until it is stopped.

One scheduler works at a time: it holds a lease row, renews it, and a second one waits and says so. Jobs that were due
while the machine slept run once when it wakes. Every run is stored, also one that was missed or failed.
"""

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import Engine

from monitor.clock import utc_now
from monitor.errors import MonitorError
from monitor.jobs.notify import give_up_removed
from monitor.jobs.rounds import Rounds
from monitor.jobs.start import prepare
from monitor.settings import Settings, load_settings
from monitor.store import repo
from monitor.store.engine import make_engine, session_scope

LEASE, LEASE_LASTS, LEASE_RENEWED = "scheduler", timedelta(seconds=60), timedelta(seconds=15)
MISFIRE_GRACE_SECONDS = 3600
SETTLES_WITHIN = timedelta(minutes=5)  # crawls and calls come first after a start
STOP_WITHIN_SECONDS = 3.0  # then whatever still runs is cut off: every job may be cut off at any moment

log = logging.getLogger("gpu-limbo.scheduler")


@dataclass(frozen=True, kw_only=True)
class Job:
    """What runs how often. Jitter keeps many installations from asking a shop in the same second."""

    name: str
    every: timedelta
    run: Callable[[], Mapping[str, object] | None]  # what to store of the run; `None`: nothing worth a row
    jitter_seconds: int = 0
    at_start: bool = True
    catches_up: bool = False  # not at the start, but soon after it where the last good run is too long ago
    rests: bool = False  # a good run before the start counts: the next one comes when its time has passed


def jobs_of(rounds: Rounds) -> list[Job]:
    """Every job of the service. A channel has a job of its own, so that a slow one holds up nobody."""
    return [
        Job(name="crawl", every=timedelta(minutes=15), run=rounds.crawl, jitter_seconds=120),
        Job(name="update", every=timedelta(hours=1), run=rounds.update, jitter_seconds=30, rests=True),
        Job(name="backtest", every=timedelta(hours=1), run=rounds.backtest, jitter_seconds=600, at_start=False),
        Job(name="upkeep", every=timedelta(hours=24), run=rounds.upkeep, jitter_seconds=600, catches_up=True),
        *(
            Job(name=f"notify {channel.name}", every=timedelta(seconds=20), run=lambda c=channel: rounds.notify(c))
            for channel in rounds.channels
        ),
    ]


def build(engine: Engine, jobs: Sequence[Job]) -> BackgroundScheduler:
    """A scheduler with these jobs, not yet started."""
    scheduler = BackgroundScheduler(
        timezone="UTC",
        executors={"default": ThreadPoolExecutor(max_workers=len(jobs) + 2)},
        job_defaults={"misfire_grace_time": MISFIRE_GRACE_SECONDS, "coalesce": True, "max_instances": 1},
    )
    with session_scope(engine, read_only=True) as session:
        ran = repo.last_good_runs(session)
    for job in jobs:
        trigger = IntervalTrigger(
            seconds=int(job.every.total_seconds()), jitter=job.jitter_seconds or None, timezone="UTC"
        )
        first = _first_time(job, ran.get(job.name), utc_now())
        scheduler.add_job(_stored, trigger, args=[engine, job], id=job.name, name=job.name, next_run_time=first)
    scheduler.add_listener(
        lambda event: _not_run(engine, event), EVENT_JOB_MISSED | EVENT_JOB_ERROR | EVENT_JOB_MAX_INSTANCES
    )
    return scheduler


def main() -> int:
    """Work until SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    for name in ("apscheduler", "alembic", "httpx"):  # the news of the first are stored as runs
        logging.getLogger(name).setLevel(logging.WARNING)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        settings = load_settings()
        if said := prepare(settings.database, utc_now()):
            log.info("%s", said)
        engine = make_engine(settings.database)
        serve(engine, settings, stop)
    except MonitorError as error:
        log.error("%s", error)
        return error.exit_code
    return 0


def serve(engine: Engine, settings: Settings, stop: threading.Event) -> None:
    """Wait for the lease, run the jobs, and keep the lease until `stop` is set."""
    holder = f"{socket.gethostname()}:{os.getpid()}"
    if not _wait_for_lease(engine, holder, stop):
        return
    rounds = Rounds(engine, settings)
    with suppress(MonitorError), session_scope(engine) as session:
        if removed := give_up_removed(session, rounds.channels):
            log.warning("%d messages waited for channels that are no longer set; see `gpu-limbo alerts list`", removed)
    scheduler = build(engine, jobs_of(rounds))
    scheduler.start()
    log.info("works: %s", ", ".join(job.id for job in scheduler.get_jobs()))
    try:
        while True:
            _show_life(settings.home.expanduser())
            if stop.wait(LEASE_RENEWED.total_seconds()):
                break
            if _lease(engine, holder) not in (holder, None):
                log.error("another scheduler has taken over; this one stops")
                break
    finally:
        _end(engine, scheduler, rounds, holder)


def _first_time(job: Job, ran: datetime | None, now: datetime) -> datetime:
    if job.catches_up:
        return max(now + SETTLES_WITHIN, ran + job.every) if ran and ran <= now else now + SETTLES_WITHIN
    if not job.at_start:
        return now + job.every
    return max(now, ran + job.every) if job.rests and ran and ran <= now else now


def _wait_for_lease(engine: Engine, holder: str, stop: threading.Event) -> bool:
    said = ""
    while not stop.is_set():
        owner = _lease(engine, holder)
        if owner == holder:
            return True
        if owner is not None and owner != said:
            log.warning("another scheduler (%s) works on this database; this one waits", owner)
            said = owner
        stop.wait(min(5.0, LEASE_RENEWED.total_seconds()))
    return False


def _lease(engine: Engine, holder: str) -> str | None:
    """Who holds the lease now; `None` while the database does not answer. A dead process of this machine loses it."""
    now = utc_now()
    try:
        with session_scope(engine) as session:
            owner = repo.take_lease(session, LEASE, holder, now, LEASE_LASTS)
            if owner != holder and _is_dead(owner):
                repo.give_lease_back(session, LEASE, owner)
                owner = repo.take_lease(session, LEASE, holder, now, LEASE_LASTS)
            return owner
    except MonitorError as error:
        log.error("%s", error)
        return None


def _is_dead(owner: str) -> bool:
    host, _, pid = owner.rpartition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False


def _show_life(home: Path) -> None:
    """Touch a file in the home folder: what a health check looks at."""
    with suppress(OSError):
        home.mkdir(parents=True, exist_ok=True)
        (home / "scheduler.alive").touch()


def _end(engine: Engine, scheduler: BackgroundScheduler, rounds: Rounds, holder: str) -> None:
    """Stop within seconds. Every job may be cut off: what it had not committed is done again at the next start."""
    log.info("stops")
    rounds.stop()
    ended = threading.Thread(target=lambda: scheduler.shutdown(wait=True), daemon=True)
    ended.start()
    ended.join(STOP_WITHIN_SECONDS)
    with suppress(MonitorError), session_scope(engine) as session:
        repo.give_lease_back(session, LEASE, holder)
    if ended.is_alive():
        logging.shutdown()
        os._exit(0)


def _stored(engine: Engine, job: Job) -> None:
    """Run a job and store how it went."""
    started = utc_now()
    try:
        counts = job.run()
        status, detail = "ok", ""
    except MonitorError as error:
        counts, status, detail = {}, "failed", str(error)
        log.error("%s: %s", job.name, error)
    except Exception as error:
        counts, status, detail = {}, "failed", f"{type(error).__name__}: {error}"
        log.exception("%s failed", job.name)
    if counts is not None:
        _record(engine, job.name, started, status, detail, counts)


def _not_run(engine: Engine, event: JobEvent) -> None:
    """A run that was due but did not happen, or whose storing failed."""
    due: datetime = getattr(event, "scheduled_run_time", None) or utc_now()
    why = {
        EVENT_JOB_MISSED: "it was due while the service slept",
        EVENT_JOB_MAX_INSTANCES: "the last run still works",
    }
    if event.code == EVENT_JOB_MAX_INSTANCES and event.job_id.startswith("notify "):
        return  # a channel that takes longer than its interval: the running round sends what is due
    status = "failed" if event.code == EVENT_JOB_ERROR else "missed"
    _record(engine, event.job_id, due, status, why.get(event.code, str(getattr(event, "exception", ""))), {})


def _record(
    engine: Engine, job: str, started: datetime, status: str, detail: str, counts: Mapping[str, object]
) -> None:
    run = repo.Run(
        job=job, started_at=started, finished_at=utc_now(), status=status, detail=detail[:1000], counts=counts
    )
    try:
        with session_scope(engine) as session:
            repo.record_run(session, run)
    except MonitorError as error:  # the database is gone: the next run tries again
        log.error("%s: %s", job, error)


if __name__ == "__main__":
    sys.exit(main())
