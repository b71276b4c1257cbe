"""`gpu-limbo up` keeps its children alive and leaves none behind."""

import os
import signal
import socket
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path

import pytest

from monitor import supervisor
from monitor.errors import UsageError
from monitor.supervisor import Child, check_port, children, supervise, wait_for_port
from tests.waiting import wait_for

STAYS = "import time; time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(600)"
)


def child(code: str, name: str = "part") -> Child:
    return Child(name=name, command=[sys.executable, "-c", code])


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def supervised():
    """Starts supervision in a thread and ends it after the test."""
    stop, threads = threading.Event(), []

    def start(*wanted: Child) -> threading.Event:
        threads.append(threading.Thread(target=supervise, args=(wanted, stop)))
        threads[0].start()
        return stop

    yield start
    stop.set()
    threads[0].join(20)
    assert not threads[0].is_alive()


def test_a_child_that_is_killed_is_started_again(supervised, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(supervisor, "FIRST_WAIT_SECONDS", 0.05)
    one = child(STAYS)
    one.wait_seconds = 0.05
    supervised(one)
    wait_for(lambda: one.process is not None)
    first = one.process.pid
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: one.starts == 2 and one.process is not None)
    assert one.process.pid != first


def test_a_child_that_keeps_dying_is_started_later_and_later(monkeypatch: pytest.MonkeyPatch):
    one, now, starts = child("raise SystemExit(1)"), 0.0, []
    while len(starts) < 8:
        before = one.starts
        supervisor._tend(one, now)
        if one.starts > before:
            starts.append(now)
            one.process.wait()
        now += 0.5
    gaps = [round(b - a) for a, b in pairwise(starts)]
    assert gaps == sorted(gaps)
    assert gaps[0] < 3
    assert gaps[-1] >= 60


def test_all_children_end_with_the_service(supervised):
    two = [child(STAYS, "a"), child(STAYS, "b")]
    stop = supervised(*two)
    wait_for(lambda: all(one.process is not None for one in two))
    pids = [one.process.pid for one in two]
    stop.set()
    wait_for(lambda: not any(alive(pid) for pid in pids), 5)


def test_a_child_that_does_not_listen_is_ended_by_force(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(supervisor, "STOP_WITHIN_SECONDS", 0.3)
    one = child(STUBBORN)
    one.process = subprocess.Popen(one.command, stdout=subprocess.PIPE)
    assert one.process.stdout is not None
    one.process.stdout.readline()
    supervisor.end_all([one])
    assert one.process.returncode == -signal.SIGKILL


def test_a_port_in_use_is_said_in_one_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} .*choose another with --port"):
            check_port("127.0.0.1", port)
    check_port("127.0.0.1", port)


def test_it_waits_until_the_page_can_be_opened():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        assert wait_for_port("127.0.0.1", server.getsockname()[1], threading.Event())
    stopped = threading.Event()
    stopped.set()
    assert not wait_for_port("127.0.0.1", 1, stopped)


def test_the_service_is_a_dashboard_and_a_scheduler():
    assert [one.name for one in children("127.0.0.1", 8501)] == ["dashboard", "scheduler"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with a killed parent")
def test_children_end_with_a_supervisor_that_is_killed(tmp_path: Path):
    code = f"""
import sys, threading
from monitor.supervisor import Child, supervise
c = Child(name="x", command=[sys.executable, "-c", {STAYS!r}])
threading.Thread(target=lambda: (threading.Event().wait(0.01), [None for _ in iter(lambda: c.process is None, False)],
                                 print(c.process.pid, flush=True)), daemon=True).start()
supervise([c], threading.Event())
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    wait_for(lambda: not alive(pid) or Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z", 5)
