"""A machine that sleeps, a clock that jumps, summer time: the real scheduler and its rules, with a clock of our own."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers import base
from apscheduler.schedulers.base import BaseScheduler
from sqlalchemy import Engine

from monitor import scheduler
from monitor.jobs.rounds import Rounds
from monitor.jobs.upkeep import last_night
from monitor.scheduler import SETTLES_WITHIN, build, heed_the_clock, jobs_of
from monitor.settings import Settings
from monitor.store import repo
from monitor.store.engine import session_scope

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEGIN = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
STEP = timedelta(minutes=5)


class Stepped(BaseScheduler):
    """APScheduler without its waiting: it looks at the clock when it is told to."""

    def shutdown(self, wait: bool = True) -> None:
        super().shutdown(wait)

    def wakeup(self) -> None:
        self._process_jobs()


class Life:
    """The service over months: real jobs of the night, and counters in place of the others."""

    channels = ()

    def __init__(self, engine: Engine, home: Path, begin: datetime) -> None:
        self.now, self._engine = begin, engine
        self.rounds = Rounds(engine, Settings(home=home), clock=lambda: self.now)
        self.ran: Counter[str] = Counter()
        self.nightly = self.rounds.nightly
        self.crawl, self.update, self.backtest = map(self._counter, ("crawl", "update", "backtest"))

    def _counter(self, name: str) -> Callable[[], dict[str, object]]:
        return lambda: self.ran.update([name]) or {}

    def start(self) -> None:
        self._built = build(self._engine, jobs_of(self))  # type: ignore[arg-type]
        self._built.start()

    def live(self, span: timedelta) -> Counter[str]:
        """Be awake for so long; how often each job ran."""
        before, end = self.ran.copy(), self.now + span
        while self.now < end:
            heed_the_clock(self._built, self.now)
            self.now += STEP
        return self.ran - before

    def backups(self) -> list[datetime]:
        """When backups were written, oldest first."""
        with session_scope(self._engine, read_only=True) as session:
            return sorted(run.started_at for run in repo.runs(session, job="upkeep", status="ok", limit=1000))


@pytest.fixture
def life(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], Life]:
    lives: list[Life] = []

    class Now(datetime):
        @classmethod
        def now(cls, tz=None):  # type: ignore[override]
            return lives[-1].now.astimezone(tz)

    def begin(at: datetime) -> Life:
        lives.append(Life(engine, tmp_path, at))
        lives[-1].start()
        return lives[-1]

    monkeypatch.setattr(base, "datetime", Now)
    monkeypatch.setattr(scheduler, "utc_now", lambda: lives[-1].now)
    monkeypatch.setattr(scheduler, "BackgroundScheduler", Stepped)
    monkeypatch.setattr(scheduler, "ThreadPoolExecutor", lambda max_workers: DebugExecutor())
    return begin


@pytest.fixture
def lives_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ZoneInfo]]:
    """Sets the machine's own time zone."""

    def move(name: str) -> ZoneInfo:
        monkeypatch.setenv("TZ", name)
        time.tzset()
        return ZoneInfo(name)

    yield move
    monkeypatch.undo()
    time.tzset()


def test_a_week_asleep_ends_in_one_run_of_each_job_and_a_backup(life):
    service = life(BEGIN)
    service.live(DAY)
    backups = len(service.backups())
    service.now += 7 * DAY
    assert service.live(STEP) == {"crawl": 1, "update": 1, "backtest": 1}
    assert len(service.backups()) == backups + 1
    woken = service.live(HOUR)
    assert woken["crawl"] <= 4
    assert woken["update"] <= 1
    assert len(service.backups()) == backups + 1


def test_a_laptop_that_is_never_on_at_night_gets_a_backup_every_day(life):
    service = life(BEGIN)
    for _ in range(10):
        service.live(10 * HOUR)
        service.now += 14 * HOUR
    made = service.backups()
    assert [at.date() for at in made] == [(BEGIN + day * DAY).date() for day in range(10)]
    assert all(at.hour == 8 for at in made)


def test_a_laptop_that_is_started_anew_each_morning_gets_a_backup_every_day(life):
    at = BEGIN
    for _ in range(4):
        service = life(at)
        service.live(2 * HOUR)
        at += DAY
    assert [made.date() for made in service.backups()] == [(BEGIN + day * DAY).date() for day in range(4)]
    assert all(SETTLES_WITHIN <= made - made.replace(hour=8, minute=0) < HOUR for made in service.backups())


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        ("Europe/Berlin", date(2026, 3, 29)),
        ("Europe/Berlin", date(2026, 10, 25)),
        ("America/New_York", date(2026, 3, 8)),
        ("America/New_York", date(2026, 11, 1)),
    ],
)
def test_summer_time_takes_no_night_and_gives_none_twice(life, lives_in, zone: str, change: date):
    local = lives_in(zone)
    service = life(datetime(change.year, change.month, change.day, 15, tzinfo=UTC) - 2 * DAY)
    service.live(3 * DAY)
    made = [at.astimezone(local) for at in service.backups()][1:]  # the first comes soon after the start
    assert [at.date() for at in made] == [change - DAY, change, change + DAY]
    assert all(4 <= at.hour + at.minute / 60 < 5.5 for at in made)


@pytest.mark.parametrize("back", [timedelta(minutes=10), 3 * HOUR, 5 * DAY, 4000 * DAY])
def test_a_clock_that_is_set_back_stops_nothing_and_starts_no_storm(life, back: timedelta):
    service = life(BEGIN)
    service.live(3 * DAY)
    backups = len(service.backups())
    service.now -= back
    ran = service.live(6 * HOUR)
    assert 20 <= ran["crawl"] <= 26
    assert 5 <= ran["update"] <= 8
    assert len(service.backups()) <= backups + 1
    service.live(2 * DAY)
    assert len(service.backups()) >= backups + 2


def test_a_clock_that_begins_in_1970_is_put_right_in_one_step(life):
    service = life(datetime(1970, 1, 1, tzinfo=UTC))
    service.live(HOUR)
    service.now = BEGIN
    began = time.monotonic()
    assert service.live(STEP) == {"crawl": 1, "update": 1, "backtest": 1}
    assert time.monotonic() - began < 5


def test_a_night_whose_backup_failed_is_made_up_for_within_two_hours(life, tmp_path: Path):
    service = life(BEGIN)
    service.live(DAY - HOUR)
    done = len(service.backups())
    (tmp_path / "backups").rename(tmp_path / "aside")
    (tmp_path / "backups").write_text("no folder: nothing can be written there")
    service.live(DAY)
    assert len(service.backups()) == done
    (tmp_path / "backups").unlink()
    service.live(2 * HOUR)
    assert len(service.backups()) == done + 1


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"])
def test_last_night_is_the_last_four_in_the_morning_here(lives_in, zone: str):
    local = lives_in(zone)
    for hour in range(24 * 400):
        now = BEGIN + hour * HOUR
        night = last_night(now)
        assert night <= now < night + 25 * HOUR
        assert night.astimezone(local).hour == 4
