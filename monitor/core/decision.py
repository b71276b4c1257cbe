"""Price series as of a moment -> buy now, wait, limbo or no call, for every GPU and market.

`decide` is the same function in the live service and in the backtest: it cuts off everything after `as_of` before it
looks, so the backtest only changes `as_of`. `decide_latest` asks each market on the last day it was known.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import exp, log
from statistics import NormalDist, median

from monitor.core.market import known_on, market_of, matched_change
from monitor.core.models import Action, Condition, Goal, Gpu, Money, NewsEvent, Reason, Series, SeriesKey, Signal

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, kw_only=True)
class DecisionParams:
    """What a decision depends on beside the data; `delay_cost_per_week` and `deadline_weeks` are the goal's."""

    delay_cost_per_week: float = 0.005
    deadline_weeks: int = 26
    stale_weeks: int = 9
    min_points: int = 4

    @classmethod
    def for_goal(cls, goal: Goal) -> "DecisionParams":
        """The parameters with the goal's own cost of delay and deadline."""
        return cls(delay_cost_per_week=goal.delay_cost_per_week, deadline_weeks=goal.deadline_weeks)


def decide(
    series: Sequence[Series],
    gpus: Mapping[str, Gpu],
    as_of: datetime,
    params: DecisionParams,
    news: Sequence[NewsEvent] = (),
    *,
    per_series: bool = False,
) -> list[Signal]:
    """The call for every GPU, condition and region at `as_of`, from nothing known later; sorted by name.

    With `per_series` one call for each price series instead (its key in `Signal.series`): what the backtest scores.
    """
    day = (as_of.date() - EPOCH).days
    known = known_on(series, day)
    heard = [event for event in news if event.published_at <= as_of]
    markets: dict[tuple[str, str], list[Series]] = defaultdict(list)
    for one in known:
        markets[market_of(one.key)].append(one)
    changes = {market: matched_change(members, day, 8) for market, members in markets.items()}
    calls = [_call(one, changes[market_of(one.key)], gpus, as_of, params, heard) for one in known]
    return calls if per_series else merge_signals(calls)


def decide_latest(
    series: Sequence[Series],
    gpus: Mapping[str, Gpu],
    now: datetime,
    params: DecisionParams,
    news: Sequence[NewsEvent] = (),
) -> list[Signal]:
    """Like `decide`, but a market whose prices have ended is asked on its last day, and says so in its first reason."""
    today, last = (now.date() - EPOCH).days, dict[tuple[str, str], int]()
    for one in known_on(series, today):
        market = market_of(one.key)
        last[market] = max(last.get(market, 0), int(one.days[-1]))
    fresh = {market for market, day in last.items() if today - day <= 7 * params.stale_weeks}
    asked: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for market, day in last.items():
        asked[today if market in fresh else day].add(market)
    signals: list[Signal] = []
    for day, markets in sorted(asked.items()):
        as_of = now if day == today else datetime.combine(EPOCH + timedelta(days=day), datetime.max.time(), UTC)
        made = decide(series, gpus, as_of, params, news)
        mine = [signal for signal in made if (str(signal.condition), signal.region) in markets]
        signals += mine if day == today else [_with_history_note(signal) for signal in mine]
    return sorted(signals, key=lambda signal: (signal.gpu, signal.condition, signal.region))


def merge_signals(calls: Sequence[Signal]) -> list[Signal]:
    """One call per GPU, condition and region: the one of its price series that is nearest to their mean saving."""
    groups: dict[tuple[str, str, str], list[Signal]] = defaultdict(list)
    for call in calls:
        groups[call.gpu, str(call.condition), call.region].append(call)
    return [_merge(group) for _, group in sorted(groups.items())]


def _merge(group: Sequence[Signal]) -> Signal:
    made = [call for call in group if call.action is not Action.NO_CALL] or list(group)
    middle = median(call.expected_saving for call in made)
    return replace(min(made, key=lambda call: (abs(call.expected_saving - middle), str(call.series))), series=None)


def _with_history_note(signal: Signal) -> Signal:
    day = signal.as_of.date().isoformat()
    note = Reason(code="history", text=f"prices end on {day}; this is what was right then")
    return replace(signal, reasons=(note, *signal.reasons))


