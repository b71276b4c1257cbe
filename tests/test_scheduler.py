"""When jobs run, what is stored of them, and who may run them."""

import os
import socket
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from apscheduler.events import EVENT_JOB_MAX_INSTANCES, JobSubmissionEvent
from sqlalchemy import Engine

from monitor import scheduler
from monitor.clock import utc_now
from monitor.core.models import Alert
from monitor.errors import StoreError
from monitor.scheduler import LEASE, LEASE_LASTS, Job, build, jobs_of, serve
from monitor.settings import Settings
from monitor.store import repo
from monitor.store.engine import session_scope
from tests.waiting import wait_for


def runs(engine: Engine) -> list[tuple[str, str]]:
    with session_scope(engine) as session:
        return [(run.job, run.status) for run in repo.runs(session)]


class StandInRounds:
    """The jobs without their work."""

    channels = ()

    def __init__(self, *_: object) -> None:
        self.updates, self.stopped = 0, False

    def crawl(self):
        return None

    def update(self):
        self.updates += 1
        return {"signals": 1}

    def backtest(self):
        return None

    def nightly(self):
        return None

    def stop(self):
        self.stopped = True


def test_late_jobs_run_once_and_never_twice_at_a_time(engine: Engine):
    built = build(engine, jobs_of(StandInRounds()))  # type: ignore[arg-type]
    built.start(paused=True)
    for job in built.get_jobs():
        assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)
    assert {job.id for job in built.get_jobs()} == {"crawl", "update", "backtest", "upkeep"}
    assert all(job.trigger.jitter for job in built.get_jobs())
    built.shutdown()


def test_an_update_that_went_well_just_before_the_start_is_not_made_again(engine: Engine):
    ran = utc_now() - timedelta(minutes=10)
    run = repo.Run(job="update", started_at=ran, finished_at=ran, status="ok", counts={})
    with session_scope(engine) as session:
        repo.record_run(session, run)
    built = build(engine, jobs_of(StandInRounds()))  # type: ignore[arg-type]
    built.start(paused=True)
    due = {job.id: job.next_run_time - utc_now() for job in built.get_jobs()}
    assert timedelta(minutes=49) < due["update"] < timedelta(minutes=51)
    assert due["crawl"] < timedelta(minutes=1)
    built.shutdown()


def test_a_start_after_an_import_makes_the_calls_anew(engine: Engine):
    ran = utc_now() - timedelta(minutes=10)
    run = repo.Run(job="update", started_at=ran, finished_at=ran, status="ok", counts={})
    with session_scope(engine) as session:
        repo.record_run(session, run)
        repo.begin_import(session, "prices.csv", utc_now() - timedelta(minutes=1))
    built = build(engine, jobs_of(StandInRounds()))  # type: ignore[arg-type]
    built.start(paused=True)
    due = {job.id: job.next_run_time - utc_now() for job in built.get_jobs()}
    assert due["update"] < timedelta(minutes=1)
    built.shutdown()


def test_a_good_a_failed_and_a_left_out_run_are_stored(engine: Engine):
    def bad():
        raise StoreError("the disk is full")

    def worse():
        raise ZeroDivisionError

    hour = timedelta(hours=1)
    jobs = [
        Job(name="good", every=hour, run=lambda: {"n": 1}), Job(name="bad", every=hour, run=bad),
        Job(name="worse", every=hour, run=worse), Job(name="silent", every=hour, run=lambda: None),
    ]  # fmt: skip
    built = build(engine, jobs)
    built.start()
    wait_for(lambda: len(runs(engine)) == 3)
    scheduler._not_run(engine, JobSubmissionEvent(EVENT_JOB_MAX_INSTANCES, "good", "default", [utc_now()]))
    assert sorted(runs(engine)) == [("bad", "failed"), ("good", "missed"), ("good", "ok"), ("worse", "failed")]
    with session_scope(engine) as session:
        [run] = repo.runs(session, job="bad")
    assert run.detail == "the disk is full"
    built.shutdown()


def serving(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> tuple[threading.Thread, threading.Event, list[StandInRounds]]:
    made: list[StandInRounds] = []
    monkeypatch.setattr(scheduler, "Rounds", lambda *_: made.append(StandInRounds()) or made[-1])
    stop = threading.Event()
    thread = threading.Thread(target=serve, args=(engine, Settings(), stop), daemon=True)
    thread.start()
    return thread, stop, made


def holder(engine: Engine) -> str:
    with session_scope(engine) as session:
        return repo.take_lease(session, LEASE, "nobody", utc_now() - timedelta(minutes=5), timedelta(0))


def test_it_works_and_stops_in_seconds_and_gives_the_lease_back(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    thread, stop, made = serving(engine, monkeypatch)
    wait_for(lambda: ("update", "ok") in runs(engine))
    assert holder(engine) == f"{socket.gethostname()}:{os.getpid()}"
    began = time.monotonic()
    stop.set()
    thread.join(10)
    assert time.monotonic() - began < 5
    assert made[0].stopped
    assert holder(engine) == "nobody"


def test_a_second_scheduler_waits_and_says_so(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    with session_scope(engine) as session:
        repo.take_lease(session, LEASE, "other-machine:1", utc_now(), LEASE_LASTS)
    thread, stop, made = serving(engine, monkeypatch)
    wait_for(lambda: "other-machine:1" in caplog.text)
    assert not made
    stop.set()
    thread.join(10)
    assert holder(engine) == "other-machine:1"


def test_the_lease_of_a_killed_scheduler_of_this_machine_is_taken_over(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    killed = subprocess.Popen([sys.executable, "-c", ""])
    killed.wait()
    with session_scope(engine) as session:
        repo.take_lease(session, LEASE, f"{socket.gethostname()}:{killed.pid}", utc_now(), timedelta(hours=1))
    thread, stop, _ = serving(engine, monkeypatch)
    wait_for(lambda: ("update", "ok") in runs(engine))
    stop.set()
    thread.join(10)


def test_messages_for_a_channel_that_was_taken_out_become_dead_letters(
    engine: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    alert = Alert(key="k", rule="r", subject="s", body="b", payload={}, created_at=now)
    with session_scope(engine) as session:
        repo.add_alerts(session, [alert], ["kept", "gone"])
    rounds = StandInRounds()
    rounds.channels = (SimpleNamespace(name="kept"),)  # type: ignore[assignment]
    monkeypatch.setattr(scheduler, "Rounds", lambda *_: rounds)
    monkeypatch.setattr(scheduler, "jobs_of", lambda _: [])
    stop = threading.Event()
    stop.set()
    monkeypatch.setattr(scheduler, "_wait_for_lease", lambda *_: True)
    serve(engine, Settings(), stop)
    with session_scope(engine) as session:
        found = {one.channel: (one.state, one.error) for one in repo.deliveries(session)}
        assert found["kept"] == ("due", "")
        assert found["gone"][0] == "dead"
        assert "no longer stands in GPU_LIMBO_CHANNELS" in found["gone"][1]
        assert repo.retry_alerts(session, now) == 1
