"""What spiders yield: each item is a plain value of the core, with its source where the value does not carry one.

FoundOffer(source, raw)     a shop's offer as found      -> ingest.ingest_offers
Offer                       a cloud price, understood    -> ingest.ingest_prices
NewsEvent                   a headline, understood       -> ingest.ingest_news
Rejection                   found, but of no use         -> ingest.ingest_rejections
"""

from dataclasses import dataclass

from monitor.core.models import RawOffer, SourceInfo


@dataclass(frozen=True, kw_only=True)
class FoundOffer:
    """One offer as a shop states it, and the shop."""

    source: SourceInfo
    raw: RawOffer
