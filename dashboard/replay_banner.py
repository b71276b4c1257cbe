"""The line on every page of a replay: that it is one, at which moment it stands, and where the letters are."""

import time

import streamlit as st

from dashboard import queries, texts

DRAWN_EVERY_SECONDS = 4.0  # so often the page below follows the clock
TICK_SECONDS = 1.0
STILL = ("settings",)  # pages with forms that are being filled in


def show(path: str) -> None:
    """Draw the line where the database shows a replay, and have the page follow its clock."""
    state = queries.replay()
    if state is None:
        return
    drawn, started = state.now, time.monotonic()

    def tick() -> None:
        state = queries.replay()
        if state is None:
            return
        text = texts.REPLAY_OVER if state.over else texts.REPLAY
        said = text.format(
            day=texts.day(state.now.date()), act=state.act, n=texts.counted(len(queries.letters()), "letter")
        )
        st.warning(said, icon=":material/history:")
        late = time.monotonic() - started >= DRAWN_EVERY_SECONDS
        if path not in STILL and state.now != drawn and (late or state.over):
            st.rerun()

    st.fragment(tick, run_every=None if state.over else TICK_SECONDS)()
