"""Replay of `decision.decide` over history, week by week, and the table of how it and simple rules did."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np

from monitor.core import backtest_rules
from monitor.core.backtest_quality import Calls, quality
from monitor.core.backtest_score import (
    CARRY_WEEKS,
    Arrivals,
    Bools,
    Share,
    Track,
    arrivals,
    monday_after,
    share_by_condition,
    share_by_half_year,
    share_by_source,
)
from monitor.core.decision import DecisionParams, decide
from monitor.core.models import Action, Gpu, NewsEvent, Series, SeriesKey, Signal
from monitor.core.panel import WEEKS

EPOCH = date(1970, 1, 1)
BUYS = frozenset({Action.BUY_NOW, Action.NO_CALL})


def replay(
    series: Sequence[Series], gpus: Mapping[str, Gpu], params: DecisionParams, news: Sequence[NewsEvent] = ()
) -> Iterator[list[Signal]]:
    """The calls of every Monday from the first price to nine weeks after the last: what `decide` said on that day."""
    for week in mondays(series):
        yield calls_of_week(series, gpus, week, params, news)


def calls_of_week(
    series: Sequence[Series], gpus: Mapping[str, Gpu], week: int, params: DecisionParams, news: Sequence[NewsEvent] = ()
) -> list[Signal]:
    """The calls of one Monday (days since 1970). Series that `decide` would not look at then are not shown to it."""
    as_of = datetime.combine(EPOCH + timedelta(days=week), datetime.min.time(), UTC)
    near = [one for one in series if one.days[0] <= week and one.days[-1] > week - 7 * WEEKS]
    return decide(near, gpus, as_of, params, news, per_series=True, explain=False)


def mondays(series: Sequence[Series]) -> range:
    """Every Monday from the first price to nine weeks after the last, as days since 1970."""
    if not series:
        return range(0)
    first = min(int(one.days[0]) for one in series)
    last = max(int(one.days[-1]) for one in series) + 7 * CARRY_WEEKS
    return range(int(monday_after(np.array([first]))[0]), last + 1, 7)


class CallBook:
    """The newest call of each scored series on each Monday, collected while the calls are made."""

    def __init__(self, scored: Sequence[Track]) -> None:
        self._scored = scored
        self._buys = [np.ones(len(track.weeks), bool) for track in scored]
        self._silent = [np.ones(len(track.weeks), bool) for track in scored]
        self._confidence = [np.full(len(track.weeks), 0.5) for track in scored]
        self._called: set[SeriesKey] = set()
        self._number = {track.key: number for number, track in enumerate(scored)}

    def add(self, signals: Iterable[Signal]) -> None:
        """Note calls; a later call of the same series replaces an earlier one from its Monday on."""
        for signal in signals:
            number = self._number.get(signal.series) if signal.series else None
            if number is not None:
                self._called.add(self._scored[number].key)
                self._note(number, (signal.as_of.date() - EPOCH).days, signal.action, signal.confidence)

    def _note(self, number: int, day: int, action: Action, confidence: float) -> None:
        weeks = self._scored[number].weeks
        start = int(np.searchsorted(weeks, day))
        end = int(np.searchsorted(weeks, day + 7 * CARRY_WEEKS, side="right"))
        self._buys[number][start:end] = action in BUYS
        self._buys[number][end:] = True
        self._silent[number][start:end] = action is Action.NO_CALL
        self._silent[number][end:] = True
        self._confidence[number][start:end] = confidence

    @property
    def calls(self) -> Calls:
        """The newest calls with what they stated."""
        return Calls(waits=[~mask for mask in self._buys], silent=self._silent, confidence=self._confidence)

    @property
    def missing(self) -> int:
        """How many scored series never got a call."""
        return len(self._scored) - len(self._called)

    @property
    def buys(self) -> list[Bools]:
        """For each scored series: the Mondays on which its newest call, at most 9 weeks old, says to buy."""
        return self._buys


def compare(
    scored: Sequence[Track],
    buys: Sequence[Bools],
    gpus: Mapping[str, Gpu],
    delay_cost: float = 0.005,
    horizon_weeks: int = 26,
) -> dict[str, Arrivals]:
    """What buyers paid under the calls ("limbo") and under each simple rule and oracle, by name."""
    rules = {"limbo": buys, **backtest_rules.simple_rules(scored, gpus)}
    return {name: arrivals(scored, mask, delay_cost, horizon_weeks) for name, mask in rules.items()}


def report(found: Arrivals) -> dict[str, object]:
    """The figures of `score-decisions`, unrounded: by source and pooled, by half-year, with each half-year left out."""
    sources = {name: _figures(share) for name, share in share_by_source(found).items()}
    episodes = {
        name: {
            "share": share.share,
            "loss": share.loss,
            "possible": share.possible,
            "without": rest.share if rest else None,
            "arrivals": share.arrivals,
        }
        for name, (share, rest) in share_by_half_year(found).items()
    }
    conditions = {name: _figures(share) for name, share in share_by_condition(found).items()}
    return {"sources": sources, "episodes": episodes, "conditions": conditions}


def track_record(
    scored: Sequence[Track],
    book: CallBook,
    gpus: Mapping[str, Gpu],
    delay_cost: float = 0.005,
    horizon_weeks: int = 26,
) -> dict[str, object]:
    """What is said about a replay: the figures of the calls and of each rule, and how good the calls were."""
    table = compare(scored, book.buys, gpus, delay_cost, horizon_weeks)
    rules = {name: report(found) for name, found in table.items()}
    made = quality(scored, table["limbo"], book.calls, delay_cost)
    return {"missing_series": book.missing, **rules["limbo"], "quality": made, "rules": rules}


def _figures(share: Share) -> dict[str, float | int]:
    return {
        "series": share.series,
        "share": share.share,
        "loss": share.loss,
        "possible": share.possible,
        "buys": share.buys,
    }
