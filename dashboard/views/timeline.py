"""Launches by tier, the gaps between them, and the news, on one axis of time."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from dashboard import charts_time, queries, texts
from dashboard.cells import disarmed
from dashboard.links import safe_link
from dashboard.views.common import asked_day, colours, say_how_old
from dashboard.views.pictures import draw
from monitor.core.models import Gpu


def show() -> None:
    """Draw the page."""
    st.title(texts.TIMELINE_TITLE, anchor=False)
    say_how_old()
    segments = {"consumer": "Cards for desktops", "workstation": "Workstation cards", "datacenter": "Data-centre cards"}
    segment = st.segmented_control(texts.SEGMENT, list(segments), default="consumer", format_func=lambda s: segments[s])
    day = asked_day()
    launched = [
        gpu
        for gpu in queries.catalog().gpus.values()
        if gpu.segment == segment and gpu.launched_on and (day is None or gpu.launched_on <= day.date())
    ]
    words = draw(charts_time.launches, launched, _expected(launched), colours())
    if words is None:
        st.info(texts.NO_LAUNCHES)
    else:
        st.caption(words)
    st.subheader(texts.LIMBO_PERIODS, anchor=False)
    _limbo()
    st.subheader(texts.NEWS, anchor=False)
    _news()


def _limbo() -> None:
    """The limbo gauge over the years, as the backtest of this database found it week by week."""
    words = draw(charts_time.gauge_picture, queries.gauge_history(asked_day()), colours())
    if words is None:
        st.info(texts.NO_GAUGE_HISTORY)
        return
    st.caption(f"{words} {texts.GAUGE_NOTE}")


def _expected(launched: Sequence[Gpu]) -> list[charts_time.Expected]:
    """When a follower is expected, for the newest card of each tier; what lies beyond five years is left out."""
    newest = {gpu.tier or gpu.name: gpu for gpu in sorted(launched, key=lambda gpu: gpu.launched_on or date.min)}
    shown = {window.gpu: window for window in queries.expected_windows(asked_day())}
    return [
        charts_time.Expected(tier=tier, after=gpu.name, low=shown[gpu.name].low, high=shown[gpu.name].high)
        for tier, gpu in newest.items()
        if gpu.name in shown
    ]


def _news() -> None:
    found = queries.news(asked_day())
    if not found:
        st.info(texts.NO_NEWS)
        return
    rows = [
        {
            "Day": event.published_at.date(),
            "What": event.event.replace("_", " "),
            "GPUs": ", ".join(event.gpus),
            "Headline": event.title,
            "For a buyer": event.effect,
            "Page": safe_link(event.url),
        }
        for event in found
    ]
    link = st.column_config.LinkColumn(display_text="open")
    st.dataframe(disarmed(pd.DataFrame(rows)), hide_index=True, column_config={"Page": link})
