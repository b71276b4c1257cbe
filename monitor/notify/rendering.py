"""An alert -> the message that is sent: text, HTML that reads well in light and dark, and one picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from monitor.core.alert_offer import lines_of, offer_line, offer_link
from monitor.core.models import Alert
from monitor.core.mute import mute_token
from monitor.notify.cards import goal_cards
from monitor.notify.chart import price_chart
from monitor.notify.message import Message, one_line


@dataclass(frozen=True, kw_only=True)
class Links:
    """Where the dashboard is, as the reader of a message sees it, and the key that signs mute links."""

    public_url: str = ""
    mute_key: bytes = b""


def message_of(alert: Alert, links: Links) -> Message:
    """The message of an alert; it is the same at every try."""
    png = _picture(alert.payload.get("chart"))
    page, mute = links.public_url.rstrip("/"), _mute_url(alert, links)
    footer = [f"Open: {page}"] if page else []
    footer += [f"Mute this rule for a week: {mute}"] if mute else []
    changes = _changes(alert.payload.get("changes"), page)
    lines = _told(changes) if changes else alert.body.splitlines()
    text = "\n".join([one_line(line) for line in lines] + (["", *footer] if footer else []))
    data = {name: value for name, value in alert.payload.items() if name != "chart"}
    data |= {"changes": changes} if changes else {}
    return Message(
        id=alert.key,
        kind=str(alert.payload.get("kind", alert.rule)),
        subject=one_line(alert.subject),
        text=text,
        html=_html(alert, changes, png is not None, page, mute),
        png=png,
        data=data,
        created_at=alert.created_at,
        mute_url=mute,
    )


def _changes(stored: object, page: str) -> list[Mapping[str, Any]]:
    """The changes of an alert with the address of each card's page; none where they do not say what to tell (alerts
    that were stored before they did)."""
    changes = [one for one in stored if isinstance(one, Mapping)] if isinstance(stored, list) else []
    return [_with_address(change, page) for change in changes] if all("line" in change for change in changes) else []


def _with_address(change: Mapping[str, Any], page: str) -> Mapping[str, Any]:
    plain = {name: value for name, value in change.items() if name != "card_page"}
    return plain | {"card_url": f"{page}{change['card_page']}"} if page and "card_page" in change else plain


def _told(changes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Text of all changes; what belongs together stands together."""
    lines: list[str] = []
    for change in changes:
        told = lines_of(change, str(change.get("card_url", "")))
        lines += ["", *told, ""] if len(told) > 1 else told
    return [line for at, line in enumerate(lines) if line or (0 < at < len(lines) - 1 and lines[at - 1])]


def _mute_url(alert: Alert, links: Links) -> str:
    if not links.public_url or not links.mute_key or not alert.rule:
        return ""
    return f"{links.public_url.rstrip('/')}/mute?token={mute_token(links.mute_key, alert.rule, alert.created_at)}"


def _picture(chart: object) -> bytes | None:
    if not isinstance(chart, Mapping):
        return None
    return price_chart(chart)  # type: ignore[arg-type]


# Colours that are legible on white and on black, so that a program that swaps the background breaks nothing; no remote
# content, no script, tables instead of what mail programs cannot draw.
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark"><title>{title}</title></head>
<body style="margin:0;padding:16px;font:16px/1.5 -apple-system,Segoe UI,Roboto,sans-serif">
<table role="presentation" width="100%" style="max-width:600px;margin:0 auto"><tr><td>
<h1 style="font-size:20px;line-height:1.3;margin:0 0 12px">{title}</h1>
{body}{picture}{links}
</td></tr></table></body></html>
"""


def _html(alert: Alert, changes: Sequence[Mapping[str, Any]], has_picture: bool, page: str, mute: str) -> str:
    title = escape(one_line(alert.subject))
    lines = (escape(one_line(line)) for line in alert.body.splitlines() if line)
    told = map(_change_html, changes) if changes else (f'<p style="margin:0 0 8px">{line}</p>' for line in lines)
    body = goal_cards(alert.payload.get("cards")) or "\n".join(told)
    about = (
        escape(one_line(str(chart.get("title", ""))))
        if isinstance(chart := alert.payload.get("chart"), Mapping)
        else ""
    )
    picture = f'<p><img src="cid:chart" alt="Price of the last year: {about}" width="568" style="max-width:100%"></p>'
    links = [f'<a href="{escape(page)}">Open the dashboard</a>'] if page else []
    links += [f'<a href="{escape(mute)}">Mute this rule for a week</a>'] if mute else []
    return _PAGE.format(
        title=title,
        body=body,
        picture=picture if has_picture else "",
        links=f'<p style="font-size:14px">{" · ".join(links)}</p>' if links else "",
    )


def _change_html(change: Mapping[str, Any]) -> str:
    (name, address), offer, card = offer_link(change), offer_line(change), str(change.get("card_url", ""))
    links = [f'<a href="{escape(address)}" rel="noreferrer">{escape(name)}</a>'] if address else []
    links += [f'<a href="{escape(card)}">This card on the dashboard</a>'] if card else []
    below = [escape(one_line(offer))] if offer else []
    below += [" · ".join(links)] if links else []
    line = f'<p style="margin:0 0 8px">{escape(one_line(str(change["line"])))}</p>'
    return line + (
        f'\n<p style="margin:0 0 16px;font-size:15px;overflow-wrap:anywhere">{"<br>".join(below)}</p>' if below else ""
    )
