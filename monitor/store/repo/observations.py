"""Lines of price files: summaries of a day, each kept as it is; importing them again changes nothing.

They count from the day they carry, not from the day of the import, since a price file says when a price could be known.
`imports` keeps when they really came in.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from sqlalchemy import func
from sqlmodel import Session, col, select

from monitor.core.models import Offer
from monitor.store.bulk import add_rows
from monitor.store.columns import to_micros
from monitor.store.repo.articles import article_identity, article_ids, article_key
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
    ids: dict[tuple[str | int, ...], int] = {}
    offers = iter(offers)
    while batch := list(islice(offers, BATCH)):
        added = _add_batch(session, batch, ids, import_id)
        new, known = new + added, known + len(batch) - added
    return Counts(new=new, known=known)


def observation_count(session: Session) -> int:
    """How many lines of price files are stored."""
    return session.exec(select(func.count()).select_from(ObservationRow)).one()


def imports(session: Session, limit: int = 50) -> list[tuple[str, datetime, int, int, int]]:
    """The newest imports: path, time, new, known, rejected."""
    query = select(ImportRow).order_by(col(ImportRow.id).desc()).limit(limit)
    return [(row.path, row.recorded_at, row.new, row.known, row.rejected) for row in session.exec(query)]


def _add_batch(
    session: Session, batch: list[Offer], ids: dict[tuple[str | int, ...], int], import_id: int | None
) -> int:
    """How many of these lines were new; `ids` holds the articles met so far."""
    named = [(article_identity(offer), offer) for offer in batch]
    unmet = {identity: offer for identity, offer in named if identity not in ids}
    id_of_key = article_ids(session, {article_key(offer): offer for offer in unmet.values()})
    ids.update({identity: id_of_key[article_key(offer)] for identity, offer in unmet.items()})
    rows = (
        (ids[identity], epoch_day(offer.seen_at), to_micros(offer.price.amount), offer.n_obs, import_id)
        for identity, offer in named
    )
    columns = ("article_id", "epoch_day", "price", "n_obs", "import_id")
    return add_rows(session.connection(), ObservationRow.__table__, columns, rows)  # type: ignore[attr-defined]
