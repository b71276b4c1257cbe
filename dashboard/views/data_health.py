"""What the data are worth today: sources and their age, what was rejected and why, and how the jobs went."""

import pandas as pd
import streamlit as st

from dashboard import queries, texts


def show() -> None:
    """Draw the page."""
    st.title("Data health", anchor=False)
    st.subheader("Sources", anchor=False)
    _sources()
    st.subheader("Could not be read", anchor=False)
    _rejections()
    st.subheader("Jobs", anchor=False)
    _runs()


def _sources() -> None:
    fresh, crawled = queries.freshness(), {s.source: s for s in queries.sources()}
    names = sorted(fresh | crawled)
    if not names:
        st.info(texts.NO_SOURCES)
        return
    rows = []
    for name in names:
        state, age = crawled.get(name), fresh.get(name)
        rows.append(
            {
                "Source": name,
                "Newest price": age.day if age else None,
                "Age": texts.age(age.age_days) if age else "no price yet",
                "Last crawl": state.last_try_at if state else None,
                "Offers": state.offers if state else None,
                "Rejected": state.rejections if state else None,
                "State": (state.fault or "ok") if state else "price file",
            }
        )
    st.dataframe(pd.DataFrame(rows), hide_index=True)


def _rejections() -> None:
    found = queries.rejections()
    if not found:
        st.info(texts.NO_REJECTIONS)
        return
    rows = [
        {
            "Seen": r.seen_at,
            "Source": r.source,
            "Reason": r.reason,
            "Title": r.title,
            "Text": r.text,
            "Where": r.where or r.url,
        }
        for r in found
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)


def _runs() -> None:
    found = queries.runs()
    if not found:
        st.info(texts.NO_RUNS)
        return
    rows = [
        {"Job": r.job, "Started": r.started_at, "Ended": r.finished_at, "State": r.status, "Detail": r.detail}
        for r in found
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)
