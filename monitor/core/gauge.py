"""The limbo gauge: one number for how much of the market one should wait for, with an interval, now or on any day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from monitor.core.models import Action, Condition, Signal

Z80 = 1.2816
PRIOR_CALLS = 2.0
FRESH_DAYS = 63


@dataclass(frozen=True, kw_only=True)
class Gauge:
    """0: everything can be bought at once; 100: everything should be waited for. 80 % interval over segments."""

    value: float
    low: float
    high: float
    segments: int  # markets (condition and region; all clouds are one) with a call


def fresh(signals: Iterable[Signal], now: datetime) -> list[Signal]:
    """The calls that rest on prices of the last nine weeks."""
    return [one for one in signals if one.data_on and (now.date() - one.data_on).days <= FRESH_DAYS]


def limbo_gauge(signals: Sequence[Signal]) -> Gauge | None:
    """The mean over markets of the share of cards to wait for; a market of few cards leans to none. `None` without a
    single call."""
    waits: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for signal in signals:
        if signal.action is not Action.NO_CALL:
            rented = signal.condition is Condition.RENTAL  # a cloud's region is no market of its own
            place = str(signal.condition), "" if rented else signal.region
            waits[place].append(signal.action is not Action.BUY_NOW)
    if not waits:
        return None
    shares = [sum(calls) / (len(calls) + PRIOR_CALLS) for calls in waits.values()]
    count = len(shares)
    mean = sum(shares) / count
    spread = sum((share - mean) ** 2 for share in shares) + 0.25  # one more market, half way off
    reach = Z80 * sqrt(spread / count / count)
    return Gauge(
        value=100 * mean, low=max(0.0, 100 * (mean - reach)), high=min(100.0, 100 * (mean + reach)), segments=count
    )
