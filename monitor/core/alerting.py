"""Rules of the user + what is known now -> alerts. To add a rule: a function here, and its line in `RULES`.

`alerts_for` serves the live service and the preview alike: `preview` is the same fold over stored history.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from math import floor, log

from monitor.core.alert_bundle import bundle, due_digest, pending
from monitor.core.alert_state import (
    IN_DOUBT,
    SUMMARY,
    News,
    Sighting,
    advance,
    by_this_clock,
    capped,
    clock_time,
    digest_period,
    doubts_over,
    muted,
    recent,
    settled,
    told,
    zone,
)
from monitor.core.amounts import written
from monitor.core.models import (
    Action,
    Alert,
    AlertRule,
    Ask,
    Condition,
    Market,
    Money,
    NewsEvent,
    Offer,
    RuleState,
    Signal,
    StreetPrice,
    Verdict,
)
from monitor.core.source_memory import LEFT_ALONE
from monitor.core.web_text import shown_title, web_address
from monitor.errors import UsageError

LEVEL_STEP = 0.95  # a price must fall by another 5 % to be news again
BURST_SHARE, BURST_LEAST = 0.6, 5  # so many stock changes at once are the source's fault, not the market's
NEWS_DAYS = 7
LONGEST_HEADLINE = 200
WORDS = {Action.BUY_NOW: "buy now", Action.WAIT: "wait", Action.LIMBO: "hardware limbo", Action.NO_CALL: "no call"}

States = Mapping[tuple[str, str], RuleState]  # by rule and subject; subject "" is the rule as a whole


@dataclass(frozen=True, kw_only=True)
class Look:
    """What was known at one moment, as far as rules care. What is missing was not seen: the rule keeps what it knew."""

    as_of: datetime
    signals: Sequence[Signal] = ()
    verdicts: Sequence[Verdict] = ()
    prices: Sequence[StreetPrice] = ()
    unconfirmed: Sequence[StreetPrice] = ()  # prices that are quarantined until somebody confirms them
    fair: Mapping[str, Money] = field(default_factory=dict[str, Money])  # subject -> usual price
    stock: Mapping[tuple[str, str], bool | None] = field(default_factory=dict[tuple[str, str], bool | None])
    on_sale: Mapping[tuple[str, str], Offer] = field(default_factory=dict[tuple[str, str], Offer])  # the cheapest there
    news: Sequence[NewsEvent] = ()
    faults: Mapping[str, str] = field(default_factory=dict[str, str])  # every source -> its fault, "" where it is well
    tried: Mapping[str, datetime] = field(default_factory=dict[str, datetime])  # when each source was last read
    settled: Mapping[str, str] = field(default_factory=dict[str, str])  # a call whose horizon has ended -> how it went


def alerts_for(previous: States, current: Look, rules: Sequence[AlertRule]) -> tuple[list[Alert], list[RuleState]]:
    """The alerts that a look gives rise to (at most one per rule: what changed at once is told at once), and what the
    rules remember from now on. A rule that is switched off sees and remembers nothing."""
    alerts: list[Alert] = []
    states: list[RuleState] = []
    for rule in rules:
        if rule.enabled:
            alert, remembered = _look(rule, previous, current)
            alerts += [alert] if alert else []
            states += remembered
    return alerts, states


def preview(rule: AlertRule, looks: Iterable[Look]) -> list[Alert]:
    """What the rule would have sent, had it been there; `looks` in order of time."""
    states: dict[tuple[str, str], RuleState] = {}
    sent: list[Alert] = []
    for look in looks:
        alerts, remembered = alerts_for(states, look, [rule])
        states |= {(state.rule, state.subject): state for state in remembered}
        sent += alerts
    return sent


def checked(rule: AlertRule) -> AlertRule:
    """The rule itself; raises `UsageError` with what is wrong with it."""
    if rule.kind not in RULES:
        raise UsageError(f"there is no rule of kind '{rule.kind}'; choose one of: {', '.join(RULES)}")
    if rule.kind in ("price_below", "rental_below") and (rule.threshold is None or rule.threshold.amount <= 0):
        raise UsageError(f"a {rule.kind} rule needs a price above 0, such as 1500 USD")
    if rule.digest not in ("", "daily", "weekly"):
        raise UsageError("a digest is daily or weekly, or left out")
    if not 1 <= rule.needed <= rule.sightings <= 20:
        raise UsageError("of m looks, between 1 and m must agree, and m is at most 20")
    if not 0 <= rule.margin < 1 or rule.cooldown_hours < 0 or rule.cap_per_day < 1 or rule.still_days < 0:
        raise UsageError("margin lies in 0..1, cooldown and repeat are not negative, the cap a day is at least 1")
    if bool(rule.quiet_from) != bool(rule.quiet_to):
        raise UsageError("quiet hours need a beginning and an end")
    zone(rule.time_zone)
    for text in filter(None, (rule.quiet_from, rule.quiet_to)):
        clock_time(text)
    return rule


def _look(rule: AlertRule, previous: States, current: Look) -> tuple[Alert | None, list[RuleState]]:
    now = current.as_of
    kept = previous.get((rule.slug, ""), RuleState(rule=rule.slug, subject=""))
    whole = by_this_clock(kept, now)
    states: list[RuleState] = [whole] if whole is not kept else []
    news: list[tuple[RuleState, Sighting, News]] = []
    sightings = list(RULES[rule.kind](rule, current))
    sightings += doubts_over(rule, previous, sightings)
    for seen in sightings:
        state = previous.get((rule.slug, seen.subject), RuleState(rule=rule.slug, subject=seen.subject))
        state = by_this_clock(state, now)
        seen = settled(rule, state, seen)
        state, what = advance(rule, state, seen, now)
        if what is News.NONE:
            states.append(state)
        else:
            news.append((state, seen, what))
    if muted(rule, now):  # what changes meanwhile is not told afterwards
        return None, [*states, *(told(state, seen, now) for state, seen, _ in news)]
    if digest_period(rule):
        whole = pending(whole, [(seen, what) for _, seen, what in news])
        if rule.kind == SUMMARY:
            whole = replace(whole, pending=tuple(seen.line for seen in sightings))
        alert, whole = due_digest(rule, whole, now)
        return alert, [*states, *(told(state, seen, now) for state, seen, _ in news), whole]
    if not news or capped(rule, whole, now):  # over the cap it is not remembered as told, so it is told tomorrow
        return None, [*states, *(state for state, _, _ in news)]
    whole = replace(whole, fired=(*recent(whole.fired, now), now))
    return bundle(rule, [(seen, what) for _, seen, what in news], now), [
        *states,
        *(told(state, seen, now) for state, seen, _ in news),
        whole,
    ]


# The rules: each says what it sees of every subject it watches.


def _signal_flip(rule: AlertRule, look: Look) -> Iterable[Sighting]:
    """Another call for a goal (rules without a GPU) or for one GPU. No call is no news: a lost source causes it."""
    for verdict in look.verdicts:
        if not rule.gpu and rule.goal in ("", verdict.goal):
            gpus = " or ".join(verdict.gpus) or "nothing fits"
            said, why = _said(verdict.action, verdict.signals), [reason.text for reason in verdict.reasons]
            yield _flip(f"goal:{verdict.goal}", verdict.goal, verdict.action, said, gpus, why)
    for signal in look.signals:
        if rule.gpu and _watched(rule, signal) and signal.goal == rule.goal:
            name = f"{signal.gpu} {signal.condition}{_in(signal.region)}"
            said, why = _said(signal.action, [signal]), [reason.text for reason in signal.reasons]
            yield _flip(subject_of(signal), name, signal.action, said, _window(signal), why)


def _summary(rule: AlertRule, look: Look) -> Iterable[Sighting]:
    """What stands for each goal: told at every digest, whether it changed or not."""
    for verdict in look.verdicts:
        if rule.goal in ("", verdict.goal):
            gpus = " or ".join(verdict.gpus) or "nothing fits"
            line = f"{verdict.goal}: {_said(verdict.action, verdict.signals)} ({gpus})"
            yield Sighting(subject=f"goal:{verdict.goal}", value=str(verdict.action), title=line, line=line)


def _said(action: Action, signals: Sequence[Signal]) -> str:
    """The call in words; what is rented is not bought."""
    rented = bool(signals) and signals[0].condition is Condition.RENTAL
    return "rent now" if rented and action is Action.BUY_NOW else WORDS[action]


def _flip(subject: str, name: str, action: Action, said: str, detail: str, reasons: Sequence[str]) -> Sighting:
    value = None if action is Action.NO_CALL else str(action)
    line = f"{name}: {said}{f' ({detail})' if detail else ''}. {'; '.join(reasons[:3])}"
    return Sighting(subject=subject, value=value, title=f"{name}: {said}", line=line.rstrip(), baseline=True)


def _limbo(rule: AlertRule, look: Look) -> Iterable[Sighting]:
    for signal in look.signals:
        if _watched(rule, signal) and signal.goal == rule.goal and signal.action is not Action.NO_CALL:
            name, begins = f"{signal.gpu} {signal.condition}{_in(signal.region)}", signal.action is Action.LIMBO
            title = f"{name}: limbo {'begins' if begins else 'is over'}"
            line = f"{title}. {'; '.join(reason.text for reason in signal.reasons[:3])}"
            value = "limbo" if begins else ""
            yield Sighting(
                subject=subject_of(signal), value=value, title=title, line=line, baseline=True, tells_end=True
            )


def _price_below(rule: AlertRule, look: Look) -> Iterable[Sighting]:
    return _below(rule, look, Market.RETAIL, "")


def _rental_below(rule: AlertRule, look: Look) -> Iterable[Sighting]:
    return _below(rule, look, Market.CLOUD, " an hour")


def _below(rule: AlertRule, look: Look, market: Market, unit: str) -> Iterable[Sighting]:
    limit = rule.threshold
    for price, note in [*((p, "") for p in look.prices), *((p, "Unconfirmed: ") for p in look.unconfirmed)]:
        if limit is None or price.market is not market or price.price.currency != limit.currency:
            continue
        if _watched(rule, price):
            yield _cheapest(rule, price, limit, note, unit)


def _cheapest(rule: AlertRule, price: StreetPrice, limit: Money, note: str, unit: str) -> Sighting:
    """The cheapest article, with all that lie below the limit; where only summaries are known, the cheapest source."""
    if not price.asks:
        return _threshold(rule, price, limit, price.low, note, unit, price.low_seen_at)
    seen = [
        replace(_asked(rule, price, limit, note, unit, ask), thing=ask.article, offer=ask.offer) for ask in price.asks
    ]
    below = tuple(one for one in seen if one.level)
    return replace(seen[0], choices=below) if below else replace(seen[0], thing="")


def _asked(rule: AlertRule, price: StreetPrice, limit: Money, note: str, unit: str, ask: Ask) -> Sighting:
    what = f"below {written(limit.amount)} {limit.currency}{unit} at {ask.source}"
    return _threshold(rule, price, limit, ask.amount, note, unit, ask.seen_at, what)


def _below_fair(rule: AlertRule, look: Look) -> Iterable[Sighting]:
    """The street price against the usual one: what a lucky single offer asks does not count, but is where to go."""
    for price in look.prices:
        usual = look.fair.get(subject_of(price))
        if usual and usual.currency == price.price.currency and _watched(rule, price):
            limit = replace(usual, amount=usual.amount * Decimal("0.9"))
            amount, what = price.price.amount, "10 % under its usual price"
            told = _threshold(rule, price, limit, amount, "", "", price.newest_at, what)
            yield replace(told, offer=price.asks[0].offer if price.asks else None)


def _threshold(
    rule: AlertRule,
    price: StreetPrice,
    limit: Money,
    amount: Decimal,
    note: str,
    unit: str,
    seen_at: datetime | None,
    what: str = "",
) -> Sighting:
    """Below the limit a level that grows with the distance; within the margin above it nothing is said either way."""
    ratio = float(amount / limit.amount)
    level = 1 + floor(log(ratio) / log(LEVEL_STEP) + 1e-9) if ratio < 1 else 0
    value = str(level) if level else ("" if ratio > 1 + rule.margin else None)
    name = f"{price.gpu} {price.condition}{_in(price.region)}"
    bound = what or f"below {written(limit.amount)} {limit.currency}{unit}"
    title = f"{note}{name}: {written(amount)} {limit.currency}{unit}"
    line = f"{title}, {bound} ({price.shops} source{'s' if price.shops != 1 else ''}, {price.seen_on.isoformat()})"
    subject = subject_of(price) + (IN_DOUBT if note else "")
    evidence = seen_at.isoformat() if seen_at else ""
    return Sighting(
        subject=subject, value=value, title=title, line=line, level=level, evidence=evidence, doubted=bool(note),
        currency=limit.currency,
    )  # fmt: skip


def _restock(rule: AlertRule, look: Look) -> Iterable[Sighting]:
    """A source where most stock states change at once is at fault (a captcha page, a new layout): nothing is said."""
    ordered = sorted(look.stock.items(), key=lambda item: item[0][1])
    for source, entries in groupby(ordered, key=lambda item: item[0][1]):
        group = [(subject, there) for (subject, _), there in entries if _subject_watched(rule, subject)]
        burst = len(group) >= BURST_LEAST and sum(there is True for _, there in group) >= BURST_SHARE * len(group)
        for subject, there in group:
            name = " ".join(filter(None, subject.split("|")[:2]))
            value = None if there is None or look.faults.get(source) or (burst and not rule.gpu) else "in" * there
            title, offer = f"{name} is in stock at {source}", look.on_sale.get((subject, source))
            yield Sighting(
                subject=f"{subject}|{source}", value=value, title=title, line=title, baseline=True,
                evidence=_read_at(look, source), offer=offer, currency=offer.price.currency if offer else "",
            )  # fmt: skip


def _launch(rule: AlertRule, look: Look) -> Iterable[Sighting]:
    for event in look.news:
        young = look.as_of - event.published_at < timedelta(days=NEWS_DAYS)
        named = not rule.gpu or rule.gpu in event.gpus
        if young and named and event.event in ("launch", "announcement"):
            title = shown_title(event.title, LONGEST_HEADLINE)
            line = f"{title} ({event.source}) {web_address(event.url)}".strip()
            yield Sighting(subject=f"news:{event.key or event.url}", value="seen", title=title, line=line, once=True)


def _source_broken(_rule: AlertRule, look: Look) -> Iterable[Sighting]:
    """A source that is left alone after a refusal was not read again: one refusal is not told of as two."""
    for source, fault in look.faults.items():
        if fault.startswith(LEFT_ALONE):
            continue
        title = f"Source {source} {'is broken' if fault else 'works again'}"
        yield Sighting(
            subject=f"source:{source}",
            value="broken" if fault else "",
            title=title,
            line=f"{title}: {fault}" if fault else title,
            tells_end=True,
            evidence=_read_at(look, source),
        )


def _record_settled(rule: AlertRule, look: Look) -> Iterable[Sighting]:
    for subject, text in look.settled.items():
        if _subject_watched(rule, subject):
            yield Sighting(subject=f"settled:{subject}", value="settled", title=text, line=text, once=True)


RULES: dict[str, Callable[[AlertRule, Look], Iterable[Sighting]]] = {
    "signal_flip": _signal_flip,
    "price_below": _price_below,
    "below_fair": _below_fair,
    "restock": _restock,
    "limbo": _limbo,
    "launch": _launch,
    "rental_below": _rental_below,
    "source_broken": _source_broken,
    "record_settled": _record_settled,
    SUMMARY: _summary,
}


def subject_of(thing: Signal | StreetPrice) -> str:
    """What a rule calls a GPU in one market: "RTX 4090|new|US"."""
    return f"{thing.gpu}|{thing.condition}|{thing.region}"


def _watched(rule: AlertRule, thing: Signal | StreetPrice) -> bool:
    return _subject_watched(rule, subject_of(thing))


def _subject_watched(rule: AlertRule, subject: str) -> bool:
    wanted = (rule.gpu, rule.condition, rule.region)
    return all(want in ("", has) for want, has in zip(wanted, subject.split("|"), strict=False))


def _read_at(look: Look, source: str) -> str:
    return look.tried[source].isoformat() if source in look.tried else ""


def _in(region: str) -> str:
    return f" in {region}" if region else ""


def _window(signal: Signal) -> str:
    price = f"{signal.price.amount:.0f} {signal.price.currency}" if signal.price else ""
    if signal.window_low_weeks is None or signal.window_high_weeks is None:
        return price
    return f"{price}, {signal.window_low_weeks:.0f} to {signal.window_high_weeks:.0f} weeks".lstrip(", ")
