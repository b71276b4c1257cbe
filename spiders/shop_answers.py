"""What every reader of a shop's JSON endpoint shares: what to ask, what an answer came to, and JSON taken with care."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from monitor.core.models import RawOffer, SourceInfo
from monitor.reading.page import read_page

SNIPPET_CHARS = 300


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One request: GET without `body`, else POST of it as a form. `turn` counts the pages already asked for."""

    url: str
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    turn: int = 1


@dataclass(frozen=True, kw_only=True)
class ShopAnswer:
    """Offers, what could not be read as (reason, text), and what to ask next."""

    offers: tuple[RawOffer, ...] = ()
    rejections: tuple[tuple[str, str], ...] = ()
    more: tuple[Ask, ...] = ()


class Endpoint(Protocol):
    """A module of `spiders/endpoints/`; `key` is the user's own, "" where none is needed."""

    @staticmethod
    def asks(source: SourceInfo, key: str) -> tuple[Ask, ...]: ...

    @staticmethod
    def parse(payload: bytes, asked: Ask, source: SourceInfo) -> ShopAnswer: ...


def decoded(payload: bytes) -> Any:
    """The JSON of an answer; raises `ValueError` where it is none."""
    try:
        return json.loads(payload.decode("utf-8-sig", "replace"), parse_float=str, parse_constant=str)
    except RecursionError:
        raise ValueError("nested too deep") from None


def rows(value: Any) -> list[Any]:
    """A list of an answer; raises `ValueError` where it is something else."""
    if not isinstance(value, list):
        raise ValueError("no list")
    return value


def read_each(
    found: Iterable[Any], read: Callable[[Any], Iterable[RawOffer]]
) -> tuple[tuple[RawOffer, ...], tuple[tuple[str, str], ...]]:
    """Offers of every row; a row of another form than expected is a rejection, not an end."""
    offers: list[RawOffer] = []
    rejections: list[tuple[str, str]] = []
    for row in found:
        try:
            offers.extend(read(row))
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError):
            rejections.append(("unreadable_row", shown(row)))
    return tuple(offers), tuple(rejections)


def read_as_page(payload: bytes, asked: Ask, source: SourceInfo, more: tuple[Ask, ...]) -> ShopAnswer:
    """The offers of an answer of a known shop system; each article without a price is a rejection."""
    reading = read_page(payload, asked.url, country=source.country or None, currency=source.currency or None)
    return ShopAnswer(offers=reading.offers, rejections=reading.rejections, more=more)


def unexpected(payload: bytes) -> ShopAnswer:
    """An answer that is not what the endpoint gives."""
    return ShopAnswer(rejections=(("unexpected_answer", payload[:SNIPPET_CHARS].decode("utf-8", "replace")),))


def shown(row: Any) -> str:
    """A row as evidence: compact JSON, cut."""
    return json.dumps(row, ensure_ascii=False, default=str)[:SNIPPET_CHARS]


def first_pages(source: SourceInfo, **wanted: object) -> tuple[Ask, ...]:
    """The first page of each start address, asked for with these parameters."""
    return tuple(Ask(url=with_query(url, **wanted, page=1)) for url in source.starts)


def next_page(asked: Ask, last: int) -> tuple[Ask, ...]:
    """The page after this one; none after page number `last`, so that a shop that never ends is left in time."""
    turn = asked.turn + 1
    return (Ask(url=with_query(asked.url, page=turn), turn=turn),) if turn <= last else ()


def with_query(url: str, **changes: object) -> str:
    """The address with these parameters set, all others kept.

    >>> with_query("https://a.example/p?page=1&limit=250", page=2)
    'https://a.example/p?page=2&limit=250'
    """
    parts = urlsplit(url)
    values = dict(parse_qsl(parts.query, keep_blank_values=True)) | {
        name: str(value) for name, value in changes.items()
    }
    return urlunsplit(parts._replace(query=urlencode(values)))
