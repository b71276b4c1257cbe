"""Price files (CSV, also .gz; files or folders of them) -> offers and rejections, or price series.

The layout: `observed_on` (the day on which the price could be known), `source`, `sku_or_title`, `gpu_model`,
`condition`, `price`, `currency`, `stat`, `unit` (card or gpu_hour), `region`; also `n_obs`, `url`, `in_stock`, `flag`.
A row that cannot be used is rejected with file, line and reason; the others go in.
"""

import csv
import gzip
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from operator import itemgetter
from pathlib import Path
from typing import IO

import numpy as np

from monitor.core.countries import country_code
from monitor.core.daily import daily_series, least_offers
from monitor.core.models import Availability, Billing, Condition, Market, Money, Offer, Rejection, Series, SeriesKey
from monitor.errors import SourceError, UsageError

NEEDED = ("observed_on", "source", "gpu_model", "price", "currency")
KEY = ("source", "gpu_model", "condition", "stat", "region", "currency")
REST = ("observed_on", "price", "n_obs", "sku_or_title", "url", "unit", "in_stock", "flag")
FIRST_DAY, LAST_DAY = date(1999, 1, 1), date(2100, 1, 1)  # the first GPU; a slip of the pen
HIGHEST_PRICE = Decimal(10) ** 12
MOST_BYTES = 2 * 1024**3  # of one unpacked file
UNKNOWN = "\ufffd"  # stands for bytes that are no UTF-8
SHOWN = 300  # characters of a rejected row that are kept
EPOCH = date(1970, 1, 1)
STOCK = {"true": Availability.IN_STOCK, "false": Availability.OUT_OF_STOCK}

csv.field_size_limit(1_000_000)


@dataclass(frozen=True, kw_only=True, slots=True)
class PriceLine:
    """One checked row of a price file."""

    key: SeriesKey
    day: date
    price: Decimal
    n_obs: int | None
    title: str
    url: str
    unit: str  # card, gpu_hour, module
    in_stock: str
    flagged: bool  # by a rule that knows the future: for scoring only, never for a decision


@dataclass(frozen=True, kw_only=True, eq=False)
class PriceFiles:
    """What stood in the files: every series as it could be known, and the same without flagged rows for the score.

    The flags were set with hindsight, so that only the score may use them. `rejected` counts rows by reason.
    """

    known: list[Series]
    scored: list[Series]
    rows: int
    rejected: Counter[str]


def price_files(paths: Iterable[str | Path]) -> list[Path]:
    """The price files that these files and folders hold; raises `UsageError` for one that is missing."""
    found: list[Path] = []
    for path in map(Path, paths):
        if not path.exists():
            raise UsageError(f"there is no file or folder {path}: check the name")
        found += sorted(path.rglob("*.csv")) + sorted(path.rglob("*.csv.gz")) if path.is_dir() else [path]
    if not found:
        raise UsageError("no .csv or .csv.gz file lies there: name price files, or a folder of them")
    return list(dict.fromkeys(found))


def read_lines(
    path: Path, on_bytes: Callable[[int], None] = lambda _: None, *, today: date | None = None
) -> Iterator[PriceLine | Rejection]:
    """The rows of one price file, each checked; `on_bytes` hears how much of the file has been read.

    With `today` (UTC) a row of a later day is rejected, but for tomorrow, which has begun somewhere.
    Raises `SourceError` where the file is no price file at all. One that breaks off ends with a rejection.
    """
    number = 1
    try:
        with path.open("rb") as packed, _text(packed, path) as text:
            rows = csv.reader(_limited(text, path))
            read = _Reader(next(rows, []), path, LAST_DAY if today is None else today + timedelta(days=1))
            while True:
                try:
                    cells = next(rows, None)
                except csv.Error as error:
                    said = f"{error}; a stray quote, or no text at all?"
                    yield _rejection(path, rows.line_num, "unreadable_row", said)
                    continue
                if cells is None:
                    return
                number = rows.line_num
                if number % 5000 == 0:
                    on_bytes(packed.tell())
                if cells:
                    yield read(cells, number)
    except (EOFError, OSError, zlib.error) as error:
        if number == 1:
            raise SourceError(f"{path} cannot be read: {error}") from None
        yield _rejection(path, number, "file_breaks_off", str(error))


