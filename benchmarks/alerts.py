"""How fast 1,000 alerts of one flip leave over a channel that takes 50 ms each.

Run: python benchmarks/alerts.py [ALERTS]           (SQLite)
     tools/with-postgres python benchmarks/alerts.py   (PostgreSQL too)

Exits with 1 where a thousand would take longer than a minute.
"""

import os
import sys
import tempfile
import threading
import time
from pathlib import Path

from monitor.clock import utc_now
from monitor.core.models import Alert
from monitor.jobs.notify import notify
from monitor.notify import Message
from monitor.store import repo
from monitor.store.engine import open_store, session_scope

ALERTS, SECONDS_EACH, BAR_SECONDS = 1000, 0.05, 60.0


class Slow:
    """A channel that takes its time."""

    name = "slow"

    def __init__(self) -> None:
        self.got: list[str] = []
        self._pause = threading.Event()

    def send(self, message: Message) -> None:
        self._pause.wait(SECONDS_EACH)
        self.got.append(message.id)


def measure(url: str, count: int) -> bool:
    """Queue, send, and print what it took; whether the bar was met."""
    engine, now, channel = open_store(url), utc_now(), Slow()
    payload = {"kind": "signal_flip", "changes": []}
    alerts = [
        Alert(key=f"k{i:04d}", rule="calls", subject=f"{i}: wait", body="Wait.", payload=payload, created_at=now)
        for i in range(count)
    ]
    with session_scope(engine) as session:
        repo.add_alerts(session, alerts, [channel.name])
    began = time.perf_counter()
    sent = notify(lambda: session_scope(engine), [channel], now)
    took = time.perf_counter() - began
    assert sorted(channel.got) == [alert.key for alert in alerts]
    kind = engine.dialect.name
    print(f"{kind}: {sent.sent} alerts over a channel of {SECONDS_EACH * 1000:.0f} ms each in {took:.1f} s", flush=True)
    engine.dispose()
    return took <= BAR_SECONDS * count / ALERTS


def main(count: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        urls = [f"sqlite:///{Path(folder) / 'limbo.db'}", os.environ.get("TEST_DATABASE_URL", "")]
        met = [measure(url, count) for url in urls if url]
    return int(not all(met))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ALERTS))
