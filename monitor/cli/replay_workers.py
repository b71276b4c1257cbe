"""Replays week by week in several processes: the weeks do not depend on one another."""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor

from monitor.core.backtest import calls_of_week, mondays
from monitor.core.decision import DecisionParams
from monitor.core.models import Gpu, Series, Signal

FEWEST_WEEKS = 40  # below it starting processes takes longer than it saves
MOST_PROCESSES = 4

_Shown = tuple[Sequence[Series], Mapping[str, Gpu], DecisionParams]
_shown: _Shown | None = None


def replay(series: Sequence[Series], gpus: Mapping[str, Gpu], params: DecisionParams) -> Iterator[list[Signal]]:
    """The calls of every Monday in order of time, made by as many processes as there are cores, at most four."""
    weeks = mondays(series)
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    if processes == 1 or len(weeks) < FEWEST_WEEKS:
        yield from (calls_of_week(series, gpus, week, params) for week in weeks)
        return
    with ProcessPoolExecutor(processes, initializer=_show, initargs=((series, gpus, params),)) as pool:
        yield from pool.map(_calls, weeks, chunksize=4)


def _show(shown: _Shown) -> None:
    global _shown
    _shown = shown


def _calls(week: int) -> list[Signal]:
    assert _shown is not None
    series, gpus, params = _shown
    return calls_of_week(series, gpus, week, params)
