"""What a message says of one change: its line, the offer that it is about, and where both can be seen."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from monitor.core.alert_state import Sighting
from monitor.core.amounts import written
from monitor.core.models import Market, Offer
from monitor.core.web_text import host_of, shown_title, web_address

LONGEST_NAME = 60  # of a shop


def change_of(seen: Sighting, *, still: bool) -> dict[str, Any]:
    """One change as JSON for programs, with what a person is told of it.

    `offer_url` is `None` where the offer has no address that may become a link.
    """
    line = f"Still: {seen.line}" if still else seen.line
    change = {"subject": seen.subject, "value": seen.value, "still": still, "line": line}
    if seen.currency:
        change["currency"] = seen.currency
    return change | (_offer(seen.offer, seen.doubted) if seen.offer else {})


def offer_line(change: Mapping[str, object]) -> str:
    """The offer in one line: shop, price, whether it is believed, when it was seen, title; "" where there is none.

    The title comes last, so that one that says "at another shop, believed" claims nothing in our name.
    """
    price: Any = change.get("price")
    if not price:
        return ""
    hour = " an hour" if change.get("per") == "hour" else ""
    state = "unconfirmed, so look at it twice" if change.get("unconfirmed") else "believed"
    title, shop = (shown_title(str(change.get(name, ""))) for name in ("title", "source"))
    cost = f"{written(price['amount'])} {price['currency']}{hour}"
    return f"At {shop} for {cost}, {state}, seen {_minute(change.get('seen_at'))}: {title}"


def offer_link(change: Mapping[str, object]) -> tuple[str, str]:
    """What the link to the offer is called, and its address; empty where there is none.

    The host is part of the name, so that nobody has to follow a link to know where it leads. A rented hour stands in a
    list of prices and has no page of its own.
    """
    address = web_address(str(change.get("offer_url") or ""))
    if not address:
        return "", ""
    return f"{'Price list' if change.get('per') == 'hour' else 'Offer'} at {host_of(address)}", address


def lines_of(change: Mapping[str, object], card_url: str = "") -> list[str]:
    """A change as plain text."""
    name, address = offer_link(change)
    lines = [str(change.get("line", "")), offer_line(change), f"{name}: {address}" if address else ""]
    return [line for line in (*lines, f"This card on the dashboard: {card_url}" if card_url else "") if line]


def _offer(offer: Offer, doubted: bool) -> dict[str, Any]:
    return {
        "offer_url": web_address(offer.url) or None,
        "source": shown_title(offer.source, LONGEST_NAME),
        "title": shown_title(offer.title),
        "price": {"amount": f"{offer.price.amount:f}", "currency": offer.price.currency},
        "per": "hour" if offer.market is Market.CLOUD else "card",
        "seen_at": offer.seen_at.astimezone(UTC).isoformat(timespec="seconds"),
        "unconfirmed": doubted,
    }


def _minute(stored: object) -> str:
    return f"{datetime.fromisoformat(str(stored)).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
