"""Cards for one kind of work: the ranking, the price-performance plane, and two to six of them side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st

from dashboard import charts_value, formats, queries, texts
from dashboard.goal_links import MOST_CARDS
from dashboard.texts import money
from dashboard.views.common import asked_day, card_link, colours, say_how_old
from dashboard.views.pictures import draw
from monitor.core import tax
from monitor.core.models import Score
from monitor.core.ranking import Place, apart_by_age, place_of, tied_with_best
from monitor.core.usual import USUAL_WORK

MOST_SHOWN, MOST_COMPARED = 30, 6


def show() -> None:
    """Draw the page."""
    st.title(texts.COMPARE_TITLE, anchor=False)
    say_how_old()
    workloads = queries.catalog().workloads
    slug = st.query_params.get("work", USUAL_WORK)
    slugs = list(workloads)
    index = slugs.index(slug) if slug in workloads else 0
    what, many = st.columns([3, 1])
    work = what.selectbox(texts.Q_WORK, slugs, index=index, format_func=lambda s: workloads[s].title)
    asked = st.query_params.get("cards", "1")
    usual = min(max(int(asked), 1), MOST_CARDS) if asked.isdecimal() and len(asked) < 5 else 1
    cards = int(many.number_input(texts.Q_CARDS, min_value=1, max_value=MOST_CARDS, value=usual))
    if cards > 1:
        st.caption(texts.AS_A_SET.format(cards=cards))
    seen_on = {place_of(call): call.data_on for call in queries.signals("", asked_day())}
    shown, old = apart_by_age(_filtered(queries.scores(work, asked_day(), cards)), seen_on)
    if not shown:
        st.info(texts.NO_SCORES)
    else:
        _ranking(shown, seen_on)
        _left_aside(old)
        st.subheader(texts.PLANE, anchor=False)
        draw(charts_value.plane, in_one_currency(shown[:MOST_SHOWN]), colours())
    _side_by_side(shown)
    _progress(work)


def _filtered(scores: list[Score]) -> list[Score]:
    gpus = queries.catalog().gpus
    regions = sorted({score.region for score in scores})
    with st.expander(texts.FILTERS, icon=":material/filter_alt:"):
        one, two, three, four = st.columns(4)
        budget = one.number_input(texts.Q_BUDGET.format(currency=queries.preferences().currency), min_value=0, step=100)
        memory = two.number_input(texts.LEAST_MEMORY, min_value=0, step=8)
        watts = three.number_input(texts.MOST_POWER, min_value=0, step=50)
        ways = sorted({str(score.condition) for score in scores if str(score.condition) != "rental"})
        kept = four.multiselect(texts.Q_CONDITIONS, ways, default=ways, format_func=lambda c: texts.CONDITIONS[c])
        usual = [queries.preferences().region] if queries.preferences().region in regions else []
        places = st.multiselect(texts.Q_REGION, regions, default=usual)
    return [
        score
        for score in scores
        if str(score.condition) in kept
        and (not places or score.region in places)
        and (not budget or _within(score, budget))
        and gpus[score.gpu].memory_gb >= memory
        and (not watts or (gpus[score.gpu].power_watts or watts + 1) <= watts)
    ]


def _within(score: Score, budget: float) -> bool:
    """Whether a price lies within a budget in the owner's currency; without a rate nobody can say so."""
    own = queries.in_own_currency(score.price)
    return own is not None and own.amount <= budget


def _ranking(scores: list[Score], seen_on: Mapping[Place, date | None]) -> None:
    best, currency = scores[0], queries.preferences().currency
    tied = tied_with_best(scores)
    names = {score.gpu for score in tied} - {best.gpu}
    others = f" ({texts.counted(len(names), 'other')} cannot be told apart from it)" if names else ""
    st.markdown(f"**{texts.MOST_FOR_MONEY.format(gpu=_named(best))}{others}.**")
    rows = [
        {
            "GPU": score.gpu,
            "Condition": texts.CONDITIONS[score.condition],
            "Price": money(score.price),
            "Value, best = 100": 100 * score.per_dollar / best.per_dollar,
            "80 % interval": f"{100 * score.low / best.per_dollar:.0f} to {100 * score.high / best.per_dollar:.0f}",
            "Price from": seen_on.get(place_of(score)),
            f"In {currency}": money(queries.in_own_currency(score.price)),
            _throughput(scores): f"{texts.figure(score.throughput)} {score.unit}",
            "Fits": score.fits,
            "Tied with the best": "yes" if score in tied else "",
            "Region": score.region or "anywhere",
            "Evidence": card_link(score.gpu, str(score.condition), score.region, score.price.currency),
        }
        for score in scores[:MOST_SHOWN]
    ]
    table = pd.DataFrame(rows)
    if len({score.region for score in scores[:MOST_SHOWN]}) > 1:
        table[f"In {currency}, without tax"] = [_without_tax(score) for score in scores[:MOST_SHOWN]]
        _say_what_tax(scores[:MOST_SHOWN])
    if all(score.price.currency == currency for score in scores):
        table = table.drop(columns=f"In {currency}")
    else:
        st.caption(texts.CONVERTED.format(day=texts.day(queries.rates_on())))
    columns = {
        "Value, best = 100": st.column_config.ProgressColumn(min_value=0, max_value=100, format="%.0f"),
        "Evidence": st.column_config.LinkColumn(display_text="open", width="small"),
        "Price from": st.column_config.DateColumn(format="D MMM YYYY"),
    }
    st.dataframe(table, hide_index=True, column_config=columns)


