"""Data -> chart, in one look: direct labels, units, no junk; and the sentence that says the same."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from dashboard.formats import chart_locale
from dashboard.theme import Palette
from monitor.core.models import Series

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_POINTS = 400


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A dated event on a price chart: a launch, a headline, or a change of the call."""

    day: date
    label: str
    kind: str  # launch, news, or the action of a call
    rented: bool = False


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A chart, the same in words for those who do not see it, and its data for download."""

    chart: Any
    alt: str
    data: pd.DataFrame


def daily(series: Series) -> tuple[np.ndarray, np.ndarray]:
    """One price a day: the lowest of a `min_offer` series (nobody buys the median board), else the median."""
    if (np.diff(series.days) > 0).all():  # nearly always
        return series.days, series.prices
    days, starts = np.unique(series.days, return_index=True)
    lowest = "min" in series.key.stat
    prices = [(np.min if lowest else np.median)(part) for part in np.split(series.prices, starts[1:])]
    return days, np.array(prices)


def dates(numbers: np.ndarray) -> list[datetime]:
    """Days since 1970 as moments."""
    return [EPOCH + timedelta(days=int(day)) for day in numbers]


def extremes_kept(values: np.ndarray, most: int) -> np.ndarray:
    """Indices of at most about `most` points that keep each stretch's first, lowest and highest value."""
    n = len(values)
    if n <= most:
        return np.arange(n)
    edges = np.linspace(0, n, max(2, most // 3) + 1).astype(int)
    keep = {0, n - 1}
    for a, b in pairwise(edges):
        if b > a:
            keep |= {a, a + int(np.argmin(values[a:b])), a + int(np.argmax(values[a:b]))}
    return np.array(sorted(keep))


def dressed(chart: Any, colours: Palette) -> Any:
    return (
        (chart.resolve_scale(color="independent") if isinstance(chart, alt.LayerChart) else chart)
        .configure(background="transparent", locale={"number": chart_locale()})
        .configure_axis(
            labelColor=colours.faint,
            titleColor=colours.faint,
            gridColor=colours.rule,
            domainColor=colours.rule,
            tickColor=colours.rule,
            labelFontSize=12,
            titleFontSize=12,
        )
        .configure_legend(labelColor=colours.ink, labelLimit=260, labelFontSize=12)
        .configure_range(category=[colours.accent, colours.second, *_more(colours)])
        .configure_view(stroke=None)
    )


def _more(colours: Palette) -> list[str]:
    return (
        ["#6b2fb8", "#00796b", "#a0255f", "#4d5a00"]
        if colours.paper == "#ffffff"
        else [
            "#c9a6ff",
            "#5fd3c4",
            "#ff9dc6",
            "#d4e157",
        ]
    )
