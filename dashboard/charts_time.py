"""Launches over time, a row for each tier, with the windows in which followers are expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import altair as alt
import pandas as pd

from dashboard.charts import Picture, dressed
from dashboard.theme import Palette
from monitor.core.models import Gpu

WORDS = {"geforce": "GeForce", "radeon": "Radeon", "ti": "Ti", "arc": "Arc", "xt": "XT", "rtx": "RTX", "pro": "Pro"}


@dataclass(frozen=True, kw_only=True)
class Expected:
    """The window in which the follower of a card is expected."""

    tier: str
    after: str
    low: date
    high: date


def tier_name(tier: str) -> str:
    """A tier as people write it.

    >>> tier_name("geforce-80-ti")
    'GeForce 80 Ti'
    """
    return " ".join(WORDS.get(part, part) for part in tier.split("-"))


def launches(gpus: Sequence[Gpu], expected: Sequence[Expected], colours: Palette) -> Picture | None:
    """A dot for each launch, named at the newest of its tier (the others on hover), and a bar for what is expected."""
    rows = [
        {"day": pd.Timestamp(gpu.launched_on), "tier": tier_name(gpu.tier or gpu.name), "name": gpu.name}
        | {"usd": gpu.msrp_usd}
        for gpu in gpus
        if gpu.launched_on is not None
    ]
    if not rows:
        return None
    data = pd.DataFrame(rows).sort_values("day")
    order = list(dict.fromkeys(data["tier"].iloc[::-1]))  # the newest launch first
    y = alt.Y("tier:N", title=None, sort=order)
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%Y", tickCount=6))
    base = alt.Chart(data).encode(x=x, y=y)
    tips = [alt.Tooltip("name:N"), alt.Tooltip("day:T"), alt.Tooltip("usd:Q", title="MSRP, USD")]
    line = base.mark_line(strokeWidth=1, color=colours.rule).encode(detail="tier:N")
    dots = base.mark_point(filled=True, size=70, color=colours.accent).encode(tooltip=tips)
    newest = data[~data.tier.duplicated(keep="last")]
    names = (
        alt.Chart(newest)
        .mark_text(align="right", dx=-7, dy=-8, fontSize=11, color=colours.ink)
        .encode(x=x, y=y, text="name:N")
    )
    layers = [line, *_windows(expected, order, colours), dots, names]
    height = max(200, 30 * data.tier.nunique())
    chart = dressed(alt.layer(*layers), colours).properties(height=height)
    return Picture(chart=chart, alt=_in_words(data, expected), data=data)


def _windows(expected: Sequence[Expected], order: Sequence[str], colours: Palette) -> list[alt.Chart]:
    if not expected:
        return []
    rows = [
        {"low": pd.Timestamp(e.low), "high": pd.Timestamp(e.high), "tier": tier_name(e.tier), "after": e.after}
        for e in expected
    ]
    tips = [alt.Tooltip("after:N", title="follower of"), alt.Tooltip("low:T"), alt.Tooltip("high:T")]
    bars = (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar(height=9, opacity=0.55, color=colours.second)
        .encode(x=alt.X("low:T", title=None), x2="high:T", y=alt.Y("tier:N", sort=list(order)), tooltip=tips)
    )
    return [bars]


def _in_words(data: pd.DataFrame, expected: Sequence[Expected]) -> str:
    gaps = data.groupby("tier")["day"].diff().dt.days.dropna() / 30.44
    words = f"{len(data)} launches."
    if len(gaps):
        words += f" Between two of one tier lie {gaps.median():.0f} months in the middle ({len(gaps)} gaps)."
    if expected:
        soon = min(expected, key=lambda e: e.low)
        words += (
            f" Bars show when a follower is expected: {len(expected)} windows, "
            f"the first for the {soon.after} ({soon.low:%B %Y} to {soon.high:%B %Y})."
        )
    return words
