"""What could not be used, once per thing however often it comes up."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, delete, func
from sqlmodel import Session, col, select, update

from monitor.core.models import Availability, Condition, Market, Money, Offer, Rejection
from monitor.store.bulk import insert_into
from monitor.store.repo.articles import chunks
from monitor.store.repo.corrections import plain_title
from monitor.store.repo.offers import Counts
from monitor.store.tables import RejectionRow

READING = ("condition", "region", "market", "availability", "quantity", "seller", "sku", "syntax", "reason")


def add_rejections(session: Session, rejections: Iterable[Rejection], recorded_at: datetime) -> Counts:
    """Store rejections; one that is stored already moves its `last_seen` and counts as known."""
    found: dict[str, Rejection] = {}
    for rejection in rejections:
        key = _key(rejection)
        if key not in found or rejection.seen_at > found[key].seen_at:
            found[key] = rejection
    known = _known(session, list(found))
    if known:
        session.connection().execute(
            update(RejectionRow.__table__)  # type: ignore[attr-defined]
            .where(RejectionRow.__table__.c.key == bindparam("row_key"))  # type: ignore[attr-defined]
            .values(
                last_seen=bindparam("seen"),
                sightings=RejectionRow.__table__.c.sightings + 1,  # type: ignore[attr-defined]
                reading=bindparam("read"),
            ),
            [
                {"row_key": key, "seen": max(seen, found[key].seen_at), "read": _renewed(found[key], reading)}
                for key, (seen, reading) in known.items()
            ],
        )
    if new := [_values(item, key, recorded_at) for key, item in found.items() if key not in known]:
        session.connection().execute(insert_into(session, RejectionRow).on_conflict_do_nothing(), new)
    return Counts(new=len(new), known=len(known))


def rejections(
    session: Session, *, since: datetime | None = None, source: str | None = None, limit: int = 200
) -> list[Rejection]:
    """The newest rejections, newest first."""
    query = select(RejectionRow).order_by(col(RejectionRow.last_seen).desc(), col(RejectionRow.id).desc()).limit(limit)
    if since is not None:
        query = query.where(col(RejectionRow.last_seen) >= since)
    if source is not None:
        query = query.where(RejectionRow.source == source)
    return [_rejection_from(row) for row in session.exec(query)]


def rejection_counts(session: Session, since: datetime | None = None) -> dict[tuple[str, str], int]:
    """How many different things were rejected (since then), by source and reason."""
    query = (
        select(RejectionRow.source, RejectionRow.reason, func.count())
        .group_by(RejectionRow.source, RejectionRow.reason)
        .order_by(col(RejectionRow.source), col(RejectionRow.reason))
    )
    query = query if since is None else query.where(col(RejectionRow.last_seen) >= since)
    return {(source, reason): n for source, reason, n in session.exec(query)}


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A refused title with the offer that it would have been, for a GPU that is to be said."""

    row_id: int
    offer: Offer
    first_seen: datetime  # at this price
    last_seen: datetime
    recorded_at: datetime


def refused_offers(session: Session, title: str) -> list[Refused]:
    """What was refused under a title (in any case and spacing) and keeps its reading, oldest first."""
    plain = plain_title(title)
    query = select(RejectionRow.id, RejectionRow.title).where(col(RejectionRow.reading).is_not(None))
    ids = [row_id for row_id, known in session.exec(query) if plain_title(known) == plain]
    whole = select(RejectionRow)
    rows = [row for some in chunks(ids) for row in session.exec(whole.where(col(RejectionRow.id).in_(some)))]
    found = [
        Refused(
            row_id=row.id or 0,
            offer=offer,
            first_seen=_since(row),
            last_seen=row.last_seen,
            recorded_at=row.recorded_at,
        )
        for row in rows
        if (offer := _offer_from(row))
    ]
    return sorted(found, key=lambda one: (one.first_seen, one.row_id))


def drop_rejections(session: Session, row_ids: Sequence[int]) -> None:
    """Forget these: they came in after all."""
    for some in chunks(row_ids):
        session.execute(delete(RejectionRow).where(col(RejectionRow.id).in_(some)))


def drop_old_rejections(session: Session, before: datetime) -> int:
    """Forget what was last seen before a time; how many."""
    done = session.execute(delete(RejectionRow).where(col(RejectionRow.last_seen) < before))
    return int(done.rowcount)  # type: ignore[attr-defined]


def _known(session: Session, keys: list[str]) -> dict[str, tuple[datetime, str | None]]:
    """When those of them that are stored were last seen, and their readings."""
    query = select(RejectionRow.key, RejectionRow.last_seen, RejectionRow.reading)
    rows = (row for some in chunks(keys) for row in session.exec(query.where(col(RejectionRow.key).in_(some))))
    return {key: (seen, reading) for key, seen, reading in rows}


def _renewed(rejection: Rejection, before: str | None) -> str | None:
    """The reading of what was refused before, with the time since which its price is the same where that is later."""
    text = reading_of(rejection.offer)
    if text is None:
        return None
    now, then = json.loads(text), json.loads(before or "{}")
    same = (then.get("amount"), then.get("currency")) == (now["amount"], now["currency"])
    since = then.get("since") if same else rejection.seen_at.isoformat()
    return json.dumps(now | ({"since": since} if since else {}), ensure_ascii=False)


def _key(rejection: Rejection) -> str:
    parts = (rejection.source, rejection.reason, rejection.text, rejection.title, rejection.url, rejection.where)
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()


def _values(rejection: Rejection, key: str, recorded_at: datetime) -> dict[str, Any]:
    return {
        "key": key,
        "source": rejection.source,
        "reason": rejection.reason,
        "text": rejection.text,
        "title": rejection.title,
        "url": rejection.url,
        "place": rejection.where,
        "first_seen": rejection.seen_at,
        "last_seen": rejection.seen_at,
        "recorded_at": recorded_at,
        "sightings": 1,
        "reading": reading_of(rejection.offer),
    }


def reading_of(offer: Offer | None) -> str | None:
    """What a rejection's row does not say of its offer elsewhere, as JSON; `None` where there is no offer."""
    if offer is None:
        return None
    price = {"amount": str(offer.price.amount), "currency": offer.price.currency}
    return json.dumps({name: str(getattr(offer, name)) for name in READING} | price, ensure_ascii=False)


def _since(row: RejectionRow) -> datetime:
    """Since when the price of its reading is known: a text without the price does not tell when that changed."""
    since = json.loads(row.reading or "{}").get("since")
    return datetime.fromisoformat(since) if since else row.first_seen


def _offer_from(row: RejectionRow) -> Offer | None:
    if not row.reading:
        return None
    parts = json.loads(row.reading)
    return Offer(
        gpu="",
        title=row.title,
        price=Money(amount=Decimal(parts["amount"]), currency=parts["currency"]),
        condition=Condition(parts["condition"]),
        source=row.source,
        region=parts["region"],
        seen_at=row.last_seen,
        market=Market(parts["market"]),
        availability=Availability(parts["availability"]),
        quantity=int(parts["quantity"]),
        seller=parts["seller"],
        url=row.url,
        sku=parts["sku"],
        syntax=parts["syntax"],
        snippet=row.text,
        reason=parts["reason"],
    )


def _rejection_from(row: RejectionRow) -> Rejection:
    return Rejection(
        source=row.source,
        reason=row.reason,
        text=row.text,
        seen_at=row.last_seen,
        url=row.url,
        where=row.place,
        title=row.title,
        offer=_offer_from(row),
    )
