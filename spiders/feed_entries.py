"""Entries of a news feed (RSS 2.0, RSS 1.0, Atom) from its bytes, however it is written.

lxml in recovery mode reads what is not well-formed; entities are never expanded, nothing is loaded from elsewhere, and
depth and size are bounded, so that no feed can keep the crawl busy. Titles come back as written: with markup and
entities, which `core.headlines.plain_title` takes out.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

Element = Any  # lxml's elements have no useful static type

MOST_BYTES = 5 * 1024 * 1024
MOST_ENTRIES = 1000
FEED_ROOTS = frozenset({"rss", "feed", "rdf"})
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_NAMES = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})
_TITLE_CHARS = 2000


@dataclass(frozen=True, kw_only=True)
class FeedEntry:
    """One entry; `published` is aware and UTC, or `None` where the feed gives no date that can be read."""

    title: str
    url: str
    published: datetime | None


@dataclass(frozen=True, kw_only=True)
class FeedReading:
    """What a feed holds; `problem` says why nothing could be read ("" for a feed, also an empty one)."""

    entries: tuple[FeedEntry, ...] = ()
    problem: str = ""  # not_a_feed, empty_answer, too_large, entities_declared


def read_feed(body: bytes) -> FeedReading:
    """Entries in the order of the feed; an entry without a title is left out."""
    if len(body) > MOST_BYTES:
        return FeedReading(problem="too_large")
    if not body.strip():
        return FeedReading(problem="empty_answer")
    if b"<!ENTITY" in body:  # no honest feed declares its own; a bomb does
        return FeedReading(problem="entities_declared")
    root = _root(body)
    if root is None or _local(root) not in FEED_ROOTS:
        return FeedReading(problem="not_a_feed")
    return FeedReading(entries=tuple(_entries(root)))


def _root(body: bytes) -> Element | None:
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        strip_cdata=False,
    )  # fmt: skip
    try:
        return etree.fromstring(_plain_entities(body.strip()), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _plain_entities(body: bytes) -> bytes:
    """HTML's names (&nbsp; &eacute;) as numbers, since XML does not know them and would drop them."""

    def numbered(match: re.Match[bytes]) -> bytes:
        if match[1] in _XML_NAMES:
            return match[0]
        text = html.unescape(match[0].decode("ascii"))
        return match[0] if text.startswith("&") else "".join(f"&#{ord(char)};" for char in text).encode("ascii")

    return _NAMED.sub(numbered, body)


def _entries(root: Element) -> Iterator[FeedEntry]:
    found = 0
    for node in root.iter("{*}item", "{*}entry"):
        fields = {_local(child): child for child in reversed(node)}
        title = _text(fields.get("title"))
        if not title:
            continue
        found += 1
        if found > MOST_ENTRIES:
            return
        yield FeedEntry(title=title, url=_link(node, fields), published=_published(fields))


def _local(node: Element) -> str:
    """The name without its namespace, or without its prefix where recovery left one that nobody declared."""
    return node.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(node.tag, str) else ""


def _text(node: Element | None) -> str:
    if node is None:
        return ""
    pieces: list[str] = []
    size = 0
    for piece in node.itertext():
        pieces.append(str(piece))
        size += len(piece)
        if size > _TITLE_CHARS:
            break
    return re.sub(r"\s+", " ", "".join(pieces)).strip()[:_TITLE_CHARS]


def _link(node: Element, fields: dict[str, Element]) -> str:
    """The page of the entry: Atom's alternate link, RSS's link, or a guid that is an address."""
    atom = [child for child in node if _local(child) == "link" and child.get("href")]
    alternate = [child for child in atom if child.get("rel", "alternate") == "alternate"] or atom
    candidates = [str(child.get("href")) for child in alternate]
    candidates += [_text(fields.get("link")), _text(fields.get("guid")), _text(fields.get("id"))]
    return next((url.strip()[:2000] for url in candidates if url.strip().startswith(("http://", "https://"))), "")


def _published(fields: dict[str, Element]) -> datetime | None:
    for name in ("pubdate", "published", "date", "updated", "issued", "modified"):
        if text := _text(fields.get(name)):
            when = read_date(text)
            if when is not None:
                return when
    return None


def read_date(text: str) -> datetime | None:
    """A date in RFC 822 or ISO 8601 form as UTC; one without a zone is taken as UTC. `None` if it is neither.

    >>> read_date("Sun, 15 Mar 2026 07:02:36 -0400").isoformat()
    '2026-03-15T11:02:36+00:00'
    """
    text = text.strip()[:60]
    try:
        when = datetime.fromisoformat(text.replace("Z", "+00:00") if text.endswith("Z") else text)
    except ValueError:
        try:
            when = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    try:
        return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        return None