def offer_of(line: PriceLine) -> Offer:
    """A line as an offer of its own `stat`, seen at the beginning (UTC) of the day on which it could be known."""
    rental = line.unit == "gpu_hour"
    return Offer(
        gpu=line.key.gpu,
        title=line.title,
        price=Money(amount=line.price, currency=line.key.currency),
        condition=Condition(line.key.condition or "unknown"),
        source=line.key.source,
        region=line.key.region,
        seen_at=datetime.combine(line.day, time(), UTC),
        market=Market.CLOUD if rental else Market.RETAIL,
        billing=_billing(line.key.stat) if rental else None,
        availability=STOCK.get(line.in_stock, Availability.UNKNOWN),
        url=line.url,
        stat=line.key.stat,
        n_obs=line.n_obs,
    )


def read_price_files(paths: Iterable[str | Path], *, today: date | None = None) -> PriceFiles:
    """All series of these files and folders, one point a day; rows that cannot be used are counted by reason.

    A file that is no price file is counted too; raises `SourceError` where none is one.
    """
    columns, rejected, rows = _Columns(), Counter[str](), 0
    for line in _all_lines(price_files(paths), today):
        rows += 1
        if isinstance(line, Rejection):
            rejected[line.reason] += 1
        else:
            columns.add(line)
    rejected["too_few_offers"] = columns.too_few
    return PriceFiles(known=columns.series(), scored=columns.series(scored=True), rows=rows, rejected=+rejected)


def _all_lines(paths: Sequence[Path], today: date | None) -> Iterator[PriceLine | Rejection]:
    refused: list[SourceError] = []
    for path in paths:
        try:
            yield from read_lines(path, today=today)
        except SourceError as error:
            refused.append(error)
            yield _rejection(path, 1, "no_price_file", str(error))
    if len(refused) == len(paths):
        raise refused[0]


class _Columns:
    """Lines as columns, with a number for each key."""

    def __init__(self) -> None:
        self.numbers: dict[SeriesKey, int] = {}
        self.rows: list[tuple[int, int, float, float, bool]] = []
        self.too_few = 0

    def add(self, line: PriceLine) -> None:
        number = self.numbers.setdefault(line.key, len(self.numbers))
        n_obs = np.nan if line.n_obs is None else float(line.n_obs)
        least = least_offers(line.key.source, line.key.stat)
        self.too_few += least > 0 and not n_obs >= least
        card = line.unit == "card" and not line.flagged
        self.rows.append((number, (line.day - EPOCH).days, float(line.price), n_obs, card))

    def series(self, *, scored: bool = False) -> list[Series]:
        """Every series, or only those of cards and without flagged rows."""
        table = np.array(self.rows, dtype=np.float64).reshape(len(self.rows), 5)
        table = table[table[:, 4] == 1.0] if scored else table
        number, day = table[:, 0].astype(np.int32), table[:, 1].astype(np.int32)
        return daily_series(list(self.numbers), number, day, table[:, 2], table[:, 3])


