"""Own or rent: the answer in one sentence, the curve, and the three assumptions that move it most."""

from dataclasses import dataclass, replace
from decimal import Decimal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import charts_value, formats, queries, texts
from dashboard.views.common import asked_day, colours, say_how_old
from dashboard.views.pictures import draw
from monitor.core.memory import fit
from monitor.core.models import Money
from monitor.core.ownership import OwnershipTerms
from monitor.core.ranking import too_old
from monitor.core.rent import (
    DAYS_A_MONTH,
    CurvePoint,
    Rental,
    RentOrBuy,
    at_hours,
    costs_at,
    delay_cost_per_week,
    rent_or_buy,
)
from monitor.core.usual import USUAL_HOURS, USUAL_WORK, USUAL_YEARS

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
    what, how_much = st.columns([3, 1])
    work = what.selectbox(texts.Q_WORK, slugs, index=slugs.index(USUAL_WORK), format_func=lambda s: workloads[s].title)
    month = how_much.number_input(texts.MONTH_HOURS, min_value=0, max_value=730, value=0, step=10)
    coin, rate = _currency()
    one, two, three, four = st.columns(4)
    paid = _price(one, texts.PRICE_TO_BUY, own, "new", step=50.0)
    hour = _price(two, texts.PRICE_TO_RENT, rented, "rental", step=0.05)
    years = three.number_input(texts.YEARS, min_value=0.5, max_value=8.0, value=USUAL_YEARS, step=0.5)
    usual_kwh = queries.ownership_terms().power_price_kwh / rate
    kwh = four.number_input(
        texts.KWH.format(currency=coin), min_value=0.0, max_value=max(2.0, 8 * usual_kwh), value=usual_kwh, step=0.05
    )
    if not paid.dollars or not hour.dollars:
        st.info(texts.GIVE_PRICES)
        return
    price, rental = paid.dollars, queries.rental(own, rented, work, hour.dollars)
    terms = replace(queries.ownership_terms(years), power_price_kwh=kwh * rate)
    found = rent_or_buy(queries.catalog().gpus[own], price, terms, rental)
    answer.subheader(texts.marked(f"{texts.sentence(found.sentence)}."), anchor=False)
    if month:
        both = costs_at(queries.catalog().gpus[own], price, terms, rental, month / DAYS_A_MONTH)
        answer.markdown(texts.marked(_at_these_hours(found, both, years)))
    if paid.known and hour.known and (apart := _days_apart(own, rented)):
        answer.warning(apart, icon=":material/schedule:")
    answer.caption(texts.marked(_how_sure(own, rented, work, paid.known, hour.known)))
    if coin != "USD":
        answer.caption(texts.marked(_dollars_of(paid.dollars, hour.dollars)))
    draw(charts_value.rent_curve, _in_coin(found, rate), years, coin, colours())
    _what_it_hangs_on(found)
    _what_delay_costs(own, price, terms, rental)
    _what_to_rent(work)


@dataclass(frozen=True)
class _Paid:
    """A price in dollars, and whether it is the one that is known or one that somebody typed in."""

    dollars: float
    known: bool


def _price(place: DeltaGenerator, label: str, card: str, condition: str, *, step: float) -> _Paid:
    """Ask for a price in the owner's currency, beginning with the newest known one."""
    (coin, rate), newest = _currency(), queries.newest_price(card, condition, asked_day()) or 0.0
    typed = place.number_input(
        label.format(currency=coin), min_value=0.0, value=newest / rate, step=step, key=f"{condition}-{card}-{coin}"
    )
    known = typed == newest / rate
    return _Paid(newest if known else typed * rate, known)


def _days_apart(own: str, rented: str) -> str:
    """What is wrong with two prices of different times; "" where they are of one time."""
    bought = queries.newest_price_on(own, "new", asked_day())
    lent = queries.newest_price_on(rented, "rental", asked_day())
    if bought is None or lent is None or not too_old(min(bought, lent), max(bought, lent)):
        return ""
    old, new = ("buy", "rent") if bought < lent else ("rent", "buy")
    return texts.PRICES_APART.format(old=old, new=new, age=texts.age(abs((bought - lent).days)))


