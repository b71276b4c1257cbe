"""The shipped history as if it happened now: prices come in on their day, and the jobs of the service run on them.

Nothing is made up: the prices are the shipped ones, and the rounds are those of the live service with another clock.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
from sqlalchemy import Engine

from monitor.core.models import AlertRule, Condition, Goal, Money, Offer
from monitor.history import PriceLine, offer_of, read_lines
from monitor.jobs.history import SHIPPED
from monitor.jobs.rounds import Rounds
from monitor.jobs.rules import drop_rule, put_rule
from monitor.settings import Settings
from monitor.store import repo
from monitor.store.engine import session_scope

MOST_LEFT_OUT = 3
QUIET_DAYS = 42  # without a price for so long there is nothing to see


@dataclass(frozen=True, kw_only=True)
class Act:
    """A stretch of history: its files and days, how long it plays at speed 1, and what somebody wanted to know."""

    title: str
    files: tuple[str, ...]
    first: date
    last: date
    step: timedelta
    seconds: float
    goal: Goal
    rules: tuple[AlertRule, ...]


def _rule(slug: str, kind: str, **wanted: object) -> AlertRule:
    """A rule that speaks at once: one look is enough, since each look brings new prices."""
    return replace(AlertRule(slug=slug, kind=kind, needed=1, sightings=1), **wanted)  # type: ignore[arg-type]


def _money(amount: str, currency: str) -> Money:
    return Money(amount=Decimal(amount), currency=currency)


ACTS = (
    Act(
        title="the winter of the original limbo: new cards in Germany, daily prices",
        files=("retail_idealo_de_2017_2018.csv.gz",),
        first=date(2017, 8, 10),
        last=date(2018, 2, 11),
        step=timedelta(days=2),
        seconds=40.0,
        goal=Goal(
            slug="vision-germany",
            title="One card for vision, new, in Germany",
            workload="vision-cnn-train",
            conditions=(Condition.NEW,),
            region="DE",
        ),
        rules=(
            _rule("calls", "signal_flip"),
            _rule("gtx-1080-ti-calls", "signal_flip", gpu="GTX 1080 Ti", cooldown_hours=240.0),
            _rule("gtx-1080-ti-below-670", "price_below", gpu="GTX 1080 Ti", threshold=_money("670", "EUR")),
            _rule("limbo", "limbo"),
        ),
    ),
    Act(
        title="renting in the cloud: list and spot prices of 2022 to 2026",
        files=("rental_clouds_git.csv.gz", "rental_primeintellect.csv.gz", "rental_gpurentalprices.csv.gz"),
        first=date(2022, 2, 9),
        last=date(2026, 8, 22),
        step=timedelta(days=14),
        seconds=80.0,
        goal=Goal(
            slug="rent-fine-tuning",
            title="Rent for fine-tuning an 8B model (LoRA)",
            workload="lora-8b",
            conditions=(Condition.RENTAL,),
            region="US",
            delay_cost_per_week=0.01,
            deadline_weeks=8,
        ),
        rules=(
            _rule("calls", "signal_flip"),
            _rule("a100-calls", "signal_flip", gpu="A100 80GB", cooldown_hours=24.0 * 60),
            _rule("h100-calls", "signal_flip", gpu="H100", cooldown_hours=24.0 * 30),
            _rule("h100-below-7", "rental_below", gpu="H100 SXM", threshold=_money("7.00", "USD")),
            _rule("a100-below-2", "rental_below", gpu="A100 80GB", threshold=_money("2.00", "USD")),
        ),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one moment of the replay came to."""

    now: datetime
    act: Act
    flips: int
    letters: tuple[str, ...]  # subjects of what was sent


