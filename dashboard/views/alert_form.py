"""A rule is shown what it would have done before it is kept; the same on every page that offers one."""

from dataclasses import replace
from decimal import Decimal

import streamlit as st

from dashboard import actions, queries, texts
from dashboard.login_role import may_change
from dashboard.queries.base import settings
from monitor.core.models import AlertRule, Condition, Money, Signal
from monitor.errors import MonitorError


def offer(rule: AlertRule, key: str) -> None:
    """A button for the preview, and, once that is seen, one that keeps the rule."""
    state = f"seen-{key}"
    if st.button(texts.PREVIEW_RULE, key=f"preview-{key}", icon=":material/history:"):
        try:
            with st.spinner(texts.PREVIEW_RUNS):
                st.session_state[state] = (rule, actions.preview_rule(rule))
        except MonitorError as error:
            st.error(texts.marked(str(error)))
    seen = st.session_state.get(state)
    if not seen or seen[0] != rule:
        st.caption(texts.PREVIEW_FIRST)
        return
    st.info(texts.marked(seen[1]))
    if not settings().channels:
        st.caption(texts.NO_CHANNEL)
    if st.button(texts.KEEP_RULE, key=f"keep-{key}", type="primary"):
        try:
            actions.save_rule(rule)
        except MonitorError as error:
            st.error(texts.marked(str(error)))
        else:
            del st.session_state[state]
            st.success(texts.KEPT)


def for_card(gpu: str, call: Signal | None, condition: str, region: str, currency: str) -> None:
    """The two rules that a card's page offers, for the market that is shown there."""
    if not may_change():
        return
    with st.expander(texts.OWN_ALERT, icon=":material/notifications:"):
        kinds = {"price": texts.ALERT_BELOW, "call": texts.ALERT_FLIP}
        kind = st.radio(texts.OWN_ALERT, list(kinds), format_func=lambda k: kinds[k], label_visibility="collapsed")
        if kind == "call":
            offer(named(AlertRule(slug="", kind="signal_flip", gpu=gpu, condition=condition, region=region)), "card")
            return
        limit = st.number_input(
            texts.ALERT_LIMIT.format(currency=currency),
            min_value=0.0,
            value=_usual_limit(call, currency),
            step=0.05 if condition == Condition.RENTAL else 10.0,
            key=f"limit-{gpu}-{condition}-{region}-{currency}",
        )
        threshold = Money(amount=Decimal(f"{limit:.4f}").normalize(), currency=currency)
        below = "rental_below" if condition == Condition.RENTAL else "price_below"
        rule = AlertRule(slug="", kind=below, gpu=gpu, condition=condition, region=region, threshold=threshold)
        offer(named(rule), "card")


def named(rule: AlertRule) -> AlertRule:
    """The rule with a name made of what it watches: another limit for the same thing replaces it."""
    gpu = queries.catalog().gpus.get(rule.gpu)
    parts = (rule.kind.replace("_", "-"), gpu.slug if gpu else "", rule.goal, rule.condition, rule.region.lower())
    return replace(rule, slug="-".join(filter(None, parts)))


def _usual_limit(call: Signal | None, currency: str) -> float:
    """The price to stop waiting at; without one a little under the newest price."""
    if call is None or call.price is None or call.price.currency != currency:
        return 0.0
    if call.limit_price is not None:
        return float(round(call.limit_price.amount, 2))
    return float(round(call.price.amount * Decimal("0.95"), 2))