def _dollars_of(price: float, hour: float) -> str:
    """Both prices in dollars, and the day of the rates."""
    digits = 4 if hour < 0.1 else 2
    parts = {"price": formats.dollars(price, 0), "hour": formats.dollars(hour, digits)}
    return texts.IN_DOLLARS.format(day=texts.day(queries.rates_on()), **parts)


def _what_it_hangs_on(found: RentOrBuy) -> None:
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


def _currency() -> tuple[str, float]:
    """The owner's currency and the dollars for one of it; dollars where it has no rate."""
    own, rates = queries.preferences().currency, queries.dollars()
    return (own, rates[own]) if own in rates else ("USD", 1.0)


def _in_coin(found: RentOrBuy, rate: float) -> RentOrBuy:
    """The same with its costs in the owner's currency."""
    points = (replace(p, owning=p.owning / rate, renting=p.renting / rate) for p in found.curve)
    return replace(found, curve=tuple(points))


def _both(amount: float) -> str:
    """Dollars, in the owner's currency with the dollars beside it."""
    own = queries.shown_in_own(amount)
    return f"{texts.money(rounded(own))} ({formats.dollars(amount)})" if own else formats.dollars(amount)


def rounded(value: Money) -> Money:
    """An amount that is worked out, with the three digits that count."""
    return replace(value, amount=Decimal(f"{value.amount:.3g}"))


def _at_these_hours(found: RentOrBuy, both: CurvePoint, years: float) -> str:
    """What to do at the visitor's own hours, and what both ways cost."""
    return texts.AT_HOURS.format(
        month=formats.number(both.hours_a_day * DAYS_A_MONTH),
        day=formats.number(both.hours_a_day, 1),
        answer=at_hours(found, both.hours_a_day),
        years=formats.figure(years),
        owning=_both(both.owning),
        renting=_both(both.renting),
    )


def _how_sure(own: str, rented: str, work: str, usual_price: bool, usual_rent: bool) -> str:
    """What the figures rest on: the days of the prices that are not typed in, and cards that cannot hold the work."""
    day = asked_day()
    bought_on = queries.newest_price_on(own, "new", day) if usual_price else None
    rented_on = queries.newest_price_on(rented, "rental", day) if usual_rent else None
    said = [texts.PRICE_TO_BUY_ON.format(day=texts.day(bought_on))] if bought_on else []
    said += [texts.PRICE_TO_RENT_ON.format(day=texts.day(rented_on))] if rented_on else []
    for card in dict.fromkeys((own, rented)):
        room = fit(queries.catalog().gpus[card], queries.catalog().workloads[work])
        if room.answer == "no":
            said.append(texts.DOES_NOT_FIT.format(gpu=card, reason=room.said))
    return " ".join(said)


def _what_delay_costs(own: str, price: float, terms: OwnershipTerms, rental: Rental) -> None:
    """A week without the card, by what is done meanwhile: the number that a goal asks for."""
    gpu, hours = queries.catalog().gpus[own], USUAL_HOURS
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
    coin, rate = _currency()
    rows = [
        {
            "To rent": one.gpu if one.cards == 1 else f"{one.cards} x {one.gpu}",
            f"{coin} an hour": formats.number(one.cards * one.dollars_per_hour / rate, 2),
            "USD an hour": formats.number(one.cards * one.dollars_per_hour, 2),
            f"USD per million {noun}": formats.figure(one.dollars_per_million),
            "80 % interval": f"{formats.figure(one.low)} to {formats.figure(one.high)}",
        }
        for one in options[:MOST_RENTED]
    ]
    st.table(pd.DataFrame(rows).set_index("To rent"))