class _Reader:
    """Checks the rows of one file; remembers what repeats, since a file has few different keys and days."""

    def __init__(self, header: Sequence[str], path: Path, last_day: date) -> None:
        columns = {name.strip(): at for at, name in enumerate(header)}
        if missing := [name for name in NEEDED if name not in columns]:
            raise SourceError(f"{path} is not a price file: {_what_is_wrong(header, missing)}")
        self.path, self.width, self.last_day = path, len(header), last_day
        self.key_of = itemgetter(*(columns.get(name, self.width) for name in KEY))
        self.rest_of = itemgetter(*(columns.get(name, self.width) for name in REST))
        self.keys: dict[tuple[str, ...], SeriesKey | str] = {}
        self.days: dict[str, date | None] = {}

    def __call__(self, cells: list[str], number: int) -> PriceLine | Rejection:
        line = self._line(cells)
        return line if isinstance(line, PriceLine) else _rejection(self.path, number, line, ",".join(cells))

    def _line(self, cells: list[str]) -> PriceLine | str:
        """The checked row, or the reason why it cannot be used."""
        if len(cells) != self.width:
            return "wrong_number_of_columns"
        cells = [*cells, ""]  # what a column that the file lacks holds
        day_text, price_text, n_obs, title, url, unit, in_stock, flag = self.rest_of(cells)
        day = self.days[day_text] if day_text in self.days else self._day(day_text)
        if day is None:
            return "unreadable_date"
        if day > self.last_day:
            return "date_in_the_future"
        key = self._key(self.key_of(cells))
        if isinstance(key, str):
            return key
        price = _price(price_text)
        if price is None:
            return "unreadable_price"
        if price <= 0:
            return "price_not_positive"
        return PriceLine(
            key=key,
            day=day,
            price=price,
            n_obs=_count(n_obs),
            title=title[:SHOWN],
            url=url,
            unit=unit or ("gpu_hour" if key.condition == "rental" else "card"),
            in_stock=in_stock.lower(),
            flagged=bool(flag),
        )

    def _day(self, text: str) -> date | None:
        try:
            day = datetime.fromisoformat(text.strip()).date()
        except ValueError:
            day = None
        self.days[text] = day if day is not None and FIRST_DAY <= day < LAST_DAY else None
        return self.days[text]

    def _key(self, parts: tuple[str, ...]) -> SeriesKey | str:
        if parts not in self.keys:
            self.keys[parts] = _checked_key(*(part.strip() for part in parts))
        return self.keys[parts]


def _what_is_wrong(header: Sequence[str], missing: Sequence[str]) -> str:
    """What to do about a first line that lacks columns."""
    text = ",".join(header)
    if not text.strip():
        return "it is empty"
    if UNKNOWN in text:
        return "its text is not UTF-8: save it as CSV in UTF-8"
    if any(text.count(mark) >= len(NEEDED) - 1 for mark in ";\t|"):
        return "its columns must be separated by commas"
    return f"it has no column {', '.join(missing)} (the first line names the columns)"


def _checked_key(source: str, gpu: str, condition: str, stat: str, region: str, currency: str) -> SeriesKey | str:
    if UNKNOWN in source + gpu + region:
        return "not_utf8"  # as another name it would be another series
    if not source:
        return "no_source"
    if not gpu:
        return "no_model"
    if condition not in set(Condition) | {""}:
        return "unknown_condition"
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()):
        return "unknown_currency"
    if stat == "offer":
        return "unknown_stat"  # the name of single offers, which no price file holds
    place = country_code(region)
    return SeriesKey(source=source, gpu=gpu, condition=condition, stat=stat, region=place, currency=currency)


def _price(text: str) -> Decimal | None:
    try:
        price = Decimal(text.strip())
    except InvalidOperation:
        return None
    return price if price.is_finite() and abs(price) < HIGHEST_PRICE else None


def _count(text: str) -> int | None:
    try:
        return max(0, min(int(float(text)), 2**31 - 1)) if text else None
    except (ValueError, OverflowError):
        return None


def _billing(stat: str) -> Billing | None:
    stat = stat.replace("-", "_")
    return Billing.SPOT if "spot" in stat else Billing.ON_DEMAND if "on_demand" in stat else None


def _text(packed: IO[bytes], path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(packed, "rt", encoding="utf-8-sig", errors="replace", newline="")
    return open(packed.fileno(), encoding="utf-8-sig", errors="replace", newline="", closefd=False)


def _limited(text: IO[str], path: Path) -> Iterator[str]:
    """The file's lines; a packed file that swells without end is refused."""
    size = 0
    for line in text:
        size += len(line)
        if size > MOST_BYTES:
            raise OSError(f"it is larger than {MOST_BYTES // 1024**3} GB unpacked")
        yield line.replace("\0", "")


def _rejection(path: Path, number: int, reason: str, text: str) -> Rejection:
    return Rejection(
        source=path.name, reason=reason, text=text[:SHOWN], seen_at=_written(path), where=f"{path}:{number}"
    )


def _written(path: Path) -> datetime:
    """When the file was written; rejections carry it, so that the same file says the same thing each time."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(path.stat().st_mtime))
