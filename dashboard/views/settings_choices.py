"""The owner's choices on the settings page: where, in which money, at which tariff and cost of delay."""

import streamlit as st

from dashboard import actions, formats, queries, texts
from dashboard.cards import fact_table
from dashboard.login_role import may_change
from dashboard.queries.base import settings
from dashboard.views.common import REGIONS
from monitor.core.models import Preferences
from monitor.core.preferences import MOST_KWH, MOST_TAX_PERCENT
from monitor.errors import MonitorError


def show() -> None:
    """Draw the form; who may not change anything sees what holds."""
    wishes = queries.preferences()
    st.caption(texts.CHOICES_NOTE)
    if not may_change():
        st.html(fact_table(_rows(wishes)))
        return
    with st.form("choices"):
        chosen = _fields(wishes)
        if st.form_submit_button(texts.KEEP_CHOICES, type="primary"):
            try:
                with st.spinner(texts.RANKS_ANEW):
                    actions.save_preferences(chosen)
            except MonitorError as error:
                st.error(texts.marked(str(error)))
            else:
                formats.choose_locale(chosen.numbers_as_in)
                st.success(texts.CHOICES_KEPT)


def _fields(wishes: Preferences) -> Preferences:
    one, two, three = st.columns(3)
    regions = list(dict.fromkeys([wishes.region, settings().region, *REGIONS]))
    currencies = sorted({wishes.currency, settings().currency, *queries.dollars()})
    region = one.selectbox(texts.REGION, regions, accept_new_options=True)
    currency = two.selectbox(texts.CURRENCY, currencies, index=currencies.index(wishes.currency))
    as_in = three.selectbox(
        texts.NUMBERS_AS_IN,
        list(dict.fromkeys([*formats.CHOICES, wishes.numbers_as_in])),
        index=list(dict.fromkeys([*formats.CHOICES, wishes.numbers_as_in])).index(wishes.numbers_as_in),
        format_func=lambda name: name or texts.AS_BROWSER,
    )
    tax = one.number_input(texts.TAX, 0.0, MOST_TAX_PERCENT, value=wishes.tax_percent, step=0.5)
    kwh = two.number_input(
        texts.TARIFF.format(currency=wishes.currency), 0.0, MOST_KWH, value=wishes.power_price_kwh, step=0.01
    )
    delay = three.number_input(texts.DELAY, 0.0, 20.0, value=100 * wishes.delay_cost_per_week, step=0.1)
    return Preferences(
        region=str(region or wishes.region),
        currency=currency,
        tax_percent=tax,
        power_price_kwh=kwh,
        delay_cost_per_week=round(delay / 100, 6),
        numbers_as_in=as_in,
    )


def _rows(wishes: Preferences) -> list[tuple[str, str]]:
    return [
        (texts.REGION, wishes.region),
        (texts.CURRENCY, wishes.currency),
        (texts.TAX, formats.figure(wishes.tax_percent)),
        (texts.TARIFF.format(currency=wishes.currency), formats.number(wishes.power_price_kwh, 2)),
        (texts.DELAY, formats.figure(100 * wishes.delay_cost_per_week)),
        (texts.NUMBERS_AS_IN, wishes.numbers_as_in or texts.AS_BROWSER),
    ]
