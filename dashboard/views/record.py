"""The track record: live calls with hits and misses, and what the same code would have said on any day of the past."""

import json
from datetime import UTC, date, datetime, time

import pandas as pd
import streamlit as st

from dashboard import queries, texts
from dashboard.texts import money
from monitor.core.record import CALL, ENDING, Balance, Entry

REPLAYS = {
    "2017-12-21": "December 2017: Titan V, the first limbo",
    "2020-08-15": "August 2020: before RTX 30",
    "2022-06-15": "June 2022: the crash",
    "2024-05-14": "May 2024: the last shipped retail prices",
    "2026-07-15": "July 2026: rentals",
}
SHOWN = 200


def show() -> None:
    """Draw the page."""
    st.title(texts.RECORD_TITLE, anchor=False)
    _live()
    st.subheader(texts.REPLAY, anchor=False)
    _replay()
    st.caption(texts.BACKTEST_NOTE)


def _live() -> None:
    entries = queries.record()
    found = queries.record_balance()
    if not entries:
        st.info(texts.NO_RECORD)
        return
    st.markdown(f"**{_in_words(found)}**")
    broken = queries.record_broken_at()
    if broken is None:
        st.caption(texts.RECORD_WHOLE.format(n=len(entries)))
    else:
        st.error(texts.RECORD_BROKEN.format(n=broken))
    if found.settled:
        rows = [
            {
                "Currency": c,
                "Following the calls": f"{found.followed[c]:+,.0f}",
                "Always waiting": f"{found.waited[c]:+,.0f}",
            }
            for c in sorted(found.followed)
        ]
        st.caption(texts.AGAINST_BUYING)
        st.dataframe(pd.DataFrame(rows), hide_index=True)
    st.dataframe(pd.DataFrame([_row(entry) for entry in reversed(entries[-SHOWN:])]), hide_index=True)


def _in_words(balance: Balance) -> str:
    said = f"{balance.calls} calls noted, {balance.settled} settled"
    return f"{said}: {balance.hits} hits, {balance.misses} misses." if balance.settled else f"{said} so far."


def _row(entry: Entry) -> dict[str, object]:
    body, about = json.loads(entry.body), [*entry.subject.split("|"), "", "", ""][:4]
    return {
        "No": entry.number,
        "Day": entry.made_at.date(),
        "What": {CALL: "call", ENDING: "how it ended"}.get(entry.kind, entry.kind),
        "GPU": about[0],
        "Market": " ".join(part for part in about[1:3] if part),
        "Goal": about[3],
        "Said": str(body.get("action") or body.get("hit") or ""),
        "Price": f"{body.get('price', '')} {body.get('currency', '')}".strip(),
    }


def _replay() -> None:
    known = st.selectbox(texts.MOMENT, list(REPLAYS), format_func=lambda day: REPLAYS[day], index=0)
    picked = st.date_input(
        texts.OR_ANY_DAY, value=date.fromisoformat(known), min_value=date(2012, 1, 1), key=f"d-{known}"
    )
    day = picked if isinstance(picked, date) else date.fromisoformat(known)
    as_of = datetime.combine(day, time.max, UTC)
    calls = [call for call in queries.signals("", as_of) if call.data_on]
    st.markdown(f"**{texts.gauge(queries.gauge(as_of))}**")
    if not calls:
        st.info(texts.NOTHING_KNOWN_THEN.format(day=texts.day(day)))
        return
    rows = [
        {
            "GPU": call.gpu,
            "Market": f"{texts.CONDITIONS[call.condition]} {call.region}".strip(),
            "Said": f"{texts.SHAPES[call.action]} {texts.VERDICTS[call.action]}",
            "Price": money(call.price),
            "Window": texts.window(call.window_low_weeks, call.window_high_weeks),
            "Why": "; ".join(reason.text for reason in call.reasons[:2]),
        }
        for call in calls
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)
    st.link_button(texts.WHOLE_PAGE_THEN, f"/now?as_of={day.isoformat()}")
