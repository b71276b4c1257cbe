"""What every reader of a cloud's price answer shares: its values, its request, and a loop that no bad row can stop.

A reader returns prices per GPU and hour. A row that cannot be read becomes a rejection with a reason, never an
exception; a row without a GPU (a plain virtual machine) is left out silently, since clouds list thousands.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from monitor.core.models import Availability, Billing, Condition, Market, Money, SourceInfo

PRICE_STEP = Decimal("0.000001")
DEAREST_PER_GPU_HOUR = Decimal(1000)
CORES_PER_GPU, GB_PER_GPU = 4, 16  # the smallest machine that clouds sell with one GPU (g2-standard-4, g6.xlarge)
SNIPPET_CHARS = 300

ON_DEMAND, SPOT, RESERVED = Billing.ON_DEMAND, Billing.SPOT, Billing.RESERVED

Row = Mapping[str, Any]


class BadRow(Exception):
    """A row that cannot be used, with the reason; never leaves this package."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


@dataclass(frozen=True, kw_only=True)
class CloudOffer:
    """One price per GPU and hour, as an answer states it.

    `basis` is "machine" for the price of a working machine. Prices that must not be mixed with those are "gpu_only"
    (cores and memory are billed besides), "windows" (a licence is in it) or "summary" (a median of `n_obs`).
    """

    gpu: str  # catalogue name
    price: Money
    billing: Billing
    region: str = ""
    quantity: int = 1  # GPUs of the node
    availability: Availability = Availability.UNKNOWN
    sku: str = ""
    title: str = ""
    seller: str = ""
    basis: str = "machine"
    n_obs: int | None = None
    snippet: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an answer says: offers, and what could not be read as (reason, text)."""

    offers: tuple[CloudOffer, ...] = ()
    rejections: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One request: GET without `body`, else POST of this JSON."""

    url: str
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """How a cloud is asked, and what is known about it."""

    title: str
    asks: tuple[Ask, ...]
    key_setting: str = ""  # environment variable with the user's own key; "": none is needed
    key_header: str = "Authorization"
    key_prefix: str = "Bearer "
    posture: str = "api"  # api: documented; robots: an open file or list; off: asked only when named
    country: str = ""  # only where it sells from one country
    note: str = ""  # how sure we are of the address and of the form of the answer
    next_page: Callable[[Any], str | None] | None = field(default=None, repr=False)  # decoded answer -> address

    def source(self, name: str) -> SourceInfo:
        """The cloud as one of the sources that a crawl reads."""
        return SourceInfo(
            name=name,
            kind="cloud",
            title=self.title,
            starts=tuple(ask.url for ask in self.asks),
            reader=name,
            country=self.country,
            condition=Condition.RENTAL,
            market=Market.CLOUD,
            posture=self.posture,
            key_setting=self.key_setting,
            tax_included=False,
            cadence_hours=12.0,
            note=self.note,
        )


@dataclass(frozen=True, kw_only=True)
class CloudReader:
    """A cloud of the registry: its source, how it is asked, and how its answer is read."""

    source: SourceInfo
    cloud: Cloud
    parse: Callable[[object], Answer]


def read_rows(
    payload: object, rows_of: Callable[[Any], Iterable[Any]], read_row: Callable[[Any], Iterable[CloudOffer]]
) -> Answer:
    """Offers and rejections of every row; `payload` is bytes, text or decoded JSON."""
    try:
        rows = list(rows_of(decode(payload)))
    except BadRow as bad:
        return Answer(rejections=((bad.reason, bad.detail or shown(payload)),))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return Answer(rejections=(("unexpected_answer", shown(payload)),))
    offers: list[CloudOffer] = []
    rejections: list[tuple[str, str]] = []
    for row in rows:
        # a generator's offers that came before its bad part still count
        try:
            for offer in read_row(row):
                offers.append(offer if offer.snippet else replace(offer, snippet=shown(row)))
        except BadRow as bad:
            rejections.append((bad.reason, f"{bad.detail}: {shown(row)}" if bad.detail else shown(row)))
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError, RecursionError):
            rejections.append(("unreadable_row", shown(row)))
    return Answer(offers=_merged(offers), rejections=tuple(rejections))


def decode(payload: object) -> Any:
    """JSON of bytes or text; CSV (a header line, no bracket) as a list of dicts; anything else as it is."""
    if isinstance(payload, bytes):
        payload = payload.decode("utf-8-sig", "replace")
    if not isinstance(payload, str):
        return payload
    text = payload.strip().lstrip("\ufeff")
    if not text:
        raise BadRow("empty_answer")
    if text[0] not in '[{n"':
        return _from_csv(text)
    try:
        return json.loads(text, parse_float=Decimal)
    except RecursionError:
        raise BadRow("nested_too_deep") from None
    except ValueError:
        return _from_json_lines(text)


