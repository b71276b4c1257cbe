"""The selling party, where the page names it beside the price."""

import re

from monitor.reading.text import VisibleText

_VERBS = (
    r"(?:ships? from and |this (?:product|item) (?:was|is) )?(?:sold|shipped|fulfilled|dispatched|sent|refurbished)"
    r"(?: (?:and|&) (?:sold|shipped|sent|dispatched|delivered))? by"
    r"|verkauf(?:t)? (?:und versand )?durch|vendu (?:neuf |d'occasion )?(?:et expédié )?par"
    r"|vendido (?:y enviado |e entregue )?por"
    r"|venduto (?:e spedito )?da|verkocht (?:en verzonden )?door|verkoop door|sprzedaje|prodává|säljs av"
)
_NOUNS = (
    r"(?:seller|vendor|verkäufer|anbieter|händler|vendeur|vendedor|venditore|verkoper|sprzedawca|eladó|forgalmazó"
    r"|продавец|продавець|prodejce|säljare|selger|sælger|販売元|出品者|판매자|卖家|賣家)\s*(?:[:：]|$)"
)
_LABEL = re.compile(rf"^(?:(?:{_VERBS})|{_NOUNS})\s*[:：]?\s*", re.IGNORECASE)
MAX_NAME = 60


def seller_in(lines: list[str], seen: VisibleText) -> str:
    """The name after "sold by" in the lines near the price, in its own spelling; "" if the page names none."""
    for index, line in enumerate(lines):
        match = _LABEL.match(line.strip())
        if not match:
            continue
        name = line.strip()[match.end() :].strip()
        if not name and index + 1 < len(lines):
            name = lines[index + 1].strip()
        name = re.split(r"\.\s|\.$|[(|•·]|,? (?:and|und|et|y|e|en) ", name, maxsplit=1)[0].strip(" :-")
        if 2 <= len(name) <= MAX_NAME and not name.isdigit():
            return _as_written(seen, name)
    return ""


def _as_written(seen: VisibleText, name: str) -> str:
    at = max(seen.lower.find(f": {name}") + 2, seen.lower.find(f"by {name}") + 3, seen.lower.find(f"\n{name}") + 1)
    if at < 4:
        at = seen.lower.find(name)
    return seen.text[at : at + len(name)] if at >= 0 else name
