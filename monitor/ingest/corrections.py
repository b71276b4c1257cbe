"""A title that a person put right: stored articles follow, and what was refused under it is read again at once."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from monitor.catalog import Catalog
from monitor.core.models import Offer
from monitor.ingest.weigh import Knowledge, gather, weigh
from monitor.store import repo
from monitor.store.repo.articles import article_key


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """What a correction came to: articles that follow it, and offers that came in; `waiting` of these are in doubt."""

    articles: int = 0
    offers: int = 0
    waiting: int = 0

    def __add__(self, other: "Corrected") -> "Corrected":
        return Corrected(
            articles=self.articles + other.articles,
            offers=self.offers + other.offers,
            waiting=self.waiting + other.waiting,
        )


def correct_title(session: Session, title: str, gpu: str | None, catalog: Catalog, now: datetime) -> Corrected:
    """Remember what a title means (`None`: no GPU) and let all that is stored under it follow.

    An offer that was refused counts as seen and recorded when it was; its price is weighed by what is known now. What
    was refused before readings were kept, or with a price that nobody can read, comes in with the next crawl.
    """
    articles = repo.correct_title(session, title, gpu, now)
    refused = repo.refused_offers(session, title) if gpu else []
    if not refused or gpu is None:
        return Corrected(articles=articles)
    known, came_in = gather(session, catalog, now), list[Offer]()
    for one in refused:
        said = "; ".join(part for part in ("corrected by you", one.offer.reason) if part)
        offer = replace(one.offer, gpu=gpu, reason=said)
        for seen_at in sorted({one.first_seen, one.last_seen}):
            came_in += _take(session, replace(offer, seen_at=seen_at), known, one.recorded_at)[:1]
    repo.drop_rejections(session, [one.row_id for one in refused])
    repo.redo_days_of(session, came_in)
    newest = {article_key(offer): offer for offer in came_in}
    waiting = sum(offer.quarantined for offer in newest.values())
    return Corrected(articles=articles, offers=len(newest), waiting=waiting)


def _take(session: Session, offer: Offer, known: Knowledge, recorded_at: datetime) -> list[Offer]:
    weighed = weigh(session, [offer], known, known.since)
    repo.add_offers(session, weighed, recorded_at)
    session.flush()
    return weighed
