"""What would have been called on a day that people remember, and what came."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.core.decision import DecisionParams, decide
from monitor.core.market import price_on
from monitor.core.models import Action, Gpu, NewsEvent, Series, Signal
from monitor.core.record import buying_week, known_price
from monitor.core.successor import first_followers

EPOCH = date(1970, 1, 1)
LOOKED_WEEKS = (8, 26)
ASKED_EVERY_WEEKS = 2
TIE = 0.0005

_Place = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """One call of that day. `changes`: price change after 8 and 26 weeks (`None`: unknown); `right`: whether the call
    paid, delay included (`None`: a tie, or nobody knows)."""

    signal: Signal
    changes: Mapping[int, float | None]
    successor_on: date | None
    right: bool | None


def remember(
    series: Sequence[Series],
    gpus: Mapping[str, Gpu],
    as_of: datetime,
    params: DecisionParams,
    news: Sequence[NewsEvent] = (),
    *,
    known_by: datetime,
) -> list[Remembered]:
    """Every call that could be made on the day, newest cards first; what came later is looked up after deciding, and
    of what came after `known_by` nothing is said."""
    calls = [call for call in decide(series, gpus, as_of, params, news) if call.action is not Action.NO_CALL]
    launches, later = first_followers(gpus, known_by.date()), _later_calls(calls, series, gpus, params, news, known_by)
    end = (known_by.date() - EPOCH).days
    found = [
        _with_outcome(call, series, launches.get(call.gpu), params, later.get(_place(call), {}), end) for call in calls
    ]
    order = {name: gpu.launched_on or date.min for name, gpu in gpus.items()}
    return sorted(found, key=lambda one: order.get(one.signal.gpu, date.min), reverse=True)


def _later_calls(
    calls: Sequence[Signal],
    series: Sequence[Series],
    gpus: Mapping[str, Gpu],
    params: DecisionParams,
    news: Sequence[NewsEvent],
    known_by: datetime,
) -> dict[_Place, dict[int, Action]]:
    """What was called every second week of the half-year after for those that were told to wait, by card and market."""
    waiting = [call for call in calls if call.action is not Action.BUY_NOW]
    places, markets = {_place(call) for call in waiting}, {(str(call.condition), call.region) for call in waiting}
    found: dict[_Place, dict[int, Action]] = defaultdict(dict)
    for week in range(ASKED_EVERY_WEEKS, max(LOOKED_WEEKS) + 1, ASKED_EVERY_WEEKS) if waiting else ():
        then = waiting[0].as_of + timedelta(weeks=week)
        if then > known_by:
            break
        for call in decide(series, gpus, then, params, news, explain=False, markets=markets):
            if _place(call) in places:
                found[_place(call)][week] = call.action
    return found


def _place(call: Signal) -> _Place:
    return call.gpu, str(call.condition), call.region


def _with_outcome(
    call: Signal,
    series: Sequence[Series],
    follower_on: date | None,
    params: DecisionParams,
    later_calls: Mapping[int, Action],
    known_day: int,
) -> Remembered:
    start = (call.as_of.date() - EPOCH).days
    path = _path(call, series, start, max(LOOKED_WEEKS), known_day)
    changes = {weeks: path[weeks] for weeks in LOOKED_WEEKS}
    return Remembered(
        signal=call,
        changes=changes,
        successor_on=follower_on if follower_on and follower_on > call.as_of.date() else None,
        right=_right(call, path, params, later_calls),
    )


def _path(call: Signal, series: Sequence[Series], start: int, weeks: int, known_day: int) -> list[float | None]:
    """Relative price change of the series with the most prices in the time, by week; nothing after `known_day`."""
    place = (call.gpu, str(call.condition), call.region, call.price.currency if call.price else "")
    mine = [s for s in series if (s.key.gpu, s.key.condition, s.key.region, s.key.currency) == place]
    mine = [one for one in mine if price_on(one, start) is not None]
    if not mine:
        return [None] * (weeks + 1)
    best = max(mine, key=lambda one: int(((one.days > start) & (one.days <= start + 7 * weeks)).sum()))
    first = price_on(best, start) or 1.0
    days = [start + 7 * week for week in range(weeks + 1)]
    later = [known_price(best, day) if day <= known_day else None for day in days]
    return [None if price is None else price / first - 1 for price in later]


def _right(
    call: Signal, path: Sequence[float | None], params: DecisionParams, later_calls: Mapping[int, Action]
) -> bool | None:
    if call.action is Action.BUY_NOW:
        gain = None if path[8] is None else path[8] + 8 * params.delay_cost_per_week
    else:
        limit = float(call.limit_price.amount / call.price.amount) - 1 if call.limit_price and call.price else -1.0
        week = buying_week(path, limit, call.window_high_weeks or max(LOOKED_WEEKS), later_calls)
        bought = path[week]
        gain = None if bought is None else -bought - week * params.delay_cost_per_week
    return None if gain is None or abs(gain) < TIE else gain > 0


def day_of(text: str) -> datetime:
    """The middle of the month (or year) that `text` names; raises `ValueError` for anything else.

    >>> day_of("2017-12").date().isoformat()
    '2017-12-15'
    """
    year, _, month = text.partition("-")
    return datetime.fromisoformat(f"{int(year):04d}-{int(month or 6):02d}-15T00:00:00+00:00") + timedelta(0)
