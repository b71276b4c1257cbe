"""A chart that was drawn once is sent again as it was: to describe one takes longer than all else on its page."""

import pickle
from collections.abc import Callable
from hashlib import blake2b

import streamlit as st

from dashboard import formats
from dashboard.cells import csv_of
from dashboard.charts import Picture

CHARTS_KEPT = 256  # of all visitors together


def draw(picture_of: Callable[..., Picture | None], *told: object) -> str | None:
    """Draw what `picture_of` makes of these values and return its words; `None` where there is nothing to draw."""
    return _drawn(_digest(picture_of, told), False, _picture_of=picture_of, _told=told)[0]


def draw_with_csv(picture_of: Callable[..., Picture | None], *told: object) -> tuple[str | None, str]:
    """The same, and the data of the chart for download."""
    return _drawn(_digest(picture_of, told), True, _picture_of=picture_of, _told=told)


@st.cache_data(max_entries=CHARTS_KEPT, show_spinner=False)
def _drawn(
    digest: str, with_csv: bool, _picture_of: Callable[..., Picture | None], _told: tuple[object, ...]
) -> tuple[str | None, str]:
    picture = _picture_of(*_told)
    if picture is None:
        return None, ""
    st.altair_chart(picture.chart, alt=picture.alt)
    return picture.alt, csv_of(picture.data) if with_csv else ""


def _digest(picture_of: Callable[..., Picture | None], told: tuple[object, ...]) -> str:
    """Of all that a chart can show: every value that it is told, and how the visitor's country writes numbers."""
    whole = pickle.dumps((picture_of.__module__, picture_of.__qualname__, told, formats.visitor_locale()))
    return blake2b(whole, digest_size=16).hexdigest()