def _call(
    one: Series,
    market: tuple[float | None, int],
    gpus: Mapping[str, Gpu],
    as_of: datetime,
    params: DecisionParams,
    news: Sequence[NewsEvent],
) -> Signal:
    day = (as_of.date() - EPOCH).days
    change, n = market
    missing = _missing(one, day, change, n, params)
    if missing or change is None:
        return _signal(one, as_of, Action.NO_CALL, (Reason(code="too_little", text=missing),))
    price, gpu = float(one.prices[-1]), gpus.get(one.key.gpu)
    reasons: list[Reason] = []
    if change < log(0.97):
        text = f"prices in this market fell by {1 - exp(change):.0%} in 8 weeks ({n} series)"
        reasons.append(Reason(code="market_falls", text=text, contribution=-change / 2))
    msrp = gpu.msrp_usd if gpu and one.key.currency == "USD" and one.key.condition != "rental" else None
    if msrp and price > 1.5 * msrp:
        text = f"the price is {price / msrp:.2f} times the launch price"
        reasons.append(Reason(code="over_msrp", text=text, contribution=0.25 * log(price / msrp)))
    if not reasons:
        text = f"prices in this market changed by {exp(change) - 1:+.1%} in 8 weeks: waiting does not pay"
        return _signal(one, as_of, Action.BUY_NOW, (Reason(code="quiet", text=text),))
    successor = _successor_due(gpu, gpus, as_of, news)
    action = Action.LIMBO if successor else Action.WAIT
    return _signal(one, as_of, action, (*reasons, *([successor] if successor else [])))


def _missing(one: Series, day: int, change: float | None, n: int, params: DecisionParams) -> str:
    age, recent = day - int(one.days[-1]), int((one.days > day - 182).sum())
    if age > 7 * params.stale_weeks:
        return f"the last price is {age} days old"
    if recent < params.min_points:
        return f"only {recent} prices in 26 weeks; {params.min_points} are needed"
    if change is None or n < 3:
        return f"only {n} price series of this market reach back 8 weeks; 3 are needed"
    return ""


def _successor_due(
    gpu: Gpu | None, gpus: Mapping[str, Gpu], as_of: datetime, news: Sequence[NewsEvent]
) -> Reason | None:
    if gpu is None or gpu.launched_on is None:
        return None
    followers = [other for other in gpus.values() if other.predecessor == gpu.name and other.announced_on]
    announced = [f for f in followers if f.announced_on and f.announced_on <= as_of.date()]
    on_sale = [f for f in announced if f.launched_on and f.launched_on <= as_of.date()]
    if announced and not on_sale:
        return Reason(code="successor_announced", text=f"its successor {announced[0].name} is announced")
    rumours = [event for event in news if event.effect == "wait" and gpu.name in event.gpus]
    months = (as_of.date() - gpu.launched_on).days / 30.44
    if not on_sale and (rumours or months >= 20.1):
        return Reason(code="successor_due", text=f"it is {months:.0f} months old; a successor came after 20 on average")
    return None


def _signal(one: Series, as_of: datetime, action: Action, reasons: tuple[Reason, ...]) -> Signal:
    waits = action in (Action.WAIT, Action.LIMBO)
    saving = sum(reason.contribution for reason in reasons) if waits else 0.0
    window = {Action.WAIT: (2.0, 13.0), Action.LIMBO: (13.0, 39.0)}.get(action, (None, None))
    return Signal(
        gpu=one.key.gpu,
        condition=_condition(one.key),
        region=one.key.region,
        action=action,
        window_low_weeks=window[0],
        window_high_weeks=window[1],
        expected_saving=saving,
        saving_low=saving - 0.15,
        saving_high=saving + 0.15,
        confidence=NormalDist().cdf(saving / 0.12) if waits else 0.5,
        price=Money(amount=Decimal(f"{float(one.prices[-1]):.4f}"), currency=one.key.currency),
        as_of=as_of,
        data_on=EPOCH + timedelta(days=int(one.days[-1])),
        reasons=reasons,
        series=one.key,
    )


def _condition(key: SeriesKey) -> Condition:
    return Condition(key.condition) if key.condition in set(Condition) else Condition.UNKNOWN
