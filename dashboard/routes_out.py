"""What leaves the pages for other programs: /feed.atom of changed calls, /calendar.ics of launches, /badge.svg."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard import queries, texts
from dashboard.queries import ExpectedWindow
from dashboard.routes_api import named_gpu
from dashboard.texts import money
from dashboard.theme import LIGHT
from monitor.clock import utc_now
from monitor.core.models import Action, Signal
from monitor.errors import MonitorError, UsageError

ATOM = "http://www.w3.org/2005/Atom"
MOST_ENTRIES = 100
CONTROLS = {code: None for code in range(32) if code not in (9, 10, 13)}  # no XML 1.0 document may hold these
BADGE = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="22" role="img" aria-label="{label}: {says}">
<title>{label}: {says}</title>
<rect width="{width}" height="22" rx="4" fill="{colour}"/><rect width="{left}" height="22" rx="4" fill="#333c47"/>
<g fill="#ffffff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="12" text-anchor="middle">
<text x="{left_middle}" y="15">{label}</text><text x="{right_middle}" y="15">{says}</text></g></svg>
"""


async def feed(request: Request) -> Response:
    """Every change of a call, newest first, as an Atom feed; `?gpu=` narrows it to one GPU."""
    root = str(request.base_url)
    gpu = request.query_params.get("gpu", "")
    return await _answer(lambda: _atom(named_gpu(gpu) if gpu else "", root), "application/atom+xml")


async def calendar(_: Request) -> Response:
    """The windows in which followers of today's cards are expected, as a calendar to subscribe to."""
    return await _answer(lambda: _ics(queries.expected_windows(), utc_now()), "text/calendar")


async def badge(request: Request) -> Response:
    """The call for `?gpu=`, `?condition=` (new) and `?region=` as a picture."""
    asked = request.query_params
    return await _answer(lambda: _badge(asked), "image/svg+xml")


async def _answer(make: Callable[[], str], kind: str) -> Response:
    try:
        text = await run_in_threadpool(make)
    except UsageError as error:
        return PlainTextResponse(f"{error}\n", status_code=400)
    except MonitorError as error:
        return PlainTextResponse(f"{error}\n", status_code=503)
    return Response(text, media_type=kind, headers={"Cache-Control": "private, max-age=300"})


def _atom(gpu: str, root: str) -> str:
    flips = [flip for flip in queries.flips(gpu) if not gpu or flip.gpu == gpu][-MOST_ENTRIES:]
    top = ET.Element("feed", xmlns=ATOM)
    _add(top, "title", f"{_replayed()}gpu-limbo: calls{f' for {gpu}' if gpu else ''}")
    _add(top, "id", f"{root}feed.atom")
    ET.SubElement(top, "link", rel="self", href=f"{root}feed.atom")
    ET.SubElement(ET.SubElement(top, "author"), "name").text = "gpu-limbo"
    _add(top, "updated", _moment(flips[-1].as_of if flips else datetime(1970, 1, 1, tzinfo=UTC)))
    for flip in reversed(flips):
        _entry(top, flip, root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(top, encoding="unicode")


def _entry(top: ET.Element, flip: Signal, root: str) -> None:
    entry = ET.SubElement(top, "entry")
    place = f"{texts.CONDITIONS[flip.condition]}{f', {flip.region}' if flip.region else ''}"
    known = queries.catalog().gpus.get(flip.gpu)
    key = f"{flip.gpu}|{flip.condition}|{flip.region}|{flip.goal}|{flip.as_of.isoformat()}"
    _add(entry, "title", f"{_replayed()}{flip.gpu} ({place}): {texts.verdict(flip.action, flip.condition)}")
    _add(entry, "id", f"urn:gpu-limbo:{sha256(key.encode()).hexdigest()[:32]}")
    _add(entry, "updated", _moment(flip.as_of))
    ET.SubElement(entry, "link", href=f"{root}gpu{f'?gpu={known.slug}' if known else ''}")
    lines = [f"Price: {money(flip.price)}" if flip.price else "", *(reason.text for reason in flip.reasons[:4])]
    _add(entry, "summary", "; ".join(line for line in lines if line))


def _replayed() -> str:
    """What stands before every title of a replay, so that nobody takes it for today."""
    return texts.REPLAY_MARK if queries.replay() else ""


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text.translate(CONTROLS)


def _moment(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _ics(windows: list[ExpectedWindow], now: datetime) -> str:
    """RFC 5545: lines end in CRLF and are folded at 75 octets; DTEND of an all-day event is the day after."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//gpu-limbo//launches//EN",
        f"X-WR-CALNAME:{_ical(_replayed())}GPU launches expected",
    ]
    for window in windows:
        lines += [
            "BEGIN:VEVENT",
            f"UID:follower-of-{sha256(window.gpu.encode()).hexdigest()[:16]}@gpu-limbo",
            f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{window.low:%Y%m%d}",
            f"DTEND;VALUE=DATE:{window.high + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_ical(f'{_replayed()}Follower of {window.gpu} expected')}",
            f"DESCRIPTION:{_ical(window.evidence)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _ical(text: str) -> str:
    plain = text.translate(CONTROLS).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> str:
    parts, size = [""], 0
    for character in line:
        width = len(character.encode())
        if size + width > 74:
            parts.append("")
            size = 0
        parts[-1] += character
        size += width
    return "\r\n ".join(parts)


def _badge(asked: Mapping[str, str]) -> str:
    if not asked.get("gpu"):
        raise UsageError("say which GPU: /badge.svg?gpu=rtx-4090&condition=new&region=US")
    gpu, condition = named_gpu(asked["gpu"]), asked.get("condition", "new").lower()
    region = asked.get("region", "").upper()
    calls = [
        call
        for call in queries.signals()
        if call.gpu == gpu and str(call.condition) == condition and region in ("", call.region.upper())
    ]
    call = max(calls, key=lambda call: (call.data_on is not None, call.data_on), default=None)
    return _drawn(f"{gpu} {condition}{f' {region}' if region else ''}", call)


def _drawn(label: str, call: Signal | None) -> str:
    """A badge: the words carry the verdict, and an old price says its month."""
    action = call.action if call else Action.NO_CALL
    fresh = queries.age_of(call.data_on if call else None)
    says = texts.verdict(action, call.condition if call else None)
    if call and fresh.stale and fresh.day:
        says = f"{says} ({fresh.day:%b %Y})"
    says = f"{_replayed()}{says}"
    left, right = 16 + round(7.4 * len(label)), 16 + round(7.4 * len(says))
    colour = LIGHT.verdict[Action.NO_CALL if fresh.stale else action]
    quoted = {'"': "&quot;"}
    return BADGE.format(
        width=left + right,
        left=left,
        left_middle=left // 2,
        right_middle=left + right // 2,
        label=escape(label.translate(CONTROLS), quoted),
        says=escape(says, quoted),
        colour=colour,
    )


ROUTES = [Route("/feed.atom", feed), Route("/calendar.ics", calendar), Route("/badge.svg", badge)]
