"""Kill writers and senders with SIGKILL at random moments and count what is missing afterwards.

    python -m tests.store.killing DATABASE_URL KILLS [server]

One child stores offers and alerts and says "ack" after each commit; another claims alerts, hands them to a receiver and
records that. Both are killed in the middle of it, over and over. With "server", every fourth kill on PostgreSQL first
hits the server's own process, so that the whole server restarts. Prints one JSON object.
"""

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from monitor.core.models import Alert
from monitor.errors import StoreError
from monitor.store import repo
from monitor.store.engine import make_engine, open_store, session_scope
from tests.conftest import NOW, make_offer

BATCH = 20
LONGEST_LIFE = 0.25  # seconds from a child's first commit to its death


def main(url: str, kills: int, *, server_too: bool = False) -> dict[str, int]:
    """Kill `kills` children and return the counts."""
    open_store(url).dispose()
    dice, acknowledged, folder = random.Random(1), set[int](), Path(tempfile.mkdtemp())
    received, first = folder / "received", 0
    received.touch()
    for round_ in range(kills):
        now = NOW + timedelta(hours=round_)  # later than every claim that a dead sender left behind
        if round_ % 2 == 0:
            kill_server = _server_side(url) if server_too and round_ % 4 == 0 else None
            lines = _run_and_kill(lambda out, n=first: _write(url, n, out), dice, kill_server)
            acknowledged |= {int(line) for line in lines}
            first += 10_000
        else:
            _run_and_kill(lambda out, now=now: _send(url, now, received, out), dice, None)
    _send(url, NOW + timedelta(hours=kills + 1), received, lambda _: None)
    keys = received.read_text().split()
    return {
        "kills": kills,
        "commits_acknowledged": len(acknowledged),
        "offers_lost": _lost_offers(url, acknowledged),
        "alerts_lost": len({f"alert_{n}" for n in acknowledged} - set(keys)),
        "half_commits": _half_commits(url),
        "sent_again_with_the_same_key": len(keys) - len(set(keys)),
        "alerts_unknown_to_the_store": len(set(keys) - _keys(url)),
    }


def _write(url: str, first: int, say: Callable[[str], None]) -> None:
    """Store batches until killed; each is one commit of offers and their alert."""
    engine, n = make_engine(url), first
    while True:
        with session_scope(engine) as session:
            repo.add_offers(session, [make_offer(title=f"{n} {i}") for i in range(BATCH)], NOW)
            alert = Alert(key=f"alert_{n}", rule="r", subject="s", body="b", payload={}, created_at=NOW)
            repo.add_alerts(session, [alert], ["hook"])
        say(str(n))
        n += 1


def _send(url: str, now, received: Path, say: Callable[[str], None]) -> None:
    """Claim, commit, hand over, record; until nothing is due."""
    engine = make_engine(url)
    say("begin")
    with received.open("a") as receiver:
        while True:
            with session_scope(engine) as session:
                claimed = repo.claim_alerts(session, now, limit=3)
            for delivery in claimed:
                receiver.write(delivery.alert.key + "\n")
                receiver.flush()
                with session_scope(engine) as session:
                    repo.record_sent(session, delivery, now)
            if not claimed:
                break
    engine.dispose()


def _run_and_kill(
    work: Callable[[Callable[[str], None]], None], dice: random.Random, also: Callable[[], None] | None
) -> list[str]:
    """Start a child, let it live a little after its first word, kill it; the words it said."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            work(lambda line: os.write(writing, f"{line}\n".encode()) and None)
        except StoreError:
            pass  # the server died under it
        finally:
            os._exit(0)
    os.close(writing)
    said = os.read(reading, 65536)
    time.sleep(dice.random() * LONGEST_LIFE)
    if also is not None:
        also()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while more := os.read(reading, 65536):
        said += more
    os.close(reading)
    return said.decode().split("\n")[:-1]


def _server_side(url: str) -> Callable[[], None] | None:
    """What kills the process of a PostgreSQL server that works for our child."""
    if url.startswith("sqlite"):
        return None

    def kill_backend() -> None:
        engine = make_engine(url)
        with engine.connect() as connection:
            query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            pids = list(connection.execute(text(query + " AND application_name = 'gpu-limbo'")).scalars())
        engine.dispose()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        _wait_until_back(url)

    return kill_backend


def _wait_until_back(url: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        engine = make_engine(url)
        try:
            with session_scope(engine) as session:
                repo.offer_count(session)
            return
        except StoreError:
            time.sleep(0.05)
        finally:
            engine.dispose()
    raise RuntimeError("the server did not come back")


def _lost_offers(url: str, acknowledged: set[int]) -> int:
    titles = _titles(url)
    return sum(f"{n} {i}" not in titles for n in acknowledged for i in range(BATCH))


def _half_commits(url: str) -> int:
    """Batches of which only a part is there."""
    counts: dict[str, int] = {}
    for title in _titles(url):
        counts[title.split()[0]] = counts.get(title.split()[0], 0) + 1
    return sum(count != BATCH for count in counts.values())


def _titles(url: str) -> set[str]:
    engine = make_engine(url)
    with session_scope(engine) as session:
        found = {offer.title for offer in repo.offers_as_of(session, NOW)}
    engine.dispose()
    return found


def _keys(url: str) -> set[str]:
    engine = make_engine(url)
    with session_scope(engine) as session:
        found = {alert.key for alert in repo.alerts_since(session, NOW)}
    engine.dispose()
    return found


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), server_too=sys.argv[3:] == ["server"])))