def per_gpu(price: object, *, currency: object = "USD", gpus: int = 1, divisor: int | Decimal = 1) -> Money:
    """Price per GPU and hour of a node with `gpus`; `divisor` turns the stated unit into the currency's (cents: 100).

    Rounded to a millionth of the currency.
    """
    code = str(currency).strip().upper()
    if len(code) != 3 or not code.isalpha():
        raise BadRow("unknown_currency", str(currency))
    value = (number(price, "unreadable_price") / divisor / gpus).quantize(PRICE_STEP)
    if value <= 0:
        raise BadRow("no_price")
    if value > DEAREST_PER_GPU_HOUR * (1 if code in {"USD", "EUR", "GBP"} else 30000):
        raise BadRow("implausible_price", str(value))
    return Money(amount=value, currency=code)


def least_machine(price: object, *, core: object, gb: object) -> dict[str, Any]:
    """Price and reason of a GPU with the cores and memory that feed it, where a cloud bills those besides."""
    whole = number(price, "unreadable_price") + CORES_PER_GPU * number(core) + GB_PER_GPU * number(gb)
    return {"price": per_gpu(whole), "reason": f"GPU with {CORES_PER_GPU} cores and {GB_PER_GPU} GB added up"}


def number(value: object, reason: str = "unreadable_number") -> Decimal:
    """A finite, not negative number from a JSON number or text."""
    if isinstance(value, bool) or value is None:
        raise BadRow(reason, repr(value))
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        raise BadRow(reason, repr(value)[:60]) from None
    if not found.is_finite() or found < 0 or found > 10**12:
        raise BadRow(reason, str(value)[:60])
    return found


def count(value: object) -> int:
    """A whole number of GPUs from 1 to 1024."""
    found = number(value, "unreadable_count")
    if found != found.to_integral_value() or not 1 <= found <= 1024:
        raise BadRow("fraction_of_gpu" if 0 < found < 1 else "unreadable_count", str(value)[:60])
    return int(found)


def has_price(value: object) -> bool:
    """Whether a price is stated at all: an absent spot price is no error."""
    return value is not None and str(value).strip() not in {"", "0", "0.0", "0.00", "null", "None"}


def rows_at(data: Any, *path: str) -> list[Any]:
    """The list that stands at `path`; raises `BadRow` if the answer has another form."""
    for part in path:
        if not isinstance(data, Mapping) or part not in data:
            raise BadRow("unexpected_answer", f"no {'.'.join(path)}")
        data = data[part]
    if data is None:
        return []
    if not isinstance(data, list):
        raise BadRow("unexpected_answer", f"{'.'.join(path)} is no list")
    return data


def text_list(value: object) -> list[str]:
    """The non-empty texts of a list, or nothing."""
    return [item.strip() for item in value if isinstance(item, str) and item.strip()] if isinstance(value, list) else []


def in_stock(available: object) -> Availability:
    """Availability from a flag or a number of free GPUs; unknown where the answer does not say."""
    if available is None:
        return Availability.UNKNOWN
    return Availability.IN_STOCK if available else Availability.OUT_OF_STOCK


def shown(row: object) -> str:
    """The row's own words, cut to what fits on the data-health page."""
    if isinstance(row, bytes):
        row = row[: SNIPPET_CHARS * 2].decode("utf-8", "replace")
    if isinstance(row, str):
        return row[:SNIPPET_CHARS]
    try:
        return json.dumps(row, default=str, ensure_ascii=False)[:SNIPPET_CHARS]
    except (TypeError, ValueError, RecursionError):
        return "a row that cannot be shown"


def _merged(offers: list[CloudOffer]) -> tuple[CloudOffer, ...]:
    """Rows that say the same price of the same thing are one offer with `n_obs` sightings."""
    merged: dict[object, CloudOffer] = {}
    for offer in offers:
        key = (
            offer.gpu,
            offer.price,
            offer.billing,
            offer.region,
            offer.quantity,
            offer.sku,
            offer.seller,
            offer.basis,
        )
        known = merged.get(key)
        merged[key] = offer if known is None else replace(known, n_obs=(known.n_obs or 1) + (offer.n_obs or 1))
    return tuple(merged.values())


def _from_csv(text: str) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(text))
    if len(reader.fieldnames or ()) < 2:
        raise BadRow("not_json", text[:SNIPPET_CHARS])
    try:
        return [row for row in reader if None not in row]
    except csv.Error as error:
        raise BadRow("unreadable_csv", str(error)) from None


def _from_json_lines(text: str) -> list[Any]:
    """One JSON value a line; a file that is neither this nor JSON is refused as a whole."""
    return list(_json_lines(text))


def _json_lines(text: str) -> Iterator[Any]:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        raise BadRow("not_json", text[:SNIPPET_CHARS])
    for line in lines:
        try:
            yield json.loads(line, parse_float=Decimal)
        except (ValueError, RecursionError):
            raise BadRow("not_json", line[:SNIPPET_CHARS]) from None
