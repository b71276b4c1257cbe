"""*When* each job runs, and nothing else. `python -m monitor.scheduler` works until it is stopped.

One scheduler works at a time: it holds a lease row, renews it, and a second one waits and says so. Jobs that were due
while the machine slept run once when it wakes, however long that was, and a clock that is set back stops none. Every
run is stored, also one that failed.
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

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
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
HOUR, SETTLES_WITHIN = timedelta(hours=1), timedelta(minutes=5)  # crawls and calls come first after a start
STOP_WITHIN_SECONDS = 3.0  # then whatever still runs is cut off: every job may be cut off at any moment

log = logging.getLogger("gpu-limbo.scheduler")


@dataclass(frozen=True, kw_only=True)
class Job:
    """What runs how often. Jitter keeps many installations from asking a shop in the same second."""

    name: str
    every: timedelta
    run: Callable[[], Mapping[str, object] | None]  # what to store of the run; `None`: nothing worth a row
    jitter_seconds: int = 0
    first_after: timedelta = timedelta(0)  # the start
    rests: bool = False  # a good run before the start counts: the next one comes when its time has passed


class Every(BaseTrigger):
    """A job's times. Those that have passed are left out: after a sleep, or with a clock that began in 1970, they would
    be many, and one run makes up for all."""

    def __init__(self, job: Job) -> None:
        self.every, self.jitter = job.every, job.jitter_seconds or None

    # the library's empty method is read as one that returns nothing
    def get_next_fire_time(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, previous_fire_time: datetime | None, now: datetime
    ) -> datetime:
        """One interval after the last time, but never in the past."""
        due = now if previous_fire_time is None else previous_fire_time + self.every
        due = due if due >= now else now + self.every
        return self._apply_jitter(due, self.jitter, now) or due

    @property
    def longest(self) -> timedelta:
        """The most that can lie between now and the next time."""
        return self.every + timedelta(seconds=self.jitter or 0)


def jobs_of(rounds: Rounds) -> list[Job]:
    """Every job of the service. A channel has a job of its own, so that a slow one holds up nobody."""
    return [
        Job(name="crawl", every=timedelta(minutes=15), run=rounds.crawl, jitter_seconds=120),
        Job(name="update", every=HOUR, run=rounds.update, jitter_seconds=30, rests=True),
        Job(name="backtest", every=HOUR, run=rounds.backtest, jitter_seconds=600, first_after=HOUR),
        Job(name="upkeep", every=HOUR, run=rounds.nightly, jitter_seconds=600, first_after=SETTLES_WITHIN),
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
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    with session_scope(engine, read_only=True) as session:
        ran = repo.last_good_runs(session)
        imported = next((at for _, at, *_ in repo.imports(session, 1)), None)
    for job in jobs:
        ended = ran.get(job.name)
        fresh = None if ended and imported and imported > ended else ended  # an import asks for a round of calls
        first = _first_time(job, fresh, utc_now())
        scheduler.add_job(_stored, Every(job), args=[engine, job], id=job.name, name=job.name, next_run_time=first)
    scheduler.add_listener(lambda event: _not_run(engine, event), EVENT_JOB_ERROR | EVENT_JOB_MAX_INSTANCES)
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
            heed_the_clock(scheduler, utc_now())
            if stop.wait(LEASE_RENEWED.total_seconds()):
                break
            if _lease(engine, holder) not in (holder, None):
                log.error("another scheduler has taken over; this one stops")
                break
    finally:
        _end(engine, scheduler, rounds, holder)


def heed_the_clock(scheduler: BackgroundScheduler, now: datetime) -> None:
    """Have jobs run that are due by the clock on the wall, called every few seconds.

    What waits inside the scheduler counts the time that the machine is awake: after a sleep it would go on waiting. And
    after a clock was set back, a job would wait until the old time has come again.
    """
    for job in scheduler.get_jobs():
        if job.next_run_time is not None and job.next_run_time > now + job.trigger.longest:
            log.warning("the clock was set back; %s is due anew", job.id)
            job.modify(next_run_time=now)
    scheduler.wakeup()


def _first_time(job: Job, ran: datetime | None, now: datetime) -> datetime:
    first = now + job.first_after
    return max(first, ran + job.every) if job.rests and ran and ran <= now else first


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
    now = utc_now()
    if event.code == EVENT_JOB_ERROR:
        _record(engine, event.job_id, now, "failed", str(getattr(event, "exception", "")), {})
    elif not event.job_id.startswith("notify "):  # a channel that takes longer than its interval sends what is due
        _record(engine, event.job_id, now, "missed", "the last run still works", {})


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
