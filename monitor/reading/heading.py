"""The name of the page's main article, and where it stands."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from monitor.core.words import lowered
from monitor.reading.document import Document, Element
from monitor.reading.marks import Mark
from monitor.reading.text import VisibleText
from monitor.reading.tidy import spoken, tidy

SURE_SCORE = 1.2
MIN_TOLD, MIN_WORDS = 12, 3
_TOKEN = re.compile(r"\w+")
_NAME_CLASS = re.compile(
    r"(?:product|item|article|produkt|artikel|produit|listing|page)[-_]{0,2}(?:title|name|heading|bezeichnung)"
    r"|pdp[-_]?title|\bproduct-?name\b|\btitle\b|(?:goods|tovar|produkt|prod|detail)[-_]?(?:full)?[-_]?(?:name|title)",
    re.IGNORECASE,
)


_ITEM_NAMES = etree.XPath("descendant::*[@itemprop='name']")
_MAYBE_TITLES = etree.XPath(
    "descendant::*[contains(@class, 'itle') or contains(@class, 'ame') or contains(@class, 'ead')"
    " or contains(@id, 'itle')]"
)


@dataclass(frozen=True, kw_only=True)
class Heading:
    """The main title's text and where it begins in the page's text; -1 if people do not see it there."""

    text: str
    position: int
    sure: bool  # a heading that agrees with what the page calls itself


@lru_cache(maxsize=20_000)
def tokens(text: str) -> frozenset[str]:
    """The words and numbers of a text, in lower case."""
    return frozenset(_TOKEN.findall(lowered(text)))


def likeness(one: str, other: str) -> float:
    """The share of the smaller text's words that stand in the other; 0 to 1."""
    a, b = tokens(one), tokens(other)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def find_heading(document: Document, seen: VisibleText, names: tuple[str, ...]) -> Heading:
    """The main title: the heading most like what the page calls itself (`names`: from markup, may be empty)."""
    own_names = [name for name in (*names, document.meta("og:title", "twitter:title"), document.title) if name]
    best: tuple[float, Element, str] | None = None
    candidates = [(tidy(spoken(element.itertext(), 600), 600), element) for element in _candidates(document)]
    pictured = _pictured(document, candidates)
    for order, (text, element) in enumerate(candidates):
        if not 3 <= len(text) <= 400:
            continue
        score = _score(element, text, own_names, seen) - order * 0.01
        if text == pictured:
            score += 0.5
        if best is None or score > best[0]:
            best = (score, element, text)
    if best is None or best[0] < 0.5:
        name = own_names[0] if own_names else ""
        position = seen.lower.find(lowered(name)[:60]) if len(tokens(name)) > 1 else -1
        return Heading(text=name, position=position, sure=False)
    strange = bool(own_names) and not any(likeness(best[2], name) for name in own_names)
    if strange and (told := _told_by_title(document, seen)) is not None:
        return told
    position = _position(seen, best[1], best[2])
    if best[0] >= SURE_SCORE and best[1].tag in ("h1", "h2"):
        seen.marks.exempt(best[1])
    return Heading(text=best[2], position=position, sure=best[0] >= SURE_SCORE)


def _told_by_title(document: Document, seen: VisibleText) -> Heading | None:
    """A line of the page that its <title> begins with, where no heading has anything of it ("Free shipping")."""
    name = lowered(document.title)
    start = 0
    for line in seen.lower.split("\n"):
        text = line.strip()
        if len(text) >= MIN_TOLD and name.startswith(text) and len(tokens(text)) >= MIN_WORDS:
            position = start + line.index(text)
            if not seen.marks_at(position) & (Mark.ASIDE | Mark.LINK | Mark.HIDDEN):
                return Heading(text=seen.text[position : position + len(text)], position=position, sure=True)
        start += len(line) + 1
    return None


def _candidates(document: Document) -> list[Element]:
    found = list(islice(document.root.iter("h1"), 30))
    if document.has(b"itemprop"):
        found += _ITEM_NAMES(document.root)[:30]
    if not any(element.tag == "h1" for element in found):
        named = _MAYBE_TITLES(document.root)[:400]
        found = (
            found
            + document.root.xpath(".//h2")[:10]
            + document.root.xpath(".//h3")[:5]
            + [element for element in named if _called_title(element)][:20]
        )
    return found


def _pictured(document: Document, candidates: list[tuple[str, Element]]) -> str:
    """The heading that a picture of the page is named like; "" in lists, where that is true of several."""
    if any(element.tag == "h1" for _, element in candidates):
        return ""
    named = {tidy(image.get("alt") or "") for image in islice(document.root.iter("img"), 500)}
    named |= {tidy(link.get("title") or "") for link in islice(document.root.iter("a"), 2000) if _holds_picture(link)}
    fitting = {text for text, _ in candidates if text in named and len(text) >= 8}
    return fitting.pop() if len(fitting) == 1 else ""


def _holds_picture(link: Element) -> bool:
    """Whether a link is a picture and nothing else."""
    return bool(link.get("title")) and len(link) == 1 and link[0].tag == "img"


def _called_title(element: Element) -> bool:
    return bool(_NAME_CLASS.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _score(element: Element, text: str, names: list[str], seen: VisibleText) -> float:
    score = {"h1": 1.0, "h2": 0.4}.get(element.tag, 0.3)
    if any(len(tokens(name)) > 1 for name in names):
        score += max(likeness(text, name) * min(1.0, len(tokens(text)) / 3) for name in names)
    elif len(tokens(text)) >= 4:
        score += 0.6  # the page has no title to compare with, or only the shop's name
    marks = seen.marks.of(element)
    if marks & Mark.HIDDEN:
        score -= 0.4
    if marks & Mark.ASIDE:
        score -= 0.4
    if marks & Mark.LINK:
        score -= 0.3
    return score


def _position(seen: VisibleText, element: Element, text: str) -> int:
    inside = {element, *element.iter()}
    for start, owner in zip(seen.starts, seen.owners, strict=True):
        if owner in inside:
            return start
    return seen.lower.find(lowered(text)[:60])
