"""What the data are worth today: sources and their age, doubted prices, titles that nobody knew, jobs and messages."""

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from dashboard import actions, queries, texts
from dashboard.cells import disarmed
from dashboard.links import offer_link_of, safe_link
from dashboard.login_role import may_change
from dashboard.texts import money
from dashboard.views import corrections
from dashboard.views.common import say_how_old
from monitor.core.models import Offer

MOST_DOUBTED = 20  # shown; all are kept


def show() -> None:
    """Draw the page."""
    st.title(texts.HEALTH_TITLE, anchor=False)
    say_how_old()
    st.subheader(texts.SOURCES, anchor=False)
    _sources()
    st.subheader(texts.QUARANTINE, anchor=False)
    _quarantine()
    st.subheader(texts.REJECTED, anchor=False)
    _rejections()
    corrections.form(texts.CORRECT, _titles(), texts.CORRECTED_REJECTED)
    corrections.said()
    left, right = st.columns(2)
    with left:
        st.subheader(texts.JOBS, anchor=False)
        _runs()
    with right:
        st.subheader(texts.MESSAGES, anchor=False)
        _deliveries()


def _sources() -> None:
    fresh, crawled = queries.freshness(), {s.source: s for s in queries.sources()}
    memories = queries.source_memories()
    names = sorted(fresh | crawled, key=lambda name: (not (name in crawled and crawled[name].fault), name))
    if not names:
        st.info(texts.NO_SOURCES)
        return
    rows = []
    for name in names:
        state, age, memory = crawled.get(name), fresh.get(name), memories.get(name)
        rows.append(
            {
                "Source": name,
                "State": (f"✕ {state.fault}" if state.fault else "✓ ok") if state else "price file",
                "Newest price": f"{age.day}" if age else "",
                "Age": texts.age(age.age_days) if age else _without_price(state.offers if state else 0),
                "Last crawl (UTC)": _moment(state.last_try_at) if state and state.last_try_at else "",
                "Offers": str(state.offers) if state else "",
                "Rejected": str(state.rejections) if state else "",
                "Errors": str(state.errors) if state else "",
                "Confirmed": _share(memory.confirmed_share) if memory else "",
                "Faulty crawls": _share(memory.broken_share) if memory else "",
            }
        )
    wide = {"State": st.column_config.TextColumn(width="large")}
    st.dataframe(disarmed(pd.DataFrame(rows)), hide_index=True, column_config=wide)


def _quarantine() -> None:
    waiting = queries.quarantine()
    if not waiting:
        st.info(texts.NO_QUARANTINE)
        return
    st.caption(texts.QUARANTINE_NOTE)
    for number, offer in waiting[:MOST_DOUBTED]:
        _doubted(number, offer)
    if len(waiting) > MOST_DOUBTED:
        st.caption(texts.MORE_DOUBTED.format(n=len(waiting) - MOST_DOUBTED))


def _doubted(number: int, offer: Offer) -> None:
    with st.container(border=True):
        st.text(f"{offer.gpu}: {money(offer.price)} ({texts.CONDITIONS[offer.condition]}, {offer.source})")
        reason = offer.reason.replace("_", " ")
        st.text("\n".join(dict.fromkeys(filter(None, (offer.title, offer.snippet, reason)))))
        st.caption(texts.LAST_READ.format(when=_moment(offer.seen_at)))
        with st.container(horizontal=True):
            if link := safe_link(offer.url):
                st.link_button("Open the page", link)
            if may_change() and st.button("It is genuine", key=f"yes-{number}", icon=":material/check:"):
                actions.judge(number, genuine=True)
                st.rerun()
            if may_change() and st.button("It is wrong", key=f"no-{number}", icon=":material/close:"):
                actions.judge(number, genuine=False)
                st.rerun()


def _titles() -> list[str]:
    """The titles that a person may put right: those of doubted prices, then those that were refused."""
    return [offer.title for _, offer in queries.quarantine()] + [one.title for one in queries.unmatched()]


def _rejections() -> None:
    found = queries.rejections()
    if not found:
        st.info(texts.NO_REJECTIONS)
        return
    rows = [
        {
            "Seen (UTC)": _moment(r.seen_at),
            "Source": r.source,
            "Reason": r.reason.replace("_", " "),
            "Title": r.title,
            "Text": r.text if r.text != r.title else "",
            "Where": r.where,
            "Page": safe_link(r.url),
        }
        for r in found
    ]
    link = st.column_config.LinkColumn(display_text="open")
    st.dataframe(disarmed(pd.DataFrame(rows)), hide_index=True, column_config={"Page": link})


def _runs() -> None:
    found = queries.runs()
    if not found:
        st.info(texts.NO_RUNS)
        return
    rows = [
        {
            "Job": r.job,
            "Started (UTC)": _moment(r.started_at),
            "Ended": f"{r.finished_at:%H:%M:%S}" if r.finished_at else "",
            "State": r.status,
            "Detail": r.detail or texts.run_detail(r.counts),
        }
        for r in found
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)


def _deliveries() -> None:
    found = queries.deliveries()
    if not found:
        st.info(texts.NO_MESSAGES)
        return
    rows = [
        {
            "Made (UTC)": _moment(d.alert.created_at),
            "Subject": d.alert.subject,
            "Offer": offer_link_of(d.alert.payload),
            "Channel": d.channel,
            "State": d.state,
            "Tries": d.attempts,
            "Error": d.error,
        }
        for d in found
    ]
    link = st.column_config.LinkColumn(display_text="open", width="small")
    st.dataframe(disarmed(pd.DataFrame(rows)), hide_index=True, column_config={"Offer": link})


def _without_price(readings: int) -> str:
    """A source of news reads headlines: it has no price to be old."""
    return "" if readings else "no price yet"


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _moment(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M}"
