"""Lines of price files: summaries of a day, each kept as it is; importing them again changes nothing.

They count from the day they carry, not from the day of the import, since a price file says when a price could be known.
`imports` keeps when they really came in.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from monitor.core.models import Offer
from monitor.store.columns import to_micros
from monitor.store.repo.articles import article_ids, article_key
from monitor.store.repo.offers import Counts
from monitor.store.tables import ImportRow, ObservationRow

EPOCH = date(1970, 1, 1)
BATCH = 20_000


def epoch_day(moment: date) -> int:
    """Days since 1970-01-01 of a date, or of a time's UTC date."""
    day = moment.astimezone(UTC).date() if isinstance(moment, datetime) else moment
    return (day - EPOCH).days


def day_start(day: int) -> datetime:
    """Midnight UTC at which an epoch day begins."""
    return datetime.combine(EPOCH + timedelta(days=day), time(), UTC)


def begin_import(session: Session, path: str, recorded_at: datetime) -> int:
    """A new row of `imports`; its id goes along with the observations."""
    row = ImportRow(path=path, recorded_at=recorded_at)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def end_import(session: Session, import_id: int, counts: Counts, rejected: int) -> None:
    """Write down what came of an import."""
    row = session.get_one(ImportRow, import_id)
    row.new, row.known, row.rejected = counts.new, counts.known, rejected
    session.add(row)
    session.flush()


def add_observations(session: Session, offers: Iterable[Offer], import_id: int | None = None) -> Counts:
    """Store lines of price files; a line that is stored already counts as known."""
    new = known = 0
    batch: list[Offer] = []
    for offer in offers:
        batch.append(offer)
        if len(batch) == BATCH:
            added = _add_batch(session, batch, import_id)
            new, known, batch = new + added, known + len(batch) - added, []
    added = _add_batch(session, batch, import_id) if batch else 0
    return Counts(new=new + added, known=known + len(batch) - added)


def observation_count(session: Session) -> int:
    """How many lines of price files are stored."""
    return session.exec(select(func.count()).select_from(ObservationRow)).one()


def imports(session: Session, limit: int = 50) -> list[tuple[str, datetime, int, int, int]]:
    """The newest imports: path, time, new, known, rejected."""
    query = select(ImportRow).order_by(col(ImportRow.id).desc()).limit(limit)
    return [(row.path, row.recorded_at, row.new, row.known, row.rejected) for row in session.exec(query)]


def _add_batch(session: Session, batch: list[Offer], import_id: int | None) -> int:
    """How many of these lines were new."""
    keyed = [(article_key(offer), offer) for offer in batch]
    ids = article_ids(session, dict(keyed))
    rows: dict[tuple[int, int, int], dict[str, Any]] = {}
    for key, offer in keyed:
        row = {
            "article_id": ids[key],
            "epoch_day": epoch_day(offer.seen_at),
            "price": offer.price.amount,
            "n_obs": offer.n_obs,
            "import_id": import_id,
        }
        rows.setdefault((row["article_id"], row["epoch_day"], to_micros(offer.price.amount)), row)
    connection = session.connection()
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    before = _count(session)
    connection.execute(insert(ObservationRow).on_conflict_do_nothing(), list(rows.values()))
    return _count(session) - before


def _count(session: Session) -> int:
    return session.connection().execute(select(func.count()).select_from(ObservationRow)).scalar_one()
