"""The replay of shipped history: the live jobs with another clock; nothing is known early, nothing of yours touched."""

import csv
import gzip
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from monitor.catalog import load_catalog
from monitor.clock import live_at, utc_now
from monitor.core.memory import fit
from monitor.core.models import Action
from monitor.jobs.history import SHIPPED
from monitor.jobs.replay import ACTS, Act, paced, replay
from monitor.settings import Settings
from monitor.store import repo
from monitor.store.engine import open_store, session_scope
from tests.waiting import free_port

WINTER = replace(ACTS[0], first=date(2017, 10, 19), last=date(2017, 12, 14), step=timedelta(days=5))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, channels="mailbox://", public_url="http://127.0.0.1:8501")


def test_the_winter_brings_limbo_and_letters_and_knows_nothing_early(settings: Settings):
    engine = open_store(settings.database)
    subjects: list[str] = []
    for step in replay(engine, settings, 1.0, lambda: 0.0, lambda _: None, [WINTER]):
        subjects += step.letters
        with session_scope(engine, read_only=True) as session:
            state = repo.replay_state(session)
            assert state is not None
            assert (state.now, state.over) == (step.now, False)
            assert max(repo.newest_prices(session).values()) <= step.now
    with session_scope(engine, read_only=True) as session:
        state = repo.replay_state(session)
        assert state is not None
        assert state.over
        called = {signal.action for signal in repo.signal_history(session, gpu="GTX 1080")}
        assert len(repo.deliveries(session, state="sent", channel="mailbox")) == len(subjects)
        assert [goal.slug for goal in repo.goals(session)] == ["vision-germany"]
    engine.dispose()
    assert Action.LIMBO in called
    assert "GTX 1080 new in DE: limbo begins" in subjects


class Time:
    """Seconds that pass only when somebody waits or works."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def wait(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.mark.parametrize(
    ("work", "shown", "lasts"),
    [
        (0.0, list(range(10)), 10.0),
        (0.9, list(range(10)), 10.9),
        (2.5, [0, 2, 5, 7, 9], 13.5),
        (99.0, [0, 4, 8, 9], 397.0),
    ],
)
def test_a_slow_machine_leaves_out_some_moments_but_never_the_last(work: float, shown: list[int], lasts: float):
    time, moments = Time(), [datetime(2017, 8, 10 + i, tzinfo=UTC) for i in range(10)]
    seen = []
    for moment in paced(moments, 10.0, lambda: time.seconds, time.wait):
        seen.append(moments.index(moment))
        time.wait(work)
    assert seen == shown
    assert time.seconds == pytest.approx(lasts)


def test_each_act_has_its_files_and_sensible_days():
    for act in ACTS:
        assert act.first < act.last
        assert act.seconds > 0
    assert sum(act.seconds for act in ACTS) == 120


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.goal.slug)
def test_the_first_page_of_an_act_has_cards_to_name_from_its_first_year_on(act: Act):
    catalog = load_catalog()
    work, able = catalog.workload(act.goal.workload), set()
    for file in act.files:
        with gzip.open(SHIPPED / file, "rt") as lines:
            first_year = [r for r in csv.DictReader(lines) if r["observed_on"] < str(act.first + timedelta(days=365))]
        cards = (catalog.gpus.get(row["gpu_model"]) for row in first_year)
        able |= {card.name for card in cards if card and fit(card, work).answer != "no"}
    assert len(able) >= 3


@pytest.fixture
def another_time() -> Iterator[datetime]:
    yield datetime(2017, 12, 7, tzinfo=UTC)
    live_at(lambda: None)


def test_a_process_can_live_at_another_time_and_come_back(another_time: datetime):
    live_at(lambda: another_time)
    assert utc_now() == another_time
    live_at(lambda: None)
    assert utc_now().year > 2025


def test_up_demo_plays_shows_and_leaves_nothing_behind(tmp_path: Path):
    port = free_port()
    temporary, mine = tmp_path / "tmp", tmp_path / "mine"
    temporary.mkdir()
    environment = os.environ | {
        "TMPDIR": str(temporary),
        "GPU_LIMBO_HOME": str(mine),
        "DATABASE_URL": f"sqlite:///{mine}/own.db",
        "GPU_LIMBO_CHANNELS": "mailto://nobody",  # would be refused, if it were read
    }
    command = [sys.executable, "-u", "-m", "monitor", "up", "--demo", "--speed", "60", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        said = []
        for line in process.stdout or ():
            said.append(line)
            if "the replay is over" in line:
                break
        answer = httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=30)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    text = "".join(said)
    assert answer.json() == {"status": "ok", "newest_price_on": "2026-08-22"}
    assert "a replay of shipped history, not today" in text
    assert f"http://127.0.0.1:{port}/mailbox" in text
    assert not mine.exists()
    assert not list(temporary.iterdir())


@pytest.mark.parametrize(
    ("arguments", "said"), [(["--demo", "--host", "0.0.0.0"], "this machine only"), (["--demo", "--speed", "0"], "0.1")]
)
def test_wrong_use_of_the_demo_is_refused_in_a_sentence(arguments: list[str], said: str):
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "up", *arguments], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert said in done.stderr
