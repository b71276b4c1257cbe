"""What an amount is, from the words beside it: the asking price, an old price, a rate, shipping, ..."""

import re
from collections.abc import Mapping

from monitor.core.price_words import AFTER, BEFORE, Role

CONTEXT_CHARS = 44
_NO_WORD = re.compile(r"[\u3000-\u9fff\uac00-\ud7af]")


def role_of(text: str, start: int, end: int, previous_end: int, currency: str | None = None) -> Role:
    """The role of the amount at `start:end`, judged by the words of its own line between it and its neighbours."""
    line = text.rfind("\n", 0, start) + 1
    before = text[max(line, previous_end, start - CONTEXT_CHARS) : start].lower()
    stop = text.find("\n", end, end + CONTEXT_CHARS)
    after = text[end : stop if stop >= 0 else end + CONTEXT_CHARS].lower()
    return role_in(before, after)


def role_in(before: str, after: str) -> Role:
    """The role that the words before and after an amount (lower case, one line) give it."""
    if _RANGE_AFTER.match(after) or _RANGE_BEFORE.search(before):
        return Role.RANGE
    if _TIMES_BEFORE.search(before) or _TIMES_AFTER.match(after):
        return Role.INSTALMENT
    if before.rstrip().endswith(("de:", "de :")):
        return Role.WAS
    if match := _after_pattern().match(after):
        return _ROLE_BY_NAME[match.lastgroup or ""]
    nearest: re.Match[str] | None = None
    for match in _before_pattern().finditer(before):
        nearest = match
    if nearest is None:
        return Role.ASKING
    role = _ROLE_BY_NAME[nearest.lastgroup or ""]
    gap = before[nearest.end() :]
    return Role.ASKING if _TURNS.search(gap) else role


# "Save $200 Now $1,299": a word that begins a new thought between the role word and the amount.
_TURNS = re.compile(
    r"(?<!\w)(?:now|jetzt|nur|maintenant|ahora|por|agora|ora|nu|teraz|сейчас|зараз|nyní|most|today|only|sale|price|prijs|preis|prix"
    r"|precio|prezzo|pris|cena|ár|цена|ціна)(?!\w)|税込|現在|现价|판매가"
)
# "12 x $83", "10x de R$ 99", "$83 x 12": a rate, whatever the language.
_TIMES_BEFORE = re.compile(r"\d\s?[x×*]\s*(?:de|di|of|por|à|po|za|mal|a)?\s*$")
_TIMES_AFTER = re.compile(r"\s?[x×]\s?\d{1,2}\b")
_SIGN = r"(?:[€$£¥₹₩₽₴]|zł|kr|eur|usd|gbp)"
_RANGE_AFTER = re.compile(rf"\s*(?:-|to|bis|à|až|до|～|~)\s*{_SIGN}?\s?\d[\d.,' ]*(?:{_SIGN}|$|\s)")
_RANGE_BEFORE = re.compile(rf"\d\s*{_SIGN}?\s*(?:-|～|~| to | bis )\s*$")
_ROLE_BY_NAME = {role.value: role for role in Role}


def _compile(words: Mapping[Role, tuple[str, ...]], *, at_start: bool) -> re.Pattern[str]:
    """One pattern with a named group a role; longer words first, so that "list price" goes before "list"."""
    groups: list[str] = []
    for role, variants in words.items():
        ordered = sorted(set(variants), key=len, reverse=True)
        groups.append(f"(?P<{role.value}>{'|'.join(_word(word) for word in ordered)})")
    lead = r"[\s(\[*,.:;|/+-]*" if at_start else ""
    return re.compile(lead + "(?:" + "|".join(groups) + ")")


def _word(word: str) -> str:
    """A word bounded to the left, and to the right if it is so short that it begins others; none in CJK."""
    if _NO_WORD.search(word):
        return re.escape(word)
    left = r"(?<!\w)" if word[0].isalnum() else ""
    right = r"(?!\w)" if len(word) <= 5 and word[-1].isalnum() else ""
    return left + re.escape(word) + right


_patterns: dict[bool, re.Pattern[str]] = {}


def _after_pattern() -> re.Pattern[str]:
    if True not in _patterns:
        _patterns[True] = _compile(AFTER, at_start=True)
    return _patterns[True]


def _before_pattern() -> re.Pattern[str]:
    if False not in _patterns:
        _patterns[False] = _compile(BEFORE, at_start=False)
    return _patterns[False]
