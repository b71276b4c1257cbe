"""What `doctor` looks at. Each check answers with what it found and, where something is wrong, what to do."""

import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.errors import MonitorError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from monitor.settings import Settings

OLD_PRICES = timedelta(days=3)
LATE_ROUND = timedelta(hours=3)
LEAST_DISK_BYTES = 500_000_000
READ_WHOLE_BYTES = 1_000_000_000  # a larger file takes too long to read through


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`state` is good, note (works, but look at it) or bad."""

    check: str
    state: str
    text: str
    to_do: str = ""


def check_all(private: bool) -> list[Finding]:
    """Every finding. With `private` false nothing in them says who or where the user is."""
    from monitor.settings import load_settings

    try:
        settings = load_settings()
    except MonitorError as error:
        return [_failed("settings", error, private)]
    findings = [Finding(check="settings", state="good", text="can be read")]
    findings += _guarded("dashboard", private, lambda: _listening(settings))
    findings += _guarded("channels", private, lambda: _channels(settings, private))
    engine = _database(settings, private, findings)
    if engine is not None:
        now_checks: dict[str, Callable[[], Iterator[Finding]]] = {
            "clock": lambda: _clock(engine),
            "prices": lambda: _prices(engine),
            "sources": lambda: _sources(engine),
            "jobs": lambda: _jobs(engine),
            "alerts": lambda: _alerts(engine),
        }
        for name, check in now_checks.items():
            findings += _guarded(name, private, check)
        engine.dispose()
    return [*findings, *_guarded("gpu", private, _gpu)]


def versions() -> dict[str, str]:
    """This program, Python, the system, and the packages that matter in a report."""
    from importlib.metadata import PackageNotFoundError, version

    found = {
        "gpu-limbo": "",
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }
    for name in ("gpu-limbo", "streamlit", "sqlmodel", "sqlalchemy", "scrapy", "apscheduler", "apprise", "pandas"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _guarded(name: str, private: bool, check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except MonitorError as error:
        return [_failed(name, error, private)]


def _failed(name: str, error: MonitorError, private: bool) -> Finding:
    """An error's text may name a path or a host: a public report says only its kind."""
    text = str(error) if private else f"{type(error).__name__} (run `gpu-limbo doctor` for the text)"
    return Finding(check=name, state="bad", text=text)


def _listening(settings: "Settings") -> Iterator[Finding]:
    from monitor.access import access_of

    access = access_of(settings, settings.host)
    if access.way == "local":
        yield Finding(check="dashboard", state="good", text="answers on this machine only, without a login")
    elif access.way == "login":
        by = " and ".join(name for name, used in (("password", access.password), ("OIDC", access.oidc)) if used)
        yield Finding(check="dashboard", state="good", text=f"asks for a login by {by}")
    else:
        yield Finding(check="dashboard", state="note", text="trusts a proxy to ask for a login (GPU_LIMBO_LOGIN)")


def _channels(settings: "Settings", private: bool) -> Iterator[Finding]:
    from monitor.jobs.rounds import channels_of

    channels = channels_of(settings)
    if not channels:
        yield Finding(
            check="channels",
            state="note",
            text="none: alerts are shown on the page only",
            to_do="set GPU_LIMBO_CHANNELS and try it with `gpu-limbo alerts test`",
        )
        return
    names = ", ".join(channel.name for channel in channels)
    yield Finding(check="channels", state="good", text=names if private else f"{len(channels)} can be read")
    if not settings.public_url:
        yield Finding(
            check="channels",
            state="note",
            text="messages carry no links",
            to_do="set GPU_LIMBO_PUBLIC_URL to the address of your dashboard",
        )


def _database(settings: "Settings", private: bool, findings: list[Finding]) -> "Engine | None":
    from monitor.store import repo
    from monitor.store.engine import check_pages, is_sqlite, make_engine, place, session_scope, upgrade

    try:
        engine = make_engine(settings.database)
        file = Path(engine.url.database or "") if is_sqlite(engine) else None
        if file and not file.exists():  # looking must not make one
            where = f" at {file}" if private else ""
            to_do = "start `gpu-limbo up`, or `gpu-limbo db restore` a backup if there was one"
            findings.append(Finding(check="database", state="bad", text=f"there is none{where}", to_do=to_do))
            return None
        upgrade(engine)
        if file and file.stat().st_size < READ_WHOLE_BYTES:
            check_pages(engine)
        with session_scope(engine) as session:
            offers, observations = repo.offer_count(session), repo.observation_count(session)
    except MonitorError as error:
        findings.append(_failed("database", error, private))
        return None
    kind = "SQLite" if is_sqlite(engine) else "PostgreSQL"
    where = f" at {place(engine)}" if private else ""
    findings.append(
        Finding(
            check="database", state="good", text=f"{kind}{where}: {offers} offers, {observations} lines of price files"
        )
    )
    if is_sqlite(engine) and engine.url.database and engine.url.database != ":memory:":
        free = shutil.disk_usage(Path(engine.url.database).parent).free
        if free < LEAST_DISK_BYTES:
            text = f"only {free / 1e6:.0f} MB left on the disk of the database"
            findings.append(Finding(check="disk", state="bad", text=text, to_do="make room, or move GPU_LIMBO_HOME"))
    return engine


