"""What keeps alerts quiet: n of m looks, re-arm, cooldown, a cap a day, quiet hours and digests, as plain functions.

A rule looks at its subjects again and again. What it sees of one subject at one look is a `Sighting`; what it remembers
is a `RuleState`. `advance` takes one to the next and says whether a person should hear of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import Enum, auto
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.core.models import AlertRule, Offer, RuleState
from monitor.errors import UsageError

DIGEST_AT = time(8, 0)
SUMMARY = "summary"  # the kind of rule that tells what stands, changed or not
IN_DOUBT = "|unconfirmed"  # ends the subject of a market's prices that nobody has confirmed
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """What a rule sees of one subject. `value`: "" where nothing holds, `None` where it cannot be told (a fault).

    `level` > 0 makes values ordered: only a higher level than the one told of is news. `baseline` says that the first
    value ever seen is no news.
    """

    subject: str
    value: str | None
    title: str = ""
    line: str = ""
    level: int = 0
    baseline: bool = False
    tells_end: bool = False  # a return to "" is news too
    once: bool = False  # an event: one look is enough, and it cannot end
    evidence: str = ""  # what it was read from (a time); two looks at the same evidence count as one
    offer: Offer | None = None  # where a person may go: the article itself, or the cheapest one of a market
    doubted: bool = False  # the offer waits for a second sighting
    currency: str = ""  # of the market that the subject names
    thing: str = ""  # the article that it is about, where several may stand for the subject
    choices: "tuple[Sighting, ...]" = ()  # all such articles, the highest level first


class News(Enum):
    """What a look at a subject amounts to."""

    NONE = auto()
    CHANGED = auto()
    STILL = auto()


def advance(rule: AlertRule, state: RuleState, seen: Sighting, now: datetime) -> tuple[RuleState, News]:
    """What the rule remembers after one look, and whether the look is news. News is remembered as told by `told`."""
    if seen.value is None:
        return state, News.NONE
    state = replace(state, looks=_with_look(rule, state.looks, seen))
    if state.value is None and seen.baseline:
        return replace(state, value=seen.value), News.NONE
    if not seen.once and not _confirmed(rule, state.looks, seen):
        return state, News.NONE
    before = state.value or ""
    if seen.value == before or _lesser(before, seen):
        return state, News.STILL if _still_due(rule, state, seen, now) else News.NONE
    if not seen.value and not seen.tells_end:  # over: armed again, and nobody needs to hear of it
        return replace(state, value=""), News.NONE
    if state.fired and now - state.fired[-1] < timedelta(hours=rule.cooldown_hours):
        return state, News.NONE  # not remembered as told: it is news after the cooldown, if it lasts
    return state, News.CHANGED


def settled(rule: AlertRule, state: RuleState, seen: Sighting) -> Sighting:
    """The sighting itself or, where it has a choice of articles, the best of them that enough looks agree on."""
    looks = _with_look(rule, state.looks, seen)
    return next(
        (replace(one, choices=seen.choices) for one in seen.choices if _confirmed(rule, looks, one)),
        seen,
    )


def doubts_over(
    rule: AlertRule, previous: Mapping[tuple[str, str], RuleState], seen: Sequence[Sighting]
) -> list[Sighting]:
    """That nothing is in doubt any more, for every market that was seen now and had a price in doubt before: what a
    rule is not shown it would remember for ever, and two faults months apart would confirm each other."""
    doubted = {one.subject for one in seen}
    over: list[Sighting] = []
    for one in seen:
        subject = one.subject + IN_DOUBT
        state = previous.get((rule.slug, subject))
        if state and subject not in doubted and (state.value or any(not look.endswith(" ") for look in state.looks)):
            over.append(Sighting(subject=subject, value="", evidence=one.evidence, doubted=True))
    return over


def told(state: RuleState, seen: Sighting, now: datetime) -> RuleState:
    """The state after a person was told of what was seen."""
    return replace(state, value=seen.value, fired=(*recent(state.fired, now), now))


def by_this_clock(state: RuleState, now: datetime) -> RuleState:
    """The state with what it told in the future taken as told now: a clock that was wrong once must not keep the rule
    silent until that time has come."""
    if all(moment <= now for moment in state.fired):
        return state
    return replace(state, fired=tuple(min(moment, now) for moment in state.fired))


def recent(moments: Sequence[datetime], now: datetime) -> tuple[datetime, ...]:
    """Those of the last 24 hours, or the last one."""
    young = tuple(moment for moment in moments if now - moment < DAY)
    return young or tuple(moments[-1:])


def capped(rule: AlertRule, state: RuleState, now: datetime) -> bool:
    """True where the rule has sent as many messages in the last 24 hours as it may."""
    return sum(now - moment < DAY for moment in state.fired) >= rule.cap_per_day


def muted(rule: AlertRule, now: datetime) -> bool:
    """True while its owner has silenced the rule."""
    return rule.muted_until is not None and now < rule.muted_until


def quiet_until(rule: AlertRule, now: datetime) -> datetime | None:
    """The end of the quiet hours that `now` lies in, in UTC; `None` outside of them. 22:00 to 07:00 spans midnight.

    Local times are those of the rule's zone on that day, so that a change to summer time moves nothing.
    """
    if not rule.quiet_from or not rule.quiet_to or rule.quiet_from == rule.quiet_to:
        return None
    start, end = clock_time(rule.quiet_from), clock_time(rule.quiet_to)
    local = now.astimezone(zone(rule.time_zone))
    inside = start <= local.time() < end if start < end else local.time() >= start or local.time() < end
    if not inside:
        return None
    day = local.date() if local.time() < end else local.date() + DAY
    return datetime.combine(day, end, local.tzinfo).astimezone(UTC)


def digest_period(rule: AlertRule) -> str:
    """daily, weekly, or "" for a rule that speaks at once; a summary is always a digest."""
    return rule.digest or ("weekly" if rule.kind == SUMMARY else "")


def digest_slot(rule: AlertRule, now: datetime) -> datetime | None:
    """The last moment at or before `now` at which the rule's digest was due (8:00 local; weekly: on Monday)."""
    if not digest_period(rule):
        return None
    local = now.astimezone(zone(rule.time_zone))
    day = local.date() if local.time() >= DIGEST_AT else local.date() - DAY
    if digest_period(rule) == "weekly":
        day -= timedelta(days=day.weekday())
    return datetime.combine(day, DIGEST_AT, local.tzinfo).astimezone(UTC)


