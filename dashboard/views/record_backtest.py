"""The backtest over the prices of this database: what the calls saved, beside simple rules and perfect foresight."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import streamlit as st

from dashboard import actions, charts_record, formats, queries, texts
from dashboard.cards import wide_table
from dashboard.login_role import may_change
from dashboard.views.common import asked_day, colours
from dashboard.views.pictures import draw
from monitor.errors import MonitorError

HALF_YEAR_RULES = ("limbo", "buy_now", "wait", "over_msrp", "two_thresholds", "own_trend")


def show() -> None:
    """Draw it; on a page of a past day only say why it is not there."""
    st.subheader(texts.BACKTEST, anchor=False)
    if asked_day() is not None:
        st.caption(texts.BACKTEST_THEN)
        return
    st.caption(texts.BACKTEST_NOTE)
    found = queries.backtest()
    if found is None:
        st.info(texts.NO_BACKTEST)
    elif not found["sources"]:
        st.info(texts.TOO_SHORT)
    else:
        _figures(found)
    if may_change() and st.button(texts.RUN_AGAIN if found else texts.RUN_BACKTEST, icon=":material/replay:"):
        _run()


def _run() -> None:
    bar = st.progress(0.0)

    def show_week(done: int, total: int) -> None:
        bar.progress(done / total, texts.BACKTEST_RUNS.format(done=done, total=total))

    try:
        actions.run_backtest(show_week)
    except MonitorError as error:
        st.error(texts.marked(str(error)))
        return
    st.rerun()


def _figures(found: Mapping[str, Any]) -> None:
    rules, pooled = found["rules"], found["rules"]["limbo"]["sources"]["ALL"]
    said = texts.BACKTEST_SAYS.format(
        series=f"{pooled['series']} price series",
        first=texts.day(date.fromisoformat(found["first_day"])),
        last=texts.day(date.fromisoformat(found["last_day"])),
        saved=_saved(pooled),
        possible=_share(pooled["possible"]),
        waited=_saves(-float(rules["wait"]["sources"]["ALL"]["loss"])),
    )
    st.markdown(f"**{said}**")
    made = texts.day(datetime.fromisoformat(found["made_at"]).date())
    judged = found["quality"]["calls"]
    st.caption(texts.BACKTEST_MADE.format(day=made, prices=formats.number(found["prices"]), calls=judged))
    st.markdown(f"**{texts.SAVED_TITLE}**")
    st.html(_by_market(rules))
    st.html(_by_half_year(rules))
    st.caption(texts.RULES_NOTE)
    if known := charts_record.known_rows(found["quality"]["reliability"]):
        st.markdown(f"**{texts.RELIABILITY}**")
        words = draw(charts_record.reliability, known, colours())
        st.caption(f"{texts.RELIABILITY_NOTE} {words}.")


def _by_market(rules: Mapping[str, Any]) -> str:
    markets = [name for name in rules["limbo"]["sources"] if name != "ALL"]
    columns = ["ALL", *(markets if len(markets) > 1 else [])]

    def row(name: str, value: str, rule: str) -> tuple[str, Sequence[str]]:
        sources = rules[rule]["sources"]
        return name, [_cell(sources.get(column), value) for column in columns]

    rows = [row(texts.CLAIRVOYANT, "possible", "limbo")]
    rows += [row(name, "loss", rule) for rule, name in texts.RULES.items() if rule in rules]
    return wide_table([texts.BY_MARKET, *(texts.ALL_MARKETS if c == "ALL" else c for c in columns)], rows)


def _by_half_year(rules: Mapping[str, Any]) -> str:
    shown = [rule for rule in HALF_YEAR_RULES if rule in rules]
    rows: list[tuple[str, Sequence[str]]] = []
    for half, ours in rules["limbo"]["episodes"].items():
        cells = [_cell(ours, "possible"), *(_cell(rules[rule]["episodes"].get(half), "loss") for rule in shown)]
        rows.append((f"{half[:4]}, {'first' if half.endswith('1') else 'second'} half", cells))
    return wide_table([texts.BY_HALF_YEAR, texts.CLAIRVOYANT, *(texts.RULES[rule] for rule in shown)], rows)


def _cell(figures: Mapping[str, Any] | None, value: str) -> str:
    if figures is None or figures.get(value) is None:
        return ""
    return _share(figures["possible"]) if value == "possible" else _saved(figures)


def _saves(percent: float) -> str:
    """A saving or a loss in words."""
    return (texts.SAVES if percent >= 0 else texts.LOSES).format(x=_share(abs(percent)))


def _saved(figures: Mapping[str, Any]) -> str:
    return _share(-float(figures["loss"]))


def _share(percent: float) -> str:
    return formats.number(percent + 0.0, 1)
