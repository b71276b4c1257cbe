"""Single sellers' prices, append-only: a row lasts while article, price and availability stay the same.

A row's sightings never lie more than `GAP` apart, so that "was it live at that time" has an exact answer for any past
moment without a row per sighting.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, insert, select

from monitor.core.models import Market, Offer
from monitor.store.bulk import update_rows
from monitor.store.columns import from_micros, to_micros
from monitor.store.repo.articles import OFFERS, article_ids, article_key, chunks, offer_from, offer_values
from monitor.store.tables import ArticleRow, OfferRow

GAP = timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many rows were new, and how many were stored before."""

    new: int = 0
    known: int = 0
    new_by_source: Mapping[str, int] = field(default_factory=dict[str, int], compare=False)  # of single offers


def add_offers(session: Session, offers: Iterable[Offer], recorded_at: datetime) -> Counts:
    """Store single offers; one that only repeats the article's present row moves its `last_seen` and counts as known.

    Offers must have `stat` "offer"; summaries from price files go to `add_observations`.
    """
    keyed = [(article_key(offer), offer) for offer in offers]
    if any(offer.stat != "offer" for _, offer in keyed):
        raise ValueError("a price file's summary is no single offer: use add_observations")
    ids = article_ids(session, dict(reversed(keyed)))
    runs = _present_runs(session, list(ids.values()))
    batch = _Batch()
    for key, offer in keyed:
        batch.take(session, offer, ids[key], runs, recorded_at)
    batch.save(session)
    return Counts(new=len(batch.added), known=batch.known, new_by_source=batch.new_by_source)


def offers_as_of(
    session: Session,
    as_of: datetime,
    *,
    max_age_days: float = 3.0,
    market: Market | None = None,
    gpu: str | None = None,
) -> list[Offer]:
    """The newest offer of each article that was live and believed at `as_of`; nothing recorded later counts.

    `seen_at` is the last sighting, at most `as_of`. Offers in quarantine are left out until confirmed.
    """
    query = (
        OFFERS.where(
            col(OfferRow.recorded_at) <= as_of, col(OfferRow.last_seen) >= as_of - timedelta(days=max_age_days)
        )
        .where(believed_at(as_of))
        .order_by(col(OfferRow.first_seen), col(OfferRow.id))
    )
    if market is not None:
        query = query.where(col(ArticleRow.market) == market.value)
    if gpu is not None:
        query = query.where(col(ArticleRow.gpu) == gpu)
    newest = {row.article_id: row for row in session.execute(query)}
    return [offer_from(row, seen_at=min(row.last_seen, as_of)) for row in newest.values()]


def offer_history(session: Session, gpu: str, since: datetime, until: datetime) -> list[tuple[Offer, datetime]]:
    """Each change of a GPU's single offers between two times: the offer at its first sighting, and its last one."""
    query = OFFERS.where(
        col(ArticleRow.gpu) == gpu, col(OfferRow.last_seen) >= since, col(OfferRow.recorded_at) <= until
    ).order_by(col(OfferRow.first_seen), col(OfferRow.id))
    return [(offer_from(row, seen_at=row.first_seen), row.last_seen) for row in session.execute(query)]


def believed_at(as_of: datetime) -> Any:
    """The condition that an offer was out of quarantine at `as_of`."""
    confirmed = (col(OfferRow.quarantine) == "confirmed") & (col(OfferRow.decided_at) <= as_of)
    return or_(col(OfferRow.quarantine) == "", confirmed)


@dataclass(kw_only=True)
class _Run:
    """The present row of an article, as far as a new sighting must know it."""

    id: int | None
    article_id: int
    price_micros: int
    availability: str
    first_seen: datetime
    last_seen: datetime
    quarantine: str
    sightings: int
    decided_at: datetime | None = None
    values: dict[str, Any] | None = None  # of a row that is not stored yet

    def repeats(self, offer: Offer) -> bool:
        """Whether `offer` says nothing that this row does not say."""
        same = self.price_micros == to_micros(offer.price.amount) and self.availability == offer.availability.value
        return same and self.first_seen <= offer.seen_at <= self.last_seen + GAP


