"""What was found becomes what is known: raw offers are understood or rejected with a reason, weighed, and stored.

Nothing is dropped without a trace, and nothing is guessed: a price that cannot be read or a title that names no single
GPU is a `Rejection`; a price that the market does not explain is stored and waits for a second sighting.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from monitor.catalog import Catalog
from monitor.core.models import NewsEvent, Offer, RawOffer, Rejection, SourceInfo
from monitor.core.stories import WINDOW, with_story_keys
from monitor.ingest.crawls import MEMORY, end_crawl, end_untried, left_alone, recall
from monitor.ingest.understand import understand
from monitor.ingest.weigh import Knowledge, doubt_burst, gather, weigh
from monitor.store import repo

__all__ = [
    "MEMORY", "Ingested", "Knowledge", "doubt_burst", "end_crawl", "end_untried", "gather", "ingest_news",
    "ingest_offer", "ingest_offers", "ingest_prices", "ingest_rejections", "left_alone", "recall", "together",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Ingested:
    """What a batch of readings of one source came to; `new` counts prices and headlines not known before. Of `compared`
    offers, which have a market of their own, `agreed` were plausible in it."""

    offers: tuple[Offer, ...] = ()
    news: tuple[NewsEvent, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    new: int = 0
    compared: int = 0
    agreed: int = 0


def ingest_offers(
    session: Session,
    raws: Sequence[RawOffer],
    source: SourceInfo,
    catalog: Catalog,
    now: datetime,
    knowledge: Knowledge | None = None,
) -> Ingested:
    """Understand, weigh and store what a shop asks; every raw offer comes back as an offer or as a rejection."""
    known = knowledge or gather(session, catalog, now)
    understood = [understand(raw, source, catalog, now, known.corrections) for raw in raws]
    rejections = [item for item in understood if isinstance(item, Rejection)]
    repo.add_rejections(session, rejections, now)
    weighed = ingest_prices(session, [item for item in understood if isinstance(item, Offer)], now, known)
    return replace(weighed, rejections=tuple(rejections))


def ingest_offer(
    session: Session, raw: RawOffer, source: SourceInfo, catalog: Catalog, now: datetime
) -> Offer | Rejection:
    """Understand, weigh and store one offer."""
    result = ingest_offers(session, [raw], source, catalog, now)
    return (result.offers or result.rejections)[0]


def ingest_prices(session: Session, offers: Sequence[Offer], now: datetime, known: Knowledge) -> Ingested:
    """Weigh and store offers that are understood, as those of clouds come."""
    weighed = weigh(session, offers, known, now)
    counts = repo.add_offers(session, weighed, now)
    compared = [offer for offer in weighed if (kind := known.usual.get((offer.gpu, offer.condition))) and kind.shops]
    agreed = sum(not offer.quarantined for offer in compared)
    return Ingested(offers=tuple(weighed), new=counts.new, compared=len(compared), agreed=agreed)


def ingest_news(session: Session, events: Sequence[NewsEvent], now: datetime) -> Ingested:
    """Store headlines, each with the key of its story, which several feeds may tell."""
    if not events:
        return Ingested()
    first = min(event.published_at for event in events)
    keyed = with_story_keys(events, repo.news_as_of(session, now, since=first - WINDOW))
    return Ingested(news=tuple(keyed), new=repo.add_news(session, keyed, now).new)


def ingest_rejections(session: Session, rejections: Sequence[Rejection], now: datetime) -> Ingested:
    """Store what a spider could not use."""
    repo.add_rejections(session, rejections, now)
    return Ingested(rejections=tuple(rejections))


def together(parts: Sequence[Ingested]) -> Ingested:
    """Several results as one."""
    return Ingested(
        offers=tuple(offer for part in parts for offer in part.offers),
        news=tuple(event for part in parts for event in part.news),
        rejections=tuple(rejection for part in parts for rejection in part.rejections),
        new=sum(part.new for part in parts),
        compared=sum(part.compared for part in parts),
        agreed=sum(part.agreed for part in parts),
    )
