"""One round of each job of the service, ready to be called by a clock: opens sessions, starts crawls, pings."""

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from monitor.catalog import load_catalog
from monitor.clock import utc_now
from monitor.core.addresses import allowed_hosts
from monitor.errors import MonitorError, SourceError
from monitor.jobs.backtest import backtest_is_due, run_backtest
from monitor.jobs.decide import call_markets, decide
from monitor.jobs.links import links_of
from monitor.jobs.notify import notify
from monitor.jobs.score import is_ranked, rank
from monitor.jobs.upkeep import upkeep_is_due
from monitor.notify import Channel, ChannelOptions, open_channels
from monitor.notify.message import one_line
from monitor.notify.ping import ping
from monitor.rates import load_rates
from monitor.settings import Settings
from monitor.store import repo
from monitor.store.backup import back_up_to_folder
from monitor.store.engine import session_scope

CRAWL_LASTS_AT_MOST = timedelta(hours=3)
RUNS_KEPT = timedelta(days=90)
THINNED_AT_ONCE = 20_000  # rows: other writers wait meanwhile

log = logging.getLogger("gpu-limbo.rounds")


def channels_of(settings: Settings) -> list[Channel]:
    """The channels that the settings name."""
    options = ChannelOptions(
        clock=utc_now,
        webhook_secret=settings.webhook_secret,
        allow_private_hosts=settings.allow_private_hosts,
    )
    return open_channels(settings.channels, options)


