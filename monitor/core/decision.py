"""Price series as of a moment -> buy now, wait, limbo or no call, for every GPU and market.

`decide` is the same function in the live service and in the backtest: it cuts off everything after `as_of` before it
looks, so the backtest only changes `as_of`. `decide_latest` asks each market on the last day it was known.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from operator import attrgetter

import numpy as np

from monitor.core import decision_plan
from monitor.core.decision_params import DecisionParams
from monitor.core.decision_plan import Facts
from monitor.core.decision_text import MORE_PRICES, NamedReason, changes_mind, reasons, round_price, successor_text
from monitor.core.first_call import first_call_on, fresh_by_market
from monitor.core.market import known_on, market_of
from monitor.core.models import Action, Condition, Gpu, Money, NewsEvent, Reason, Series, SeriesKey, Signal
from monitor.core.outlook import Outlook, outlook
from monitor.core.panel import WEEKS
from monitor.core.phrases import day as in_words
from monitor.core.successor import Successor, successors

EPOCH = date(1970, 1, 1)
LIMBO_CHANCE, LIMBO_AFTER_WEEKS = 0.5, 13
MOST_LIMBO_WEEKS = 52.0


def decide(
    series: Sequence[Series],
    gpus: Mapping[str, Gpu],
    as_of: datetime,
    params: DecisionParams,
    news: Sequence[NewsEvent] = (),
    *,
    per_series: bool = False,
    explain: bool = True,
    markets: Collection[tuple[str, str]] | None = None,
) -> list[Signal]:
    """The call for every GPU, condition and region at `as_of`, from nothing known later; sorted by name.

    With `per_series` one call for each price series instead (its key in `Signal.series`): what the backtest scores.
    Without `explain` the reasons are left out, which saves half of the time; with `markets` only these are called.
    """
    sight = _sight(series, gpus, as_of, news, markets)
    calls = _calls(sight, params, explain=explain)
    return calls if per_series else merge_signals([*calls, *_forgotten(sight.known, sight.view, as_of)])


def decide_latest(
    series: Sequence[Series],
    gpus: Mapping[str, Gpu],
    now: datetime,
    params: DecisionParams,
    news: Sequence[NewsEvent] = (),
) -> list[Signal]:
    """Like `decide`, but a market whose prices have ended is asked on its last day, and says so in its first reason."""
    return decide_latest_for(series, gpus, now, [params], news)[params]


def decide_latest_for(
    series: Sequence[Series],
    gpus: Mapping[str, Gpu],
    now: datetime,
    wanted: Collection[DecisionParams],
    news: Sequence[NewsEvent] = (),
) -> dict[DecisionParams, list[Signal]]:
    """`decide_latest` under each of these parameters; what does not hang on them is worked out once."""
    known = known_on(series, (now.date() - EPOCH).days)
    signals: dict[DecisionParams, list[Signal]] = {params: [] for params in wanted}
    for stale_weeks in sorted({params.stale_weeks for params in signals}):
        for as_of, markets in _last_days(known, now, stale_weeks):
            day = (as_of.date() - EPOCH).days
            near = [one for one in known if market_of(one.key) in markets or int(one.days[-1]) > day - 7 * WEEKS]
            sight = _sight(near, gpus, as_of, news, markets)
            for params in (one for one in signals if one.stale_weeks == stale_weeks):
                made = merge_signals([*_calls(sight, params), *_forgotten(sight.known, sight.view, as_of)])
                mine = [signal for signal in made if (str(signal.condition), signal.region) in markets]
                signals[params] += mine if as_of == now else [_with_history_note(signal) for signal in mine]
    by_name = attrgetter("gpu", "condition", "region")
    return {params: sorted(made, key=by_name) for params, made in signals.items()}


def merge_signals(calls: Sequence[Signal]) -> list[Signal]:
    """One call per GPU, condition and region: the one of its price series that is nearest to their mean saving."""
    groups: dict[tuple[str, str, str], list[Signal]] = defaultdict(list)
    for call in calls:
        groups[call.gpu, str(call.condition), call.region].append(call)
    return [_merge(group) for _, group in sorted(groups.items())]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Sight:
    """What is known at one moment, whatever the goal; `asked`: which rows are to be called."""

    as_of: datetime
    known: Sequence[Series]
    view: Outlook
    asked: Sequence[bool]
    coming: Mapping[str, Successor]
    shocked: Set[str]


def _sight(
    series: Sequence[Series],
    gpus: Mapping[str, Gpu],
    as_of: datetime,
    news: Sequence[NewsEvent],
    markets: Collection[tuple[str, str]] | None,
) -> _Sight:
    day = (as_of.date() - EPOCH).days
    known = known_on(series, day)
    view = outlook(known, gpus, day)
    heard = [event for event in news if event.published_at <= as_of]
    return _Sight(
        as_of=as_of,
        known=known,
        view=view,
        asked=[markets is None or market_of(key) in markets for key in view.panel.keys],
        coming=successors({key.gpu for key in view.panel.keys}, gpus, as_of, heard),
        shocked=decision_plan.shocked_regions(view),
    )


def _calls(sight: _Sight, params: DecisionParams, *, explain: bool = True) -> list[Signal]:
    """The call of every price series that is asked about."""
    plans = decision_plan.plan(sight.view, params, explain=explain, asked=sight.asked)
    calls = [
        (row, _signal(sight.view, row, facts, sight.coming.get(key.gpu), sight.shocked, sight.as_of))
        for row, (key, facts) in enumerate(zip(sight.view.panel.keys, plans, strict=True))
        if sight.asked[row]
    ]
    if not explain:
        return [call for _, call in calls]
    known, fresh = {one.key: one for one in sight.known}, fresh_by_market(sight.view)
    return [
        _with_due_day(call, first_call_on(sight.view, row, known, params, fresh))
        if call.action is Action.NO_CALL
        else call
        for row, call in calls
    ]


def _with_due_day(call: Signal, due: date | None) -> Signal:
    """A call that cannot be made yet, with the day on which it can."""
    if due is None:
        return call
    what = f"the same prices read again in the coming days: a first call is due on {in_words(due)}"
    return replace(call, would_change=(what,))


def _last_days(known: Sequence[Series], now: datetime, stale_weeks: int) -> list[tuple[datetime, set[tuple[str, str]]]]:
    """The moments at which the markets are asked: now, and for those whose prices have ended their last day."""
    today, last = (now.date() - EPOCH).days, dict[tuple[str, str], int]()
    for one in known:
        market = market_of(one.key)
        last[market] = max(last.get(market, 0), int(one.days[-1]))
    asked: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for market, day in last.items():
        asked[today if today - day <= 7 * stale_weeks else day].add(market)
    ends = {day: datetime.combine(EPOCH + timedelta(days=day), datetime.max.time(), UTC) for day in asked}
    return [(now if day == today else ends[day], markets) for day, markets in sorted(asked.items())]


def _merge(group: Sequence[Signal]) -> Signal:
    """The call of the middle series; another currency than most have, or a spot price beside a list price, no say."""
    made = [call for call in group if call.action is not Action.NO_CALL] or list(group)
    made = [call for call in made if call.series and "spot" not in call.series.stat] or made
    currencies = [call.price.currency for call in made if call.price]
    main = max(sorted(set(currencies)), key=currencies.count) if currencies else ""
    made = [call for call in made if call.price and call.price.currency == main] or made
    ordered = sorted(made, key=lambda call: (call.expected_saving, str(call.series)))
    return replace(ordered[(len(ordered) - 1) // 2], series=None)


def _with_history_note(signal: Signal) -> Signal:
    text = f"its prices end on {in_words(signal.as_of.date())}: this is the call for that day, not for today"
    note = Reason(code="history", text=text)
    changes = (MORE_PRICES,) if signal.action is Action.NO_CALL else signal.would_change  # no due day of long ago
    return replace(signal, reasons=(note, *signal.reasons), would_change=changes)


def _forgotten(known: Sequence[Series], view: Outlook, as_of: datetime) -> list[Signal]:
    """No call for what has not been seen for years."""
    seen = {(key.gpu, key.condition, key.region) for key in view.panel.keys}
    old = [one for one in known if (one.key.gpu, one.key.condition, one.key.region) not in seen]
    return [_too_old(one, as_of) for one in old if not one.key.gpu.startswith("memory:")]


def _too_old(one: Series, as_of: datetime) -> Signal:
    last = EPOCH + timedelta(days=int(one.days[-1]))
    return Signal(
        gpu=one.key.gpu,
        condition=_condition(one.key),
        region=one.key.region,
        action=Action.NO_CALL,
        window_low_weeks=None,
        window_high_weeks=None,
        expected_saving=0.0,
        saving_low=0.0,
        saving_high=0.0,
        confidence=0.5,
        price=_money(float(one.prices[-1]), one.key.currency),
        as_of=as_of,
        data_on=last,
        reasons=(Reason(code="too_little", text=f"the newest price is {(as_of.date() - last).days // 7} weeks old"),),
        would_change=(MORE_PRICES,),
        series=one.key,
    )


def _signal(
    view: Outlook, row: int, facts: Facts, coming: Successor | None, shocked: Set[str], as_of: datetime
) -> Signal:
    key, price = view.panel.keys[row], float(np.exp(view.panel.level[row]))
    limbo = _limbo(view, row, facts, coming, shocked) if facts.action is Action.WAIT else None
    action = Action.LIMBO if limbo else facts.action
    low, high = _window(facts, coming, limbo)
    seen = EPOCH + timedelta(days=view.panel.day - 7 * int(view.panel.age[row]))
    return Signal(
        gpu=key.gpu,
        condition=_condition(key),
        region=key.region,
        action=action,
        window_low_weeks=low,
        window_high_weeks=high,
        expected_saving=facts.saving,
        saving_low=facts.saving_low,
        saving_high=facts.saving_high,
        confidence=facts.confidence,
        price=_money(price, key.currency) if np.isfinite(price) else None,
        as_of=as_of,
        data_on=facts.data_on or seen,
        reasons=reasons(facts, coming, limbo),
        limit_price=_limit(price, facts, key.currency),
        would_change=changes_mind(facts, price, key.currency, coming, action),
        series=key,
    )


def _limit(price: float, facts: Facts, currency: str) -> Money | None:
    if facts.action is not Action.WAIT or facts.limit is None:
        return None
    return _money(round_price(price * float(np.exp(facts.limit)), up=False), currency)


def _limbo(view: Outlook, row: int, facts: Facts, coming: Successor | None, shocked: Set[str]) -> NamedReason | None:
    """What the end of waiting hangs on, where it is an event and not only a lower price."""
    key = view.panel.keys[row]
    if coming and coming.within_months[9] >= LIMBO_CHANCE and key.condition != "rental":
        code = "successor_announced" if coming.announced else "successor_due"
        return NamedReason(code=code, text=successor_text(coming))
    long = facts.stop_high is not None and facts.stop_high > LIMBO_AFTER_WEEKS
    if long and key.region in shocked and view.rate[row] <= 0 and key.condition != "rental":
        return NamedReason(code="shock", text="new cards cost over 1.3 times their launch prices and no longer rise")
    if long and view.falls[row]:
        return NamedReason(code="clear_fall", text="this market has clearly been falling for four weeks or more")
    return None


def _window(facts: Facts, coming: Successor | None, limbo: NamedReason | None) -> tuple[float | None, float | None]:
    if facts.action is not Action.WAIT:
        return None, None
    if limbo and limbo.code.startswith("successor") and coming and coming.low_weeks is not None:
        high = min(coming.high_weeks or MOST_LIMBO_WEEKS, MOST_LIMBO_WEEKS)
        return min(coming.low_weeks, high), high
    return facts.stop_low, facts.stop_high


def _money(amount: float, currency: str) -> Money:
    return Money(amount=Decimal(f"{amount:.4f}"), currency=currency)


def _condition(key: SeriesKey) -> Condition:
    return Condition(key.condition) if key.condition in set(Condition) else Condition.UNKNOWN