def _clock(engine: "Engine") -> Iterator[Finding]:
    """What is stored must not lie in the future: then the clock was, or is, wrong."""
    from monitor.clock import utc_now
    from monitor.store import repo
    from monitor.store.engine import session_scope

    now = utc_now()
    with session_scope(engine, read_only=True) as session:
        newest = [run.started_at for run in repo.runs(session, limit=1)] + list(repo.newest_prices(session).values())
    ahead = max((moment - now for moment in newest), default=timedelta(0))
    if ahead > timedelta(minutes=5):
        yield Finding(
            check="clock",
            state="bad",
            text=f"something is stored as {_span(ahead)} ahead of this clock ({now:%Y-%m-%d %H:%M} UTC)",
            to_do="set the clock (timedatectl set-ntp true)",
        )
    else:
        yield Finding(check="clock", state="good", text=f"{now:%Y-%m-%d %H:%M} UTC")


def _prices(engine: "Engine") -> Iterator[Finding]:
    from monitor.clock import utc_now
    from monitor.store import repo
    from monitor.store.engine import session_scope

    with session_scope(engine, read_only=True) as session:
        newest = repo.newest_prices(session)
    if not newest:
        yield Finding(check="prices", state="bad", text="there are none", to_do="run `gpu-limbo crawl`")
        return
    age = utc_now() - max(newest.values())
    text = f"the newest is {_span(age)} old ({len(newest)} sources)"
    if age > OLD_PRICES:
        to_do = "run `gpu-limbo crawl`, or keep `gpu-limbo up` running"
        yield Finding(check="prices", state="note", text=text, to_do=to_do)
    else:
        yield Finding(check="prices", state="good", text=text)


def _sources(engine: "Engine") -> Iterator[Finding]:
    from monitor.store import repo
    from monitor.store.engine import session_scope

    with session_scope(engine, read_only=True) as session:
        health = repo.source_health(session)
        crawls = repo.runs(session, job="crawl", status="ok", limit=1)
    tried = crawls[0].counts if crawls else {}
    if not health and tried.get("failed"):
        text = f"the last crawl asked {tried.get('sources')} sources and could read none"
        yield Finding(check="sources", state="note", text=text, to_do="see whether this machine reaches the network")
        return
    if not health:
        yield Finding(check="sources", state="note", text="nothing was crawled yet", to_do="run `gpu-limbo crawl`")
        return
    broken = [one for one in health if one.fault]
    yield Finding(check="sources", state="good", text=f"{len(health) - len(broken)} of {len(health)} work")
    for one in broken:
        since = f" since {one.fault_since:%Y-%m-%d}" if one.fault_since else ""
        to_do = f"see `gpu-limbo sources check {one.source}`"
        yield Finding(check="sources", state="note", text=f"{one.source}{since}: {one.fault}", to_do=to_do)


def _jobs(engine: "Engine") -> Iterator[Finding]:
    from monitor.clock import utc_now
    from monitor.store import repo
    from monitor.store.engine import session_scope

    now = utc_now()
    with session_scope(engine, read_only=True) as session:
        good = repo.last_good_runs(session).get("update")
        latest = {run.job: run for run in reversed(repo.runs(session, limit=200))}
    if good is None:
        yield Finding(check="jobs", state="note", text="no round has ended well yet", to_do="start `gpu-limbo up`")
    elif now - good > LATE_ROUND:
        text = f"the last good round was {_span(now - good)} ago"
        yield Finding(check="jobs", state="note", text=text, to_do="start `gpu-limbo up`; its log says what failed")
    else:
        yield Finding(check="jobs", state="good", text=f"the last good round was {_span(now - good)} ago")
    for run in latest.values():
        if run.status == "failed":
            text = f"{run.job} failed at {_minute(run.started_at)}: {run.detail}"
            yield Finding(check="jobs", state="note", text=text)


def _alerts(engine: "Engine") -> Iterator[Finding]:
    from monitor.store import repo
    from monitor.store.engine import session_scope

    with session_scope(engine, read_only=True) as session:
        counts = repo.delivery_counts(session)
    waiting, dead = counts.get("due", 0) + counts.get("sending", 0), counts.get("dead", 0)
    text = f"{counts.get('sent', 0)} sent, {waiting} waiting, {dead} given up"
    to_do = "see `gpu-limbo alerts list --state dead`, mend the channel, then `gpu-limbo alerts retry`" if dead else ""
    yield Finding(check="alerts", state="note" if dead else "good", text=text, to_do=to_do)


def _gpu() -> Iterator[Finding]:
    from monitor.errors import ProbeUnavailable
    from monitor.probe.inventory import take_inventory

    try:
        found = take_inventory()
    except ProbeUnavailable as error:
        yield Finding(check="gpu", state="good", text=f"none to measure here, and none is needed: {error}")
        return
    names = ", ".join(device.name or "a GPU without a name" for device in found.devices) or "none"
    lost = "; ".join(f"{name} does not answer: {why}" for name, why in found.failed.items())
    yield Finding(
        check="gpu",
        state="note" if lost else "good",
        text=f"{names}{f' ({lost})' if lost else ''}",
        to_do="measure with `python -m monitor.probe`" if found.devices else "",
    )


def _span(span: timedelta) -> str:
    if span < timedelta(hours=2):
        return f"{max(0, int(span.total_seconds() // 60))} minutes"
    if span < timedelta(days=2):
        return f"{int(span.total_seconds() // 3600)} hours"
    return f"{span.days} days"


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
