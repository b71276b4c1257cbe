"""Spiders as child processes: a reactor cannot be started twice, and `monitor` may not import spiders.

A child prints one JSON line a source on stdout; what it logs is kept only for the sentence about a child that dies.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from typing import Any

from monitor.errors import SourceError, UsageError

SPIDERS = {"shop": "retail", "cloud": "cloud", "feed": "feeds"}  # by the source's kind
SETTINGS_MODULE = "spiders.settings"

CHECK_ONLY = {  # a page or two of each source, so that shorter pauses do no harm; nothing is stored
    "CHECK_ONLY": "1",
    "PAGES_PER_SOURCE": "1",
    "LEAVE_REFUSERS_ALONE": "0",
    "DOWNLOAD_DELAY": "2",
    "AUTOTHROTTLE_START_DELAY": "2",
}

Line = dict[str, Any]  # what a child says of one source


def list_sources() -> list[Line]:
    """Every known source with its `state`, asked of the spiders."""
    asked = subprocess.run([sys.executable, "-m", "spiders.sources"], capture_output=True, text=True)
    if asked.returncode:
        raise SourceError(_last_line(asked.stderr) or "the list of sources cannot be read")
    return [json.loads(line) for line in asked.stdout.splitlines()]


def choose(sources: Sequence[Line], names: Sequence[str]) -> list[Line]:
    """Those named; raises `UsageError` with the nearest names. Without names all that are on."""
    by_name = {source["name"]: source for source in sources}
    if not names:
        return [source for source in sources if source["state"] == "on"]
    for name in names:
        if name not in by_name:
            raise UsageError(f"there is no source {name!r}{_nearest(name, by_name)}")
    return [by_name[name] for name in dict.fromkeys(names)]


def run_spiders(chosen: Sequence[Line], options: Mapping[str, str] | None = None) -> Iterator[Line]:
    """The lines of all children, one child a kind of source; they run side by side and end when we do.

    `options` are settings of the spiders, as `scrapy -s` takes them.
    """
    by_spider: dict[str, list[str]] = {}
    for source in chosen:
        by_spider.setdefault(SPIDERS[source["kind"]], []).append(source["name"])
    if not by_spider:
        return
    children = _Children()
    previous = signal.getsignal(signal.SIGTERM)
    with suppress(ValueError):  # only the main thread may; elsewhere the caller ends us otherwise
        signal.signal(signal.SIGTERM, children.stop_and_leave)
    try:
        with ThreadPoolExecutor(len(by_spider)) as pool:
            runs = [pool.submit(children.run, spider, names, options or {}) for spider, names in by_spider.items()]
            try:
                for run in as_completed(runs):
                    yield from run.result()
            finally:
                children.stop()
    finally:
        with suppress(ValueError):
            signal.signal(signal.SIGTERM, previous)


class _Children:
    """The running spiders, so that all can be ended at once."""

    def __init__(self) -> None:
        self._running: list[subprocess.Popen[str]] = []

    def run(self, spider: str, names: Sequence[str], options: Mapping[str, str]) -> list[Line]:
        """Run one spider to its end. A source that it does not account for gets a line that says so."""
        environment = {"SCRAPY_SETTINGS_MODULE": SETTINGS_MODULE} | os.environ
        command = [sys.executable, "-m", "scrapy", "crawl", spider, "-a", f"sources={','.join(names)}"]
        command += [part for name, value in options.items() for part in ("-s", f"{name}={value}")]
        with tempfile.TemporaryFile("w+") as log:
            child = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=log, env=environment)
            self._running.append(child)
            assert child.stdout is not None
            lines = [json.loads(line) for line in child.stdout if line.startswith("{")]
            code = child.wait()
            log.seek(0)
            said = _last_line(log.read())
        missing = [name for name in names if name not in {line["source"] for line in lines}]
        why = f"the spider {spider} ended with code {code}: {said}" if code else f"the spider {spider} did not read it"
        return lines + [_lost(name, why) for name in missing]

    def stop(self) -> None:
        for child in self._running:
            if child.poll() is None:
                with suppress(ProcessLookupError):
                    child.terminate()

    def stop_and_leave(self, *_: object) -> None:
        self.stop()
        raise SystemExit(143)


def _lost(name: str, why: str) -> Line:
    empty: Line = {"offers": 0, "new": 0, "rejections": 0, "errors": 1, "seconds": 0.0, "pages": 0}
    return {"source": name, "state": "failed", **empty, "reasons": {}, "syntaxes": {}, "faults": [why], "fault": why}


def _nearest(name: str, known: Mapping[str, Line]) -> str:
    import difflib

    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.4)
    return f"; did you mean {', '.join(near)}?" if near else "; see `gpu-limbo sources list`"


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")
