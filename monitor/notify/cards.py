"""The cards of a digest as HTML for mail: tables and borders only, in colours that read on white and on black."""

from collections.abc import Mapping, Sequence
from html import escape

from monitor.core.phrases import SHAPES
from monitor.notify.message import one_line

# Only the border carries the verdict's colour: text keeps the colour of the reader's program, light or dark.
EDGES = {"buy_now": "#3f7fe0", "wait": "#c96a1b", "limbo": "#9361d6", "no_call": "#7d8794"}
CARD = """<table role="presentation" width="100%" style="border-collapse:collapse;margin:0 0 20px">
<tr><td style="border-left:6px {line} {edge};padding:2px 0 2px 14px">
<p style="margin:0;font-size:14px">{title}</p>
<h2 style="font-size:22px;line-height:1.25;margin:2px 0">{verdict}</h2>
<p style="margin:0 0 6px">{what}</p>
{facts}{reasons}<p style="margin:6px 0 0;font-size:13px">{note}</p>
</td></tr></table>"""


def goal_cards(cards: object) -> str:
    """The cards of a message's payload, one under another; empty where there are none."""
    if not isinstance(cards, Sequence) or isinstance(cards, str):
        return ""
    return "\n".join(_card(card) for card in cards if isinstance(card, Mapping))


def _card(card: Mapping[str, object]) -> str:
    action = str(card.get("action", ""))
    shape = next((shape for known, shape in SHAPES.items() if known == action), "")
    facts = [f"{_said(name)}:&nbsp;<b>{_said(value)}</b>" for name, value in _pairs(card.get("facts"))]
    reasons = [f'<li style="margin:2px 0">{_said(reason)}</li>' for reason in _list(card.get("reasons"))]
    return CARD.format(
        edge=EDGES.get(action, EDGES["no_call"]),
        line="dashed" if card.get("old") else "solid",
        title=_said(card.get("title")),
        verdict=f'<span aria-hidden="true">{shape}</span> {_said(card.get("verdict"))}',
        what=_said(card.get("what")),
        facts=f'<p style="margin:0 0 6px;font-size:15px">{" · ".join(facts)}</p>\n' if facts else "",
        reasons=f'<ul style="margin:0;padding-left:18px;font-size:15px">{"".join(reasons)}</ul>\n' if reasons else "",
        note=_said(card.get("note")),
    )


def _said(text: object) -> str:
    return escape(one_line(str(text or "")))


def _list(items: object) -> Sequence[object]:
    return items if isinstance(items, (list, tuple)) else ()


def _pairs(items: object) -> list[tuple[object, object]]:
    return [(item[0], item[1]) for item in map(_list, _list(items)) if len(item) == 2]
