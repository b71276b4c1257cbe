"""`gpu-limbo extract`: read the offers of pages from files, folders of saved pages or the web."""

import csv
import json
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.core.countries import country_code
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.core.models import RawOffer

MAX_BYTES = 20_000_000


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page to read: its bytes, or why there are none."""

    file: str
    url: str
    body: bytes = b""
    country: str | None = None
    currency: str | None = None
    encoding: str | None = None
    problem: tuple[str, str] | None = None


@click.command(
    short_help="Read the offers of saved pages or addresses.",
    epilog="Example: gpu-limbo extract page.html --url https://shop.example/rtx-4090 --json",
)
@click.argument("sources", nargs=-1, metavar="FILE_OR_URL...")
@click.option("--url", default="", help="Address that a saved page came from; it helps to tell shop and country.")
@click.option("--pages", type=click.Path(dir_okay=False, path_type=Path), help="CSV with columns file and url.")
@click.option("--country", default=None, help="ISO country of the shop, where the page does not tell.")
@click.option("--currency", default=None, help="Currency of the shop, where the page does not tell.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines, one object a page.")
def extract_command(
    sources: tuple[str, ...], url: str, pages: Path | None, country: str | None, currency: str | None, as_json: bool
) -> int:
    """Read the offers of pages: title, price, stock, condition, and which GPU it is."""
    if not sources and pages is None:
        raise UsageError("name a file, an address, or --pages CSV; see gpu-limbo extract --help")
    country = country_code(country) if country else None
    found = 0
    for page in _all_pages(sources, url, pages, country, currency):
        record = read_record(page)
        found += len(record["offers"])
        text = json.dumps(record, ensure_ascii=False) if as_json else _as_text(record)
        click.echo(text.encode("utf-8", "replace").decode("utf-8"))
        sys.stdout.flush()
    return 0 if found else 1


def _all_pages(
    sources: tuple[str, ...], url: str, pages: Path | None, country: str | None, currency: str | None
) -> Iterator[Page]:
    for source in sources:
        if source.lower().startswith(("http://", "https://")):
            yield _fetched(source, country, currency)
        else:
            yield _from_file(Path(source), source, url, country, currency)
    if pages is not None:
        yield from _listed(pages, country, currency)


def _listed(pages: Path, country: str | None, currency: str | None) -> Iterator[Page]:
    """The pages of a CSV, in its order."""
    try:
        text = pages.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {pages}: {getattr(error, 'strerror', None) or error}") from None
    rows = csv.DictReader(text.splitlines(keepends=True))
    if "file" not in (rows.fieldnames or []):
        raise UsageError(
            f"{pages} has no column named file; its columns are {', '.join(rows.fieldnames or []) or 'none'}"
        )
    try:
        for row in rows:
            name = row.get("file") or ""
            yield _from_file(
                pages.parent / name,
                name,
                row.get("url") or "",
                country or country_code(row.get("country") or "") or None,
                currency or row.get("currency") or None,
            )
    except csv.Error as error:
        raise UsageError(f"{pages} is not a CSV file: {error}") from None


def _from_file(path: Path, name: str, url: str, country: str | None, currency: str | None) -> Page:
    problem: tuple[str, str] | None = None
    body = b""
    try:
        with path.open("rb") as file:
            body = file.read(MAX_BYTES + 1)
        if body[:2] == b"\x1f\x8b":
            body = unpack(body)
    except (OSError, ValueError, zlib.error) as error:
        problem = ("unreadable_file", str(getattr(error, "strerror", None) or error))
    return Page(file=name, url=url, body=body, country=country, currency=currency, problem=problem)


def unpack(data: bytes, limit: int = MAX_BYTES) -> bytes:
    """The content of gzip data, at most `limit` + 1 bytes of it: enough to see that it is too large.

    Raises `ValueError` where the data end too early.
    """
    parts: list[bytes] = []
    size = 0
    while data:
        member = zlib.decompressobj(wbits=31)
        part = member.decompress(data, limit + 1 - size)
        parts.append(part)
        size += len(part)
        if size > limit:
            break
        if not member.eof:
            raise ValueError("the compressed file ends too early")
        data = member.unused_data
        if not data.startswith(b"\x1f\x8b"):
            break
    return b"".join(parts)


def _fetched(url: str, country: str | None, currency: str | None) -> Page:
    from monitor.cli.fetch import FetchFailed, fetch

    try:
        answer = fetch(url, MAX_BYTES)
    except FetchFailed as error:
        return Page(file=url, url=url, problem=(error.reason, str(error)))
    return Page(
        file=url, url=answer.url, body=answer.body, country=country, currency=currency, encoding=answer.encoding
    )


def read_record(page: Page) -> dict[str, Any]:
    """What is printed for one page."""
    from monitor.clock import utc_now
    from monitor.reading.page import read_page

    record: dict[str, Any] = {"file": page.file, "url": page.url, "offers": [], "rejections": []}
    if page.problem:
        record["rejections"].append({"reason": page.problem[0], "text": page.problem[1]})
        return record
    hints: dict[str, str | None] = {"country": page.country, "currency": page.currency, "encoding": page.encoding}
    reading = read_page(page.body, page.url, today=utc_now().date(), **hints)
    record["offers"] = [offer_record(offer) for offer in reading.offers]
    record["rejections"] = [{"reason": reason, "text": text} for reason, text in reading.rejections]
    return record


def offer_record(offer: "RawOffer") -> dict[str, Any]:
    """An offer as JSON, with the GPU that its title names."""
    from monitor.catalog import load_catalog
    from monitor.core.matching import match_title
    from monitor.core.models import Condition
    from monitor.core.money import parse_money

    match = match_title(offer.title, load_catalog().matcher)
    money = parse_money(offer.price_text, hint=offer.currency)
    condition = offer.condition if offer.condition is not Condition.UNKNOWN else match.condition
    return {
        "title": offer.title,
        "price": f"{money.amount:f}" if money else None,
        "currency": money.currency if money else None,
        "availability": offer.availability.value,
        "condition": condition.value,
        "seller": offer.seller,
        "url": offer.url,
        "gpu": match.gpu,
        "quantity": max(match.quantity, offer.quantity),
        "reason": "; ".join(part for part in (match.reason, offer.reason) if part),
    }


def _as_text(record: dict[str, Any]) -> str:
    from monitor.cli.terminal import plain, wrapped

    count = len(record["offers"])
    lines = [f"{record['file']}: {count} offer{'' if count == 1 else 's'}"]
    for offer in record["offers"]:
        gpu = offer["gpu"] or f"no GPU ({offer['reason']})"
        price = f"{offer['price']} {offer['currency']}"
        lines.append(f"  {price}  {offer['availability']}, {offer['condition']}  {gpu}  {offer['title'][:80]}")
    lines += [f"  not used: {entry['reason']}: {entry['text'][:100]}" for entry in record["rejections"]]
    return "\n".join(wrapped(plain(line), hang=4) for line in lines)