def clock_time(text: str) -> time:
    """A time of day such as "22:00"; raises `UsageError` for anything else."""
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise UsageError(f"'{text}' is no time of day; write it like 22:00") from None


def zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name; raises `UsageError` for an unknown one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f"'{name}' is no time zone; write it like Europe/Berlin") from None


def _with_look(rule: AlertRule, looks: tuple[str, ...], seen: Sighting) -> tuple[str, ...]:
    """The remembered looks with this one, each as "evidence value"; one at the same evidence replaces the last:
    a price that was read once and looked at ten times has been seen once."""
    evidence = ";".join(f"{one.thing}@{one.evidence}@{one.level}" for one in seen.choices) or seen.evidence
    same = bool(looks) and evidence != "" and looks[-1].partition(" ")[0] == evidence
    kept = looks[:-1] if same else looks
    return (*kept, f"{evidence} {seen.value}")[-max(1, rule.sightings) * max(1, len(seen.choices)) :]


def _readings(looks: Sequence[str], thing: str, level: int) -> set[str]:
    """The different readings of one article that had at least this level."""
    parts = (part.split("@") for look in looks for part in look.partition(" ")[0].split(";"))
    return {part[1] for part in parts if len(part) == 3 and part[0] == thing and int(part[2]) >= level}


def _same_doubt(looks: Sequence[str], thing: str, level: int) -> set[str]:
    """The readings of an article in doubt since it last was read otherwise, at this level or the next."""
    found: set[str] = set()
    for look in reversed(looks):
        parts = (part.split("@") for part in look.partition(" ")[0].split(";"))
        part = next((part for part in parts if len(part) == 3 and part[0] == thing), None)
        if part is None or abs(int(part[2]) - level) > 1:
            break
        found.add(part[1])
    return found


def _confirmed(rule: AlertRule, looks: Sequence[str], seen: Sighting) -> bool:
    """True where enough of the last looks agree with this one (for levels: are at least as high).

    Where a level is one article's, that article must have been read so often: two that are each misread once do not
    confirm each other. One in doubt must have shown the same all the time.
    """
    if seen.thing:
        agree = _same_doubt if seen.doubted else _readings
        return len(agree(looks, seen.thing, seen.level)) >= max(1, min(rule.needed, rule.sightings))
    values = [look.partition(" ")[2] for look in looks]
    if seen.level:
        agreeing = sum(value != "" and int(value) >= seen.level for value in values)
    else:
        agreeing = sum(value == seen.value for value in values)
    return agreeing >= max(1, min(rule.needed, rule.sightings))


def _lesser(before: str, seen: Sighting) -> bool:
    return seen.level > 0 and before != "" and seen.level <= int(before)


def _still_due(rule: AlertRule, state: RuleState, seen: Sighting, now: datetime) -> bool:
    if rule.still_days <= 0 or not seen.value or not state.fired or seen.once:
        return False
    return now - state.fired[-1] >= timedelta(days=rule.still_days)
