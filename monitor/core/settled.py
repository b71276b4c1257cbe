"""What became of a call whose horizon has ended: the price then against the best price that waiting would have got."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from monitor.core.models import Action, Series, Signal

EPOCH = date(1970, 1, 1)
HORIZON = timedelta(weeks=26)
RECENT = timedelta(days=14)  # older endings are no news
LEAST_POINTS = 4  # on fewer prices nothing is said


def settled_calls(calls: Sequence[Signal], series: Sequence[Series], now: datetime) -> dict[str, str]:
    """For each call that ended in the last two weeks one sentence, by "GPU|condition|region|day of the call".

    A call ends after 26 weeks; no call is never settled. Of several price series of a market the one with the most
    prices in the time is asked.
    """
    found: dict[str, str] = {}
    for call in calls:
        if call.action is Action.NO_CALL or call.price is None or not now - RECENT < call.as_of + HORIZON <= now:
            continue
        lowest = _lowest(call, series)
        if lowest is not None:
            key = f"{call.gpu}|{call.condition}|{call.region}|{call.as_of.date().isoformat()}"
            found[key] = _sentence(call, *lowest)
    return found


def _lowest(call: Signal, series: Sequence[Series]) -> tuple[float, date] | None:
    """The lowest price after the call and within its horizon, and its day."""
    first, last = _day(call.as_of), _day(call.as_of + HORIZON)
    market = (call.gpu, str(call.condition), call.region, call.price.currency if call.price else "")
    best: tuple[int, float, int] | None = None
    for one in series:
        if (one.key.gpu, one.key.condition, one.key.region, one.key.currency) != market:
            continue
        inside = (one.days > first) & (one.days <= last)
        count = int(inside.sum())
        if count >= LEAST_POINTS and (best is None or count > best[0]):
            at = int(one.prices[inside].argmin())
            best = (count, float(one.prices[inside][at]), int(one.days[inside][at]))
    return None if best is None else (best[1], EPOCH + timedelta(days=best[2]))


def _sentence(call: Signal, lowest: float, on: date) -> str:
    assert call.price is not None
    then, currency = float(call.price.amount), call.price.currency
    change = lowest / then - 1
    where = f" in {call.region}" if call.region else ""
    called = (
        f"{call.gpu} {call.condition}{where}: {str(call.action).replace('_', ' ')} of {call.as_of.date().isoformat()}"
    )
    after = f"the lowest price of the 26 weeks after it was {lowest:.2f} {currency} on {on.isoformat()} ({change:+.1%})"
    return f"{called} at {then:.2f} {currency}: {after}"


def _day(moment: datetime) -> int:
    return (moment.astimezone(UTC).date() - EPOCH).days
