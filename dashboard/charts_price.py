"""The prices of one GPU over time, on one axis with launches, headlines, changes of the call, and what is expected."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import altair as alt
import pandas as pd

from dashboard import formats, texts
from dashboard.charts import MOST_POINTS, Mark, Picture, daily, dates, dressed, extremes_kept
from dashboard.theme import Palette
from monitor.core.models import Action, Condition, Series
from monitor.core.price_fan import Fan

NEWS = "headline"
SYMBOLS = {Action.BUY_NOW: "triangle-up", Action.WAIT: "square", Action.LIMBO: "diamond", Action.NO_CALL: "circle"}
NEWS_SYMBOL = "cross"
STEPS = (4, 8, 13, 26, 40)  # weeks that the words and the table name
MOST_NAMED = 6
MOST_DRAWN = 1200  # points of all lines together: with 4,000 the browser stands still for half a second


def price_history(
    series: Sequence[Series],
    msrp_usd: float | None,
    marks: Sequence[Mark],
    colours: Palette,
    fan: Fan | None = None,
) -> Picture | None:
    """A line for each source, with MSRP, events and the fan of coming prices; `None` below two prices."""
    frames = [_frame(one) for one in series if len(one.days)]
    data = pd.concat(frames) if frames else pd.DataFrame(columns=["day", "price", "source"])
    if len(data) < 2:
        return None
    key = series[0].key
    unit = f"{key.currency} per GPU-hour" if key.condition == "rental" else key.currency
    msrp = msrp_usd if key.currency == "USD" and key.condition != "rental" else None
    last = max(data.day.max(), _moment(fan)) if fan else data.day.max()
    shown = [mark for mark in marks if data.day.min() <= _at(mark) <= last]
    drawn = _thinned(frames)
    layers = [
        *_fan(fan, unit, colours),
        _lines(drawn, unit),
        *_dots(drawn, unit),
        *_msrp(msrp, colours),
        *_events(shown, data, colours),
    ]
    words = " ".join(filter(None, (_in_words(data, unit, msrp), _events_in_words(shown), fan_in_words(fan, unit))))
    return Picture(
        chart=dressed(alt.layer(*layers), colours).properties(height=320 + 22 * data.source.nunique()),
        alt=words,
        data=data,
    )


def fan_table(fan: Fan) -> pd.DataFrame:
    """The fan week by week, for download and for those who do not see the picture."""
    return pd.DataFrame(
        [
            {
                "day": point.on,
                "weeks": point.weeks,
                "expected": round(point.middle, 4),
                "50 % from": round(point.low50, 4),
                "50 % to": round(point.high50, 4),
                "80 % from": round(point.low80, 4),
                "80 % to": round(point.high80, 4),
            }
            for point in fan.points
        ]
    )


def fan_in_words(fan: Fan | None, unit: str) -> str:
    """What the fan says, for a quarter and its end."""
    if fan is None:
        return ""
    parts = [
        texts.FAN_POINT.format(
            weeks=point.weeks,
            middle=formats.figure(point.middle),
            low50=formats.figure(point.low50),
            high50=formats.figure(point.high50),
            low80=formats.figure(point.low80),
            high80=formats.figure(point.high80),
            unit=unit,
        )
        for point in (fan.at(13), fan.points[-1])
    ]
    return texts.FAN.format(day=texts.day(fan.made_on), points="; ".join(parts))


def _frame(series: Series) -> pd.DataFrame:
    numbers, prices = daily(series)
    keep = extremes_kept(prices, MOST_POINTS)
    label = f"{series.key.source} ({series.key.stat.replace('_', ' ')})"
    return pd.DataFrame({"day": dates(numbers[keep]), "price": prices[keep], "source": label})


def _thinned(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The lines as they are drawn; where there are many, the longest keep fewer points. Words and download keep all."""
    share = _share([len(frame) for frame in frames])
    return pd.concat([frame.iloc[extremes_kept(frame["price"].to_numpy(), share)] for frame in frames])


def _share(sizes: Sequence[int]) -> int:
    """How many points a line may keep, so that all together stay at about `MOST_DRAWN`."""
    left = MOST_DRAWN
    for number, size in enumerate(sorted(sizes)):
        share = left // (len(sizes) - number)
        if size > share:
            return share
        left -= size
    return max(sizes)


def _lines(data: pd.DataFrame, unit: str) -> Any:
    return _encoded(alt.Chart(data).mark_line(interpolate="step-after", strokeWidth=1.8), unit)


def _dots(data: pd.DataFrame, unit: str) -> list[Any]:
    """The prices of sources that have one so far, of which no line can be drawn."""
    single = data[~data["source"].duplicated(keep=False)]
    dots = alt.Chart(single).mark_point(filled=True, size=60, opacity=1)
    return [_encoded(dots, unit).encode(color=alt.Color("source:N", legend=None))] if len(single) else []


def _encoded(chart: Any, unit: str) -> Any:
    return chart.encode(
        x=alt.X("day:T", title=None, axis=alt.Axis(format="%b %Y", labelAngle=0, tickCount=6)),
        y=alt.Y("price:Q", title=unit, scale=alt.Scale(zero=False)),
        color=alt.Color("source:N", title=None, legend=alt.Legend(orient="bottom", columns=1)),
        tooltip=[
            alt.Tooltip("day:T", title="day"),
            alt.Tooltip("price:Q", title=unit, format=",.2f"),
            alt.Tooltip("source:N", title="source"),
        ],
    )


