"""Bytes of a page -> one parsed tree, defused: bombs of size, nesting and attributes are cut out before the parse."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from monitor.reading.claims import Notes

Element = Any  # lxml's elements have no useful static type

MAX_PAGE_BYTES = 20_000_000
MAX_SCRIPT_BYTES = 3_000_000
MAX_ATTRIBUTES = 200
MAX_TAGS = 150_000  # the largest saved page has 60,000


@dataclass(frozen=True, kw_only=True)
class Document:
    """A parsed page with what readers ask for most; made once a page."""

    root: Element
    body: bytes  # UTF-8, defused: for a quick look whether a mark occurs at all
    url: str
    _had: dict[bytes, bool] = field(default_factory=dict, repr=False, compare=False)

    def has(self, mark: bytes) -> bool:
        """Whether a mark stands anywhere in the page's bytes (case as written)."""
        if mark not in self._had:
            self._had[mark] = mark in self.body
        return self._had[mark]

    def remember_head(self) -> None:
        """Read what only the head tells; afterwards it may be cut out of the tree."""
        _ = self.metas, self.title, self.canonical

    @cached_property
    def metas(self) -> dict[str, list[str]]:
        """Contents of the meta tags by their lower-case property, name or http-equiv."""
        found: dict[str, list[str]] = {}
        for meta in self.root.iter("meta"):
            name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
            content = meta.get("content")
            if name and content:
                found.setdefault(name.strip().lower(), []).append(content.strip()[:2000])
        return found

    def meta(self, *names: str) -> str:
        """The first content of the first of these metas that the page has, or ""."""
        for name in names:
            if name in self.metas:
                return self.metas[name][0]
        return ""

    @cached_property
    def title(self) -> str:
        """The text of <title>."""
        for element in self.root.iter("title"):
            parent = element.getparent()
            if parent is None or parent.tag not in ("svg", "symbol", "g"):
                return " ".join("".join(element.itertext())[:1000].split())
        return ""

    @cached_property
    def canonical(self) -> str:
        """The address the page calls its own."""
        for link in self.root.iter("link"):
            if (link.get("rel") or "").lower() == "canonical":
                return (link.get("href") or "").strip()
        return self.meta("og:url")

    @cached_property
    def language(self) -> str:
        """The language tag of <html>, in lower case."""
        html = self.root if self.root.tag == "html" else self.root.getroottree().getroot()
        return (html.get("lang") or html.get("{http://www.w3.org/XML/1998/namespace}lang") or "").lower()


def parse_document(body: bytes, url: str, encoding: str | None, notes: Notes) -> Document | None:
    """The parsed page; `None` when there is nothing to parse."""
    data = _defuse(_as_utf8(body, encoding), notes)
    if not data.strip():
        return None
    root = _parse(data)
    if root is None:
        return None
    return Document(root=root, body=data, url=url)


def _as_utf8(body: bytes, encoding: str | None) -> bytes:
    """The page in UTF-8; the bytes themselves where they are that already, as most are."""
    text, as_is = _decoded(body, encoding)
    return body if as_is else text.encode("utf-8", "replace")


def as_sent(document: Document) -> Document:
    """The page parsed once more, with the scripts and drop-down lists that reading its visible text took away."""
    root = _parse(document.body)
    return document if root is None else Document(root=root, body=document.body, url=document.url)


def _parse(data: bytes) -> Element | None:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    try:
        return etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


