"""The track record: live calls and how they ended, the backtest beside simple rules, what was said in any month."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from dashboard import charts_record, formats, queries, texts
from dashboard.texts import money
from dashboard.views import record_backtest
from dashboard.views.common import asked_day, colours, say_how_old
from dashboard.views.pictures import draw
from monitor.core.record import CALL, ENDING, Balance, Entry
from monitor.core.replay import Remembered

MOMENTS = {
    "2017-12": "December 2017: Titan V, before prices rose",
    "2021-05": "May 2021: the shortage",
    "2022-05": "May 2022: the crash",
    "2024-05": "May 2024: the last shipped retail prices",
    "2026-07": "July 2026: rentals",
}
SHOWN = 200


def show() -> None:
    """Draw the page."""
    st.title(texts.RECORD_TITLE, anchor=False)
    if asked_day() is not None:
        say_how_old()
    st.subheader(texts.LIVE_RECORD, anchor=False)
    _live()
    record_backtest.show()
    st.subheader(texts.REPLAY_TITLE, anchor=False)
    _replay()


def first_month(months: Sequence[str]) -> str:
    """The month that the replay shows at first."""
    return next((month for month in MOMENTS if month in months), months[-1])


def _live() -> None:
    day = asked_day()
    entries, found = queries.record(day), queries.record_balance(day)
    if not entries:
        st.info(texts.NO_RECORD)
        return
    st.markdown(f"**{_in_words(found)}**")
    broken = queries.record_broken_at(day)
    if broken is None:
        st.caption(texts.RECORD_WHOLE.format(n=len(entries)))
    else:
        st.error(texts.RECORD_BROKEN.format(n=broken))
    for currency, points in queries.record_sums(day).items():
        if points:
            st.caption(texts.AGAINST_BUYING)
            st.caption(texts.marked(draw(charts_record.running_sum, points, currency, colours()) or ""))
    with st.expander(texts.RECORD_ENTRIES):
        st.dataframe(pd.DataFrame([_row(entry) for entry in reversed(entries[-SHOWN:])]), hide_index=True)


def _in_words(balance: Balance) -> str:
    said = f"{texts.counted(balance.calls, 'call')} noted, {balance.settled} settled"
    ended = f"{texts.counted(balance.hits, 'hit')}, {balance.misses} misses"
    return f"{said}: {ended}." if balance.settled else f"{said} so far."


def _row(entry: Entry) -> dict[str, object]:
    body, about = json.loads(entry.body), [*entry.subject.split("|"), "", "", ""][:4]
    return {
        "No": entry.number,
        "Day": entry.made_at.date(),
        "What": {CALL: "call", ENDING: "how it ended"}.get(entry.kind, entry.kind),
        "GPU": about[0],
        "Market": " ".join(part for part in about[1:3] if part),
        "Goal": about[3],
        "Said": str(body.get("action") or body.get("hit") or "").replace("_", " "),
        "Price": f"{body.get('price', '')} {body.get('currency', '')}".strip(),
    }


def _replay() -> None:
    with st.spinner(texts.READING_PRICES):
        months = queries.known_months(asked_day())
    if not months:
        st.info(texts.EMPTY_STORE)
        return
    known = {month: name for month, name in MOMENTS.items() if month in months}
    if "replay-month" not in st.session_state or st.session_state["replay-month"] not in months:
        st.session_state["replay-month"] = first_month(months)
    if known:
        st.pills(texts.MOMENT, list(known), format_func=lambda m: known[m], key="replay-known", on_change=_jump)
    month = st.select_slider(texts.REPLAY_MONTH, months, format_func=_month_name, key="replay-month")
    with st.spinner(texts.READING_PRICES):
        found = queries.remembered(month, asked_day())
    if not found:
        st.info(texts.NOTHING_KNOWN_THEN.format(day=_month_name(month)))
        return
    st.markdown(f"**{texts.marked(_said(month, found))}**")
    st.dataframe(pd.DataFrame([_remembered(one) for one in found]), hide_index=True)
    st.link_button(texts.WHOLE_PAGE_THEN, f"/?as_of={found[0].signal.as_of.date().isoformat()}")


def _jump() -> None:
    if st.session_state.get("replay-known"):
        st.session_state["replay-month"] = st.session_state["replay-known"]


def _month_name(month: str) -> str:
    return f"{date.fromisoformat(f'{month}-15'):%B %Y}"


def _said(month: str, found: list[Remembered]) -> str:
    counts = Counter(texts.verdict(one.signal.action, one.signal.condition).lower() for one in found)
    said = ", ".join(f"{name} for {texts.counted(n, 'card')}" for name, n in counts.most_common())
    right, wrong = (sum(one.right is truth for one in found) for truth in (True, False))
    return texts.REPLAY_SAID.format(month=_month_name(month), said=said, right=right, wrong=wrong)


def _remembered(one: Remembered) -> dict[str, object]:
    call = one.signal
    came = {weeks: "" if c is None else f"{formats.number(100 * c, sign=True)} %" for weeks, c in one.changes.items()}
    return {
        "GPU": call.gpu,
        "Said": f"{texts.SHAPES[call.action]} {texts.verdict(call.action, call.condition)}",
        "Was": texts.OPEN if one.right is None else texts.RIGHT if one.right else texts.WRONG,
        "8 weeks later": came[8],
        "26 weeks later": came[26],
        "Price": money(call.price),
        "Market": f"{texts.CONDITIONS[call.condition]} {call.region}".strip(),
        "Window": texts.window(call.window_low_weeks, call.window_high_weeks),
        "Why": "; ".join(reason.text for reason in call.reasons[:2]),
    }
