"""Pictures of value: the price-performance plane, owning against renting, and the progress of the field."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charts import Picture, dressed
from dashboard.formats import dollars
from dashboard.theme import Palette
from monitor.core.card_cost import ResalePoint
from monitor.core.models import Score
from monitor.core.progress import Progress
from monitor.core.rent import RentOrBuy


def plane(scores: Sequence[Score], colours: Palette) -> Picture | None:
    """Price against throughput, a dot a card, with the 80 % interval of its throughput; up and left is better."""
    if not scores:
        return None
    data = pd.DataFrame(
        {
            "gpu": [s.gpu for s in scores],
            "price": [float(s.price.amount) for s in scores],
            "throughput": [s.throughput for s in scores],
            "low": [s.throughput * s.low / s.per_dollar for s in scores],
            "high": [s.throughput * s.high / s.per_dollar for s in scores],
            "condition": [str(s.condition) for s in scores],
        }
    )
    currency, unit = scores[0].price.currency, scores[0].unit
    x = alt.X("price:Q", title=f"price, {currency}", scale=alt.Scale(type="log", nice=False, padding=60))
    y = alt.Y("throughput:Q", title=unit, scale=alt.Scale(type="log", nice=False, padding=20))
    shape = alt.Shape("condition:N", title=None, legend=alt.Legend(orient="bottom"))
    tips = ["gpu:N", "condition:N", alt.Tooltip("price:Q", format=",.0f"), alt.Tooltip("throughput:Q", format=",.3g")]
    base = alt.Chart(data)
    bars = base.mark_rule(color=colours.rule, strokeWidth=2).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    dots = base.mark_point(size=70, filled=True, color=colours.accent).encode(x=x, y=y, shape=shape, tooltip=tips)
    names = (
        alt.Chart(data[_apart(data)])
        .mark_text(align="left", dx=7, fontSize=11, color=colours.ink)
        .encode(x=x, y=y, text="gpu:N")
    )
    best = max(scores, key=lambda s: s.per_dollar)
    words = f"{len(scores)} cards by price and throughput; {best.gpu} gives most for the money."
    return Picture(chart=_sized(alt.layer(bars, dots, names), colours, 420), alt=words, data=data)


def rent_curve(found: RentOrBuy, years: float, currency: str, colours: Palette) -> Picture:
    """Cost of owning and of renting by hours a day, with the threshold and its interval."""
    rows = [{"hours": p.hours_a_day, "cost": p.owning, "way": "owning"} for p in found.curve]
    rows += [{"hours": p.hours_a_day, "cost": p.renting, "way": "renting"} for p in found.curve]
    data = pd.DataFrame(rows)
    x = alt.X("hours:Q", title="hours of work a day", scale=alt.Scale(domain=[0, 24]))
    y = alt.Y("cost:Q", title=f"cost over {years:g} years, {currency}")
    scale = alt.Scale(domain=["owning", "renting"], range=[colours.accent, colours.second])
    dash = alt.StrokeDash("way:N", legend=None, sort=["owning", "renting"])
    colour = alt.Color("way:N", scale=scale, title=None, legend=alt.Legend(orient="bottom"))
    tips = ["way:N", "hours:Q", alt.Tooltip("cost:Q", format=",.0f")]
    lines = alt.Chart(data).mark_line(strokeWidth=2).encode(x=x, y=y, color=colour, strokeDash=dash, tooltip=tips)
    layers: list[Any] = [lines]
    if found.low < 24:
        band = pd.DataFrame({"low": [max(found.low, 0.0)], "high": [min(found.high, 24.0)]})
        layers.insert(0, alt.Chart(band).mark_rect(opacity=0.15, color=colours.faint).encode(x="low:Q", x2="high:Q"))
    return Picture(chart=_sized(alt.layer(*layers), colours, 320), alt=found.sentence, data=data)


def resale(points: Sequence[ResalePoint], colours: Palette) -> Picture:
    """What a card fetches by the years that it is kept, with the band that holds it in eight of ten cases."""
    data = pd.DataFrame([{"years": p.years, "sells for": p.middle, "low": p.low, "high": p.high} for p in points])
    x = alt.X("years:Q", title="years kept", axis=alt.Axis(tickMinStep=1))
    y = alt.Y("low:Q", title="sells for, USD", scale=alt.Scale(zero=True))
    tips = ["years:Q", alt.Tooltip("sells for:Q", format=",.0f"), alt.Tooltip("low:Q", format=",.0f")]
    tips += [alt.Tooltip("high:Q", format=",.0f")]
    base = alt.Chart(data)
    band = base.mark_area(opacity=0.2, color=colours.accent).encode(x=x, y=y, y2="high:Q")
    line = base.mark_line(point=True, color=colours.accent).encode(x=x, y="sells for:Q", tooltip=tips)
    words = "; ".join(
        f"after {p.years:g} years about {dollars(p.middle)} ({dollars(p.low)} to {dollars(p.high)})"
        for p in points
        if p.years in (1.0, 3.0, 5.0)
    )
    return Picture(chart=_sized(alt.layer(band, line), colours, 240), alt=f"What it sells for: {words}.", data=data)


def progress_chart(found: Progress, unit: str, colours: Palette) -> Picture:
    """Throughput per launch dollar of each card by its launch date, with the trend."""
    data = pd.DataFrame([{"day": p.on, "per_dollar": p.per_dollar, "gpu": p.gpu} for p in found.points])
    data["day"] = pd.to_datetime(data["day"])
    years = (data["day"] - pd.Timestamp(2020, 1, 1)).dt.days / 365.25
    trend = pd.DataFrame({"day": data["day"], "trend": np.exp2(found.intercept + found.slope * years)})
    y = alt.Y("per_dollar:Q", title=f"{unit} per launch dollar", scale=alt.Scale(type="log"))
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%Y", tickCount="year"))
    tips = ["gpu:N", "day:T", alt.Tooltip("per_dollar:Q", format=".3g")]
    dots = alt.Chart(data).mark_point(filled=True, size=50, color=colours.accent).encode(x=x, y=y, tooltip=tips)
    line = alt.Chart(trend).mark_line(color=colours.second, strokeWidth=2).encode(x="day:T", y="trend:Q")
    return Picture(chart=_sized(alt.layer(dots, line), colours, 320), alt=progress_in_words(found), data=data)


def progress_in_words(found: Progress) -> str:
    """How fast the field moves, in one sentence."""
    return (
        f"Throughput per dollar doubles every {found.doubling_years:.1f} years "
        f"({found.low:.1f} to {found.high:.1f}), from {len(found.points)} cards."
    )


def _apart(data: pd.DataFrame) -> list[bool]:
    """Which names can be written without lying on another: best value first; the others are named on hover."""
    x, y = (_share(np.log(data[name].to_numpy(float))) for name in ("price", "throughput"))
    kept: list[int] = []
    for number in np.argsort(-data["throughput"].to_numpy() / data["price"].to_numpy()):
        if all(abs(x[number] - x[k]) > 0.3 or abs(y[number] - y[k]) > 0.06 for k in kept):
            kept.append(int(number))
    return [number in kept for number in range(len(data))]


def _share(values: np.ndarray) -> np.ndarray:
    span = np.ptp(values)
    return (values - values.min()) / span if span else np.zeros(len(values))


def _sized(chart: Any, colours: Palette, height: int) -> Any:
    return dressed(chart, colours).properties(height=height)
