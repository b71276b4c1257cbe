"""Small pieces of HTML: the verdict card and the style they share. Every word from data is escaped here."""

from collections.abc import Sequence
from datetime import date
from html import escape

from dashboard import texts
from dashboard.theme import Palette
from monitor.core.models import Action, Condition


def style(colours: Palette) -> str:
    """The style sheet of the pieces below, for one palette."""
    verdicts = "".join(f".gl-{action} {{ --gl-verdict: {colour}; }}" for action, colour in colours.verdict.items())
    return f"""<style>
    .stMainBlockContainer {{ padding-top: 4rem; }}
    .stMainBlockContainer h1 {{ font-size: 2rem; padding: 0.5rem 0; }}
    .stMainBlockContainer h3 {{ font-size: 1.5rem; }}
    .stApp [data-testid^="stBaseButton-primary"], .stApp [data-testid^="stBaseButton-primary"] *,
      .stApp [data-testid="stMultiSelectTagsContainer"] [role="group"] > span,
      .stApp [data-testid="stMultiSelectTagsContainer"] [role="group"] > span * {{ color: {colours.on_accent}; }}
    [data-testid="stSidebar"][data-collapsed="true"] {{ visibility: hidden; }}
    [data-testid="stExpandSidebarButton"]::after {{ content: "Menu"; font-size: 0.95rem; margin-left: 0.3rem; }}
    [data-testid="stExpandSidebarButton"] {{ width: auto; padding: 0 0.5rem; color: {colours.ink}; }}
    @media (max-width: 640px) {{
      .stMainBlockContainer {{ padding: 3.6rem 1rem 3rem 1rem; }}
      .stMainBlockContainer h1 {{ font-size: 1.5rem; }}
      .stMainBlockContainer h2, .stMainBlockContainer h3 {{ font-size: 1.25rem; }}
    }}
    {verdicts}
    .gl-card {{ border: 1px solid {colours.rule}; border-left: 6px solid var(--gl-verdict); border-radius: 10px;
      padding: 0.9rem 1.1rem; background: {colours.panel}; color: {colours.ink}; margin: 0 0 0.75rem 0; }}
    .gl-card h3 {{ font-size: 0.95rem; font-weight: 600; margin: 0 0 0.15rem 0; padding: 0; color: {colours.faint}; }}
    .gl-verdict {{ font-size: 1.7rem; line-height: 1.2; font-weight: 700; color: var(--gl-verdict); margin: 0; }}
    .gl-what {{ font-size: 1.05rem; margin: 0.3rem 0 0 0; }}
    .gl-facts {{ display: flex; flex-wrap: wrap; gap: 0.3rem 1.4rem; margin: 0.55rem 0 0 0; }}
    .gl-card dl.gl-facts, .stHtml dl.gl-facts {{ padding: 0; }}
    .gl-facts div {{ font-size: 0.95rem; }}
    .gl-facts dt {{ display: inline; margin: 0; padding: 0; color: {colours.faint}; font-weight: 400; }}
    .gl-facts dd {{ display: inline; margin: 0; padding: 0; font-weight: 600; }}
    .gl-card ul {{ margin: 0.6rem 0 0 0; padding-left: 1.1rem; }}
    .gl-card li {{ margin: 0.15rem 0; font-size: 0.95rem; }}
    .gl-card summary {{ cursor: pointer; margin: 0.5rem 0 0 0; padding: 0.2rem 0; font-size: 0.95rem;
      color: {colours.faint}; }}
    .gl-card details ul {{ margin-top: 0.2rem; }}
    .gl-note {{ color: {colours.faint}; font-size: 0.85rem; margin: 0.6rem 0 0 0; }}
    .gl-card.gl-old {{ border-left-style: dashed; }}
    .gl-old .gl-verdict {{ font-size: 1.25rem; }}
    .gl-when {{ font-weight: 600; color: {colours.second}; }}
    .gl-table {{ width: 100%; border-collapse: collapse; color: {colours.ink}; font-size: 0.95rem; }}
    .gl-table th, .gl-table td {{ text-align: left; padding: 0.35rem 0.5rem 0.35rem 0; font-weight: 400;
      border-bottom: 1px solid {colours.rule}; vertical-align: top; overflow-wrap: anywhere; }}
    .gl-table th {{ color: {colours.faint}; width: 48%; }}
    .gl-scroll {{ overflow-x: auto; }}
    .gl-wide th, .gl-wide td {{ width: auto; white-space: nowrap; padding-right: 1.1rem; overflow-wrap: normal; }}
    .gl-wide thead th {{ font-size: 0.85rem; vertical-align: bottom; }}
    .gl-stale {{ color: {colours.second}; font-weight: 600; }}
    </style>"""


def verdict_card(
    title: str,
    action: Action,
    what: str,
    facts: Sequence[tuple[str, str]],
    reasons: Sequence[str],
    note: str,
    *,
    condition: Condition | None = None,
    held_on: date | None = None,
    folded: bool = False,
) -> str:
    """A card with the verdict first, then what it is about, its figures, its reasons and how old its data are.

    `held_on` marks a call from the past: its day stands before the verdict, and the card loses its colour. `folded`:
    the reasons come when asked for, so that many cards stay short on a phone.
    """
    rows = "".join(f"<div><dt>{escape(name)}: </dt><dd>{escape(value)}</dd></div>" for name, value in facts if value)
    items = "".join(f"<li>{escape(reason)}</li>" for reason in reasons)
    why = f"<ul>{items}</ul>" if items else ""
    if why and folded:
        why = f"<details><summary>{escape(texts.WHY)}</summary>{why}</details>"
    when = f'<span class="gl-when">{escape(texts.HELD_ON.format(day=texts.day(held_on)))}</span> ' if held_on else ""
    return (
        f'<article class="gl-card gl-{action}{" gl-old" if held_on else ""}"><h3>{escape(title)}</h3>'
        f'<p class="gl-verdict">{when}<span aria-hidden="true">{texts.SHAPES[action]}</span> '
        f"{escape(texts.verdict(action, condition))}</p>"
        f'<p class="gl-what">{escape(what)}</p>'
        f"{f'<dl class=gl-facts>{rows}</dl>' if rows else ''}"
        f"{why}"
        f'<p class="gl-note{" gl-stale" if held_on else ""}">{escape(note)}</p></article>'
    )


def wide_table(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Rows of several values under headings; it scrolls inside itself where the page is too narrow."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    lines = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{escape(value)}</td>" for value in values)}</tr>'
        for name, values in rows
    )
    table = f'<table class="gl-table gl-wide"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>'
    return f'<div class="gl-scroll" tabindex="0" role="region" aria-label="{escape(columns[0])}">{table}</div>'


def fact_table(rows: Sequence[tuple[str, str]]) -> str:
    """Names and values as a table that breaks its lines on a phone."""
    lines = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in rows)
    return f'<table class="gl-table"><tbody>{lines}</tbody></table>'
