"""How fast 1,000 alerts of one flip leave over a channel that takes 50 ms each.

Run: python benchmarks/alerts.py            (SQLite)
     tools/with-postgres python benchmarks/alerts.py   (PostgreSQL too)
"""

import os
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

ALERTS, SECONDS_EACH = 1000, 0.05


class Slow:
    """A channel that takes its time."""

    name = "slow"

    def __init__(self) -> None:
        self.got: list[str] = []
        self._pause = threading.Event()

    def send(self, message: Message) -> None:
        self._pause.wait(SECONDS_EACH)
        self.got.append(message.id)


def measure(url: str) -> None:
    """Queue, send, and print what it took."""
    engine, now, channel = open_store(url), utc_now(), Slow()
    payload = {"kind": "signal_flip", "changes": []}
    alerts = [
        Alert(key=f"k{i:04d}", rule="calls", subject=f"{i}: wait", body="Wait.", payload=payload, created_at=now)
        for i in range(ALERTS)
    ]
    with session_scope(engine) as session:
        repo.add_alerts(session, alerts, [channel.name])
    began = time.perf_counter()
    sent = notify(lambda: session_scope(engine), [channel], now)
    took = time.perf_counter() - began
    assert sorted(channel.got) == [alert.key for alert in alerts]
    kind = engine.dialect.name
    print(f"{kind}: {sent.sent} alerts over a channel of {SECONDS_EACH * 1000:.0f} ms each in {took:.1f} s")
    engine.dispose()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        measure(f"sqlite:///{Path(folder) / 'limbo.db'}")
    if url := os.environ.get("TEST_DATABASE_URL"):
        measure(url)


if __name__ == "__main__":
    main()
