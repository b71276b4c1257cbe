"""The first page: for each goal the verdict, then its reasons, then the prices it rests on."""

import streamlit as st

from dashboard import queries, texts
from dashboard.goal_cards import goal_card, own_card
from dashboard.goal_links import MOST_CARDS, goal_from, params_of
from dashboard.views.common import REGIONS, asked_day, card_link, draw_history, say_how_old
from monitor.core.models import Goal
from monitor.core.usual import USUAL_WORK

ASKED_EVERY_SECONDS = 3


def show() -> None:
    """Draw the page."""
    st.title(texts.NOW_TITLE, anchor=False)
    say_how_old()
    if asked_day() is None and not queries.signals():
        _until_the_first_call()
    asked = goal_from(st.query_params.to_dict(), queries.catalog().workloads, queries.preferences().currency)
    goals = queries.goals()
    first, others = (asked, goals) if asked else (goals[0], goals[1:])
    with st.spinner(texts.READING_PRICES):
        card = goal_card(first, asked_day(), _own())
    st.html(card)  # the answer stands before any question
    _questions(asked)
    st.markdown(texts.gauge(queries.gauge(asked_day())))
    st.subheader(texts.OTHER_GOALS, anchor=False)
    with st.grid(min_column_width=340):
        for goal in others:
            st.html(goal_card(goal, asked_day(), _own(), folded=True))
    _evidence([asked, *goals] if asked else goals)


@st.fragment(run_every=ASKED_EVERY_SECONDS)
def _until_the_first_call() -> None:
    """Draw the page anew as soon as there is something to say: nobody has to reload it."""
    if queries.signals():
        st.rerun()


def _questions(asked: Goal | None) -> None:
    """A few questions that make a goal; the answer goes into the address, so that the view can be kept and shared."""
    workloads = queries.catalog().workloads
    with st.expander(texts.QUESTIONS, expanded=asked is None, icon=":material/tune:"), st.form("goal", border=False):
        slugs = list(workloads)
        start = asked or Goal(slug="", title="", workload=USUAL_WORK, region=queries.preferences().region)
        work = st.selectbox(
            texts.Q_WORK, slugs, index=slugs.index(start.workload), format_func=lambda slug: workloads[slug].title
        )
        where, how, most = st.columns([1, 2, 1])
        regions = tuple(dict.fromkeys([start.region, *REGIONS]))
        region = where.selectbox(texts.Q_REGION, regions)
        conditions = how.multiselect(
            texts.Q_CONDITIONS,
            ["new", "used", "refurbished", "rental"],
            default=[str(c) for c in start.conditions],
            format_func=lambda name: texts.CONDITIONS[name],
        )
        budget = most.number_input(
            texts.Q_BUDGET_ALL.format(currency=queries.preferences().currency),
            min_value=0,
            step=100,
            value=int(start.budget.amount) if start.budget else 0,
        )
        count, size, own = st.columns([1, 1, 2])
        cards = count.number_input(texts.Q_CARDS, min_value=1, max_value=MOST_CARDS, value=start.cards)
        memory = size.number_input(texts.Q_MEMORY, min_value=0, step=8, value=round(start.min_memory_gb))
        have = own.selectbox(
            texts.Q_HAVE,
            ["", *sorted(queries.catalog().gpus)],
            index=_own_number(),
            format_func=lambda name: name or texts.HAVE_NOTHING,
        )
        meanwhile = st.selectbox(texts.Q_MEANWHILE, list(texts.MEANWHILE), format_func=lambda how: texts.MEANWHILE[how])
        if st.form_submit_button(texts.Q_SHOW, type="primary"):
            wanted = {"work": work, "in": region, "get": ",".join(conditions), "budget": str(budget)}
            wanted |= {"cards": str(cards), "memory": str(memory), "weeks": str(start.deadline_weeks)}
            wanted["delay"] = f"{_cost_of_delay(meanwhile):g}"
            goal = goal_from(wanted, workloads, queries.preferences().currency)
            if goal is not None:
                st.query_params.from_dict({**params_of(goal), **_own_params(have), **_kept()})
                st.rerun()


def _cost_of_delay(meanwhile: str) -> float:
    asked = queries.cost_of_delay(meanwhile, asked_day()) if meanwhile else None
    return queries.preferences().delay_cost_per_week if asked is None else min(asked, 1.0)


def _own() -> str:
    return own_card(st.query_params.to_dict())


def _own_number() -> int:
    own = _own()
    return sorted(queries.catalog().gpus).index(own) + 1 if own else 0


def _own_params(name: str) -> dict[str, str]:
    return {"have": queries.catalog().gpus[name].slug} if name else {}


def _kept() -> dict[str, str]:
    return {"as_of": st.query_params["as_of"]} if "as_of" in st.query_params else {}


def _evidence(goals: list[Goal]) -> None:
    named = {goal.slug: goal for goal in goals if queries.verdict(goal, asked_day()).signals}
    if not named:
        return
    st.subheader(texts.EVIDENCE, anchor=False)
    slug = st.selectbox(texts.GOAL, list(named), format_func=lambda slug: named[slug].title)
    call = queries.verdict(named[slug], asked_day()).signals[0]
    place = (str(call.condition), call.region)
    series = [s for s in queries.price_series(call.gpu, asked_day()) if (s.key.condition, s.key.region) == place]
    draw_history(call.gpu, series)
    currency = call.price.currency if call.price else ""
    st.link_button(texts.ALL_EVIDENCE.format(gpu=call.gpu), card_link(call.gpu, *place, currency))
