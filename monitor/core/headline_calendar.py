"""Whether a card that a headline names had been shown to the public on that day, as far as the catalogue knows.

Of a card that nobody who makes it has shown, a headline can hardly tell more than what is expected of it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.core.models import Gpu

_LONGEST_GENERATION = timedelta(days=900)  # a model that the catalogue lacks is to come in this time, or an old one
_MARGIN = timedelta(days=1)  # feeds and makers live in different time zones
_SHOWN_BEFORE_SALE = timedelta(days=30)  # where no source tells the day of the announcement
_RADEON = re.compile(r"(?:Radeon )?RX (\d)\d{3}")
_ARC = re.compile(r"Arc (Pro )?([A-Z])")
_RDNA = re.compile(r"RDNA (\d)")
_RADEON_OF_RDNA = {1: 5, 2: 6, 3: 7, 4: 9}
_WHOLE_SERIES = re.compile(r"series\b|^RDNA|^(?:Radeon )?RX \d000$")


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The first day on which each card, and anything of its generation, was announced or sold."""

    shown: Mapping[str, date]
    generations: Mapping[str, date]

    def to_come(self, name: str, on: date) -> bool:
        """Whether nobody who makes the card had shown it by that day. Names that tell no generation, of data centres
        for one, have none of which the catalogue would know: no."""
        generation = _generation(name)
        if generation is None:
            return False
        plain = re.sub(r" Laptop$| \d+GB$", "", name)
        days = [day for known, day in self.shown.items() if known in {name, plain} or known.startswith(f"{plain} ")]
        if days:
            return on < min(days) - _MARGIN
        first = self.generations.get(generation)
        if first is None:
            return not self._is_older_than_known(generation)
        if _WHOLE_SERIES.search(name):
            return on < first - _MARGIN
        return on < first + _LONGEST_GENERATION

    def _is_older_than_known(self, generation: str) -> bool:
        """Whether a generation stands before one that the catalogue has ("GTX 6" before "GTX 10")."""
        line, _, number = generation.rpartition(" ")
        others = (known.rpartition(" ") for known in self.generations)
        return number.isdigit() and any(
            other == line and int(known) > int(number) for other, _, known in others if known.isdigit()
        )


def build_calendar(gpus: Iterable[Gpu], announced: Mapping[str, date] | None = None) -> Calendar:
    """The days of a catalogue's cards; `announced` are days on which some of them were shown before they were sold."""
    announced = announced or {}
    shown: dict[str, date] = {}
    generations: dict[str, date] = {}
    for gpu in gpus:
        if gpu.launched_on is None:
            continue
        told = gpu.announced_on is not None and gpu.announced_on < gpu.launched_on
        day = gpu.announced_on if told and gpu.announced_on else gpu.launched_on - _SHOWN_BEFORE_SALE
        day = announced.get(gpu.name, day)
        shown[gpu.name] = day
        generation = _generation(gpu.name) if gpu.segment == "consumer" else None
        if generation:
            generations[generation] = min(day, generations.get(generation, day))
    return Calendar(shown=shown, generations=generations)


def _generation(name: str) -> str | None:
    """ "GeForce 40", "RX 9", "Arc B" ... or `None` where names do not tell."""
    if found := re.match(r"(?:RTX|GTX) (\d{2,4})\b(?! Ada)", name):
        digits = found[1]
        return f"GeForce {digits if len(digits) == 2 else digits[:-2]}"
    if found := _RADEON.match(name):
        return f"RX {found[1]}"
    if found := _RDNA.match(name):
        number = int(found[1])
        return f"RX {_RADEON_OF_RDNA.get(number, 10 * number)}"
    if found := _ARC.match(name):
        return f"Arc {found[1] or ''}{found[2]}"
    return None
