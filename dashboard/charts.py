"""Data -> chart, in one look: direct labels, units, no junk; and the sentence that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from dashboard.theme import Palette
from monitor.core.models import Series

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_POINTS = 400


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A dated event on a price chart: a launch, or a change of the call."""

    day: date
    label: str
    kind: str  # launch, call


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A chart, the same in words for those who do not see it, and its data for download."""

    chart: Any
    alt: str
    data: pd.DataFrame


def price_history(
    series: Sequence[Series], msrp_usd: float | None, marks: Sequence[Mark], colours: Palette
) -> Picture | None:
    """Prices of one GPU over time, a line for each source, with its MSRP and the events; `None` below two prices."""
    frames = [_frame(one) for one in series if len(one.days)]
    data = pd.concat(frames) if frames else pd.DataFrame(columns=["day", "price", "source"])
    if len(data) < 2:
        return None
    currency = series[0].key.currency
    unit = f"{currency} per GPU-hour" if series[0].key.condition == "rental" else currency
    lines = (
        alt.Chart(data)
        .mark_line(interpolate="step-after", strokeWidth=1.8)
        .encode(
            x=alt.X("day:T", title=None, axis=alt.Axis(format="%b %Y", labelAngle=0, tickCount=6)),
            y=alt.Y("price:Q", title=unit, scale=alt.Scale(zero=False)),
            color=alt.Color("source:N", title=None, legend=alt.Legend(orient="bottom", columns=1)),
            tooltip=[
                alt.Tooltip("day:T", title="day"),
                alt.Tooltip("price:Q", title=unit, format=",.2f"),
                alt.Tooltip("source:N", title="source"),
            ],
        )
    )
    layers = [lines, *_msrp(msrp_usd, currency, series[0].key.condition, colours), *_events(marks, data, colours)]
    words = _in_words(data, unit, msrp_usd if currency == "USD" else None)
    return Picture(
        chart=dressed(alt.layer(*layers), colours).properties(height=300 + 22 * data.source.nunique()),
        alt=words,
        data=data,
    )


def _frame(series: Series) -> pd.DataFrame:
    numbers, prices = daily(series)
    keep = extremes_kept(prices, MOST_POINTS)
    days = dates(numbers[keep])
    label = f"{series.key.source} ({series.key.stat.replace('_', ' ')})"
    return pd.DataFrame({"day": days, "price": prices[keep], "source": label})


def daily(series: Series) -> tuple[np.ndarray, np.ndarray]:
    """One price a day: the lowest of a `min_offer` series (nobody buys the median board), else the median."""
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


def _msrp(msrp_usd: float | None, currency: str, condition: str, colours: Palette) -> list[alt.Chart]:
    if msrp_usd is None or currency != "USD" or condition == "rental":
        return []
    rows = pd.DataFrame({"price": [msrp_usd], "label": [f"MSRP {msrp_usd:,.0f}"]})
    line = alt.Chart(rows).mark_rule(strokeDash=[6, 4], color=colours.faint).encode(y="price:Q")
    text = (
        alt.Chart(rows)
        .mark_text(align="left", dx=4, dy=-6, color=colours.faint, fontSize=12)
        .encode(y="price:Q", x=alt.value(0), text="label:N")
    )
    return [line, text]


def _events(marks: Sequence[Mark], data: pd.DataFrame, colours: Palette) -> list[alt.Chart]:
    first, last = data.day.min(), data.day.max()
    rows = [
        {"day": datetime.combine(mark.day, datetime.min.time(), UTC), "label": mark.label, "kind": mark.kind}
        for mark in marks
    ]
    shown = pd.DataFrame([row for row in rows if first <= row["day"] <= last])
    if shown.empty:
        return []
    rule = (
        alt.Chart(shown)
        .mark_rule(strokeDash=[2, 3], strokeWidth=1.2)
        .encode(
            x="day:T",
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=["launch", "call"], range=[colours.second, colours.accent]),
                legend=None,
            ),
            tooltip=["day:T", "label:N"],
        )
    )
    named = shown.loc[shown["kind"] == "launch"].sort_values(by="day")  # calls say their name on hover
    middle = first + (last - first) / 2
    names = [
        alt.Chart(named.iloc[[number]])
        .mark_text(
            align="left" if day < middle else "right", dx=4 if day < middle else -4, fontSize=11, color=colours.faint
        )
        .encode(x="day:T", y=alt.value(6 + 13 * (number % 3)), text="label:N")
        for number, day in enumerate(named.day)
    ]
    return [rule, *names]


def _in_words(data: pd.DataFrame, unit: str, msrp_usd: float | None) -> str:
    ordered = data.sort_values("day")
    first, last = ordered.iloc[0], ordered.iloc[-1]
    words = (
        f"Prices from {first.day:%Y-%m-%d} to {last.day:%Y-%m-%d}: {first.price:,.2f} at first, "
        f"{last.price:,.2f} {unit} at last, between {data.price.min():,.2f} and {data.price.max():,.2f}."
    )
    return words + (f" MSRP {msrp_usd:,.0f}." if msrp_usd else "")


def dressed(chart: Any, colours: Palette) -> Any:
    return (
        (chart.resolve_scale(color="independent") if isinstance(chart, alt.LayerChart) else chart)
        .configure(background="transparent")
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
