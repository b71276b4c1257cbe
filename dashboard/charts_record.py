"""Pictures of the track record: whether the stated confidence came true, and what following the calls added up to."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from dashboard import formats, texts
from dashboard.charts import Picture, dressed
from dashboard.theme import Palette
from monitor.core.amounts import shown_decimals
from monitor.core.record import RunningSum


def known_rows(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The ranges of confidence in which there were calls."""
    return [row for row in rows if row["stated"] is not None and row["came_true"] is not None]


def reliability(known: Sequence[Mapping[str, Any]], colours: Palette) -> Picture:
    """Stated confidence against the share that came true, a dot for each range; on the line they are the same."""
    data = pd.DataFrame(
        [{"stated": r["stated"] * 100, "came true": r["came_true"] * 100, "calls": r["calls"]} for r in known]
    )
    axis = alt.Scale(domain=[0, 100])
    x = alt.X("stated:Q", title="stated, %", scale=axis)
    y = alt.Y("came true:Q", title="came true, %", scale=axis)
    even = pd.DataFrame({"stated": [0, 100], "came true": [0, 100]})
    line = alt.Chart(even).mark_line(strokeDash=[5, 4], color=colours.faint).encode(x=x, y=y)
    tips = [alt.Tooltip("stated:Q", format=".0f"), alt.Tooltip("came true:Q", format=".0f"), "calls:Q"]
    dots = (
        alt.Chart(data)
        .mark_point(filled=True, color=colours.accent, opacity=0.9)
        .encode(x=x, y=y, size=alt.Size("calls:Q", legend=None, scale=alt.Scale(range=[60, 500])), tooltip=tips)
    )
    names = (
        alt.Chart(data)
        .mark_text(align="left", dx=14, fontSize=11, color=colours.ink)
        .encode(x=x, y=y, text=alt.Text("calls:Q", format=",.0f"))
    )
    words = "; ".join(
        texts.RELIABLE.format(
            stated=formats.number(row["stated"] * 100), true=formats.number(row["came_true"] * 100), n=row["calls"]
        )
        for row in known
    )
    return Picture(chart=dressed(alt.layer(line, dots, names), colours).properties(height=320), alt=words, data=data)


def running_sum(points: Sequence[RunningSum], currency: str, colours: Palette) -> Picture | None:
    """What one card at each settled call cost against buying at once, added up: by the calls, and by always waiting."""
    if not points:
        return None
    rows: list[dict[str, Any]] = [{"day": p.on, "sum": p.followed, "way": texts.BY_CALLS} for p in points]
    rows += [{"day": p.on, "sum": p.waited, "way": texts.BY_WAITING} for p in points]
    data = pd.DataFrame(rows)
    data["day"], data["shown"] = pd.to_datetime(data["day"]), [_sum(row["sum"]) for row in rows]
    ways = [texts.BY_CALLS, texts.BY_WAITING]
    scale = alt.Scale(domain=ways, range=[colours.accent, colours.second])
    chart = (
        alt.Chart(data)
        .mark_line(interpolate="step-after", strokeWidth=2, point=True)
        .encode(
            x=alt.X("day:T", title=None),
            y=alt.Y("sum:Q", title=f"{currency} against buying at once"),
            color=alt.Color("way:N", title=None, scale=scale, legend=alt.Legend(orient="bottom")),
            strokeDash=alt.StrokeDash("way:N", sort=ways, legend=None),
            tooltip=["day:T", "way:N", alt.Tooltip("shown:N", title="sum")],
        )
    )
    last = points[-1]
    words = texts.RUNNING_WORDS.format(
        currency=currency,
        n=len(points),
        followed=_sum(last.followed),
        waited=_sum(last.waited),
    )
    return Picture(chart=dressed(chart, colours).properties(height=280), alt=words, data=data)


def _sum(amount: float) -> str:
    return formats.number(amount, shown_decimals(amount), sign=True)
