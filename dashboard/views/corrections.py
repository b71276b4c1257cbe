"""Titles put right by a person: a form wherever a title is shown, and what was said so far, to be taken back."""

from collections.abc import Sequence

import streamlit as st

from dashboard import actions, queries, texts
from dashboard.login_role import may_change
from monitor.errors import MonitorError

MOST_SAID = 20


def form(label: str, titles: Sequence[str], note: str = "", *, suggest: bool = True) -> None:
    """Say of one of these titles which GPU it means, or that it means none; nothing for viewers, or without titles.
    With `suggest` the names that a title may mean stand beside it."""
    if not titles or not may_change():
        return
    with st.expander(label, icon=":material/edit:"), st.form("correct", border=False):
        shown = queries.with_nearest if suggest else str
        title = st.selectbox(texts.CORRECT_TITLE, list(dict.fromkeys(titles)), format_func=shown)
        gpu = st.selectbox(texts.CORRECT_GPU, [texts.NO_GPU, *sorted(queries.catalog().gpus)])
        if note:
            st.caption(note)
        if st.form_submit_button("Keep"):
            try:
                done = actions.correct_title(title, None if gpu == texts.NO_GPU else gpu)
            except MonitorError as error:
                st.error(str(error))
            else:
                st.toast(texts.corrected(done.articles, done.offers, done.waiting))
                st.rerun()


def said() -> None:
    """What was said about titles, each with a button that takes it back."""
    known = queries.corrections()
    if not known:
        return
    with st.expander(f"{texts.SAID} ({len(known)})", icon=":material/history_edu:"):
        for number, (title, gpu) in enumerate(list(known.items())[:MOST_SAID]):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(f"{title}: {gpu or texts.NO_GPU}")
                if may_change() and st.button(texts.FORGET, key=f"forget-title-{number}"):
                    actions.forget_title(title)
                    st.rerun()
