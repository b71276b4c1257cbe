"""Own or rent: the answer in one sentence, the curve, and the three assumptions that move it most."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard import charts_value, formats, queries, texts
from dashboard.views.common import asked_day, colours, say_how_old
from dashboard.views.pictures import draw
from monitor.core.ownership import OwnershipTerms
from monitor.core.rent import Rental, delay_cost_per_week, rent_or_buy

MOST_RENTED = 6


def show() -> None:
    """Draw the page."""
    st.title(texts.RENT_TITLE, anchor=False)
    say_how_old()
    answer = st.container()  # filled below, so that the answer stands before the questions
    workloads = queries.catalog().workloads
    slugs = list(workloads)
    names, day = sorted(queries.catalog().gpus), asked_day()
    left, right = st.columns(2)
    usual = queries.usual_card(day)
    own = left.selectbox(texts.OWN_CARD, names, index=names.index(usual))
    rented = right.selectbox(texts.RENTED_CARD, names, index=names.index(own))
    work = st.selectbox(texts.Q_WORK, slugs, index=slugs.index("lora-8b"), format_func=lambda s: workloads[s].title)
    known, hourly = queries.newest_price(own, "new", day), queries.newest_price(rented, "rental", day)
    one, two, three, four = st.columns(4)
    price = one.number_input(texts.PRICE_TO_BUY, min_value=0.0, value=known or 0.0, step=50.0, key=f"buy-{own}")
    rent = two.number_input(texts.PRICE_TO_RENT, min_value=0.0, value=hourly or 0.0, step=0.05, key=f"rent-{rented}")
    years = three.number_input(texts.YEARS, min_value=0.5, max_value=8.0, value=3.0, step=0.5)
    kwh = four.number_input(
        texts.KWH, min_value=0.0, max_value=2.0, value=round(queries.ownership_terms().power_price_kwh, 3), step=0.05
    )
    if not price or not rent:
        st.info(texts.GIVE_PRICES)
        return
    speed = queries.relative_speed(own, rented, work)
    rental = Rental(price_per_hour=rent, speed=speed or 1.0, speed_sd=0.02 if own == rented else 0.2)
    terms = replace(queries.ownership_terms(years), power_price_kwh=kwh)
    found = rent_or_buy(queries.catalog().gpus[own], price, terms, rental)
    answer.subheader(texts.marked(f"{texts.sentence(found.sentence)}."), anchor=False)
    draw(charts_value.rent_curve, found, years, "USD", colours())
    st.markdown(texts.SENSITIVE_TO)
    rows = [
        {
            "Assumption": s.name,
            "Threshold from": f"{formats.number(min(s.low, 99), 1)} h a day",
            "to": f"{formats.number(min(s.high, 99), 1)} h a day",
        }
        for s in found.sensitivities
    ]
    st.table(pd.DataFrame(rows).set_index("Assumption"))
    _what_delay_costs(own, price, terms, rental)
    _what_to_rent(work)


def _what_delay_costs(own: str, price: float, terms: OwnershipTerms, rental: Rental) -> None:
    """A week without the card, by what is done meanwhile: the number that a goal asks for."""
    gpu, hours = queries.catalog().gpus[own], queries.DELAY_HOURS
    renting, lost = (delay_cost_per_week(gpu, price, terms, hours, how, rental) for how in ("rent", "lost"))
    shares = {"renting": formats.number(100 * renting, 1), "lost": formats.number(100 * lost, 1)}
    st.markdown(texts.DELAY_SENTENCE.format(hours=f"{hours:g}", **shares))


def _what_to_rent(work: str) -> None:
    """TPU or GPU, and the cheapest ways to rent for this work."""
    options, sentence = queries.rented_for(work, asked_day())
    st.subheader(texts.TPU_OR_GPU, anchor=False)
    st.markdown(texts.marked(texts.sentence(sentence)))
    if not options:
        return
    noun = queries.catalog().workloads[work].unit.removesuffix("/s")
    rows = [
        {
            "To rent": one.gpu if one.cards == 1 else f"{one.cards} x {one.gpu}",
            "USD an hour": formats.number(one.cards * one.dollars_per_hour, 2),
            f"USD per million {noun}": formats.figure(one.dollars_per_million),
            "80 % interval": f"{formats.figure(one.low)} to {formats.figure(one.high)}",
        }
        for one in options[:MOST_RENTED]
    ]
    st.table(pd.DataFrame(rows).set_index("To rent"))
