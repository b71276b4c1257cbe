"""Dated facts about software: how a runtime of some year runs a kind of work on some chips. They fade with age."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

ANY = "any"  # a fact about whatever runs on these chips
TRUST_SD = 0.30  # log sd at which a fact counts half
FRESH_SD, YEARLY_SD = 0.10, 0.30


@dataclass(frozen=True, kw_only=True)
class SoftwareFact:
    """How a runtime of some year runs a kind of work on some chips, against what the chips could do."""

    runtime: str
    kind: str  # class of work: cnn, transformer, llm_decode, ...
    chips: tuple[str, ...]  # groups of hardware.group; empty: all
    factor: float
    year: int
    note: str

    def log_sd(self, year: int) -> float:
        """How sure it is for software of `year`: 0.3 more for each year between."""
        return FRESH_SD + YEARLY_SD * abs(year - self.year)

    def log_offset(self, year: int) -> float:
        """The log of the factor, shrunk by its age.

        >>> fact = SoftwareFact(runtime="x", kind="cnn", chips=(), factor=0.5, year=2024, note="")
        >>> round(fact.log_offset(2024), 2), round(fact.log_offset(2027), 2)
        (-0.62, -0.06)
        """
        return log(self.factor) * TRUST_SD**2 / (TRUST_SD**2 + self.log_sd(year) ** 2)

    def holds_for(self, runtime: str, kind: str, chip: str) -> bool:
        """Whether it speaks of this runtime, kind of work and group of chips."""
        return self.runtime in (runtime, ANY) and self.kind == kind and (not self.chips or chip in self.chips)


def log_offset(facts: Sequence[SoftwareFact], runtime: str, kind: str, chip: str, year: int) -> float:
    """What the facts that hold make of the throughput, in logs."""
    return sum(fact.log_offset(year) for fact in facts if fact.holds_for(runtime, kind, chip))


def year_of(software: str, otherwise: int) -> int:
    """The newest year that a program's description names.

    >>> year_of("llamafile/LocalScore, 2025-03 to 2025-07", 2020), year_of("timm; PyTorch 2.4.0", 2026)
    (2025, 2026)
    """
    years = [int(text) for text in re.findall(r"(?<!\d)20[12]\d(?!\d)", software)]
    return max(years, default=otherwise)
