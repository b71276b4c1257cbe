"""The whole market: every call in one table, and the prices of any GPU."""

from datetime import date

import pandas as pd
import streamlit as st

from dashboard import queries, texts
from dashboard.texts import money
from dashboard.views.common import asked_day, card_link, draw_history, say_how_old, usual_market
from monitor.core.models import Action, Signal
from monitor.core.ranking import too_old


def show() -> None:
    """Draw the page."""
    st.title("Market", anchor=False)
    say_how_old()
    signals = queries.signals("", asked_day())
    if not signals:
        st.info(texts.EMPTY_STORE if not queries.freshness() else texts.NO_SIGNALS)
        return
    places = sorted({(str(s.condition), s.region) for s in signals})
    newest = {}
    for call in signals:
        if call.data_on:
            key = (str(call.condition), call.region)
            newest[key] = max(call.data_on, newest.get(key, call.data_on))
    place = st.selectbox(
        texts.MARKET,
        places,
        index=usual_market(places, newest),
        format_func=lambda p: f"{texts.condition(p[0])}, {p[1] or 'anywhere'}",
    )
    here = _calls_first([s for s in signals if (str(s.condition), s.region) == place])
    columns = {
        "Evidence": st.column_config.LinkColumn(display_text="open", width="small"),
        "Price from": st.column_config.DateColumn(format="D MMM YYYY"),
    }
    st.dataframe(_table(here), hide_index=True, column_config=columns)
    names = sorted({s.gpu for s in here})
    gpu = st.selectbox("Prices of", names, index=names.index(here[0].gpu))
    draw_history(gpu, [s for s in queries.price_series(gpu, asked_day()) if (s.key.condition, s.key.region) == place])


def _calls_first(signals: list[Signal]) -> list[Signal]:
    """By name, those with a call first and those with old prices last: nobody looks for these first."""
    newest = max((s.data_on for s in signals if s.data_on), default=date.min)

    def old(call: Signal) -> bool:
        return call.data_on is None or too_old(call.data_on, newest)

    return sorted(signals, key=lambda call: (old(call), call.action is Action.NO_CALL, call.gpu))


def _table(signals: list[Signal]) -> pd.DataFrame:
    rows = [
        {
            "GPU": s.gpu,
            "Call": f"{texts.SHAPES[s.action]} {texts.verdict(s.action, s.condition)}",
            "Price": money(s.price),
            "Window": texts.window(s.window_low_weeks, s.window_high_weeks),
            "Price from": s.data_on,
            "Reason": next((r.text for r in s.reasons if r.code != "history"), ""),
            "Evidence": card_link(s.gpu, str(s.condition), s.region, s.price.currency if s.price else ""),
        }
        for s in signals
    ]
    return pd.DataFrame(rows)
