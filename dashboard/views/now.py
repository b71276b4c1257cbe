"""The first page: for each goal the verdict, then its reasons, then the prices it rests on."""

from datetime import date

import streamlit as st

from dashboard import queries, texts
from dashboard.cards import verdict_card
from dashboard.goal_links import goal_from, params_of
from dashboard.queries.base import settings
from dashboard.texts import money
from dashboard.views.common import asked_day, draw_history, say_how_old
from monitor.core.models import Goal, Signal, Verdict

SHOWN_REASONS = 4
REGIONS = ("US", "DE", "UK", "KR", "TW", "BR", "RU", "FR", "JP", "CA", "AU")


def show() -> None:
    """Draw the page."""
    st.title(texts.NOW_TITLE, anchor=False)
    say_how_old()
    asked = goal_from(st.query_params.to_dict(), queries.catalog().workloads, settings().currency)
    goals = queries.goals()
    first, others = (asked, goals) if asked else (goals[0], goals[1:])
    st.html(_card(first, queries.verdict(first, asked_day())))  # the answer stands before any question
    _questions(asked)
    st.markdown(texts.gauge(queries.gauge(asked_day())))
    st.subheader(texts.OTHER_GOALS, anchor=False)
    with st.grid(min_column_width=340):
        for goal in others:
            st.html(_card(goal, queries.verdict(goal, asked_day())))
    _evidence([asked, *goals] if asked else goals)


def _questions(asked: Goal | None) -> None:
    """Three questions that make a goal; the answer goes into the address, so that the view can be kept and shared."""
    workloads = queries.catalog().workloads
    with st.expander(texts.QUESTIONS, expanded=asked is None, icon=":material/tune:"), st.form("goal", border=False):
        slugs = list(workloads)
        start = asked or Goal(slug="", title="", workload="lora-8b", region=settings().region)
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
            texts.Q_BUDGET.format(currency=settings().currency),
            min_value=0,
            step=100,
            value=int(start.budget.amount) if start.budget else 0,
        )
        have = st.selectbox(
            texts.Q_HAVE,
            ["", *sorted(queries.catalog().gpus)],
            index=_own_number(),
            format_func=lambda name: name or texts.HAVE_NOTHING,
        )
        if st.form_submit_button(texts.Q_SHOW, type="primary"):
            wanted = {"work": work, "in": region, "get": ",".join(conditions), "currency": settings().currency}
            goal = goal_from({**wanted, "budget": str(budget)}, workloads, settings().currency)
            if goal is not None:
                st.query_params.from_dict({**params_of(goal), **_own_params(have), **_kept()})
                st.rerun()


def own_card() -> str:
    """The card that the visitor has now, by the address (`?have=rtx-3060`); empty where it says none."""
    asked = st.query_params.get("have", "")
    return next((name for name, gpu in queries.catalog().gpus.items() if gpu.slug == asked), "")


def _own_number() -> int:
    own = own_card()
    return sorted(queries.catalog().gpus).index(own) + 1 if own else 0


def _own_params(name: str) -> dict[str, str]:
    return {"have": queries.catalog().gpus[name].slug} if name else {}


def _kept() -> dict[str, str]:
    return {"as_of": st.query_params["as_of"]} if "as_of" in st.query_params else {}


def _card(goal: Goal, verdict: Verdict) -> str:
    call = verdict.signals[0] if verdict.signals else None
    what = " or ".join(verdict.gpus) if verdict.gpus else texts.NO_CARD
    if call:
        what += f" ({texts.CONDITIONS[call.condition]}{', ' + call.region if call.region else ''})"
    fresh = queries.age_of(call.data_on if call else None, asked_day())
    note, old = texts.NO_PRICES_YET, None
    if fresh.day:
        template = texts.STALE_NOTE if fresh.stale else texts.FRESH_NOTE
        note = template.format(day=texts.day(fresh.day), age=texts.age(fresh.age_days))
        old = fresh.day if fresh.stale else None
    reasons = [reason.text for reason in verdict.reasons[:SHOWN_REASONS]]
    reasons += [texts.WOULD_CHANGE.format(what=change) for change in (call.would_change[:1] if call else ())]
    return verdict_card(goal.title, verdict.action, what, _facts(goal, verdict, call, old), reasons, note, held_on=old)


def _facts(goal: Goal, verdict: Verdict, call: Signal | None, old: date | None) -> list[tuple[str, str]]:
    if call is None:
        return []
    saving = f"{texts.percent(call.expected_saving)} ({call.saving_low:+.0%} to {call.saving_high:+.0%})"
    window = texts.window(call.window_low_weeks, call.window_high_weeks)
    return [
        ("price then" if old else "price", money(verdict.price or call.price)),
        ("window", window),
        ("waiting saves", saving if window else ""),
        ("buy at or below", money(call.limit_price)),
        ("confidence", texts.sureness(call.confidence) if call.confidence else ""),
        ("speed", _speed(goal, verdict.gpus[0])),
    ]


def _speed(goal: Goal, gpu: str) -> str:
    own = own_card()
    ratio = queries.relative_speed(own, gpu, goal.workload) if own else None
    return texts.times_own(ratio * goal.cards, own) if ratio else ""


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
