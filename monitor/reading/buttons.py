"""What a page says outside of its text: on buttons, in the alternative texts of pictures; and buttons that are dead."""

from itertools import islice

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from monitor.reading.action_words import ACTIONS, BUY
from monitor.reading.document import Element
from monitor.reading.stock_words import STOCK, WHOLE_LINE

SPEAKING = frozenset(("input", "img", "button"))
MAX_CHARS = 40
MAX_BUTTONS = 3_000
_DISABLED_LINKS = etree.XPath("descendant::a[contains(@class, 'disabled')]")
_BUTTON_TYPES = frozenset(("submit", "button", "image"))


def said_by(element: Element) -> str:
    """The words that an element shows without holding text: an input's value, a bare button's label, a picture of a
    word about stock or of a button to buy; "" for none."""
    attributes = element.attrib
    if element.tag == "input":
        if (attributes.get("type") or "").lower() not in _BUTTON_TYPES:
            return ""
        return (attributes.get("value") or attributes.get("alt") or "")[:MAX_CHARS]
    if element.tag == "button":
        label = attributes.get("aria-label") or attributes.get("title") or ""
        return label[:MAX_CHARS] if label and not any(map(str.strip, islice(element.itertext(), 8))) else ""
    alt = (attributes.get("alt") or "").strip()
    if not alt or len(alt) > MAX_CHARS // 2:
        return ""
    lower = alt.lower()
    if lower in WHOLE_LINE or any(end - start >= len(lower) - 4 for _, start, end in STOCK.all_in(lower)):
        return alt
    buys = any(act == BUY and end - start >= len(lower) - 4 for act, start, end in ACTIONS.all_in(lower))
    return alt if buys else ""


def dead_buttons(root: Element) -> list[Element]:
    """Buttons to buy that cannot be pressed."""
    found: list[Element] = []
    links = _DISABLED_LINKS(root)[:MAX_BUTTONS]
    for element in (*islice(root.iter("button", "input"), MAX_BUTTONS), *links):
        if not _is_dead(element):
            continue
        text = (said_by(element) or " ".join("".join(islice(element.itertext(), 8)).split())).lower()
        if (
            len(text) <= MAX_CHARS
            and any(action is BUY for action, _, _ in ACTIONS.all_in(text))
            and not STOCK.all_in(text)
        ):
            found.append(element)
    return found


def _is_dead(element: Element) -> bool:
    names = element.get("class")
    if names and "disabled" in names and "disabled" in names.split():
        return True
    return element.tag != "a" and (element.get("disabled") is not None or element.get("aria-disabled") == "true")
