"""The mailbox of this dashboard: the letters that a mail program would have got, as they would look there."""

import streamlit as st

from dashboard import queries, texts
from dashboard.links import offer_link_of
from monitor.core.models import Delivery

FRAME_HEIGHT = 760
SHOWN = 200


def show() -> None:
    """Draw the page."""
    st.title(texts.MAILBOX_TITLE, anchor=False)
    found = queries.letters()[:SHOWN]
    if not found:
        st.info(texts.NO_LETTERS)
        return
    known = {letter.alert.key: letter for letter in found}
    chosen = st.selectbox(
        texts.counted(len(found), "letter"),
        ["", *known],
        format_func=lambda key: _line(known[key]) if key else texts.NEWEST_LETTER.format(letter=_line(found[0])),
    )
    st.iframe(f"/letter?key={chosen or found[0].alert.key}", height=FRAME_HEIGHT)
    st.dataframe(
        {
            "Sent": [letter.alert.created_at for letter in found],
            "Subject": [letter.alert.subject for letter in found],
            "Offer": [offer_link_of(letter.alert.payload) for letter in found],
            "Rule": [letter.alert.rule for letter in found],
        },
        hide_index=True,
        column_config={
            "Sent": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm", timezone="UTC"),
            "Offer": st.column_config.LinkColumn(display_text="open", width="small"),
        },
    )


def _line(letter: Delivery) -> str:
    return f"{texts.day(letter.alert.created_at.date())}: {letter.alert.subject}"
