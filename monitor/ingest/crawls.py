"""The end of a crawl of one source: judged as a whole, remembered, and shown as the source's health."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from monitor.core.models import SourceInfo
from monitor.core.source_memory import CrawlFacts, SourceMemory, memory_from_json, memory_to_json, remember
from monitor.ingest.weigh import doubt_burst
from monitor.store import repo

MEMORY = "source/"  # begins the names under which memories of sources are stored


def recall(session: Session, source_name: str) -> SourceMemory:
    """What earlier crawls of a source left behind."""
    return memory_from_json(repo.choice(session, f"{MEMORY}{source_name}"))


def left_alone(session: Session, now: datetime) -> dict[str, datetime]:
    """The sources that refused us and are not asked again yet, with the time until which."""
    stored = repo.choices(session, MEMORY).items()
    memories = ((name.removeprefix(MEMORY), memory_from_json(value)) for name, value in stored)
    return {name: until for name, memory in memories if (until := memory.left_alone_until) and until > now}


def end_crawl(
    session: Session, source: SourceInfo, facts: CrawlFacts, since: datetime, now: datetime, *, errors: int
) -> str:
    """Write down how a crawl of a source, begun at `since`, went; its fault comes back in words, "" where it did well.
    Comes after all of its readings are stored."""
    seen = {"compared": facts.compared, "agreed": facts.agreed}
    facts = replace(facts, burst=doubt_burst(session, source, since, now, **seen))
    memory, fault = remember(recall(session, source.name), facts, now)
    repo.put_choice(session, f"{MEMORY}{source.name}", memory_to_json(memory), now)
    seconds = (now - since).total_seconds()
    counts = {"offers": facts.readings, "rejections": facts.rejections, "errors": errors, "seconds": seconds}
    repo.record_crawl(session, source.name, now, fault=fault, **counts)
    return fault


def end_untried(session: Session, source_name: str, now: datetime, why: str) -> None:
    """Write down that a source was not asked at all in a crawl, so that its turn comes again in its usual time."""
    repo.record_crawl(session, source_name, now, offers=0, rejections=0, errors=0, seconds=0.0, fault=why)
