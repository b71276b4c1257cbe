"""What several pages share: the day that is asked about, how old a call is, and the price chart of one GPU."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time

import streamlit as st

from dashboard import charts, queries, texts
from dashboard.goal_cards import how_old
from dashboard.queries.base import settings
from dashboard.theme import Palette, palette
from monitor.core.models import Series


def asked_day() -> datetime | None:
    """The end of the day in the address (`?as_of=2017-12-21`), or `None` for now."""
    try:
        day = date.fromisoformat(st.query_params.get("as_of", ""))
    except ValueError:
        return None
    return datetime.combine(day, time.max, UTC)


def colours() -> Palette:
    """The palette of the visitor's theme."""
    return palette(st.context.theme.type)


def say_how_old() -> None:
    """The line under each title: which day is shown, and how old the newest price is."""
    if (as_of := asked_day()) is not None:
        st.info(texts.TIME_MACHINE.format(day=texts.day(as_of.date())), icon=":material/history:")
        return
    text, fresh = how_old()
    if fresh.day is None:
        st.info(text)
    elif fresh.stale:
        st.warning(text, icon=":material/schedule:")
    else:
        st.caption(text)


def usual_market(places: Sequence[tuple[str, str]], newest: Mapping[tuple[str, str], date]) -> int:
    """Which market to show first: one with prices of the last three years before others, the own region,
    new before used before rented, then the newest."""
    order = ["new", "used", "refurbished", "rental"]
    latest = max(newest.values(), default=date.min)

    def rank(place: tuple[str, str]) -> tuple[object, ...]:
        day = newest.get(place, date.min)
        known = order.index(place[0]) if place[0] in order else len(order)
        old = (latest - day).days > 1000
        return old, place[1] not in (settings().region, ""), known, -day.toordinal()

    return min(range(len(places)), key=lambda number: rank(places[number]), default=0)


def draw_history(gpu: str, series: Sequence[Series], key: str = "") -> None:
    """The price chart of one GPU with MSRP, launches and calls, or the sentence that says why there is none."""
    facts = queries.catalog().gpus.get(gpu)  # price files know cards that the catalogue does not
    followers = [g for g in queries.catalog().gpus.values() if g.predecessor == gpu]
    marks = [
        charts.Mark(day=g.launched_on, label=f"{g.name} launched", kind="launch")
        for g in (facts, *followers)
        if g is not None and g.launched_on is not None
    ]
    places = {(one.key.condition, one.key.region) for one in series}
    marks += [
        charts.Mark(day=flip.as_of.date(), label=texts.VERDICTS[flip.action], kind="call")
        for flip in queries.flips(gpu)
        if (str(flip.condition), flip.region) in places
    ]
    picture = charts.price_history(series, facts.msrp_usd if facts else None, marks, colours())
    if picture is None:
        st.info(texts.NO_HISTORY)
        return
    st.altair_chart(picture.chart, alt=picture.alt)
    csv = picture.data.to_csv(index=False)
    st.download_button(
        "Data as CSV",
        csv,
        file_name=f"{facts.slug if facts else 'prices'}.csv",
        mime="text/csv",
        key=f"csv-{gpu}-{key}",
    )
