"""The machine around the cards: one sentence first, then each part with its rule and what to change."""

import pandas as pd
import streamlit as st

from dashboard import queries, texts
from monitor.core.build import Check, Machine, check_build
from monitor.core.throughput import single_card_rate
from monitor.core.usual import USUAL_WORK
from monitor.performance import load_throughput_model

SHAPES = {"ok": "✓ ok", "tight": "▲ tight", "wasteful": "◆ wasteful", "fails": "✕ fails", "unknown": "○ not known"}


def show() -> None:
    """Draw the page."""
    st.title(texts.BUILD_TITLE, anchor=False)
    answer = st.container()  # filled below, so that the answer stands before the questions
    workloads, gpus = queries.catalog().workloads, queries.catalog().gpus
    slugs, names = list(workloads), sorted(gpus)
    one, two, three = st.columns([2, 1, 3])
    gpu = one.selectbox(texts.CARD, names, index=names.index("RTX 4090"))
    cards = two.number_input(texts.HOW_MANY, min_value=1, max_value=16, value=1)
    work = three.selectbox(texts.Q_WORK, slugs, index=slugs.index(USUAL_WORK), format_func=lambda s: workloads[s].title)
    st.caption(texts.ZERO_IS_UNKNOWN)
    left, mid, right, last = st.columns(4)
    machine = Machine(
        ram_gb=left.number_input("RAM, GB", min_value=0, step=16, value=64) or None,
        cpu_cores=mid.number_input("Processor cores", min_value=0, step=2, value=8) or None,
        psu_watts=right.number_input("Power supply, W", min_value=0, step=50, value=1000) or None,
        lanes_per_card=last.number_input("PCIe lanes a card", min_value=0, max_value=16, step=4, value=16) or None,
        pcie_generation=left.number_input("PCIe generation", min_value=0, max_value=6, value=4) or None,
        disk_gb=mid.number_input("Disk, GB", min_value=0, step=500, value=2000) or None,
    )
    rate = single_card_rate(gpus[gpu], workloads[work], load_throughput_model())
    checks = check_build(gpus[gpu], int(cards), workloads[work], machine, rate, country=queries.preferences().region)
    answer.subheader(_sentence(checks), anchor=False)
    advice = [check for check in checks if check.advice]
    if advice:  # above the table: on a phone its last columns lie outside
        answer.markdown("\n".join(f"- {_advice(check)}" for check in advice))
    rows = [
        {
            "Part": check.part,
            "State": SHAPES.get(check.state, check.state),
            "Have": check.have,
            "Need": check.need,
            "Rule": check.formula,
            "Source": check.source,
        }
        for check in checks
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)


def _advice(check: Check) -> str:
    said = f"{texts.sentence(check.part)}: {check.advice}"
    if check.have:
        said += texts.BUILD_HAVE.format(have=check.have, need=check.need)
    elif check.need not in check.advice:
        said += texts.BUILD_NEED.format(need=check.need)
    return texts.marked(said)


def _sentence(checks: list[Check]) -> str:
    """The answer first: what fails, else what is tight, wasted or not known, else that it is right."""
    for state, words in (
        ("fails", texts.BUILD_FAILS),
        ("tight", texts.BUILD_TIGHT),
        ("wasteful", texts.BUILD_WASTES),
        ("unknown", texts.BUILD_UNKNOWN),
    ):
        parts = [check.part for check in checks if check.state == state]
        if parts:
            return words.format(parts=", ".join(parts))
    return texts.BUILD_OK
