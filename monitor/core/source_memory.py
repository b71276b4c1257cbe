"""What is remembered of a source from crawl to crawl, and when that says it is broken.

A source that read well before and reads nothing now has lost its markup and is flagged at once; one that merely reads
little is flagged the second time. A source that refuses us is left alone for a day, then for a week.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

REFUSAL_HOLDS = (timedelta(days=1), timedelta(days=7))  # after the first refusal, and after each further one in a row
WEAK_SHARE = 0.3  # of the usual number of offers
WEAK_CRAWLS = 2
NEW_WEIGHT = 0.3  # of the newest crawl in what is usual
FADING = 0.9  # of earlier crawls in the shares, at each new one
LEFT_ALONE = "left alone until"  # how the fault of a source begins that was not asked, since it refused us before
WORDS = {
    "blocked": "refused",
    "robots": "robots.txt forbids it",
    "private": "leads into a private network",
    "moved": "moved to another address",
    "failed": "cannot be read",
}


@dataclass(frozen=True, kw_only=True)
class CrawlFacts:
    """What came of one crawl of a source; `state` as in the crawl's line, `why` its first fault in words."""

    state: str
    kind: str = "shop"
    readings: int = 0  # offers and headlines
    rejections: int = 0
    syntaxes: tuple[str, ...] = ()
    why: str = ""
    burst: str = ""  # why its changes are no changes of the market, "" where they may be
    compared: int = 0
    agreed: int = 0


@dataclass(frozen=True, kw_only=True)
class SourceMemory:
    """Earlier crawls of a source in a few numbers; counts fade, so that they speak of recent ones."""

    crawls: float = 0.0
    faulty: float = 0.0
    compared: float = 0.0  # offers that could be held against other shops
    agreed: float = 0.0
    usual: float = 0.0  # readings of a good crawl
    syntaxes: tuple[str, ...] = ()
    weak_in_row: int = 0
    refusals_in_row: int = 0
    left_alone_until: datetime | None = None

    @property
    def confirmed_share(self) -> float | None:
        """Share of its comparable readings that the market confirms, or `None` where none could be compared."""
        return self.agreed / self.compared if self.compared else None

    @property
    def broken_share(self) -> float | None:
        """Share of its crawls that ended with a fault."""
        return self.faulty / self.crawls if self.crawls else None


def remember(memory: SourceMemory, crawl: CrawlFacts, now: datetime) -> tuple[SourceMemory, str]:
    """The memory after a crawl, and the source's fault in words, "" while it does well."""
    quiet = crawl.kind == "feed"  # a feed without news for us is no broken feed
    weak = crawl.readings < max(1.0, WEAK_SHARE * memory.usual) and not quiet
    weak_in_row = memory.weak_in_row + 1 if weak else 0
    fault = _fault(memory, crawl, weak_in_row)
    refusals = memory.refusals_in_row + 1 if crawl.state == "blocked" else 0
    hold = REFUSAL_HOLDS[min(refusals, len(REFUSAL_HOLDS)) - 1] if refusals else None
    good = not fault and (crawl.readings > 0 or quiet)
    usual = crawl.readings if not memory.usual else memory.usual + NEW_WEIGHT * (crawl.readings - memory.usual)
    after = replace(
        memory,
        crawls=FADING * memory.crawls + 1,
        faulty=FADING * memory.faulty + bool(fault),
        compared=FADING * memory.compared + crawl.compared,
        agreed=FADING * memory.agreed + crawl.agreed,
        usual=usual if good and not weak else memory.usual,
        syntaxes=crawl.syntaxes if good else memory.syntaxes,
        weak_in_row=weak_in_row,
        refusals_in_row=refusals,
        left_alone_until=now + hold if hold else None,
    )
    return after, fault


def lost_markup(memory: SourceMemory, syntaxes: tuple[str, ...], readings: int) -> str:
    """What of the markup that a source used to have is gone, in words, or "". A page that has one of several syntaxes
    has lost none: others stand on other pages."""
    if memory.usual >= 1 and not readings:
        return f"markup lost: nothing read where it was {memory.usual:.0f}"
    gone = not set(memory.syntaxes) & set(syntaxes)
    return f"markup lost: no {', '.join(memory.syntaxes)} any more" if gone and memory.syntaxes and readings else ""


def memory_to_json(memory: SourceMemory) -> dict[str, object]:
    """What is stored."""
    until = memory.left_alone_until
    return {
        **{name: getattr(memory, name) for name in SourceMemory.__dataclass_fields__},
        "syntaxes": list(memory.syntaxes),
        "left_alone_until": until.isoformat() if until else None,
    }


def memory_from_json(stored: Mapping[str, object] | None) -> SourceMemory:
    """What was stored, or an empty memory; fields of another version are left out."""
    if not stored:
        return SourceMemory()
    values = {name: value for name, value in stored.items() if name in SourceMemory.__dataclass_fields__}
    until = values.get("left_alone_until")
    values["left_alone_until"] = datetime.fromisoformat(str(until)) if until else None
    syntaxes = values.get("syntaxes")
    values["syntaxes"] = tuple(map(str, syntaxes)) if isinstance(syntaxes, list) else ()  # type: ignore[arg-type]
    return SourceMemory(**values)  # type: ignore[arg-type]


def _fault(memory: SourceMemory, crawl: CrawlFacts, weak_in_row: int) -> str:
    if crawl.burst:
        return f"not believed: {crawl.burst}"
    if crawl.state in WORDS:
        if crawl.state == "robots" and crawl.why:
            return crawl.why  # which begins so
        return f"{WORDS[crawl.state]}: {crawl.why}" if crawl.why else WORDS[crawl.state]
    if not crawl.readings and not crawl.rejections and memory.usual >= 1 and crawl.kind != "feed":
        return lost_markup(memory, crawl.syntaxes, crawl.readings)
    if weak_in_row >= WEAK_CRAWLS:
        if crawl.readings:
            return f"{crawl.readings} readings where it usually has {memory.usual:.0f}"
        return f"nothing of use in {weak_in_row} crawls ({crawl.rejections} rejections)"
    return ""
