"""One card: its calls, its prices over the years with launches beside them, the offers behind them, and the news."""

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from dashboard import charts, formats, queries, texts
from dashboard.cards import fact_table, verdict_card
from dashboard.cells import disarmed
from dashboard.links import safe_link
from dashboard.texts import money
from dashboard.views import alert_form, corrections, evidence, gpu_cost
from dashboard.views.common import asked_day, draw_history, market_address, say_how_old, usual_market
from monitor.core.goal_card import WOULD_CHANGE
from monitor.core.models import Condition, Gpu, Series, Signal
from monitor.core.phrases import reason as with_figure

SHORT_FAN_WEEKS, LONG_FAN_WEEKS = 26, 40  # a call that waits longer than the first is drawn to the second


def show() -> None:
    """Draw the page."""
    gpus = queries.catalog().gpus
    names = sorted(gpus)
    named = {gpu.slug: name for name, gpu in gpus.items()}
    start = named.get(st.query_params.get("gpu", ""), "RTX 4090")
    name = st.selectbox(texts.CARD, names, index=names.index(start))
    st.query_params["gpu"] = gpus[name].slug
    st.title(name, anchor=False)
    say_how_old()
    calls = [call for call in queries.signals("", asked_day()) if call.gpu == name]
    _calls(calls)
    place = _prices(name, calls)
    gpu_cost.show(name, place)
    left, right = st.columns(2)
    with left:
        _facts(gpus[name])
    with right:
        _outlook(gpus[name])
    offers = queries.offers(name, asked_day())
    evidence.show_offers(offers)
    if asked_day() is None:
        corrections.form(texts.CORRECT_OFFER, [offer.title for offer in offers], suggest=False)
        evidence.show_neighbours(queries.rejected_beside(name))
    _news(name)


def _calls(calls: list[Signal]) -> None:
    if not calls:
        st.info(texts.NO_CALL_FOR_CARD)
        return
    with st.grid(min_column_width=300):
        for call in calls:
            fresh = queries.age_of(call.data_on, asked_day())
            note = (texts.STALE_NOTE if fresh.stale else texts.FRESH_NOTE).format(
                day=texts.day(fresh.day) if fresh.day else texts.NOT_KNOWN, age=texts.age(fresh.age_days)
            )
            rented = call.condition is Condition.RENTAL
            facts = [
                ("price an hour" if rented else "price", money(call.price)),
                ("window", texts.window(call.window_low_weeks, call.window_high_weeks)),
                ("rent at or below" if rented else "buy at or below", money(call.limit_price)),
            ]
            place = f"{texts.CONDITIONS[call.condition]}, {call.region or 'anywhere'}"
            reasons = [with_figure(one.text, one.contribution) for one in call.reasons[:5]]
            reasons += [WOULD_CHANGE.format(what=change) for change in call.would_change]
            old = fresh.day if fresh.stale else None
            card = verdict_card(place, call.action, "", facts, reasons, note, condition=call.condition, held_on=old)
            st.html(card)


def _prices(name: str, calls: list[Signal]) -> tuple[str, str] | None:
    """The chart of one market and the alerts for it; the market (condition, region), or `None` where there is none."""
    series = queries.price_series(name, asked_day())
    places = sorted({(s.key.condition, s.key.region, s.key.currency) for s in series})
    st.subheader(texts.PRICES, anchor=False)
    if not places:
        st.info(texts.NO_HISTORY)
        return None
    newest = {
        (c, r): max(_last_day(s) for s in series if (s.key.condition, s.key.region) == (c, r)) for c, r, _ in places
    }
    named = {market_address(*place): place for place in places}
    usual = usual_market([(p[0], p[1]) for p in places], newest)
    asked = named.get(st.query_params.get("market", ""), places[usual])
    condition, region, currency = st.selectbox(
        texts.MARKET,
        places,
        index=places.index(asked),
        format_func=lambda p: f"{texts.condition(p[0])}, {p[1] or 'anywhere'}, {p[2]}",
        key=f"market-{name}",
    )
    call = next((c for c in calls if (str(c.condition), c.region) == (condition, region)), None)
    long = call is not None and (call.window_high_weeks or 0) > SHORT_FAN_WEEKS
    here = [s for s in series if (s.key.condition, s.key.region, s.key.currency) == (condition, region, currency)]
    draw_history(name, here, "gpu", LONG_FAN_WEEKS if long else SHORT_FAN_WEEKS)
    if asked_day() is None:
        alert_form.for_card(name, call, condition, region, currency)
    evidence.show_newest(series)
    return condition, region


def _last_day(series: Series) -> date:
    return (charts.EPOCH + timedelta(days=int(series.days[-1]))).date() if len(series.days) else date.min


def _facts(gpu: Gpu) -> None:
    st.subheader(texts.FACTS, anchor=False)
    rows = [
        ("Memory", f"{gpu.memory_gb:g} GB"),
        ("Memory bandwidth", f"{formats.number(gpu.bandwidth_gb_s)} GB/s"),
        ("Tensor rate, 16 bit, dense, FP32 accumulate", _tflops(gpu.fp16_tflops)),
        ("FP32 rate", _tflops(gpu.fp32_tflops)),
        ("Power limit", f"{gpu.power_watts:g} W" if gpu.power_watts else texts.NOT_KNOWN),
        ("Launched", texts.day(gpu.launched_on) if gpu.launched_on else texts.NOT_KNOWN),
        ("MSRP", formats.dollars(gpu.msrp_usd, 0) if gpu.msrp_usd else texts.NOT_KNOWN),
    ]
    st.html(fact_table(rows))
    with st.expander(texts.WHERE_FACTS_STAND):
        sources = sorted(gpu.sources.items())
        st.html(fact_table(sources))


def _outlook(gpu: Gpu) -> None:
    st.subheader(texts.OUTLOOK, anchor=False)
    followers = [(g.launched_on, g.name) for g in queries.catalog().gpus.values() if g.predecessor == gpu.name]
    day = asked_day()
    known = [(on, name) for on, name in followers if on is not None and (day is None or on <= day.date())]
    if known:
        names = ", ".join(f"{name} ({texts.day(on)})" for on, name in sorted(known))
        st.write(texts.FOLLOWED_BY.format(names=names))
        return
    outlook = queries.successor_of(gpu.name, day)
    if outlook is None:
        st.write(texts.NOT_FOLLOWED)
        return
    chances = ", ".join(f"{chance:.0%} within {months} months" for months, chance in outlook.within_months.items())
    st.markdown(texts.SUCCESSOR.format(chances=chances, evidence=outlook.evidence))
    st.write(texts.window(outlook.low_weeks, outlook.high_weeks) or texts.NO_END_IN_SIGHT)


def _news(name: str) -> None:
    found = [event for event in queries.news(asked_day()) if name in event.gpus]
    if not found:
        return
    st.subheader(texts.NEWS, anchor=False)
    rows = [
        {"Day": e.published_at.date(), "What": e.event.replace("_", " "), "Headline": e.title, "Page": safe_link(e.url)}
        for e in found
    ]
    link = st.column_config.LinkColumn(display_text="open")
    st.dataframe(disarmed(pd.DataFrame(rows)), hide_index=True, column_config={"Page": link})


def _tflops(value: float | None) -> str:
    return f"{formats.figure(value)} TFLOPS" if value else texts.NOT_KNOWN
