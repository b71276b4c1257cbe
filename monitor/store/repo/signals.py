"""Signals: a row for each flip, and beside it the newest figures of each key."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from monitor.core.models import Action, Condition, Money, Reason, SeriesKey, Signal, SignalFlip
from monitor.store.tables import SignalRow, SignalStateRow

SERIES_FIELDS = ("source", "gpu", "condition", "stat", "region", "currency")


def add_signals(session: Session, signals: Iterable[Signal]) -> list[SignalFlip]:
    """Store signals and return those whose action differs from the newest stored one of their key.

    A first signal of a key is a flip from `None`. A signal older than the newest stored one is ignored.
    """
    states = {_key(row): row for row in session.exec(select(SignalStateRow))}
    flips: list[SignalFlip] = []
    for signal in signals:
        state = states.get(_key(signal))
        if state is not None and signal.as_of < state.as_of:
            continue
        if state is None or state.action != signal.action.value:
            flips.append(SignalFlip(previous=None if state is None else _signal_from(state), current=signal))
            session.add(SignalRow(**_values(signal)))
        states[_key(signal)] = _renewed(session, state, _values(signal))
    session.flush()
    return flips


def latest_signals(session: Session, *, gpu: str | None = None, goal: str | None = None) -> list[Signal]:
    """The newest signal of each key, with the figures of the last run."""
    query = select(SignalStateRow)
    query = query if gpu is None else query.where(SignalStateRow.gpu == gpu)
    query = query if goal is None else query.where(SignalStateRow.goal == goal)
    order = (SignalStateRow.gpu, SignalStateRow.condition, SignalStateRow.region, SignalStateRow.goal)
    return [_signal_from(row) for row in session.exec(query.order_by(*order))]


def signals_as_of(session: Session, as_of: datetime, *, goal: str | None = None) -> list[Signal]:
    """The signal of each key that held at `as_of`, with the figures of its flip."""
    query = select(SignalRow).where(col(SignalRow.as_of) <= as_of).order_by(col(SignalRow.as_of), col(SignalRow.id))
    query = query if goal is None else query.where(SignalRow.goal == goal)
    return [_signal_from(row) for row in {_key(row): row for row in session.exec(query)}.values()]


def signal_history(
    session: Session,
    *,
    gpu: str | None = None,
    condition: Condition | None = None,
    region: str | None = None,
    goal: str | None = None,
    since: datetime | None = None,
) -> list[Signal]:
    """Every flip in order of time: each signal as it was when its action first held."""
    query = select(SignalRow).order_by(col(SignalRow.as_of), col(SignalRow.id))
    query = query if gpu is None else query.where(SignalRow.gpu == gpu)
    query = query if condition is None else query.where(SignalRow.condition == condition.value)
    query = query if region is None else query.where(SignalRow.region == region)
    query = query if goal is None else query.where(SignalRow.goal == goal)
    query = query if since is None else query.where(col(SignalRow.as_of) >= since)
    return [_signal_from(row) for row in session.exec(query)]


def _renewed(session: Session, state: SignalStateRow | None, values: dict[str, Any]) -> SignalStateRow:
    """The row of the newest figures with these values; without one, a new one (a merge would ask for it first)."""
    if state is None:
        state = SignalStateRow(**values)
        session.add(state)
    for name, value in values.items():
        setattr(state, name, value)
    return state


def _key(item: Signal | SignalRow | SignalStateRow) -> tuple[str, str, str, str]:
    return (item.gpu, str(item.condition), item.region, item.goal)


def _values(signal: Signal) -> dict[str, Any]:
    return {
        "gpu": signal.gpu,
        "condition": signal.condition.value,
        "region": signal.region,
        "goal": signal.goal,
        "as_of": signal.as_of,
        "action": signal.action.value,
        "body": {
            "window_low_weeks": signal.window_low_weeks,
            "window_high_weeks": signal.window_high_weeks,
            "expected_saving": signal.expected_saving,
            "saving_low": signal.saving_low,
            "saving_high": signal.saving_high,
            "confidence": signal.confidence,
            "price": _money_out(signal.price),
            "limit_price": _money_out(signal.limit_price),
            "would_change": list(signal.would_change),
            "series": None if signal.series is None else [getattr(signal.series, name) for name in SERIES_FIELDS],
            "data_on": None if signal.data_on is None else signal.data_on.isoformat(),
            "reasons": [[reason.code, reason.text, reason.contribution] for reason in signal.reasons],
        },
    }


def _signal_from(row: SignalRow | SignalStateRow) -> Signal:
    body = row.body
    series = body["series"]
    return Signal(
        gpu=row.gpu,
        condition=Condition(row.condition),
        region=row.region,
        goal=row.goal,
        as_of=row.as_of,
        action=Action(row.action),
        window_low_weeks=body["window_low_weeks"],
        window_high_weeks=body["window_high_weeks"],
        expected_saving=body["expected_saving"],
        saving_low=body["saving_low"],
        saving_high=body["saving_high"],
        confidence=body["confidence"],
        price=_money_in(body["price"]),
        limit_price=_money_in(body["limit_price"]),
        would_change=tuple(body["would_change"]),
        series=None if series is None else SeriesKey(**dict(zip(SERIES_FIELDS, series, strict=True))),
        data_on=None if body["data_on"] is None else date.fromisoformat(body["data_on"]),
        reasons=tuple(Reason(code=code, text=text, contribution=share) for code, text, share in body["reasons"]),
    )


def _money_out(money: Money | None) -> list[str] | None:
    return None if money is None else [str(money.amount), money.currency]


def _money_in(stored: list[str] | None) -> Money | None:
    return None if stored is None else Money(amount=Decimal(stored[0]), currency=stored[1])
