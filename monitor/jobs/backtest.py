"""The track record of this installation: the same decision, week by week, over the prices in its own database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import isfinite
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from monitor.catalog import Catalog
from monitor.core import backtest
from monitor.core.backtest_score import tracks
from monitor.core.decision import DecisionParams, merge_signals
from monitor.core.gauge import limbo_gauge
from monitor.core.models import Condition, Series
from monitor.store import repo
from monitor.store.engine import session_scope

KEPT = "backtest"  # the name of the choice that holds the newest result
GOOD_FOR = timedelta(days=7)
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Backtested:
    """What a run came to: series that could be scored, weeks that were replayed."""

    series: int
    weeks: int


def run_backtest(
    engine: Engine,
    catalog: Catalog,
    now: datetime,
    stopped: Callable[[], bool] = lambda: False,
    on_week: Callable[[int, int], None] = lambda done, total: None,
) -> Backtested | None:
    """Replay every Monday of the scored series, keep the figures, and say how much it was; `None` where `stopped`.

    Cards are scored, new and used; rentals are only looked at, as the market that they are. `on_week` hears of it.
    """
    with session_scope(engine, read_only=True) as session:
        series = repo.series_as_of(session, now)
    scored = tracks([one for one in series if one.key.condition != Condition.RENTAL], catalog.gpus)
    book = backtest.CallBook(scored)
    weeks, gauges = backtest.mondays(series), list[list[object]]()
    for number, week in enumerate(weeks):
        if stopped():
            return None
        calls = backtest.calls_of_week(series, catalog.gpus, week, DecisionParams())
        book.add(calls)
        if gauge := limbo_gauge(merge_signals(calls)):
            gauges.append([_day(week), round(gauge.value, 1), round(gauge.low, 1), round(gauge.high, 1)])
        on_week(number + 1, len(weeks))
    figures = backtest.track_record(scored, book, catalog.gpus) if scored else {"sources": {}}
    about = {
        "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "prices": _points(series),
        "series": len(scored),
        "weeks": len(weeks),
        "first_day": _day(min((int(track.weeks[0]) for track in scored), default=None)),
        "last_day": _day(max((int(track.weeks[-1]) for track in scored), default=None)),
        "gauge": gauges,  # day, value, low, high of each Monday on which anything could be called
    }
    with session_scope(engine) as session:
        repo.put_choice(session, KEPT, _storable({**about, **figures}), now)
    return Backtested(series=len(scored), weeks=len(weeks))


def backtest_is_due(session: Session, now: datetime) -> bool:
    """Whether there is no result, or one that is a week old and was made from other prices than are stored now."""
    kept = repo.choice(session, KEPT)
    if not isinstance(kept, dict):
        return True
    old = now - datetime.fromisoformat(str(kept["made_at"])) >= GOOD_FOR
    return old and kept.get("prices") != _points(repo.series_as_of(session, now))


def _points(series: Sequence[Series]) -> int:
    return sum(len(one.days) for one in series)


def _day(number: int | None) -> str | None:
    return None if number is None else (EPOCH + timedelta(days=number)).isoformat()


def _storable(value: Any) -> Any:
    """The same with `None` for what is no number: JSON has no word for it."""
    if isinstance(value, Mapping):
        return {str(name): _storable(one) for name, one in value.items()}  # type: ignore[reportUnknownVariableType]
    if isinstance(value, list | tuple):
        return [_storable(one) for one in value]  # type: ignore[reportUnknownVariableType]
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value