def _named(score: Score) -> str:
    return score.gpu if score.cards == 1 else f"{score.cards} x {score.gpu}"


def _throughput(scores: Sequence[Score]) -> str:
    """The heading of the column: of how many cards it is."""
    return "Throughput" if not scores or scores[0].cards == 1 else f"Throughput of {scores[0].cards}"


def _left_aside(old: Sequence[tuple[Score, date]]) -> None:
    """Cards whose prices are too old to stand beside the others: named with their days, and ranked nowhere."""
    if not old:
        return
    with st.expander(texts.LEFT_ASIDE.format(cards=texts.counted(len(old), "price")), icon=":material/history:"):
        st.caption(texts.LEFT_ASIDE_WHY)
        rows = [
            {
                "GPU": score.gpu,
                "Condition": texts.CONDITIONS[score.condition],
                "Price": money(score.price),
                "Price from": texts.day(seen),
                "Region": score.region or "anywhere",
            }
            for score, seen in old
        ]
        st.dataframe(pd.DataFrame(rows), hide_index=True)


def in_one_currency(scores: list[Score]) -> list[Score]:
    """The scores with their prices in the owner's currency, for one axis; where there is no rate a card is left out."""
    return [replace(score, price=own) for score in scores if (own := queries.in_own_currency(score.price))]


def _without_tax(score: Score) -> str:
    """A price as it compares over countries: where the tax in it is not known, it stands as paid."""
    return money(queries.in_own_currency(tax.without_tax(score.price, score.region)))


def _say_what_tax(scores: list[Score]) -> None:
    unknown = sorted({score.region for score in scores if score.region and not tax.is_known(score.region)})
    said = [texts.AS_PAID] + [texts.AS_PAID_UNKNOWN.format(places=", ".join(unknown))] * bool(unknown)
    st.caption(" ".join(said))


def _side_by_side(scores: list[Score]) -> None:
    st.subheader(texts.SIDE_BY_SIDE, anchor=False)
    gpus = queries.catalog().gpus
    usual = list(dict.fromkeys(score.gpu for score in scores))[:3] or ["RTX 4090", "RTX 3090"]
    names = st.multiselect(texts.CARD, sorted(gpus), default=usual, max_selections=MOST_COMPARED)
    if not names:
        return
    best = {score.gpu: score for score in reversed(scores)}
    columns = {
        name: {
            "Price": money(best[name].price) if name in best else "no price",
            _throughput(scores): f"{texts.figure(best[name].throughput)} {best[name].unit}" if name in best else "",
            "Memory": f"{gpus[name].memory_gb:g} GB",
            "Bandwidth": f"{formats.number(gpus[name].bandwidth_gb_s)} GB/s",
            "16-bit rate": _tflops(gpus[name].fp16_tflops),
            "Power": f"{gpus[name].power_watts:g} W" if gpus[name].power_watts else texts.NOT_KNOWN,
            "Launched": texts.day(launched) if (launched := gpus[name].launched_on) else texts.NOT_KNOWN,
        }
        for name in names
    }
    st.dataframe(pd.DataFrame(columns))


def _tflops(value: float | None) -> str:
    return f"{formats.figure(value)} TFLOPS" if value else texts.NOT_KNOWN


def _progress(work: str) -> None:
    found = queries.field_progress(work)
    if found is None:
        return
    st.subheader(texts.PROGRESS, anchor=False)
    st.markdown(f"**{charts_value.progress_in_words(found)}**")
    draw(charts_value.progress_chart, found, queries.catalog().workloads[work].unit, colours())
