"""Alerts on the settings page: the rules in force, a new one with its preview, and a test over every channel."""

from dataclasses import replace
from decimal import Decimal

import streamlit as st

from dashboard import actions, queries, texts
from dashboard.login_role import may_change
from dashboard.queries.base import settings
from dashboard.views import alert_form
from monitor.core.alert_state import SUMMARY, digest_period
from monitor.core.alerting import RULES
from monitor.core.models import AlertRule, Money
from monitor.errors import MonitorError

PRICED = ("price_below", "rental_below")
OF_GOALS = ("signal_flip", "limbo")
OF_NO_CARD = ("source_broken",)


def show() -> None:
    """Draw the rules, the form for a new one, and the test."""
    st.caption(texts.RULES_IN_FORCE)
    for rule in queries.rules():
        _rule(rule)
    if may_change():
        with st.expander(texts.NEW_RULE, icon=":material/add_alert:"):
            _new_rule()
    st.markdown(f"**{texts.CHANNELS}**")
    _channels()


def _rule(rule: AlertRule) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.text(said(rule), width="stretch")
        if may_change() and st.button(texts.FORGET, key=f"rule-{rule.slug}"):
            actions.delete_rule(rule.slug)
            st.rerun()


def said(rule: AlertRule) -> str:
    """A rule as a sentence: what is told, of what, how often at most."""
    what = " ".join(filter(None, (rule.gpu, rule.condition, rule.region))) or rule.goal
    limit = texts.RULE_BELOW.format(limit=texts.money(rule.threshold)) if rule.threshold else ""
    notes = [texts.RULE_CAP.format(n=rule.cap_per_day)]
    notes += [texts.RULE_DIGEST.format(digest=period)] if (period := digest_period(rule)) else []
    notes += [texts.RULE_QUIET.format(start=rule.quiet_from, end=rule.quiet_to)] if rule.quiet_from else []
    notes += [texts.RULE_MUTED.format(day=texts.day(rule.muted_until.date()))] if rule.muted_until else []
    about = " ".join(filter(None, (_kind(rule.kind), what and f"({what})", limit)))
    return f"{about}\n{', '.join(notes)}"


def _kind(name: str) -> str:
    return texts.RULE_KINDS.get(name, name.replace("_", " "))


def _new_rule() -> None:
    """Fields that make sense for the kind; the preview comes before the button that keeps it."""
    kind = st.selectbox(texts.RULE_KIND, list(RULES), format_func=_kind, key="new-kind")
    rule = AlertRule(slug="", kind=kind)
    left, middle, right = st.columns(3)
    if kind not in OF_NO_CARD:
        gpu = left.selectbox(texts.RULE_GPU, ["", *sorted(queries.catalog().gpus)], key="new-gpu")
        condition = middle.selectbox(
            texts.RULE_CONDITION, ["", *(str(c) for c in texts.CONDITIONS)], key="new-condition",
            format_func=lambda c: texts.condition(c) if c else texts.ANY,
        )  # fmt: skip
        region = right.text_input(texts.RULE_REGION, max_chars=40, key="new-region").strip()
        rule = replace(rule, gpu=gpu, condition=condition, region=region)
    if kind in OF_GOALS and not rule.gpu:
        titles = {"": texts.ANY, **{goal.slug: goal.title for goal in queries.goals()}}
        goal = st.selectbox(texts.GOAL, list(titles), format_func=lambda slug: titles[slug], key="new-goal")
        rule = replace(rule, goal=goal)
    if kind in PRICED:
        currency = queries.preferences().currency
        limit = st.number_input(texts.ALERT_LIMIT.format(currency=currency), min_value=0.0, step=10.0, key="new-limit")
        rule = replace(rule, threshold=Money(amount=Decimal(f"{limit:.4f}").normalize(), currency=currency))
    digest, quiet, zone = st.columns(3)
    how = {"": texts.AT_ONCE, "daily": texts.DAILY, "weekly": texts.WEEKLY}
    how = {name: how[name] for name in ("weekly", "daily")} if kind == SUMMARY else how  # which never comes at once
    chosen = digest.selectbox(texts.RULE_WHEN, list(how), format_func=lambda d: how[d], key="new-digest")
    hours = quiet.text_input(texts.RULE_QUIET_HOURS, placeholder="22:00-07:00", max_chars=11, key="new-quiet")
    time_zone = zone.text_input(texts.RULE_ZONE, value="UTC", max_chars=40, key="new-zone")
    start, _, end = hours.replace(" ", "").partition("-")
    alert_form.offer(
        alert_form.named(replace(rule, digest=chosen, quiet_from=start, quiet_to=end, time_zone=time_zone)), "new"
    )


def _channels() -> None:
    """How many addresses are set (they hold secrets and are not shown), and a button that tries them."""
    count = len(settings().channels.split())
    if not count:
        st.caption(texts.NO_CHANNEL)
        return
    st.text(texts.CHANNELS_SET.format(channels=texts.counted(count, "channel")))
    if not may_change():
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(texts.TEST_KIND, list(RULES), format_func=_kind, key="test-kind")
        pressed = st.button(texts.SEND_TEST, icon=":material/send:")
    if not pressed:
        return
    try:
        with st.spinner(texts.SENDING):
            tried = actions.send_samples(kind)
    except MonitorError as error:
        st.error(texts.marked(str(error)))
        return
    for one in tried:
        if one.error:
            st.error(texts.marked(texts.TEST_FAILED.format(channel=one.channel, error=one.error)))
        else:
            st.success(texts.marked(texts.TEST_SENT.format(channel=one.channel)))
