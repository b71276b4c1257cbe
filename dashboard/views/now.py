"""The first page: for each goal the verdict, then its reasons, then the prices it rests on."""

import streamlit as st

from dashboard import charts, queries, texts
from dashboard.cards import verdict_card
from dashboard.theme import palette
from monitor.core.models import Goal, Money, Signal, Verdict

SHOWN_REASONS = 4


def show() -> None:
    """Draw the page."""
    st.title("What to do about a GPU now", anchor=False)
    goals = queries.goals()
    verdicts = {goal.slug: queries.verdict(goal) for goal in goals}
    if not any(verdict.signals for verdict in verdicts.values()) and not queries.signals():
        st.info(texts.EMPTY_STORE if not queries.freshness() else texts.NO_SIGNALS)
    with st.grid(min_column_width=340):
        for goal in goals:
            st.html(_card(goal, verdicts[goal.slug]))
    named = [goal for goal in goals if verdicts[goal.slug].gpus]
    if named:
        st.subheader("The prices behind it", anchor=False)
        goal = st.selectbox("Goal", named, format_func=lambda goal: goal.title)
        _evidence(verdicts[goal.slug])


def _card(goal: Goal, verdict: Verdict) -> str:
    call = verdict.signals[0] if verdict.signals else None
    what = " or ".join(verdict.gpus) if verdict.gpus else "No card to name"
    if call:
        what += f" ({texts.CONDITIONS[call.condition]}{', ' + call.region if call.region else ''})"
    fresh = queries.age_of(call.data_on if call else None)
    note = "No prices yet."
    if fresh.day:
        note = (texts.STALE_NOTE if fresh.stale else texts.FRESH_NOTE).format(
            day=fresh.day, age=texts.age(fresh.age_days)
        )
    reasons = [reason.text for reason in verdict.reasons[:SHOWN_REASONS]]
    reasons += [f"Would change it: {change}" for change in (call.would_change[:1] if call else ())]
    return verdict_card(goal.title, verdict.action, what, _facts(verdict, call), reasons, note, stale=fresh.stale)


def _facts(verdict: Verdict, call: Signal | None) -> list[tuple[str, str]]:
    if call is None:
        return []
    saving = f"{texts.percent(call.expected_saving)} ({call.saving_low:+.0%} to {call.saving_high:+.0%})"
    return [
        ("price", _money(verdict.price or call.price)),
        ("window", texts.window(call.window_low_weeks, call.window_high_weeks)),
        ("waiting saves", saving if call.window_high_weeks else ""),
        ("buy at or below", _money(call.limit_price)),
        ("confidence", texts.sureness(call.confidence) if call.confidence else ""),
    ]


def _money(money: Money | None) -> str:
    return f"{money.amount:,.2f} {money.currency}" if money else ""


def _evidence(verdict: Verdict) -> None:
    gpu, call = verdict.gpus[0], verdict.signals[0] if verdict.signals else None
    condition, region = (str(call.condition), call.region) if call else ("new", "")
    series = [s for s in queries.price_series(gpu) if s.key.condition == condition and s.key.region in (region, "")]
    draw_history(gpu, series)


def draw_history(gpu: str, series: list) -> None:
    """The price chart of one GPU with MSRP, launches and calls, or the sentence that says why there is none."""
    facts = queries.catalog().gpus[gpu]
    followers = [g for g in queries.catalog().gpus.values() if g.predecessor == gpu and g.launched_on]
    marks = [
        charts.Mark(day=g.launched_on, label=f"{g.name} launched", kind="launch")
        for g in [facts, *followers]
        if g.launched_on
    ]
    marks += [
        charts.Mark(day=flip.as_of.date(), label=texts.VERDICTS[flip.action], kind="call")
        for flip in queries.flips(gpu)
        if any(str(flip.condition) == s.key.condition and flip.region == s.key.region for s in series)
    ]
    picture = charts.price_history(series, facts.msrp_usd, marks, palette(st.context.theme.type))
    if picture is None:
        st.info(texts.NO_HISTORY)
        return
    st.altair_chart(picture.chart, alt=picture.alt)
    st.download_button("Data as CSV", picture.data.to_csv(index=False), file_name=f"{facts.slug}.csv", mime="text/csv")
