"""Where the numbers of a card come from: its offers with their text, its newest prices, what it was told apart from."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard import queries, texts
from dashboard.cells import disarmed
from dashboard.links import safe_link
from dashboard.texts import condition
from monitor.core.models import Market, Offer, Rejection, Series

MOST_NEIGHBOURS = 50


def show_offers(offers: Sequence[Offer]) -> None:
    """Every live offer: price, shop, page, time, and what decided that it is this card."""
    st.subheader(texts.OFFERS_NOW, anchor=False)
    if not offers:
        st.info(texts.NO_OFFERS)
        return
    if any(offer.market is Market.CLOUD for offer in offers):
        st.caption(texts.RENTED_PAGE)
    rows = [
        {
            "Price": float(offer.price.amount),
            "Currency": offer.price.currency,
            "Condition": texts.CONDITIONS[offer.condition],
            "Page": safe_link(offer.url),
            "Source": offer.source,
            "Region": offer.region,
            "Seen": offer.seen_at,
            "Stock": str(offer.availability).replace("_", " "),
            "Title": offer.title,
            "Read from": offer.snippet,
            "Found in": texts.SYNTAXES.get(offer.syntax, offer.syntax),
            "Matched by": offer.reason,
        }
        for offer in offers
    ]
    columns = {
        "Page": st.column_config.LinkColumn(display_text="open", width="small"),
        "Price": st.column_config.NumberColumn(format="localized"),
        "Seen": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
    }
    st.dataframe(disarmed(pd.DataFrame(rows)), hide_index=True, column_config=columns)


def show_newest(series: Sequence[Series]) -> None:
    """The newest price of each series with what it sums up, of how many offers, and on which day."""
    newest = queries.newest_of(series)
    if not newest:
        return
    with st.expander(texts.EVIDENCE_PRICES, icon=":material/plagiarism:"):
        rows = [
            {
                "Day": one.day,
                "Price": one.price,
                "Currency": one.key.currency,
                "Condition": condition(one.key.condition),
                "Region": one.key.region or "anywhere",
                "Source": one.key.source,
                "What it is": one.key.stat.replace("_", " "),
                "Offers behind it": one.n,
            }
            for one in newest
        ]
        columns = {
            "Price": st.column_config.NumberColumn(format="localized"),
            "Day": st.column_config.DateColumn(format="D MMM YYYY"),
        }
        st.dataframe(disarmed(pd.DataFrame(rows)), hide_index=True, column_config=columns)


def show_neighbours(rejected: Sequence[Rejection]) -> None:
    """What was read beside the card's offers and not counted, with the reason."""
    if not rejected:
        return
    with st.expander(texts.REJECTED_BESIDE, icon=":material/filter_alt_off:"):
        st.caption(texts.REJECTED_BESIDE_NOTE)
        rows = [
            {
                "Reason": r.reason.replace("_", " "),
                "Title": r.title,
                "Text": r.text,
                "Source": r.source,
                "Seen": r.seen_at,
                "Page": safe_link(r.url),
            }
            for r in rejected[:MOST_NEIGHBOURS]
        ]
        link = st.column_config.LinkColumn(display_text="open", width="small")
        st.dataframe(disarmed(pd.DataFrame(rows)), hide_index=True, column_config={"Page": link})
