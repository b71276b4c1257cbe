"""The addresses for machines: what they say, that they escape what they were given, and the headers they carry."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from dashboard.queries import base
from dashboard.routes import ROUTES
from dashboard.routes_out import _folded, _ical
from dashboard.secure import SecureHeaders
from monitor.clock import utc_now
from monitor.core.models import Action
from monitor.store import repo
from monitor.store.engine import open_store, session_scope
from tests.dashboard.loops import awaited
from tests.filled import HOSTILE

ATOM = "{http://www.w3.org/2005/Atom}"
ADDRESSES = ["/healthz", "/metrics", "/api/v1/signals", "/feed.atom", "/calendar.ics", "/mute"]
ADDRESSES += ["/badge.svg?gpu=rtx-4090", "/api/v1/prices?gpu=rtx-4090", "/api/v1/evidence?gpu=rtx-4090"]
ADDRESSES += ["/api/v1/gauge"]


def get(address: str) -> httpx.Response:
    """One request to the routes, without a server."""

    async def one() -> httpx.Response:
        app = Starlette(routes=ROUTES, middleware=[Middleware(SecureHeaders)])
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://l.example") as client:
            return await client.get(address)

    return awaited(one())


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_answers_on_an_empty_database_with_headers_that_protect(address: str, database: Path) -> None:
    answer = get(address)
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("address", [a for a in ADDRESSES if a not in ("/mute", "/metrics")])
def test_an_address_says_with_503_that_the_database_is_broken(address: str, database: Path) -> None:
    database.write_bytes(b"this is no database at all" * 100)
    assert get(address).status_code == 503


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/prices",
        "/api/v1/prices?gpu=RTX+9999+Ultra",
        "/api/v1/prices?gpu=rtx-4090&as_of=yesterday",
        "/api/v1/evidence?gpu=%3Cscript%3E",
        "/badge.svg",
        "/badge.svg?gpu=%3Cscript%3E",
        "/feed.atom?gpu=%3Cscript%3E",
    ],
)
def test_a_wrong_question_gets_a_sentence_and_400(address: str, database: Path) -> None:
    answer = get(address)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith(("application/json", "text/plain"))


def test_the_filled_store_is_seen_at_each_address(fill: Callable[[], None], database: Path) -> None:
    fill()
    _prices_end_where_asked()
    _evidence_names_page_text_and_neighbours()
    _gauge_has_an_interval()
    _feed_holds_each_change(database)
    _badge_shows_the_verdict()


def _prices_end_where_asked() -> None:
    found = get("/api/v1/prices?gpu=RTX+4090&condition=used").json()
    assert found["gpu"] == "RTX 4090"
    assert {one["condition"] for one in found["series"]} == {"used"}
    one = found["series"][0]
    assert len(one["days"]) == len(one["prices"]) == 52
    day = one["days"][10]
    earlier = get(f"/api/v1/prices?gpu=rtx-4090&condition=used&as_of={day}").json()["series"][0]
    assert earlier["days"] == one["days"][:11]
    assert earlier["prices"] == one["prices"][:11]


def _gauge_has_an_interval() -> None:
    found = get("/api/v1/gauge").json()
    assert set(found) >= {"gauge", "segments", "history"}
    if now := found["gauge"]:
        assert 0 <= now["low"] <= now["value"] <= now["high"] <= 100


def _evidence_names_page_text_and_neighbours() -> None:
    found = get("/api/v1/evidence?gpu=rtx-4090").json()
    offer = found["offers"][0]
    assert offer["price"] == {"amount": "1599.00", "currency": "USD"}
    assert offer["snippet"] == HOSTILE  # data, not markup
    assert [rejected["reason"] for rejected in found["rejected"]] == ["no_match"]
    assert get("/api/v1/evidence?gpu=l40s").json()["rejected"] == []


def _feed_holds_each_change(database: Path) -> None:
    engine = open_store(f"sqlite:///{database}")
    with session_scope(engine) as session:
        call = repo.latest_signals(session, gpu="RTX 4090", goal="")[0]
        other = Action.WAIT if call.action is not Action.WAIT else Action.LIMBO
        repo.add_signals(session, [replace(call, action=other, as_of=utc_now() + timedelta(seconds=1))])
    engine.dispose()
    base.forget()
    feed = ET.fromstring(get("/feed.atom?gpu=rtx-4090").content)
    entries = feed.findall(f"{ATOM}entry")
    titles = [entry.findtext(f"{ATOM}title") or "" for entry in entries]
    assert all(title.startswith("RTX 4090") for title in titles)
    moments = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    assert moments == sorted(moments, reverse=True)
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids) >= 2
    assert len(ET.fromstring(get("/feed.atom").content).findall(f"{ATOM}entry")) > len(entries)


def _badge_shows_the_verdict() -> None:
    picture = ET.fromstring(get("/badge.svg?gpu=rtx-4090&condition=new").content)
    said = get("/api/v1/signals?gpu=RTX%204090&condition=new").json()[0]["action"]
    words = {"buy_now": "Buy now", "wait": "Wait", "limbo": "Hardware limbo: wait", "no_call": "Cannot tell"}
    assert words[said] in (picture.get("aria-label") or "")


def test_a_region_in_a_badge_is_escaped(database: Path) -> None:
    answer = get('/badge.svg?gpu=rtx-4090&region="><script>alert(1)</script>')
    assert b"<script" not in answer.content.lower()
    ET.fromstring(answer.content)


def test_the_calendar_names_the_followers_that_are_expected(database: Path) -> None:
    text = get("/calendar.ics").text
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") >= 1
    assert "SUMMARY:Follower of " in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a,b;c", "a\\,b\\;c"), ("one\r\ntwo", "one\\ntwo"), ("back\\slash", "back\\\\slash")],
)
def test_text_in_a_calendar_is_escaped(text: str, expected: str) -> None:
    assert _ical(text) == expected


def test_a_long_line_of_a_calendar_is_folded_between_characters() -> None:
    line = "SUMMARY:" + "ü€" * 60
    folded = _folded(line)
    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == line


def test_answers_are_json_all_through(database: Path) -> None:
    for address in ("/api/v1/signals", "/api/v1/prices?gpu=rtx-4090", "/api/v1/evidence?gpu=rtx-4090"):
        json.loads(get(address).content)
