"""`gpu-limbo crawl` and `gpu-limbo sources`: start the spiders as child processes and say what came of each source.

A child process for each crawl, since a reactor cannot be started twice, and since `monitor` may not import spiders.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import click

from monitor.errors import SourceError, UsageError

SPIDERS = {"shop": "retail", "cloud": "cloud", "feed": "feeds"}  # by the source's kind
SETTINGS_MODULE = "spiders.settings"

Line = dict[str, Any]  # what a spider says of one source


@click.command("crawl", epilog="Example: gpu-limbo crawl ldlc-fr vastai --json")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a source on stdout.")
def crawl_command(names: tuple[str, ...], as_json: bool) -> int:
    """Read prices and news from each SOURCE (without names: all that are on) and store them."""
    from monitor.settings import load_settings
    from monitor.store.engine import open_store

    chosen = _choose(_sources(), names)
    open_store(load_settings().database).dispose()  # once, before several children find the layout too old
    lines = list(_crawl(chosen))
    for line in lines:
        click.echo(json.dumps(line, ensure_ascii=False) if as_json else _as_text(line))
    return 0 if any(line["offers"] for line in lines) else 1


def _sources() -> list[Line]:
    """Every known source, asked of the spiders."""
    asked = subprocess.run([sys.executable, "-m", "spiders.sources"], capture_output=True, text=True)
    if asked.returncode:
        raise SourceError(_last_line(asked.stderr) or "the list of sources cannot be read")
    return [json.loads(line) for line in asked.stdout.splitlines()]


def _choose(sources: Sequence[Line], names: Sequence[str]) -> list[Line]:
    """Those named, or all that can be read without being named."""
    by_name = {source["name"]: source for source in sources}
    if not names:
        return [source for source in sources if source["state"] == "on"]
    for name in names:
        if name not in by_name:
            raise UsageError(f"there is no source {name!r}{_nearest(name, by_name)}")
    return [by_name[name] for name in dict.fromkeys(names)]


def _nearest(name: str, known: Sequence[str] | dict[str, Line]) -> str:
    import difflib

    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.4)
    return f"; did you mean {', '.join(near)}?" if near else "; see `gpu-limbo sources list`"


def _crawl(chosen: Sequence[Line]) -> Iterator[Line]:
    """The lines of all children, one a kind of source, which run side by side."""
    by_spider: dict[str, list[str]] = {}
    for source in chosen:
        by_spider.setdefault(SPIDERS[source["kind"]], []).append(source["name"])
    if not by_spider:
        return
    with _stopped_together() as start, ThreadPoolExecutor(len(by_spider)) as pool:
        runs = [pool.submit(_run_spider, start, spider, names) for spider, names in by_spider.items()]
        for run in runs:
            yield from run.result()


@contextmanager
def _stopped_together() -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """A way to start children that end when we do, for whatever reason."""
    children: list[subprocess.Popen[str]] = []

    def start(command: Sequence[str], **options: Any) -> "subprocess.Popen[str]":
        child = subprocess.Popen(command, text=True, **options)
        children.append(child)
        return child

    try:
        yield start
    finally:
        for child in children:
            if child.poll() is None:
                child.terminate()


def _run_spider(start: Callable[..., "subprocess.Popen[str]"], spider: str, names: Sequence[str]) -> list[Line]:
    """Run one spider to its end. A source that it does not account for gets a line that says so."""
    environment = {"SCRAPY_SETTINGS_MODULE": SETTINGS_MODULE} | os.environ
    command = [sys.executable, "-m", "scrapy", "crawl", spider, "-a", f"sources={','.join(names)}"]
    with tempfile.TemporaryFile("w+") as log:
        child = start(command, stdout=subprocess.PIPE, stderr=log, env=environment)
        assert child.stdout is not None
        lines = [json.loads(line) for line in child.stdout if line.startswith("{")]
        code = child.wait()
        log.seek(0)
        said = _last_line(log.read())
    missing = [name for name in names if name not in {line["source"] for line in lines}]
    why = f"the spider {spider} ended with code {code}: {said}" if code else f"the spider {spider} did not read it"
    return lines + [_lost(name, why) for name in missing]


def _lost(name: str, why: str) -> Line:
    empty: Line = {"offers": 0, "new": 0, "rejections": 0, "errors": 1, "seconds": 0.0, "pages": 0}
    return {"source": name, "state": "failed", **empty, "reasons": {}, "syntaxes": {}, "faults": [why]}


def _as_text(line: Line) -> str:
    counts = f"{line['offers']:6d} offers  {line['rejections']:6d} rejections  {line['errors']:4d} errors"
    faults = "".join(f"\n    {fault}" for fault in line["faults"])
    return f"{line['source']:24s} {counts}  {line['seconds']:8.1f} s  {line['state']}{faults}"


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")