def _fan(fan: Fan | None, unit: str, colours: Palette) -> list[Any]:
    if fan is None:
        return []
    data = fan_table(fan)
    data["day"] = pd.to_datetime(data["day"], utc=True)
    data.columns = ["day", "weeks", "expected", "low50", "high50", "low80", "high80"]
    x, base = alt.X("day:T", title=None), alt.Chart(data)
    tips = [alt.Tooltip("day:T"), alt.Tooltip("expected:Q", title=f"expected, {unit}", format=",.3~g")]
    tips += [alt.Tooltip(f"{name}:Q", title=title, format=",.3~g") for name, title in BANDS]
    return [
        base.mark_area(opacity=0.16, color=colours.second).encode(x=x, y=alt.Y("low80:Q", title=unit), y2="high80:Q"),
        base.mark_area(opacity=0.28, color=colours.second).encode(x=x, y="low50:Q", y2="high50:Q"),
        base.mark_line(strokeDash=[5, 3], strokeWidth=2, color=colours.second).encode(x=x, y="expected:Q"),
        base.mark_point(opacity=0, size=150).encode(x=x, y="expected:Q", tooltip=tips),
    ]


BANDS = (("low50", "50 % from"), ("high50", "50 % to"), ("low80", "80 % from"), ("high80", "80 % to"))


def _msrp(msrp_usd: float | None, colours: Palette) -> list[Any]:
    if msrp_usd is None:
        return []
    rows = pd.DataFrame({"price": [msrp_usd], "label": [f"MSRP {formats.number(msrp_usd)}"]})
    line = alt.Chart(rows).mark_rule(strokeDash=[6, 4], color=colours.faint).encode(y="price:Q")
    text = (
        alt.Chart(rows)
        .mark_text(align="left", dx=4, dy=-6, color=colours.faint, fontSize=12)
        .encode(y="price:Q", x=alt.value(0), text="label:N")
    )
    return [line, text]


def _events(marks: Sequence[Mark], data: pd.DataFrame, colours: Palette) -> list[Any]:
    launches = [mark for mark in marks if mark.kind == "launch"]
    others = [mark for mark in marks if mark.kind != "launch"]
    layers = _strip(others, colours)
    if not launches:
        return layers
    rows = _rows(launches).sort_values(by="day")
    rule = (
        alt.Chart(rows)
        .mark_rule(strokeDash=[2, 3], strokeWidth=1.2, color=colours.second)
        .encode(x="day:T", tooltip=["day:T", "label:N"])
    )
    middle = data.day.min() + (data.day.max() - data.day.min()) / 2
    names = [
        alt.Chart(rows.iloc[[number]])
        .mark_text(
            align="left" if day < middle else "right", dx=4 if day < middle else -4, fontSize=11, color=colours.faint
        )
        .encode(x="day:T", y=alt.value(6 + 13 * (number % 3)), text="label:N")
        for number, day in enumerate(rows.day)
    ]
    return [*layers, rule, *names]


def _strip(marks: Sequence[Mark], colours: Palette) -> list[Any]:
    """Changes of the call and headlines as signs along the lower edge: told by shape, named on hover."""
    if not marks:
        return []
    rows = _rows(marks)
    rows["sign"] = [_sign(mark) for mark in marks]
    shapes = [*SYMBOLS.values(), NEWS_SYMBOL]
    symbols = {_sign(mark): NEWS_SYMBOL if mark.kind == "news" else SYMBOLS[Action(mark.kind)] for mark in marks}
    present = sorted(symbols, key=lambda sign: shapes.index(symbols[sign]))
    shape = alt.Shape(
        "sign:N",
        title=None,
        scale=alt.Scale(domain=present, range=[symbols[name] for name in present]),
        legend=alt.Legend(orient="top", symbolFillColor=colours.accent),  # below, it would push the sources off a phone
    )
    return [
        alt.Chart(rows)
        .mark_point(filled=True, size=60, color=colours.accent, opacity=0.85)
        .encode(x="day:T", y=alt.value({"expr": "height - 8"}), shape=shape, tooltip=["day:T", "sign:N", "label:N"])
    ]


def _sign(mark: Mark) -> str:
    if mark.kind == "news":
        return NEWS
    return texts.verdict(Action(mark.kind), Condition.RENTAL if mark.rented else None)


def _rows(marks: Sequence[Mark]) -> pd.DataFrame:
    return pd.DataFrame([{"day": _at(mark), "label": mark.label} for mark in marks])


def _at(mark: Mark) -> datetime:
    return datetime.combine(mark.day, datetime.min.time(), UTC)


def _moment(fan: Fan) -> datetime:
    return datetime.combine(fan.points[-1].on, datetime.min.time(), UTC)


def _in_words(data: pd.DataFrame, unit: str, msrp_usd: float | None) -> str:
    ordered = data.sort_values("day")
    first, last = ordered.iloc[0], ordered.iloc[-1]
    words = (
        f"Prices from {first.day:%Y-%m-%d} to {last.day:%Y-%m-%d}: {formats.figure(first.price)} at first, "
        f"{formats.figure(last.price)} {unit} at last, between {formats.figure(data.price.min())} and "
        f"{formats.figure(data.price.max())}."
    )
    return words + (f" MSRP {formats.number(msrp_usd)}." if msrp_usd else "")


def _events_in_words(marks: Sequence[Mark]) -> str:
    """The newest events by name, and how many there are of each kind."""
    launches = [f"{mark.label} ({mark.day:%Y-%m-%d})" for mark in marks if mark.kind == "launch"]
    calls = [f"{_sign(m).lower()} ({m.day:%Y-%m-%d})" for m in marks if m.kind not in ("launch", "news")]
    news = sum(mark.kind == "news" for mark in marks)
    parts = [f"Launches: {', '.join(launches[-MOST_NAMED:])}." if launches else ""]
    parts += [f"Changes of the call: {', '.join(calls[-MOST_NAMED:])}." if calls else ""]
    parts += [f"{texts.counted(news, 'headline')} on the axis." if news else ""]
    return " ".join(filter(None, parts))
