"""The track record as Markdown tables, for a README or an issue."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

STILL = 0.0005  # a price that moved by less did not move

NAMES = {
    "limbo": "**the calls**",
    "two_thresholds": "two thresholds on the card's own trend",
    "market_trend": "buy unless the market falls",
    "own_trend": "buy unless the card's own price falls",
    "over_msrp": "wait while it costs more than at launch",
    "buy_now": "always buy at once",
    "wait": "always wait, 26 weeks at most",
    "oracle_market": "*knowing the market's next 8 weeks*",
    "oracle_own": "*knowing the card's own next 8 weeks*",
}


def markdown_lines(result: Mapping[str, Any]) -> Iterator[str]:
    """Three tables: every rule over all cards, the calls market by market, and how often they were right."""
    if not result["sources"]:
        yield "No series is long enough to be scored."
        return
    pooled = {name: found["sources"]["ALL"] for name, found in result["rules"].items()}
    yield "| rule | part of the possible saving | paid, against buying at once |"
    yield "|---|---:|---:|"
    ordered = sorted(pooled, key=lambda name: (name.startswith("oracle"), -pooled[name]["share"]))
    for name in ordered:
        yield f"| {NAMES.get(name, name)} | {pooled[name]['share']:.2f} | {pooled[name]['loss']:+.1f} % |"
    yield ""
    yield "| market | series | possible saving | the calls got of it | paid, against buying at once |"
    yield "|---|---:|---:|---:|---:|"
    for name, row in result["sources"].items():
        if name != "ALL":
            figures = f"{row['possible']:.1f} % | {row['share']:.2f} | {row['loss']:+.1f} %"
            yield f"| {name} | {row['series']} | {figures} |"
    yield ""
    yield from _right(result["quality"])


def _right(made: Mapping[str, Any]) -> Iterator[str]:
    yield "| call | made | right |"
    yield "|---|---:|---:|"
    for action, words in (("wait", "wait or limbo"), ("buy_now", "buy now")):
        if made[action]["calls"]:
            yield f"| {words} | {made[action]['calls']:,} | {made[action]['right']:.0%} |"


def replay_markdown(calls: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Two tables of a remembered month: what was said and what came, by market; and every call that was wrong."""
    if not calls:
        yield "No price known then carries a call."
        return
    yield "| market | said | after 8 weeks | after 26 weeks | right | wrong | not known | did not move |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|"
    for place in sorted({_place(call) for call in calls}):
        mine = [call for call in calls if _place(call) == place]
        said = ", ".join(f"{name} {count}" for name, count in Counter(call["action"] for call in mine).most_common())
        came = [_middle(mine, weeks) for weeks in (8, 26)]
        right = Counter(call["right"] for call in mine)
        still = sum(abs(change) < STILL for call in mine if (change := call["change_after_8_weeks"]) is not None)
        counts = f"{right[True]} | {right[False]} | {right[None]} | {still}"
        yield f"| {place} | {said} | {came[0]} | {came[1]} | {counts} |"
    if wrong := [call for call in calls if call["right"] is False]:
        yield ""
        yield "| wrong | said | at | after 8 weeks | after 26 weeks |"
        yield "|---|---|---:|---:|---:|"
        for call in sorted(wrong, key=lambda call: (_place(call), call["gpu"])):
            price, later = f"{float(call['price']):,.10g} {call['currency']}", [_came(call, 8), _came(call, 26)]
            yield f"| {call['gpu']}, {_place(call)} | {call['action']} | {price} | {later[0]} | {later[1]} |"


def _place(call: Mapping[str, Any]) -> str:
    return f"{call['condition']}, {call['region'] or 'anywhere'}"


def _middle(calls: Sequence[Mapping[str, Any]], weeks: int) -> str:
    known = [change for call in calls if (change := call[f"change_after_{weeks}_weeks"]) is not None]
    return f"{100 * median(known):+.0f} %" if known else "?"


def _came(call: Mapping[str, Any], weeks: int) -> str:
    change = call[f"change_after_{weeks}_weeks"]
    return "?" if change is None else f"{100 * change:+.0f} %"
