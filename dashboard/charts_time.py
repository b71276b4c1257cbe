"""Launches over time, a row for each tier, with the windows in which followers are expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import altair as alt
import pandas as pd

from dashboard.charts import Picture, dressed
from dashboard.theme import Palette
from monitor.core.models import Gpu

MOST_CARDS, LEAST_DAYS, BROKEN_DAYS = 50.0, 28, 21  # of 100; shorter is noise; a gap between weeks with calls
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


def limbo_periods(weeks: Sequence[tuple[date, float, float, float]]) -> list[tuple[date, date]]:
    """The stretches of at least four weeks in which one should have waited for most cards: first and last Monday."""
    periods: list[tuple[date, date]] = []
    start: date | None = None
    for number, (day, value, _, _) in enumerate(weeks):
        apart = number > 0 and (day - weeks[number - 1][0]).days > BROKEN_DAYS
        if start is not None and (value < MOST_CARDS or apart):
            periods.append((start, weeks[number - 1][0]))
            start = None
        if start is None and value >= MOST_CARDS:
            start = day
    if start is not None:
        periods.append((start, weeks[-1][0]))
    return [(first, last) for first, last in periods if (last - first).days >= LEAST_DAYS]


def gauge_picture(weeks: Sequence[tuple[date, float, float, float]], colours: Palette) -> Picture | None:
    """The limbo gauge over the years with its interval; periods in which to wait for most cards are shaded."""
    if len(weeks) < 2:
        return None
    data = pd.DataFrame(weeks, columns=["day", "gauge", "low", "high"])
    data["day"] = pd.to_datetime(data["day"])
    data["part"] = (data["day"].diff().dt.days > BROKEN_DAYS).cumsum()
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%Y", tickCount="year"))
    y = alt.Y("gauge:Q", title="of 100", scale=alt.Scale(domain=[0, 100]))
    base = alt.Chart(data).encode(x=x, detail="part:N")
    band = base.mark_area(opacity=0.2, color=colours.accent).encode(y=alt.Y("low:Q", title="of 100"), y2="high:Q")
    tips = ["day:T", alt.Tooltip("gauge:Q", format=".0f"), alt.Tooltip("low:Q", format=".0f")]
    tips += [alt.Tooltip("high:Q", format=".0f")]
    line = base.mark_line(interpolate="step-after", color=colours.accent).encode(y=y, tooltip=tips)
    periods = limbo_periods(weeks)
    layers: list[alt.Chart] = [band, line]
    if periods:
        shaded = pd.DataFrame([{"from": pd.Timestamp(a), "to": pd.Timestamp(b)} for a, b in periods])
        rect = alt.Chart(shaded).mark_rect(opacity=0.18, color=colours.second).encode(x="from:T", x2="to:T")
        layers.insert(0, rect)
    spans = "; ".join(f"{first:%B %Y} to {last:%B %Y}" for first, last in periods)
    words = f"Most cards were to be waited for from {spans}." if spans else "In no month were most cards waited for."
    return Picture(chart=dressed(alt.layer(*layers), colours).properties(height=240), alt=words, data=data)


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
