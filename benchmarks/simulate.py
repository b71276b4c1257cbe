"""Months of service in minutes: made-up shops read, weighed, decided on and told of, by a clock of our own.

usage: python benchmarks/simulate.py [--months 24] [--shops 40] [--seed 1] [--json]

Pages are drawn by simulated_pages.py from the market of simulated_world.py and go through the real spider, its watch,
the pipeline, quarantine, decisions, rules and the queue of alerts into a channel that writes down what it got; only
the network and the clock are stand-ins. 1 % of prices are glitches, 3 % of visits fail, two shops change their pages
and one goes. Counted are alerts about deals that never were, and real deals that nobody heard of.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from simulated_crawl import Crawl
from simulated_world import COUNTRIES, USED, World, make_world

from monitor.catalog import load_catalog
from monitor.core.models import AlertRule, Money
from monitor.jobs.decide import decide
from monitor.jobs.rounds import Rounds
from monitor.notify import Message
from monitor.settings import load_settings
from monitor.store import repo
from monitor.store.engine import make_engine, open_store, session_scope

BEGIN = datetime(2024, 11, 24, 6, tzinfo=UTC)
DAYS_A_MONTH = 30
CLOCKED = ("spiders.pipelines", "spiders.watch", "spiders.retail")
ARMED_AFTER = 4  # days above the limit until a rule that has told is sure to be armed again
SEEN = 3  # good visits that a deal must last: one to doubt it, two of the rule's own
STALE = 4  # days that a price may be told of after the shop has ended it: three without a reading, and the day itself


@dataclass
class Clock:
    """The time that everything believes."""

    now: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Recorder:
    """A channel that keeps what it is given, with the time."""

    clock: Clock
    name: str = "recorder"
    got: list["Got"] = field(default_factory=list["Got"])

    def send(self, message: Message) -> None:
        changes: Any = message.data.get("changes", [])
        subjects = tuple(str(change["subject"]) for change in changes)
        rule = str(message.data.get("rule", ""))
        day = (self.clock.now - BEGIN).days
        got = Got(day=day, id=message.id, kind=message.kind, rule=rule, subjects=subjects, title=message.subject)
        self.got.append(got)


@dataclass(frozen=True, kw_only=True)
class Got:
    """One message as it came, less its pictures."""

    day: int
    id: str
    kind: str
    rule: str
    subjects: tuple[str, ...]
    title: str


@dataclass
class Truth:
    """By place (card, condition, country) and day: whether a bargain was on offer, and at how many good visits."""

    on_offer: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    seen: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    glitches: int = 0
    prices: int = 0
    failures: Counter[str] = field(default_factory=Counter[str])


@dataclass(kw_only=True)
class Found:
    """What came of it all."""

    months: int
    shops: int
    visits: int = 0
    failed_visits: int = 0
    prices: int = 0
    glitches: int = 0
    deals: int = 0  # that a buyer could have heard of
    too_short: int = 0  # seen at fewer visits than a rule wants
    delivered: int = 0
    delivered_unconfirmed: int = 0  # of those, told as unconfirmed only
    missed: list[str] = field(default_factory=list[str])
    false: list[str] = field(default_factory=list[str])
    false_but_unconfirmed: int = 0
    deal_alerts: int = 0
    sent_twice: int = 0
    left_unsent: int = 0
    source_alerts: int = 0
    flips_told: int = 0
    waiting: int = 0  # in quarantine at the end
    rows: int = 0
    memory_mb: list[int] = field(default_factory=list[int])  # at the end of each month
    seconds: float = 0.0


def main(arguments: argparse.Namespace) -> int:
    """Run, print, and return 1 where an alert was false, missing or doubled."""
    found = simulate(arguments.months, arguments.shops, arguments.seed, arguments.glitches, arguments.failures)
    if arguments.json:
        print(json.dumps(asdict(found)))
    else:
        for name, value in asdict(found).items():
            print(f"{name:22s} {value}")
    return int(bool(found.missed or found.false or found.sent_twice or found.left_unsent))


def simulate(months: int, shops: int, seed: int, glitches: float, failures: float) -> Found:
    """Live through so many months and judge every alert by what was true."""
    began, days, clock = time.perf_counter(), months * DAYS_A_MONTH, Clock()
    world, truth, recorder = make_world(shops, seed, days, glitches, failures), Truth(), Recorder(clock)
    found = Found(months=months, shops=shops)
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, _environment(folder)):
        for module in CLOCKED:
            __import__(module)
        patches = [patch(f"{module}.utc_now", clock) for module in CLOCKED]
        # A crawl of the service is a process of its own and leaves nothing behind; here a new engine for each would,
        # since SQLAlchemy keeps up to a hundred statements of each table with the engine's dialect.
        patches.append(patch("spiders.pipelines.make_engine", cache(make_engine)))
        for one in patches:
            one.start()
        asyncio.run(_live(world, truth, clock, recorder, found, days, Path(folder)))
        for one in patches:
            one.stop()
    _judge(world, truth, recorder, found, days)
    found.seconds = round(time.perf_counter() - began, 1)
    return found


async def _live(
    world: World, truth: Truth, clock: Clock, recorder: Recorder, found: Found, days: int, home: Path
) -> None:
    settings = load_settings()
    engine = open_store(settings.database)
    with session_scope(engine) as session:
        for rule in _rules(world):
            repo.save_rule(session, rule, clock.now)
    rounds = Rounds(engine, settings, clock=clock)
    rounds.channels = [recorder]
    crawl, catalog = Crawl(world, clock, home), load_catalog()
    for day in range(days):
        world.next_day()
        clock.now = BEGIN + timedelta(days=day)
        await crawl.visit_all(truth)
        for hours in (1, 12):
            clock.now = BEGIN + timedelta(days=day, hours=hours)
            if day % 7 == 0:
                rounds.update()
            else:  # the same without the ranking, which takes the most time and which no rule looks at
                with session_scope(engine) as session:
                    decide(session, catalog, clock.now, [recorder.name])
            rounds.notify(recorder)
        if day % 7 == 6:
            rounds.upkeep()
        if day % DAYS_A_MONTH == DAYS_A_MONTH - 1:
            found.memory_mb.append(_memory_mb())
            print(
                f"month {len(found.memory_mb)}: {found.memory_mb[-1]} MB, {len(recorder.got)} messages", file=sys.stderr
            )
    with session_scope(engine) as session:
        found.rows, found.waiting = repo.offer_count(session), len(repo.quarantined(session, limit=10_000))
        found.left_unsent = sum(n for state, n in repo.delivery_counts(session).items() if state != "sent")
    found.visits = days * len(world.shops)
    engine.dispose()


def _rules(world: World) -> list[AlertRule]:
    """A buyer's limit for each card and country, and the rules of a new installation."""
    deals = [
        AlertRule(
            slug=_slug(card, country),
            kind="price_below",
            gpu=card,
            region=country,
            condition="used" if card in USED else "new",
            threshold=Money(amount=Decimal(str(limit)), currency=COUNTRIES[country][0]),
        )
        for (card, country), limit in world.limits.items()
    ]
    calls = AlertRule(slug="calls", kind="signal_flip", needed=1, sightings=1, cap_per_day=3)
    sources = AlertRule(slug="sources", kind="source_broken", needed=2, sightings=2, cap_per_day=1, digest="daily")
    return [*deals, calls, sources]


