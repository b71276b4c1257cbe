"""Offers too good to be believed at once: kept and shown, counted only when confirmed."""

from datetime import datetime

from sqlmodel import Session, col

from monitor.core.models import Offer
from monitor.store.repo.articles import OFFERS, offer_from
from monitor.store.repo.choices import put_choice
from monitor.store.tables import ArticleRow, OfferRow

JUDGED = "judged_offer"  # the last judgement: pages see by it that prices changed


def quarantined(
    session: Session, *, gpu: str | None = None, since: datetime | None = None, limit: int = 200
) -> list[tuple[int, Offer]]:
    """Offers that wait for a judgement (last seen since then), newest first, with the id that `confirm` and `reject`
    take. What was read of the same article since has settled the question."""
    query = (
        OFFERS.where(col(OfferRow.quarantine) == "pending", col(ArticleRow.latest_offer_id) == col(OfferRow.id))
        .order_by(col(OfferRow.last_seen).desc(), col(OfferRow.id).desc())
        .limit(limit)
    )
    query = query if gpu is None else query.where(col(ArticleRow.gpu) == gpu)
    query = query if since is None else query.where(col(OfferRow.last_seen) >= since)
    return [(row.id, offer_from(row, seen_at=row.last_seen)) for row in session.execute(query)]


def confirm_quarantined(session: Session, offer_id: int, now: datetime) -> bool:
    """Count the offer from now on; whether it was waiting."""
    return _judge(session, offer_id, "confirmed", now)


def reject_quarantined(session: Session, offer_id: int, now: datetime) -> bool:
    """Never count the offer; whether it was waiting."""
    return _judge(session, offer_id, "rejected", now)


def _judge(session: Session, offer_id: int, verdict: str, now: datetime) -> bool:
    row = session.get(OfferRow, offer_id)
    if row is None or row.quarantine != "pending":
        return False
    row.quarantine, row.decided_at = verdict, now
    session.add(row)
    session.flush()
    put_choice(session, JUDGED, offer_id, now)
    return True