class Rounds:
    """The jobs of one running service. `stop` ends a crawl that is under way and lets no new one begin."""

    def __init__(self, engine: Engine, settings: Settings, clock: Callable[[], datetime] = utc_now) -> None:
        self.channels = channels_of(settings)
        self._engine, self._settings, self._clock = engine, settings, clock
        self._child: subprocess.Popen[str] | None = None
        self._stopped = threading.Event()
        self._updating = threading.Lock()

    def crawl(self) -> Mapping[str, object] | None:
        """Read the sources whose time has come, and decide anew where they brought something."""
        names = self._due()
        if not names or self._stopped.is_set():
            return None
        lines = self._run_crawl(names)
        new = sum(int(line.get("new", 0)) for line in lines)
        if new:
            self.update()
        failed = [str(line["source"]) for line in lines if line.get("faults")]
        return {"sources": len(lines), "new": new, "failed": failed}

    def make_first_calls(self) -> None:
        """Decide and score where nothing was called yet, and note it as a run of `update`."""
        with session_scope(self._engine, read_only=True) as session:
            if repo.latest_signals(session, goal=""):
                return
        started, counts = self._clock(), self._update()
        run = repo.Run(job="update", started_at=started, finished_at=self._clock(), status="ok", counts=counts)
        with session_scope(self._engine) as session:
            repo.record_run(session, run)

    def update(self) -> Mapping[str, object]:
        """Decide and score from what is stored now, and say over the dead man's switch how it went."""
        try:
            counts = self._update()
        except Exception:
            self._ping(well=False)
            raise
        self._ping(well=True)
        return counts

    def _update(self) -> Mapping[str, object]:
        """Scores use the prices of calls, verdicts on goals use scores: where there were none, they come between."""
        catalog, names = load_catalog(), [channel.name for channel in self.channels]
        defaults = self._settings.preferences
        with self._updating:
            now = self._clock()
            with session_scope(self._engine, read_only=True) as session:  # the computing holds up no other writer
                called = call_markets(session, catalog, now, defaults)
                first = not is_ranked(session, called.goals)
            with session_scope(self._engine) as session:
                flips = len(repo.add_signals(session, called.general)) if first else 0
                decided = None if first else decide(session, catalog, now, names, defaults, called)
            with session_scope(self._engine, read_only=True) as session:
                ranking = rank(session, catalog, now, load_rates(self._settings.home), defaults)
            with session_scope(self._engine) as session:
                repo.add_scores(session, ranking)
            if decided is None:
                with session_scope(self._engine) as session:
                    decided = decide(session, catalog, now, names, defaults, called)
        return {"signals": len(decided.signals), "flips": flips + len(decided.flips), "alerts": decided.alerts}

    def backtest(self) -> Mapping[str, object] | None:
        """Replay the calls over the stored prices anew, where there is no track record or it is a week old."""
        now = self._clock()
        with session_scope(self._engine, read_only=True) as session:
            if not backtest_is_due(session, now):
                return None
        found = run_backtest(self._engine, load_catalog(), now, self._stopped.is_set)
        return {"series": found.series, "weeks": found.weeks} if found else None

    def notify(self, channel: Channel) -> Mapping[str, object] | None:
        """Send what is due over one channel."""
        with session_scope(self._engine) as session:
            links = links_of(session, self._settings.public_url, self._clock())
        done = notify(lambda: session_scope(self._engine), [channel], self._clock(), links)
        return {"sent": done.sent, "failed": done.failed, "dead": done.dead} if done.tried else None

    def nightly(self) -> Mapping[str, object] | None:
        """`upkeep`, where there was none since last night."""
        with session_scope(self._engine, read_only=True) as session:
            if not upkeep_is_due(session, self._clock()):
                return None
        return self.upkeep()

    def upkeep(self) -> Mapping[str, object]:
        """Sum up finished days, thin out old offers, forget old runs and rejections, and write a backup."""
        now = self._clock()
        thinned = 0
        while done := self._thin_out(now):
            thinned += done
        with session_scope(self._engine) as session:
            forgotten = repo.drop_old_runs(session, now - RUNS_KEPT)
            forgotten += repo.drop_old_rejections(session, now - timedelta(days=self._settings.retention_days))
        backup = back_up_to_folder(self._engine, self._settings.home.expanduser() / "backups", now)
        return {"thinned": thinned, "forgotten": forgotten, "backup": backup.name}

    def _thin_out(self, now: datetime) -> int:
        with session_scope(self._engine) as session:
            return repo.thin_out(session, now, self._settings.retention_days, most=THINNED_AT_ONCE)

    def stop(self) -> None:
        """End the crawl that is under way."""
        self._stopped.set()
        if self._child is not None:
            _end_group(self._child)

    def _ping(self, *, well: bool) -> None:
        """A switch that cannot be reached is no fault of the round: it is for the other side to notice."""
        if not self._settings.ping_url:
            return
        try:
            ping(self._settings.ping_url, well=well, allowed=allowed_hosts(self._settings.allow_private_hosts))
        except MonitorError as error:
            log.warning("%s", error)

    def _due(self) -> list[str]:
        """The sources that are on and whose cadence has passed since their last try."""
        asked = subprocess.run([sys.executable, "-m", "spiders.sources"], capture_output=True, text=True, timeout=120)
        if asked.returncode:
            raise SourceError(last_line(asked.stderr) or "no list of sources")
        now = self._clock()
        with session_scope(self._engine, read_only=True) as session:
            tried = {health.source: health.last_try_at for health in repo.source_health(session)}
        sources: list[dict[str, Any]] = [json.loads(line) for line in asked.stdout.splitlines()]
        return [
            source["name"]
            for source in sources
            if source["state"] == "on" and _is_due(tried.get(source["name"]), now, float(source["cadence_hours"]))
        ]

    def _run_crawl(self, names: Sequence[str]) -> list[dict[str, Any]]:
        """`gpu-limbo crawl` as a child in a group of its own, so that its spiders end with it."""
        with tempfile.TemporaryFile("w+") as errors:
            command = [sys.executable, "-m", "monitor", "crawl", "--json", *names]
            self._child = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True
            )
            try:
                out, _ = self._child.communicate(timeout=CRAWL_LASTS_AT_MOST.total_seconds())
            except subprocess.TimeoutExpired:
                _end_group(self._child)
                raise SourceError(f"the crawl of {', '.join(names)} took too long and was ended") from None
            finally:
                code, self._child = self._child.returncode, None
            lines = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
            if not lines and not self._stopped.is_set():
                errors.seek(0)
                said = last_line(errors.read()) or "it said nothing"
                raise SourceError(f"the crawl ended with code {code}: {said}")
            return lines


def last_line(said: str) -> str:
    """The last line of what a child process said, fit for a log and a terminal: it may repeat what a page sent.

    >>> last_line("Traceback\\nbad title \\x1b[31mred\\n")
    'bad title [31mred'
    """
    lines = said.strip().splitlines()
    return one_line(lines[-1]) if lines else ""


def _is_due(tried: datetime | None, now: datetime, cadence_hours: float) -> bool:
    return tried is None or now - tried >= timedelta(hours=cadence_hours) or tried > now


def _end_group(child: "subprocess.Popen[str]") -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGTERM)