def _slug(card: str, country: str) -> str:
    return f"{card}-{country}".lower().replace(" ", "-")


def _judge(world: World, truth: Truth, recorder: Recorder, found: Found, days: int) -> None:
    found.prices, found.glitches = truth.prices, truth.glitches
    found.failed_visits = truth.failures.total()
    ids = Counter(got.id for got in recorder.got)
    found.sent_twice = sum(ids.values()) - len(ids)
    kinds = Counter(got.kind for got in recorder.got)
    found.flips_told, found.source_alerts = kinds["signal_flip"], kinds["source_broken"]
    told: dict[str, list[tuple[int, bool, str]]] = defaultdict(list)
    for got in recorder.got:
        if got.kind == "price_below":
            for subject in got.subjects:
                told[got.rule].append((got.day, subject.endswith("|unconfirmed"), got.title))
    for place in world.limits:
        _judge_place(place, truth, told[_slug(*place)], found, days)


def _judge_place(
    place: tuple[str, str], truth: Truth, told: list[tuple[int, bool, str]], found: Found, days: int
) -> None:
    real, seen = truth.on_offer[place], truth.seen[place]
    for day, unconfirmed, title in told:
        found.deal_alerts += 1
        if not any(day - back in real for back in range(STALE)):
            found.false_but_unconfirmed += unconfirmed
            found.false += [] if unconfirmed else [f"day {day}: {title}"]
    for first, last in _stretches(real):
        if last >= days - 1:
            continue  # not over yet
        if sum(day in seen for day in range(first, last + 1)) < SEEN:
            found.too_short += 1
            continue
        found.deals += 1
        heard = [unconfirmed for day, unconfirmed, _ in told if first <= day <= last + 1]
        found.delivered += bool(heard)
        found.delivered_unconfirmed += bool(heard) and all(heard)
        if not heard:
            found.missed.append(f"{place[0]} in {place[1]}, days {first} to {last}")


def _stretches(days: set[int]) -> list[tuple[int, int]]:
    """First and last day of each time with a bargain; shorter pauses than a rule needs to be armed join two."""
    found: list[tuple[int, int]] = []
    for day in sorted(days):
        if found and day - found[-1][1] <= ARMED_AFTER:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _environment(folder: str) -> dict[str, str]:
    return {
        "GPU_LIMBO_HOME": folder,
        "DATABASE_URL": os.environ.get("SIMULATE_DATABASE_URL", ""),
        "GPU_LIMBO_CHANNELS": "",
    }


def _memory_mb() -> int:
    """What this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--shops", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--glitches", type=float, default=0.01)
    parser.add_argument("--failures", type=float, default=0.03)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(_arguments()))
