"""What the user decides: goals that are kept, and the rules by which alerts come."""

from collections.abc import Callable

import streamlit as st

from dashboard import actions, queries, texts
from dashboard.goal_links import goal_from, params_of
from dashboard.login_role import may_change
from dashboard.texts import money
from dashboard.views import settings_alerts, settings_choices
from monitor.core.models import Goal
from monitor.errors import MonitorError


def show() -> None:
    """Draw the page."""
    st.title(texts.SETTINGS_TITLE, anchor=False)
    asked = goal_from(st.query_params.to_dict(), queries.catalog().workloads, queries.preferences().currency)
    if asked is None:  # who comes to keep a goal sees its form first; all others say where they are
        _choices()
    st.subheader(texts.GOALS, anchor=False)
    _goals(asked)
    st.subheader(texts.ALERTS, anchor=False)
    settings_alerts.show()
    if asked is not None:
        _choices()


def _choices() -> None:
    st.subheader(texts.CHOICES, anchor=False)
    settings_choices.show()


def _goals(asked: Goal | None) -> None:
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
            st.text(f"{goal.title}\n{_said(goal)}", width="stretch")
            link = "?" + "&".join(f"{name}={value}" for name, value in params_of(goal).items())
            st.link_button(texts.SHARE, f"/{link}")
            if goal.slug in own and may_change() and st.button(texts.FORGET, key=f"forget-{goal.slug}"):
                actions.delete_goal(goal.slug)
                st.rerun()


def _said(goal: Goal) -> str:
    workload = queries.catalog().workloads[goal.workload]
    parts = [f"{goal.cards} cards"] if goal.cards > 1 else []
    parts += [workload.title, "/".join(texts.CONDITIONS[c] for c in goal.conditions), goal.region]
    if goal.budget:
        parts.append(f"up to {money(goal.budget)}")
    if goal.min_memory_gb:
        parts.append(f"{goal.min_memory_gb:g} GB or more")
    return ", ".join(parts)


def _try(act: Callable[[], object], done: str) -> None:
    try:
        act()
    except MonitorError as error:
        st.error(str(error))
    else:
        st.success(done)
