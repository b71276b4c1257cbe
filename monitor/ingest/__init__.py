"""What was found becomes what is known: raw offers are understood or rejected with a reason, weighed, and stored.

Nothing is dropped without a trace, and nothing is guessed: a price that cannot be read or a title that names no single
GPU is a `Rejection`; a price that the market does not explain is stored and waits for a second sighting.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session

from monitor.catalog import Catalog
from monitor.core.models import NewsEvent, Offer, RawOffer, Rejection, SourceInfo
from monitor.core.stories import WINDOW, with_story_keys
from monitor.ingest.corrections import Corrected, correct_title
from monitor.ingest.crawls import MEMORY, end_crawl, end_untried, left_alone, recall
from monitor.ingest.understand import understand
from monitor.ingest.weigh import Knowledge, doubt_burst, gather, weigh
from monitor.store import repo

__all__ = [
    "MEMORY", "Corrected", "Ingested", "Knowledge", "correct_title", "doubt_burst", "end_crawl", "end_untried",
    "gather", "ingest_batch", "ingest_offer", "ingest_offers", "left_alone", "recall",
]  # fmt: skip

Reading = Offer | NewsEvent | Rejection
Item = TypeVar("Item", Offer, NewsEvent, Rejection)


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


def ingest_batch(
    session: Session,
    raws: Sequence[tuple[SourceInfo, RawOffer]],
    readings: Sequence[Reading],
    catalog: Catalog,
    now: datetime,
    known: Knowledge,
) -> dict[str, Ingested]:
    """Understand, weigh and store what several sources show: shops' offers as found, and what needs no understanding.
    What it came to, by source. A batch takes a handful of queries, however many sources it is of."""
    understood = [understand(raw, source, catalog, now, known.corrections) for source, raw in raws]
    readings = [*readings, *understood]
    rejections = [item for item in readings if isinstance(item, Rejection)]
    repo.add_rejections(session, rejections, now)
    parts = _ingest_prices(session, [item for item in readings if isinstance(item, Offer)], now, known)
    for source, some in _grouped(item for item in readings if isinstance(item, NewsEvent)).items():
        added = _ingest_news(session, some, now)
        part = parts.get(source, Ingested())
        parts[source] = replace(part, news=added.news, new=part.new + added.new)
    for source, some in _grouped(rejections).items():
        parts[source] = replace(parts.get(source, Ingested()), rejections=tuple(some))
    return parts


def ingest_offers(
    session: Session,
    raws: Sequence[RawOffer],
    source: SourceInfo,
    catalog: Catalog,
    now: datetime,
    knowledge: Knowledge | None = None,
) -> Ingested:
    """The same for what one shop asks; every raw offer comes back as an offer or as a rejection."""
    known = knowledge or gather(session, catalog, now)
    found = ingest_batch(session, [(source, raw) for raw in raws], (), catalog, now, known)
    return found.get(source.name, Ingested())


def ingest_offer(
    session: Session, raw: RawOffer, source: SourceInfo, catalog: Catalog, now: datetime
) -> Offer | Rejection:
    """Understand, weigh and store one offer."""
    result = ingest_offers(session, [raw], source, catalog, now)
    return (result.offers or result.rejections)[0]


def _ingest_prices(session: Session, offers: Sequence[Offer], now: datetime, known: Knowledge) -> dict[str, Ingested]:
    """Weigh and store offers that are understood, those of clouds among them."""
    weighed = weigh(session, offers, known, now)
    counts = repo.add_offers(session, weighed, now)
    found: dict[str, Ingested] = {}
    for source, some in _grouped(weighed).items():
        compared = [o for o in some if (kind := known.usual.get((o.gpu, o.condition))) and kind.shops]
        agreed, new = sum(not offer.quarantined for offer in compared), counts.new_by_source.get(source, 0)
        found[source] = Ingested(offers=tuple(some), new=new, compared=len(compared), agreed=agreed)
    return found


def _ingest_news(session: Session, events: Sequence[NewsEvent], now: datetime) -> Ingested:
    """Store headlines, each with the key of its story, which several feeds may tell."""
    first = min(event.published_at for event in events)
    keyed = with_story_keys(events, repo.news_as_of(session, now, since=first - WINDOW))
    return Ingested(news=tuple(keyed), new=repo.add_news(session, keyed, now).new)


def _grouped(items: Iterable[Item]) -> dict[str, list[Item]]:
    """By source."""
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.source, []).append(item)
    return found
