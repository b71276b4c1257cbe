"""Feed, calendar, badge and API hold to their standards on an empty, a fresh, a full and a broken database."""

import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import feedparser
import pytest

from dashboard.queries import base
from monitor.catalog import load_catalog
from monitor.clock import utc_now
from monitor.jobs.decide import decide
from monitor.jobs.history import ensure_history
from monitor.store.engine import open_store, session_scope
from tests.dashboard.test_routes import get

ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
CONTENT_LINE = re.compile(r'([A-Z][A-Z0-9-]*)((?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(.*)')  # RFC 5545, section 3.1
STATES = ["empty", "fresh", "full"]


@pytest.fixture
def state(request: pytest.FixtureRequest, database: Path, fill: Callable[[], None]) -> str:
    """The database in the state that the test is asked for; fresh: the shipped history and its first calls."""
    if request.param == "full":
        fill()
    if request.param == "fresh":
        engine = open_store(f"sqlite:///{database}")
        with session_scope(engine) as session:
            ensure_history(session, utc_now())
        with session_scope(engine) as session:
            decide(session, load_catalog(), utc_now())
        engine.dispose()
        base.forget()
    return request.param


@pytest.mark.parametrize("state", STATES, indirect=True)
def test_what_leaves_the_page_is_valid(state: str):
    _valid_atom(get("/feed.atom").content, wants_entries=state != "empty")
    _valid_calendar(get("/calendar.ics").content.decode())
    for gpu in ("rtx-4090", "a100-80gb", "rtx-3090"):
        _valid_badge(get(f"/badge.svg?gpu={gpu}").content)
    _valid_signals(get("/api/v1/signals").json(), wants=state != "empty")


def test_on_a_broken_database_each_says_so_and_answers_no_half_document(database: Path):
    database.write_bytes(b"this is no database at all" * 100)
    for address in ("/feed.atom", "/calendar.ics", "/badge.svg?gpu=rtx-4090", "/api/v1/signals"):
        answer = get(address)
        assert answer.status_code == 503
        assert "doctor" in answer.text or "database" in answer.text
        assert answer.headers["content-type"].startswith(("text/plain", "application/json"))


def _valid_atom(document: bytes, wants_entries: bool) -> None:
    """RFC 4287: the elements that must be there, ids that differ, times that are times; and a reader reads it."""
    feed = ET.fromstring(document)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    assert bool(entries) == wants_entries
    for element in (feed, *entries):
        assert element.findtext(f"{ATOM}id")
        assert element.findtext(f"{ATOM}title")
        assert RFC_3339.fullmatch(element.findtext(f"{ATOM}updated") or "")
        assert len(element.findall(f"{ATOM}updated")) == 1
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
    assert all(entry.find(f"{ATOM}link") is not None for entry in entries)
    read = feedparser.parse(document)
    assert not read.bozo
    assert len(read.entries) == len(entries)
    assert all(entry.title and entry.updated_parsed for entry in read.entries)


def _valid_calendar(document: str) -> None:
    """RFC 5545: CRLF, 75 octets, content lines, nesting, what an event must have, and days in order."""
    assert document.endswith("\r\n")
    raw = document.split("\r\n")[:-1]
    assert not any("\n" in line or "\r" in line for line in raw)
    assert all(len(line.encode()) <= 75 for line in raw)
    open_parts: list[str] = []
    events: list[dict[str, str]] = []
    for line in document.replace("\r\n ", "").split("\r\n")[:-1]:
        match = CONTENT_LINE.fullmatch(line)
        assert match, line
        name, value = match[1], match[3]
        if name == "BEGIN":
            open_parts.append(value)
            events += [{}] if value == "VEVENT" else []
        elif name == "END":
            assert open_parts.pop() == value
        elif open_parts[-1] == "VEVENT":
            assert name not in events[-1]
            events[-1][name] = value
            assert not re.search(r"(?<!\\)[;,]", value.replace("\\\\", "")), line
    assert not open_parts
    assert events
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"} <= set(event)
        datetime.strptime(event["DTSTAMP"], "%Y%m%dT%H%M%SZ")
        assert _day(event["DTSTART"]) < _day(event["DTEND"])
    assert len({event["UID"] for event in events}) == len(events)


def _day(text: str) -> date:
    return datetime.strptime(text, "%Y%m%d").date()


def _valid_badge(document: bytes) -> None:
    picture = ET.fromstring(document)
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert picture.get("role") == "img"
    width = int(picture.get("width") or 0)
    middles = [int(text.get("x") or 0) for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert 0 < middles[0] < middles[1] < width
    assert ":" in (picture.get("aria-label") or "")


def _valid_signals(found: list[dict[str, object]], wants: bool) -> None:
    assert bool(found) == wants
    for signal in found:
        assert signal["action"] in ("buy_now", "wait", "limbo", "no_call")
        assert datetime.fromisoformat(str(signal["as_of"])).tzinfo is not None
        assert 0 <= float(str(signal["confidence"])) <= 1
