"""Listing titles: which GPU of the catalogue is sold, how many, in what condition, or why none.

No score decides. A title is read into pieces (matching_words), models are recognised by their parts (matching_models,
matching_read), and rules say what is sold (matching_rules): a word that means an accessory, a laptop, a fault ... can
only turn a card into none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from monitor.core.matching_doubts import doubt_of
from monitor.core.matching_excused import excuse
from monitor.core.matching_models import Names, build_names, name_words
from monitor.core.matching_read import Reading
from monitor.core.matching_rules import condition_of, what_model, why_not_one_card
from monitor.core.matching_words import Lexicon
from monitor.core.models import Condition, Gpu
from monitor.core.words import lowered

LONGEST_TITLE = 1_000  # characters; the rest is not read
MARKET_NOTE = "New Listing"
INCHES = ('"', "″", "”", "''")
# of laptops and monitors: 15.6"
SCREEN = re.compile(r"""(?<![\d.,"″”'])(?:1[3-8]|2[147]|3[124])(?:[.,]\d)?\s?(?:["″”]|'')""")
REASONS = (
    "not_a_gpu",
    "accessory",
    "broken",
    "bundle",
    "whole_pc",
    "laptop",
    "several_models",
    "several_cards",
    "unknown_model",
    "ambiguous",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """`gpu` is a catalogue name and `reason` the parts of the title that decided; or `gpu` is `None`, `reason` one of
    REASONS and `evidence` the word that decided. `quantity` is 0 where a title says several without a number."""

    gpu: str | None
    quantity: int
    condition: Condition
    reason: str
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class Matcher:
    """What titles are looked up in; built once from the catalogue."""

    lexicon: Lexicon
    names: Names
    doubtful: tuple[str, ...]


def build_matcher(gpus: Mapping[str, Gpu], title_rules: Mapping[str, Any]) -> Matcher:
    """The names of the catalogue and the rules of titles.toml and titles_words.toml, ready for `match_title`."""
    heads, codes = name_words(gpus, title_rules)
    return Matcher(
        lexicon=Lexicon(title_rules, heads, codes),
        names=build_names(gpus, title_rules),
        doubtful=tuple(title_rules.get("doubtful", [])),
    )


def match_title(title: str, matcher: Matcher) -> Match:
    """The GPU that a title sells, or `None` with the reason."""
    if len(title) > LONGEST_TITLE:
        title = title[:LONGEST_TITLE]
    if title.startswith(MARKET_NOTE):  # glued to the title where the page marks it: "New ListingMSI RTX 3080"
        title = title[len(MARKET_NOTE) :]
    if "[" in title:
        title = _side_for_sale(title)
    said = Reading(matcher.lexicon.pieces(title), matcher.names)
    excuse(said)
    condition = condition_of(said)
    why = why_not_one_card(said)
    if why is not None:
        return Match(gpu=None, quantity=said.quantity, condition=condition, reason=why[0], evidence=why[1])
    model = what_model(said, matcher.names)
    if isinstance(model, str):
        return Match(gpu=None, quantity=1, condition=condition, reason=model)
    if model.name is None:
        return Match(gpu=None, quantity=1, condition=condition, reason="unknown_model", evidence=model.text)
    if "(" in title and (marks := [mark for mark in matcher.doubtful if mark in title.lower()]):
        return Match(gpu=None, quantity=1, condition=condition, reason="ambiguous", evidence=marks[0])
    if any(sign in title for sign in INCHES) and (screen := SCREEN.search(title)):
        return Match(gpu=None, quantity=1, condition=condition, reason="laptop", evidence=screen[0])
    doubt = doubt_of(said, model)
    if doubt is not None:
        quantity = 0 if doubt[0] == "several_cards" else 1
        return Match(gpu=None, quantity=quantity, condition=condition, reason=doubt[0], evidence=doubt[1])
    return _one_card(model.name, model.text, condition)


def _side_for_sale(title: str) -> str:
    """ "[W] RTX 3090 [H] PayPal" sells PayPal: what stands between [H] (have) and [W] (want)."""
    lower = lowered(title)
    have = lower.find("[h]")
    if have < 0:
        return title
    want = lower.find("[w]", have)
    return title[have + 3 : want if want >= 0 else len(title)]


@lru_cache(maxsize=4096)
def _one_card(name: str, reason: str, condition: Condition) -> Match:
    return Match(gpu=name, quantity=1, condition=condition, reason=reason)
