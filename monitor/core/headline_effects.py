"""What a headline suggests to somebody who buys within nine months: to wait, to buy, or nothing."""

import re
from collections.abc import Mapping
from datetime import date

from monitor.core.headline_dates import months_until
from monitor.core.headline_grammar import Expressions

COMES_BACK = re.compile(r"\bback\b|\breturn")
_MONTHS_TO_BUY = 9
_NOT_FOR_BUYERS = ("Moore Threads", "Lisuan", "MTT", "CMP", "Vera Rubin Space")


def effect_on_a_buyer(
    event: str, text: str, gpus: tuple[str, ...], words: Mapping[str, Expressions], events: Mapping[str, Expressions]
) -> str:
    """What the headline alone suggests to somebody who buys within nine months."""
    if event in {"price_rise", "shortage", "supply_relief"}:
        if not gpus and words["for_data_centres"].search(text):
            return "none"
        return "wait" if event == "supply_relief" else "buy"
    if event == "price_cut":
        return "wait" if words["goes_on"].search(text) else "buy"
    if event == "tariff_or_ban":
        return "buy" if words["import_cost"].search(text) else "none"
    if event == "discontinued":
        return "none" if words["never_came"].search(text) else "buy"
    if event in {"rumour", "announcement"} and not words["only_machines"].search(text):
        return _effect_of_coming(event, text, gpus, words, events)
    return "none"


def _effect_of_coming(
    event: str, text: str, gpus: tuple[str, ...], words: Mapping[str, Expressions], events: Mapping[str, Expressions]
) -> str:
    if event == "announcement":
        new = _may_be_waited_for(gpus, generations=True) or not gpus
        return "wait" if new and not words["partners"].search(text) else "none"
    if any(events[other].search(text) for other in ("price_rise", "shortage", "discontinued")):
        return "buy"
    return "wait" if _may_be_waited_for(gpus) or COMES_BACK.search(text) else "none"


def too_late(when: str, published: date | None) -> bool:
    """Whether what is expected comes when somebody who buys within nine months has bought."""
    return published is not None and when != "" and months_until(when, published) > _MONTHS_TO_BUY


def _may_be_waited_for(gpus: tuple[str, ...], *, generations: bool = False) -> bool:
    """Whether a card that a person could buy is named: a laptop's is none, and a rumoured generation is far away."""
    models = [gpu for gpu in gpus if not gpu.endswith(("Laptop", "M")) and not gpu.startswith(_NOT_FOR_BUYERS)]
    return any(generations or any(char.isdigit() for char in gpu.removeprefix("RDNA")) for gpu in models)
