"""The live record: every call as it was made, later how it ended, in a chain that shows any later edit.

An entry is a line of canonical JSON; its digest covers the line, its moment and the digest before it, so that changing,
removing or swapping an entry breaks every digest after it. How a call ended is a new entry, never a change of the old
one. A chain cannot see that its last entries are gone, nor that all of it was written anew: the first is seen by its
head, which is kept apart, both by whoever noted an earlier digest elsewhere.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from monitor.core.market import price_on
from monitor.core.models import Action, Series, Signal

EPOCH = date(1970, 1, 1)
CALL, ENDING = "call", "ending"
EVERY = timedelta(days=7)  # a call that stands is noted again after so long
JUDGED_AFTER_WEEKS, WAIT_ALWAYS_WEEKS, DELAY_COST = 8, 26, 0.005
CALL_HOLDS_WEEKS = 9
KNOWN_DAYS_AFTER_THE_LAST = 21
KEPT_DIGITS = 6  # of money: a hundredth of what an hour of a rented card costs is less than a cent


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the record."""

    number: int
    kind: str  # call, ending
    subject: str  # "RTX 4090|new|US|goal"
    made_at: datetime
    body: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class Balance:
    """The record so far: endings, hits and misses (ties count as neither), and what one card each time would have cost
    against buying at once, by following the calls and by always waiting (negative: saved), by currency."""

    calls: int
    settled: int
    hits: int
    misses: int
    followed: Mapping[str, float]
    waited: Mapping[str, float]


def chained(previous: str, kind: str, subject: str, made_at: datetime, body: str) -> str:
    """The digest of an entry after the one whose digest is `previous` ("" for the first)."""
    moment = made_at.astimezone(UTC).isoformat(timespec="seconds")
    return hashlib.sha256("\n".join((previous, kind, subject, moment, body)).encode()).hexdigest()


def first_break(entries: Iterable[Entry]) -> int | None:
    """The number of the first entry that does not follow from those before it; `None` where the chain is whole.

    The first digests of older records leave the moment out; after the first that covers it, every one must.
    """
    previous, expected, old = "", 1, True
    for entry in entries:
        said = chained(previous, entry.kind, entry.subject, entry.made_at, entry.body)
        old = old and entry.digest != said
        if old:
            said = hashlib.sha256("\n".join((previous, entry.kind, entry.subject, entry.body)).encode()).hexdigest()
        if entry.number != expected or entry.digest != said:
            return entry.number
        previous, expected = entry.digest, expected + 1
    return None


def missing_at_the_end(entries: Sequence[Entry], head: int) -> int:
    """How many of the newest entries are gone, by the number of the newest one that was kept apart."""
    return max(0, head - (entries[-1].number if entries else 0))


def subject_of(signal: Signal) -> str:
    """What a call is about."""
    return f"{signal.gpu}|{signal.condition}|{signal.region}|{signal.goal}"


def calls_to_note(signals: Sequence[Signal], newest: Mapping[str, Entry], now: datetime) -> list[Signal]:
    """Calls made now that the record lacks: new ones, changed ones, and those last noted a week ago or longer.

    What a market's last day would have said is no call of today and is left out.
    """
    due: list[Signal] = []
    for signal in signals:
        last = newest.get(subject_of(signal))
        live = now - signal.as_of < timedelta(days=1)
        changed = last is None or json.loads(last.body)["action"] != str(signal.action)
        if live and signal.price and (changed or (last is not None and now - last.made_at >= EVERY)):
            due.append(signal)
    return due


def call_body(signal: Signal, delay_cost: float = DELAY_COST) -> str:
    """A call as it enters the record, with the cost of delay that it was made for where that is not the usual one."""
    assert signal.price is not None
    own = {} if delay_cost == DELAY_COST else {"delay_cost": delay_cost}
    return _canonical({
        **own,
        "action": str(signal.action),
        "as_of": signal.as_of.isoformat(),
        "confidence": round(signal.confidence, 4),
        "currency": signal.price.currency,
        "expected_saving": round(signal.expected_saving, 5),
        "limit_price": str(signal.limit_price.amount) if signal.limit_price else None,
        "price": str(signal.price.amount),
        "reasons": [reason.text for reason in signal.reasons],
        "weeks_high": signal.window_high_weeks,
        "weeks_low": signal.window_low_weeks,
    })  # fmt: skip


def endings(
    calls: Sequence[Entry], settled: set[int], series: Sequence[Series], now: datetime
) -> list[tuple[str, str]]:
    """Subject and body of how each call ended whose 26 weeks are over and that has no ending yet.

    Who follows `buy_now` buys at once; who follows `wait` buys as `buying_week` says, by the later calls of the record.
    """
    found: list[tuple[str, str]] = []
    by_subject: dict[str, list[Entry]] = defaultdict(list)
    for entry in calls:
        by_subject[entry.subject].append(entry)
    for entry in calls:
        if entry.number in settled or now - entry.made_at < timedelta(weeks=WAIT_ALWAYS_WEEKS):
            continue
        body = json.loads(entry.body)
        if body["action"] != str(Action.NO_CALL) and (
            outcome := _outcome(entry, body, series, _later_calls(entry, by_subject[entry.subject]))
        ):
            found.append((entry.subject, _canonical({"call": entry.number, **outcome})))
    return found


