"""The own card: what it sustains, beside healthy cards of its model, and what that changes in the estimates."""

import pandas as pd
import streamlit as st

from dashboard import formats, queries, texts
from dashboard.queries.probes import OwnCard
from monitor.core.models import Measurement


def show() -> None:
    """Draw the page."""
    st.title(texts.PROBE_TITLE, anchor=False)
    cards = queries.own_cards()
    if not cards:
        st.info(texts.NO_PROBE)
        st.code("python -m monitor.probe", language="bash")
        st.caption(texts.PROBE_NOTE)
        return
    for card in cards:
        _card(card)


def _card(card: OwnCard) -> None:
    st.subheader(card.gpu or card.device_name, anchor=False)
    st.markdown(f"**{_sentence(card)}**")
    st.caption(texts.MEASURED_ON.format(day=texts.day(card.measurements[0].measured_at.date())))
    st.dataframe(pd.DataFrame([_row(card, row) for row in card.measurements]), hide_index=True)
    if card.gpu is None or card.device_kind != "gpu":
        st.info(texts.NOT_CALIBRATED)
        return
    st.markdown(texts.WHAT_IT_CHANGES)
    rows = [
        {
            "Work": queries.catalog().workloads[plain.workload].title,
            "From the datasheet": _figure(plain.throughput, plain.unit),
            "Measured here": _figure(own.throughput, own.unit),
            "Change": f"{own.throughput / plain.throughput - 1:+.0%}" if own.throughput and plain.throughput else "",
            "80 % interval": f"{_figure(own.low, '')} to {_figure(own.high, own.unit)}",
        }
        for plain, own in queries.before_and_after(card.gpu)
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)


def _sentence(card: OwnCard) -> str:
    """The answer first: how good the card is."""
    parts: list[str] = []
    for row in card.measurements:
        norm = card.norms.get(f"{row.op} {row.precision}")
        if norm and not any(part.endswith(_what(row)) for part in parts):
            parts.append(f"{row.value / norm[1]:.0%} {_what(row)}")
    if not parts:
        return texts.NOTHING_TO_COMPARE
    state = texts.CARD_GOOD if card.status == "ok" else texts.CARD_DEGRADED
    return f"{state} {', '.join(parts)}, {texts.OF_A_HEALTHY.format(gpu=card.gpu)}"


def _what(row: Measurement) -> str:
    return "in memory" if row.op == "copy" else "in arithmetic"


def _row(card: OwnCard, row: Measurement) -> dict[str, object]:
    norm = card.norms.get(f"{row.op} {row.precision}")
    sm_mhz, watts = row.conditions.get("sm_mhz"), row.conditions.get("power_watts")
    return {
        "Step": f"{row.precision} {row.op}".strip(),
        "Sustained": _figure(row.value, row.unit),
        "A healthy one": f"{_figure(norm[0], '')} to {_figure(norm[2], row.unit)}" if norm else "",
        "Clock": f"{sm_mhz:.0f} MHz" if isinstance(sm_mhz, int | float) else "",
        "Power": f"{watts:.0f} W" if isinstance(watts, int | float) else "",
    }


def _figure(value: float | None, unit: str) -> str:
    return f"{formats.figure(value)} {unit}".strip() if value is not None else ""