_CHARSET = re.compile(
    rb"""<(?:meta[^>]{0,200}?charset\s*=|\?xml[^>]{0,100}?encoding\s*=)\s*["']?\s*([\w.:-]{2,30})""", re.I
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def decode(body: bytes, encoding: str | None = None) -> str:
    """The page as text: by its byte order mark, then what was passed, then what it declares, then what fits."""
    return _decoded(body, encoding)[0]


def _decoded(body: bytes, encoding: str | None) -> tuple[str, bool]:
    """The page as text, and whether its bytes are just this text in UTF-8."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace"), False
    declared = _CHARSET.search(body, 0, 4096)
    names = [encoding or "", declared[1].decode("ascii") if declared else "", "utf-8"]
    for name in names:
        text = _decoded_as(body, name)
        if text is None:
            continue
        if body.isascii() and len(text) == len(body):
            return text, True
        if name.lower() not in _UTF8:
            return _unmangled(text), False
        sound = len(list(islice(_MANGLED_UTF8.finditer(body, 0, 2 * _MANGLED_WITHIN), MIN_MANGLED))) < MIN_MANGLED
        repaired = text if sound else _unmangled(text)
        # What was decoded with a loss holds the sign for it.
        return repaired, repaired is text and "\ufffd" not in text
    return body.decode("cp1252", "replace"), False


_UTF8 = frozenset(("utf-8", "utf8"))


def _decoded_as(body: bytes, name: str) -> str | None:
    if not name:
        return None
    if name.lower() in ("iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii"):
        name = "cp1252"  # what browsers do
    if name.lower().startswith("utf-16") and b"\x00" not in body[:200]:
        return None
    try:
        return body.decode(name)
    except LookupError:
        return None
    except UnicodeDecodeError as error:
        # A few broken bytes in a page that is otherwise what it says it is.
        bad = body[:200_000].decode(name, "replace").count("\ufffd") if error.start < len(body) else 0
        return body.decode(name, "replace") if bad <= 5 or name.lower() not in ("utf-8", "utf8") else None


MIN_MANGLED = 8
_MANGLED_WITHIN = 400_000
# A byte that begins a UTF-8 sequence and one that goes on with it, both as Windows-1252 shows them.
_MANGLED_UTF8 = re.compile(rb"\xc3[\x82-\x9f\xa2][\xc2\xc5\xc6\xcb\xe2]")  # how they begin in UTF-8, quick to count
_MANGLED = re.compile("[Â-ßâ](?:(?<!â)[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|(?<=â)[‚€])")


def _unmangled(text: str) -> str:
    """Text that was UTF-8 read as Windows-1252 and saved again, read right; other text as it is."""
    if text.isascii():
        return text
    marks = list(islice(_MANGLED.finditer(text, 0, _MANGLED_WITHIN), 400))
    if len(marks) < MIN_MANGLED:
        return text
    raw = text.encode("cp1252", "mangled") if _register() else b""
    repaired = raw.decode("utf-8", "replace")
    return repaired if repaired.count("\ufffd") <= raw.count(b"\xef\xbf\xbd") + len(marks) / 4 else text


def _register() -> bool:
    import codecs

    def keep(error: UnicodeError) -> tuple[bytes | str, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        chars = error.object[error.start : error.end]
        return b"".join(bytes([ord(c)]) if ord(c) < 256 else c.encode("utf-8") for c in chars), error.end

    codecs.register_error("mangled", keep)
    return True


_SCRIPT = re.compile(rb"<script\b[^>]{0,2000}>", re.I)
_SCRIPT_END = re.compile(rb"</script", re.I)
_LONG_TAG = re.compile(rb"<[a-zA-Z][^<]{3000,}")
_STEP = 1500
_VALUES = re.compile(rb"""=\s*(?:"[^"]*"|'[^']*')""")


def _defuse(data: bytes, notes: Notes) -> bytes:
    """The page without NUL bytes, scripts too large to be a product, and tags with thousands of attributes."""
    if b"\x00" in data:
        data = data.replace(b"\x00", b"")
    if len(data) > MAX_SCRIPT_BYTES:
        data = _without_large_scripts(data, notes)
    if len(data) > MAX_TAGS and data.count(b"<") > MAX_TAGS:
        data = _first_tags(data)
        notes.add("too_large", f"only the first {MAX_TAGS} tags were read")
    return _without_long_tags(_without_early_ends(data), notes)


def _without_early_ends(data: bytes) -> bytes:
    """The page without the ends of body and page that more of it follows: browsers go on there, libxml2 stops. Not
    where another page begins behind them."""
    first = _PAGE_END.search(data)
    if first is None or not _ELEMENT.search(data, first.end()) or _PAGE_BEGINS.search(data, first.end()):
        return data
    return _PAGE_END.sub(b"", data)


_PAGE_END = re.compile(rb"</(?:body|html)\s*>", re.I)
_PAGE_BEGINS = re.compile(rb"<(?:!doctype|html|head|body)[\s>]", re.I)
_ELEMENT = re.compile(rb"<(?:main|div|section|article|table|ul|h1|p|form)[\s>]", re.I)


def _first_tags(data: bytes) -> bytes:
    """The page up to its last allowed tag."""
    last = next(islice(re.finditer(b"<", data), MAX_TAGS, None))
    return data[: last.start()]


def _without_large_scripts(data: bytes, notes: Notes) -> bytes:
    parts: list[bytes] = []
    kept = 0
    for match in _SCRIPT.finditer(data):
        if match.start() < kept:
            continue
        end = _SCRIPT_END.search(data, match.end())
        stop = end.start() if end else len(data)
        if stop - match.end() > MAX_SCRIPT_BYTES:
            notes.add("too_large", f"a script of {stop - match.end()} bytes was skipped")
            parts.append(data[kept : match.end()])
            kept = stop
    return b"".join((*parts, data[kept:]))


def _without_long_tags(data: bytes, notes: Notes) -> bytes:
    """Each stretch from a tag to the next looked at if it is long: then one of the steps through the page, half as
    long, falls into it whole."""
    parts: list[bytes] = []
    kept = position = 0
    while position < len(data):
        if data.find(b"<", position, position + _STEP) >= 0:
            position += _STEP
            continue
        start = max(data.rfind(b"<", kept, position), kept)
        if match := _LONG_TAG.match(data, start):
            parts += (data[kept:start], _calm_tag(match[0], notes))
            kept = position = match.end()
        else:
            position = data.find(b"<", position)
            if position < 0:
                break
    return b"".join((*parts, data[kept:])) if parts else data


def _calm_tag(text: bytes, notes: Notes) -> bytes:
    bare = _VALUES.sub(b"=v", text)
    tag = bare.split(b">", 1)[0]
    if len(tag.split()) <= MAX_ATTRIBUTES:
        return text
    notes.add("too_large", f"a tag with {len(tag.split())} attributes was skipped")
    return b"<i>" + (bare.split(b">", 1)[1] if b">" in bare else b"")
