"""The same event told by several feeds gets one key, so that five reports of a launch are not five launches."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from monitor.core.headlines import plain_title
from monitor.core.models import NewsEvent

WINDOW = timedelta(days=4)  # a story goes round in this time
ALIKE = 0.5  # share of words that two titles have in common when they tell one story
TALKED_OF = frozenset({"rumour", "benchmark", "other"})  # many different stories about one card in the same week


def with_story_keys(events: Sequence[NewsEvent], known: Iterable[NewsEvent] = ()) -> list[NewsEvent]:
    """`events` in their order, each with the key of its story: that of an earlier event like it, or a new one.

    `known` are events stored before, with their keys.
    """
    stories = [event for event in known if event.key]
    keyed: list[NewsEvent] = []
    for event in events:
        like = next((other for other in stories if same_story(event, other)), None)
        done = replace(event, key=like.key if like else _new_key(event))
        stories.append(done)
        keyed.append(done)
    return keyed


def same_story(one: NewsEvent, other: NewsEvent) -> bool:
    """Whether two headlines tell of one event: the same page or words, or the same thing about the same cards."""
    if abs(one.published_at - other.published_at) > WINDOW:
        return False
    if one.url and one.url == other.url:
        return True
    if one.gpus and other.gpus and not set(one.gpus) & set(other.gpus):
        return False
    alike = _overlap(_words(one.title), _words(other.title))
    if alike >= ALIKE:
        return True
    if one.event != other.event or not one.gpus or not other.gpus:
        return False
    if one.event in TALKED_OF:
        return set(one.gpus) == set(other.gpus) and alike >= ALIKE / 2
    return set(one.gpus) <= set(other.gpus) or set(other.gpus) <= set(one.gpus)  # one feed names fewer of the cards


def _words(title: str) -> frozenset[str]:
    """What is said, without order, short words and signs; runs of CJK text count as pairs of characters."""
    text = plain_title(title).lower()
    words = set(re.findall(r"[a-z0-9à-ÿąćęłńóśźżа-яё]{3,}", text))
    for run in re.findall(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]+", text):
        words |= {run[at : at + 2] for at in range(len(run) - 1)}
    return frozenset(words)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def _new_key(event: NewsEvent) -> str:
    parts = (event.event, *sorted(event.gpus), event.published_at.date().isoformat(), plain_title(event.title).lower())
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()
