"""Listing titles: which GPU of the catalogue is sold, how many, in what condition, or why none."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.core.models import Condition, Gpu


@dataclass(frozen=True, kw_only=True)
class Match:
    """`gpu` is a catalogue name, or `None` with why not; `reason` names what decided."""

    gpu: str | None
    quantity: int
    condition: Condition
    reason: str


@dataclass(frozen=True, kw_only=True)
class Matcher:
    """The catalogue's names as one pattern, longest first."""

    pattern: re.Pattern[str]
    names: Mapping[str, str]


def build_matcher(gpus: Mapping[str, Gpu], title_rules: Mapping[str, Any]) -> Matcher:
    """What `match_title` looks titles up in."""
    names = {_plain(name): gpu.name for gpu in gpus.values() for name in (gpu.name, *gpu.aliases)}
    ordered = sorted(names, key=len, reverse=True)
    spaced = (r"\s*".join(map(re.escape, name)) for name in ordered)
    return Matcher(pattern=re.compile(rf"(?<![a-z0-9])(?:{'|'.join(spaced)})(?![a-z0-9])"), names=names)


def match_title(title: str, matcher: Matcher) -> Match:
    """The GPU that a title sells."""
    found = {matcher.names[_plain(text)] for text in matcher.pattern.findall(title.lower())}
    if len(found) == 1:
        return Match(gpu=found.pop(), quantity=1, condition=Condition.UNKNOWN, reason="name")
    return Match(gpu=None, quantity=1, condition=Condition.UNKNOWN, reason=_why_none(found))


def _why_none(found: Iterable[str]) -> str:
    return "several_models" if any(found) else "not_a_gpu"


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", name.lower())
