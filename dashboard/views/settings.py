"""What the user decides: goals that are kept, and the rules by which alerts come."""

from collections.abc import Callable
from decimal import Decimal

import streamlit as st

from dashboard import actions, queries, texts
from dashboard.goal_links import goal_from, params_of
from dashboard.login_role import may_change
from dashboard.queries.base import settings
from dashboard.texts import money
from monitor.core.alerting import RULES
from monitor.core.models import AlertRule, Goal, Money
from monitor.errors import MonitorError


def show() -> None:
    """Draw the page."""
    st.title(texts.SETTINGS_TITLE, anchor=False)
    st.subheader(texts.GOALS, anchor=False)
    _goals()
    st.subheader(texts.ALERTS, anchor=False)
    _rules()
    st.subheader(texts.PLACE, anchor=False)
    st.caption(texts.PLACE_NOTE)
    st.dataframe(
        {"Setting": ["Region", "Currency", "Channels"], "Value": [settings().region, settings().currency, _channels()]},
        hide_index=True,
    )


def _goals() -> None:
    asked = goal_from(st.query_params.to_dict(), queries.catalog().workloads, settings().currency)
    if asked is not None and may_change():
        with st.form("keep-goal"):
            st.text(texts.ASKED_GOAL.format(goal=_said(asked)))
            name = st.text_input(texts.GOAL_NAME, value=asked.title, max_chars=actions.LONGEST_TITLE)
            if st.form_submit_button(texts.KEEP_GOAL, type="primary"):
                _try(lambda: actions.save_goal(asked, name), texts.KEPT)
    else:
        st.caption(texts.HOW_TO_KEEP_A_GOAL)
    own = {goal.slug for goal in queries.goals()} - set(queries.catalog().goals)
    for goal in queries.goals():
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.text(f"{goal.title}\n{_said(goal)}")
            link = "?" + "&".join(f"{name}={value}" for name, value in params_of(goal).items())
            st.link_button(texts.SHARE, f"/{link}")
            if goal.slug in own and may_change() and st.button(texts.FORGET, key=f"forget-{goal.slug}"):
                actions.delete_goal(goal.slug)
                st.rerun()


def _rules() -> None:
    if may_change():
        _new_rule()
    for rule in queries.rules():
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            about = f"{rule.kind.replace('_', ' ')}: {rule.gpu or rule.goal or 'all'}"
            st.text(f"{about} {f'below {money(rule.threshold)}' if rule.threshold else ''}")
            if may_change() and st.button(texts.FORGET, key=f"rule-{rule.slug}"):
                actions.delete_rule(rule.slug)
                st.rerun()


def _new_rule() -> None:
    with st.form("rule", clear_on_submit=True):
        left, middle, right = st.columns(3)
        kind = left.selectbox(texts.RULE_KIND, list(RULES), format_func=lambda kind: kind.replace("_", " "))
        gpu = middle.selectbox(texts.RULE_GPU, ["", *sorted(queries.catalog().gpus)])
        limit = right.number_input(texts.RULE_LIMIT.format(currency=settings().currency), min_value=0.0, step=50.0)
        if st.form_submit_button(texts.KEEP_RULE):
            threshold = Money(amount=Decimal(f"{limit:.2f}"), currency=settings().currency) if limit else None
            slug = "-".join(part for part in (kind.replace("_", "-"), gpu.lower().replace(" ", "-")) if part)
            rule = AlertRule(slug=slug, kind=kind, gpu=gpu, threshold=threshold)
            _try(lambda: actions.save_rule(rule), texts.KEPT)


def _said(goal: Goal) -> str:
    workload = queries.catalog().workloads[goal.workload]
    parts = [workload.title, "/".join(texts.CONDITIONS[c] for c in goal.conditions), goal.region]
    if goal.budget:
        parts.append(f"up to {money(goal.budget)}")
    if goal.min_memory_gb:
        parts.append(f"{goal.min_memory_gb:g} GB or more")
    return ", ".join(parts)


def _channels() -> str:
    """How many addresses are set; the addresses themselves hold secrets."""
    count = len(settings().channels.split())
    return f"{count} set" if count else "none set (GPU_LIMBO_CHANNELS)"


def _try(act: Callable[[], object], done: str) -> None:
    try:
        act()
    except MonitorError as error:
        st.error(str(error))
    else:
        st.success(done)
