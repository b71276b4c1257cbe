"""What spiders yield: each item is a plain value of the core, with its source where the value does not carry one.

FoundOffer(source, raw)     a shop's offer as found
Offer                       a cloud price, understood
NewsEvent                   a headline, understood
Rejection                   found, but of no use

All go to `ingest.ingest_batch`.
"""

from dataclasses import dataclass

from monitor.core.models import RawOffer, SourceInfo


@dataclass(frozen=True, kw_only=True)
class FoundOffer:
    """One offer as a shop states it, and the shop."""

    source: SourceInfo
    raw: RawOffer
