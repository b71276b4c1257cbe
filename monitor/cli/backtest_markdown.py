"""The track record as Markdown tables, for a README or an issue."""

from collections.abc import Iterator, Mapping
from typing import Any

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
