"""The part of a card's page about the visitor's work: what it does, what owning it costs, when renting is cheaper."""

import streamlit as st

from dashboard import charts_value, formats, queries, texts
from dashboard.cards import fact_table
from dashboard.views.common import asked_day, colours
from dashboard.views.pictures import draw, draw_with_csv
from monitor.core.card_cost import CardCost
from monitor.core.models import Condition
from monitor.core.rent import Rental, rent_or_buy
from monitor.core.rent_question import SAME_CARD_SD
from monitor.core.usual import USUAL_WORK, USUAL_YEARS


def show(name: str, place: tuple[str, str] | None) -> None:
    """Draw it for the market (condition, region) that is chosen above, or the nearest one that can be owned."""
    st.subheader(texts.WORK, anchor=False)
    workloads = queries.catalog().workloads
    slugs = list(workloads)
    index = slugs.index(_usual_work(name))
    work = st.selectbox(
        texts.Q_WORK, slugs, index=index, format_func=lambda s: workloads[s].title, key=f"gpu-work-{name}"
    )
    _throughput(name, work)
    _rented(name, work)
    st.markdown(f"**{texts.OWNERSHIP}**")
    if not queries.cost_of_card(name, work, USUAL_YEARS, asked_day()):
        st.info(texts.NO_COST)
        return
    answer = st.container()  # filled below, so that the answer stands before the question
    years = st.slider(texts.YEARS, 0.5, 6.0, value=USUAL_YEARS, step=0.5, format="%.1f", key="gpu-years")
    found = _chosen(queries.cost_of_card(name, work, years, asked_day()), place)
    answer.markdown(texts.marked(_sentence(found)))
    _parts(found)
    _rent(found)


def _usual_work(name: str) -> str:
    """The work in the address, else the first that the card can do."""
    workloads = queries.catalog().workloads
    asked = st.query_params.get("work", "")
    if asked in workloads:
        return asked
    fitting = (slug for slug in (USUAL_WORK, *workloads) if queries.throughput_of(name, slug, asked_day()).throughput)
    return next(fitting, USUAL_WORK)


def _throughput(name: str, work: str) -> None:
    found = queries.throughput_of(name, work, asked_day())
    if found.throughput is None or found.low is None or found.high is None:
        st.info(texts.marked(texts.DOES_NOT_FIT.format(gpu=name, reason=found.reason or texts.NOT_KNOWN)))
        return
    said = texts.THROUGHPUT.format(
        gpu=name,
        value=texts.figure(found.throughput),
        unit=found.unit,
        low=texts.figure(found.low),
        high=texts.figure(found.high),
        bound=texts.BOUNDS.get(found.bound, found.bound),
        evidence=texts.MEASURED if found.evidence.startswith("measured") else texts.ESTIMATED,
    )
    st.markdown(texts.marked(said))


def _rented(name: str, work: str) -> None:
    """What a unit of work costs on this card by the hour, where it can be rented."""
    rented = [s for s in queries.scores(work, asked_day()) if s.gpu == name and s.condition is Condition.RENTAL]
    if not rented:
        return
    best = max(rented, key=lambda score: score.per_dollar)
    times, word = texts.work_amount(1e6 / best.per_dollar)
    per, low, high = (formats.dollars(1e6 / value * times) for value in (best.per_dollar, best.high, best.low))
    said = texts.RENTED_SENTENCE.format(
        price=texts.money(best.price), per=per, low=low, high=high, amount=word, noun=best.unit.removesuffix("/s")
    )
    st.markdown(texts.marked(said))


def _chosen(costs: list[CardCost], place: tuple[str, str] | None) -> CardCost:
    """The market on show; else one of the owner's region; else the one whose work is cheapest."""
    own = queries.preferences().region
    order = sorted(
        costs,
        key=lambda one: (
            (str(one.score.condition), one.score.region) != place,
            one.score.region != own,
            one.per_million,
        ),
    )
    return order[0]


def _sentence(found: CardCost) -> str:
    """The answer first: what it costs in all, and for an amount of work."""
    score, cost = found.score, found.cost
    times, word = texts.work_amount(found.per_million)
    noun = score.unit.removesuffix("/s")
    said = texts.COST_SENTENCE.format(
        condition=texts.CONDITIONS[score.condition],
        place=f" in {score.region}" if score.region else "",
        price=texts.money(score.price),
        years=formats.number(found.years, 0 if found.years % 1 == 0 else 1),
        total=formats.dollars(cost.total),
        low=formats.dollars(cost.low),
        high=formats.dollars(cost.high),
        per=formats.dollars(found.per_million * times),
        per_low=formats.dollars(found.low * times),
        per_high=formats.dollars(found.high * times),
        amount=word,
        noun=noun,
    )
    return " ".join(said.split())


def _parts(found: CardCost) -> None:
    """The parts of the cost, and what the card sells for by the years that it is kept."""
    cost = found.cost
    values = (cost.purchase, cost.power, cost.hosting, -cost.resale, cost.total)
    rows = [(part, formats.dollars(value, 0)) for part, value in zip(texts.COST_PARTS, values, strict=True)]
    rows.append((texts.COST_HOUR, formats.dollars(cost.per_useful_hour, 2)))
    left, right = st.columns(2)
    with left:
        st.html(fact_table(rows))
        st.caption(texts.marked(_terms()))
    with right:
        st.caption(texts.RESALE_CURVE)
        draw(charts_value.resale, found.resale, colours())
        sold = min(found.resale, key=lambda point: abs(point.years - found.years))
        words = texts.RESALE_WORDS.format(
            years=formats.number(sold.years, 1 if sold.years % 1 else 0),
            middle=formats.dollars(sold.middle),
            low=formats.dollars(sold.low),
            high=formats.dollars(sold.high),
        )
        st.caption(texts.marked(words))


def _terms() -> str:
    wishes, terms = queries.preferences(), queries.ownership_terms()
    kwh = f"{formats.number(wishes.power_price_kwh, 2)} {wishes.currency}"
    tax, duty = formats.figure(wishes.tax_percent), formats.number(100 * terms.duty)
    return texts.COST_TERMS.format(kwh=kwh, tax=tax, duty=duty)


def _rent(found: CardCost) -> None:
    st.markdown(f"**{texts.RENT_OR_BUY_HERE}**")
    hourly = queries.newest_price(found.score.gpu, Condition.RENTAL, asked_day())
    if hourly is None:
        st.caption(texts.NO_RENT_HERE)
        return
    gpu, terms = queries.catalog().gpus[found.score.gpu], queries.ownership_terms(found.years)
    used = found.score.condition in (Condition.USED, Condition.REFURBISHED)
    rental = Rental(price_per_hour=hourly, speed=1.0, speed_sd=SAME_CARD_SD)
    answer = rent_or_buy(gpu, found.price_usd, terms, rental, used=used)
    st.markdown(texts.marked(f"{texts.sentence(answer.sentence)}."))
    _, curve = draw_with_csv(charts_value.rent_curve, answer, found.years, "USD", colours())
    st.download_button(
        "Curve as CSV",
        curve,
        file_name=f"{gpu.slug}-rent-or-buy.csv",
        mime="text/csv",
    )