@dataclass
class _Batch:
    added: list[_Run] = field(default_factory=list)
    touched: dict[int, _Run] = field(default_factory=dict)
    new_by_source: Counter[str] = field(default_factory=Counter)
    known: int = 0

    def take(
        self, session: Session, offer: Offer, article_id: int, runs: dict[int, _Run], recorded_at: datetime
    ) -> None:
        run = runs.get(article_id)
        if run is not None and run.repeats(offer):
            self._touch(run, offer, recorded_at)
        elif run is not None and offer.seen_at < run.last_seen and _is_known(session, offer, article_id):
            self.known += 1
        else:
            added = _new_run(offer, article_id, recorded_at)
            self.added.append(added)
            self.new_by_source[offer.source] += 1
            if run is None or offer.seen_at >= run.last_seen:
                runs[article_id] = added

    def _touch(self, run: _Run, offer: Offer, recorded_at: datetime) -> None:
        self.known += 1
        run.last_seen = max(run.last_seen, offer.seen_at)
        run.sightings += 1
        if run.quarantine == "pending" and not offer.quarantined:
            run.quarantine, run.decided_at = "confirmed", recorded_at
        if run.id is not None:
            self.touched[run.id] = run

    def save(self, session: Session) -> None:
        columns = ("last_seen", "sightings", "quarantine", "decided_at")
        rows = [(run.id, *(getattr(run, name) for name in columns)) for run in self.touched.values()]
        update_rows(session.connection(), OfferRow.__table__, "id", columns, rows)  # type: ignore[attr-defined]
        if self.added:
            self._insert(session)

    def _insert(self, session: Session) -> None:
        values = [{**(run.values or {}), **_changes(run)} for run in self.added]
        ids = session.execute(insert(OfferRow).returning(OfferRow.id, sort_by_parameter_order=True), values).scalars()  # type: ignore[call-overload]
        latest = {run.article_id: new_id for run, new_id in zip(self.added, ids, strict=True)}
        table = ArticleRow.__table__  # type: ignore[attr-defined]
        update_rows(session.connection(), table, "id", ("latest_offer_id",), list(latest.items()))


def _new_run(offer: Offer, article_id: int, recorded_at: datetime) -> _Run:
    values = offer_values(offer, article_id, recorded_at)
    return _Run(
        id=None,
        article_id=article_id,
        price_micros=to_micros(offer.price.amount),
        availability=offer.availability.value,
        first_seen=offer.seen_at,
        last_seen=offer.seen_at,
        quarantine=values["quarantine"],
        sightings=1,
        values=values,
    )


def _changes(run: _Run) -> dict[str, Any]:
    return {
        "last_seen": run.last_seen,
        "sightings": run.sightings,
        "quarantine": run.quarantine,
        "decided_at": run.decided_at,
    }


def _present_runs(session: Session, ids: Sequence[int]) -> dict[int, _Run]:
    """The present row of each of these articles that has one."""
    runs: dict[int, _Run] = {}
    for some in chunks(sorted(ids)):  # everybody locks in the same order
        session.exec(
            select(ArticleRow.id).where(col(ArticleRow.id).in_(some)).order_by(col(ArticleRow.id)).with_for_update()
        )
        query = sa_select(OfferRow.__table__).join(ArticleRow, col(ArticleRow.latest_offer_id) == col(OfferRow.id))  # type: ignore[attr-defined]
        for row in session.execute(query.where(col(ArticleRow.id).in_(some))):
            runs[row.article_id] = _Run(
                id=row.id,
                article_id=row.article_id,
                price_micros=to_micros(row.price),
                availability=row.availability,
                first_seen=row.first_seen,
                last_seen=row.last_seen,
                quarantine=row.quarantine,
                sightings=row.sightings,
                decided_at=row.decided_at,
            )
    return runs


def _is_known(session: Session, offer: Offer, article_id: int) -> bool:
    """Whether an earlier row of the article already says what this late arrival says."""
    query = select(OfferRow.id).where(
        OfferRow.article_id == article_id,
        OfferRow.price == from_micros(to_micros(offer.price.amount)),
        OfferRow.availability == offer.availability.value,
        col(OfferRow.first_seen) <= offer.seen_at,
        col(OfferRow.last_seen) >= offer.seen_at,
    )
    return session.exec(query).first() is not None