def balance(entries: Sequence[Entry]) -> Balance:
    """The record in figures."""
    ended = [json.loads(entry.body) for entry in entries if entry.kind == ENDING]
    followed: dict[str, float] = {}
    waited: dict[str, float] = {}
    for one in ended:
        followed[one["currency"]] = followed.get(one["currency"], 0.0) + one["followed"]
        waited[one["currency"]] = waited.get(one["currency"], 0.0) + one["waited"]
    return Balance(
        calls=sum(entry.kind == CALL for entry in entries),
        settled=len(ended),
        hits=sum(one["hit"] == "hit" for one in ended),
        misses=sum(one["hit"] == "miss" for one in ended),
        followed=followed,
        waited=waited,
    )


@dataclass(frozen=True, kw_only=True)
class RunningSum:
    """Until that day, what one card at each settled call cost against buying at once (negative: saved)."""

    on: date
    followed: float
    waited: float


def running_sums(entries: Sequence[Entry]) -> dict[str, list[RunningSum]]:
    """The balance as it grew, by currency; one point for each day on which something was settled."""
    found: dict[str, list[RunningSum]] = {}
    for entry in entries:
        if entry.kind != ENDING:
            continue
        one, on = json.loads(entry.body), entry.made_at.date()
        sums = found.setdefault(one["currency"], [])
        last = sums[-1] if sums else RunningSum(on=on, followed=0.0, waited=0.0)
        grown = RunningSum(on=on, followed=last.followed + one["followed"], waited=last.waited + one["waited"])
        if sums and last.on == on:
            sums[-1] = grown
        else:
            sums.append(grown)
    return found


def _later_calls(entry: Entry, calls: Sequence[Entry]) -> dict[int, Action]:
    """What was said of the same card later, by the week after `entry` in which it was said."""
    later = (one for one in calls if entry.made_at < one.made_at <= entry.made_at + timedelta(weeks=WAIT_ALWAYS_WEEKS))
    return {-(-(one.made_at - entry.made_at) // EVERY): Action(json.loads(one.body)["action"]) for one in later}


def _outcome(
    entry: Entry, body: Mapping[str, object], series: Sequence[Series], later_calls: Mapping[int, Action]
) -> dict[str, object] | None:
    """What following a call cost against buying at once, in its currency; `None` where no price is known to judge."""
    gpu, condition, region, _ = entry.subject.split("|", 3)
    place = (gpu, condition, region, str(body["currency"]))
    prices = [s for s in series if (s.key.gpu, s.key.condition, s.key.region, s.key.currency) == place]
    start, price = (entry.made_at.date() - EPOCH).days, float(str(body["price"]))
    path = [_middle_price(prices, start + 7 * week) for week in range(WAIT_ALWAYS_WEEKS + 1)]
    if path[0] is None or path[JUDGED_AFTER_WEEKS] is None or path[-1] is None:
        return None
    delay = float(str(body.get("delay_cost", DELAY_COST)))
    cost = [None if p is None else price * (p / path[0] - 1 + delay * w) for w, p in enumerate(path)]
    bought = _buys_in(body, [None if p is None else price * p / path[0] for p in path], later_calls)
    later = cost[bought] if body["action"] != str(Action.BUY_NOW) else cost[JUDGED_AFTER_WEEKS]
    last = cost[-1]
    if later is None or last is None:
        return None
    good = later < 0 if body["action"] != str(Action.BUY_NOW) else later > 0
    tie = abs(later) < 0.0005 * price
    followed = 0.0 if body["action"] == str(Action.BUY_NOW) else later
    return {
        "currency": body["currency"],
        "followed": round(followed, KEPT_DIGITS),
        "hit": "tie" if tie else "hit" if good else "miss",
        "waited": round(last, KEPT_DIGITS),
        "weeks": bought,
    }


def _buys_in(body: Mapping[str, object], path: Sequence[float | None], later_calls: Mapping[int, Action]) -> int:
    if body["action"] == str(Action.BUY_NOW):
        return 0
    limit = float(str(body["limit_price"])) if body["limit_price"] else 0.0
    return buying_week(path, limit, float(str(body["weeks_high"] or WAIT_ALWAYS_WEEKS)), later_calls)


def buying_week(
    path: Sequence[float | None], limit: float, window_high: float, later_calls: Mapping[int, Action]
) -> int:
    """The week in which one buys who was told to wait and goes on asking: when a price of `path` (by week) is not above
    the limit, when a later call no longer says to wait, when the window is over and no call of the last nine weeks
    prolongs it, at the latest in the last week of `path`."""
    newest: tuple[int, Action] | None = None
    for week in range(1, len(path)):
        newest = (week, later_calls[week]) if week in later_calls else newest
        price = path[week]
        cheap = price is not None and price <= limit
        told = newest is not None and newest[1] in (Action.BUY_NOW, Action.NO_CALL)
        prolonged = newest is not None and week - newest[0] <= CALL_HOLDS_WEEKS
        if cheap or told or (week >= window_high and not prolonged):
            return week
    return len(path) - 1


def known_price(series: Series, day: int) -> float | None:
    """The price on `day`; `None` also where the series ended so long before that nobody knows whether it held."""
    price = price_on(series, day)
    return None if price is None or day > int(series.days[-1]) + KNOWN_DAYS_AFTER_THE_LAST else price


def _middle_price(series: Sequence[Series], day: int) -> float | None:
    known = [price for one in series if (price := known_price(one, day)) is not None]
    return float(np.median(known)) if known else None


def _canonical(body: Mapping[str, object]) -> str:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
