"""Prices that somebody else collected, into the store: files that a user imports, and the history in the box."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

import monitor
from monitor.core.models import Offer, Rejection
from monitor.errors import SourceError
from monitor.history import PriceLine, offer_of, price_files, read_lines
from monitor.store import repo
from monitor.store.engine import open_store, session_scope

SHIPPED = Path(monitor.__file__).with_name("data") / "history"
EXAMPLES = 5
LOADED = "shipped_history"  # remembers that it was loaded, so that it is not loaded over a user's choice to delete it


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What came of an import: rows that are new, rows that were stored already, rows that could not be used."""

    files: int = 0
    new: int = 0
    known: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict[str, int])  # of rejections
    examples: tuple[str, ...] = ()  # some rejections: file, line, reason, text

    @property
    def rejected(self) -> int:
        return sum(self.reasons.values())

    def __add__(self, other: "Imported") -> "Imported":
        return Imported(
            files=self.files + other.files,
            new=self.new + other.new,
            known=self.known + other.known,
            reasons=Counter(self.reasons) + Counter(other.reasons),
            examples=(self.examples + other.examples)[:EXAMPLES],
        )


def import_prices(
    engine: Engine, paths: Iterable[str | Path], now: datetime, on_bytes: Callable[[Path, int], None] = lambda *_: None
) -> Imported:
    """Store all rows of these files and folders; a file is one transaction, so one that breaks leaves nothing half."""
    total = Imported()
    for path in price_files(paths):
        with session_scope(engine) as session:
            total += import_file(session, path, now, lambda done, path=path: on_bytes(path, done), today=now.date())
        on_bytes(path, path.stat().st_size)
    return total


def import_file(
    session: Session,
    path: Path,
    now: datetime,
    on_bytes: Callable[[int], None] = lambda _: None,
    *,
    today: date | None = None,
) -> Imported:
    """Store the rows of one file; what is no price file is one rejection. `today`: nothing of a later day is taken."""
    number, refused = repo.begin_import(session, str(path), now), list[Rejection]()
    try:
        counts = repo.add_observations(session, _offers(read_lines(path, on_bytes, today=today), refused), number)
    except SourceError as error:
        counts = repo.Counts()
        refused.append(
            Rejection(source=path.name, reason="no_price_file", text=str(error), seen_at=now, where=str(path))
        )
    repo.add_rejections(session, refused, now)
    repo.end_import(session, number, counts, len(refused))
    reasons = Counter(rejection.reason for rejection in refused)
    examples = tuple(f"{item.where}: {item.reason}: {item.text[:100]}" for item in refused[:EXAMPLES])
    return Imported(files=1, new=counts.new, known=counts.known, reasons=reasons, examples=examples)


def _offers(lines: Iterable[PriceLine | Rejection], refused: list[Rejection]) -> Iterator[Offer]:
    """The offers among these lines; rejections go to `refused`."""
    for line in lines:
        if isinstance(line, Rejection):
            refused.append(line)
        else:
            yield offer_of(line)


def open_filled_store(database: str, now: datetime) -> tuple[Engine, int]:
    """The database with its layout up to date and, where it held no price, the shipped history; and its rows."""
    engine = open_store(database)
    with session_scope(engine, read_only=True) as session:
        empty = _wants_history(session)
    if not empty:
        return engine, 0
    with session_scope(engine) as session:
        return engine, ensure_history(session, now)


def ensure_history(session: Session, now: datetime) -> int:
    """Load the shipped history into a store that holds no price yet; how many rows came in."""
    if not _wants_history(session):
        return 0
    total = sum((import_file(session, path, now) for path in price_files([SHIPPED])), Imported())
    repo.put_choice(session, LOADED, total.new, now)
    return total.new


def _wants_history(session: Session) -> bool:
    return repo.choice(session, LOADED) is None and repo.is_empty(session)