def replay(
    engine: Engine,
    settings: Settings,
    speed: float,
    elapsed: Callable[[], float],
    wait: Callable[[float], object],
    acts: Sequence[Act] = ACTS,
) -> Iterator[Step]:
    """Play the acts one after another into this store; each step is yielded when it is done.

    `elapsed` counts seconds, `wait` passes them.
    """
    clock = _Clock()
    rounds = Rounds(engine, settings, clock)
    for act in acts:
        prices = _prices(act)
        clock.now = _noon(act.first)
        _begin(engine, act, clock.now)
        left_out = round(MOST_LEFT_OUT * max(1.0, speed))  # who is in a hurry sees fewer
        for moment in paced(_moments(act, prices), act.seconds / speed, elapsed, wait, left_out):
            clock.now = moment
            prices = _arrive(engine, prices, moment)
            yield _step(engine, rounds, act, moment)
    with session_scope(engine) as session:
        repo.put_replay_state(session, repo.Replay(now=clock.now, act=acts[-1].title, over=True))


def paced(
    moments: Sequence[datetime],
    seconds: float,
    elapsed: Callable[[], float],
    wait: Callable[[float], object],
    left_out: int = MOST_LEFT_OUT,
) -> Iterator[datetime]:
    """These moments, spread over so many seconds. Of those that are late a few in a row are left out, and where that is
    not enough the whole lasts longer: a busy machine should still see what happened."""
    start, number = elapsed(), 0
    due = [start + seconds * (i + 1) / len(moments) for i in range(len(moments))]
    while number < len(moments):
        wait(max(0.0, due[number] - elapsed()))
        yield moments[number]
        newest_due = sum(moment <= elapsed() for moment in due) - 1
        number = max(number + 1, min(newest_due, number + 1 + left_out))


class _Clock:
    """The replay's moment, as the rounds ask for it."""

    now: datetime = datetime(2017, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def _step(engine: Engine, rounds: Rounds, act: Act, now: datetime) -> Step:
    """One round as the service does it: decide and score, then send what is due."""
    with session_scope(engine) as session:
        repo.put_replay_state(session, repo.Replay(now=now, act=act.title))
        before = {delivery.alert.key for delivery in repo.deliveries(session, limit=10_000)}
    counts = rounds.update()
    for channel in rounds.channels:
        rounds.notify(channel)
    with session_scope(engine, read_only=True) as session:
        sent = repo.deliveries(session, state="sent", limit=10_000)
    return Step(
        now=now,
        act=act,
        flips=int(str(counts["flips"])),
        letters=tuple(one.alert.subject for one in sent if one.alert.key not in before),
    )


def _begin(engine: Engine, act: Act, now: datetime) -> None:
    """Mark the store, and put the goal and the rules of this act in place of those before."""
    with session_scope(engine) as session:
        repo.put_replay_state(session, repo.Replay(now=now, act=act.title))
        for goal in repo.goals(session):
            repo.delete_goal(session, goal.slug)
        for rule in repo.rules_in_force(session):
            drop_rule(session, rule.slug, now)
        repo.save_goal(session, act.goal, now)
        for rule in act.rules:
            put_rule(session, rule, now)


def _prices(act: Act) -> list[Offer]:
    """The prices of an act by day; what cannot be read of the shipped files is nothing."""
    lines = [line for name in act.files for line in read_lines(SHIPPED / name) if isinstance(line, PriceLine)]
    return [offer_of(line) for line in sorted(lines, key=lambda line: line.day) if line.day <= act.last]


def _moments(act: Act, prices: Sequence[Offer]) -> list[datetime]:
    """Every step of the act, but for stretches in which no price came in for long: those are passed over."""
    days = np.array(sorted({offer.seen_at.date().toordinal() for offer in prices}))
    count = (act.last - act.first) // act.step
    asked = [act.first + number * act.step for number in range(count + 1)]
    newest = np.searchsorted(days, [day.toordinal() for day in asked], side="right") - 1
    lively = [
        day for day, at in zip(asked, newest, strict=True) if at >= 0 and day.toordinal() - days[at] <= QUIET_DAYS
    ]
    return [_noon(day) for day in dict.fromkeys([*lively, act.last])]


def _arrive(engine: Engine, prices: list[Offer], now: datetime) -> list[Offer]:
    """Store what was known by `now`; returns what is still to come."""
    here = [offer for offer in prices if offer.seen_at <= now]
    with session_scope(engine) as session:
        repo.add_observations(session, here)
    return prices[len(here) :]


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
