"""Patterns of headlines put together from words of one meaning (data/headlines_words.toml): a price beside a word of
falling is a price cut, in either order and in every language that has both lists."""

import re
from collections.abc import Iterable, Iterator, Mapping

Words = Mapping[str, list[str]]

# event -> (what is spoken of, what happens to it, what must not stand between because it says the opposite)
_PAIRS = (
    ("price_cut", "price", "down", "up"),
    ("price_rise", "price", "up", "down"),
    ("shortage", "supply", "scarce", "plenty"),
    ("shortage", "output", "cut", "resumes"),
    ("supply_relief", "supply", "plenty", "scarce"),
    ("supply_relief", "making", "resumes", "ends"),
    ("supply_relief", "lack", "eases", "scarce"),
    ("discontinued", "making", "ends", "resumes"),
)
# event -> words of moving that a sum of money follows closely ("falls to $500")
_TO_A_SUM = (("price_cut", "down"), ("price_rise", "up"))
# words that say it alone
_ALONE = {
    "shortage": "scarce_alone", "supply_relief": "plenty_alone", "rumour": "hedges", "announcement": "announces",
    "launch": "comes", "benchmark": "tests", "discontinued": "stops", "tariff_or_ban": "bans",
    "price_cut": "cheaper", "price_rise": "dearer",
}  # fmt: skip
_NOT_LATIN = frozenset({"ru", "uk", "el", "th", "ar", "zh", "ja", "ko"})
_WITHOUT_SPACES = frozenset({"zh", "ja", "ko"})
_BEHIND, _BEFORE, _SUM = 55, 24, 30  # letters between the thing and what happens to it, and the other way round
_OTHER_SCRIPT = re.compile(r"[\u0370-\u06ff\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_EDGE = r"\b"
_SYNTAX = re.compile(r"\\.|\[\^?\]?|[\]()|]", re.S)
_NAME = re.compile(r"(?<!\(\?P)(?<!\(\?)<([a-z_]+)>")


class Expressions:
    """Many expressions as one. Those of languages that are not written in Latin letters are only tried on a text that
    has such letters: most have none, and are read in half the time."""

    def __init__(self, by_language: Mapping[str, Iterable[str]]) -> None:
        self._everywhere = _any_of(
            part for key, parts in by_language.items() if key not in _NOT_LATIN for part in parts
        )
        self._other = _any_of(part for key, parts in by_language.items() if key in _NOT_LATIN for part in parts)

    def search(self, text: str) -> re.Match[str] | None:
        """The first place where any of them matches."""
        found = self._everywhere.search(text)
        if not _OTHER_SCRIPT.search(text):
            return found
        other = self._other.search(text)
        return min((match for match in (found, other) if match), key=lambda match: match.start(), default=None)


def _any_of(parts: Iterable[str]) -> re.Pattern[str]:
    """One expression of many. What begins at the edge of a word shares that edge: `re` then tries it nowhere else, in a
    third of the time."""
    branches = [branch for part in parts for branch in _branches(part)]
    at_edges = [branch.removeprefix(_EDGE) for branch in branches if branch.startswith(_EDGE)]
    others = [branch for branch in branches if not branch.startswith(_EDGE)]
    shared = [rf"{_EDGE}(?:{'|'.join(at_edges)})"] if at_edges else []
    return re.compile("|".join([*shared, *others]) or r"(?!)")


def _branches(expression: str) -> Iterator[str]:
    """What stands between the bars of an expression, where they are in no group and no set."""
    depth, begin, in_set = 0, 0, False
    for found in _SYNTAX.finditer(expression):
        sign = found[0]
        if in_set:
            in_set = sign != "]"
        elif sign.startswith("["):
            in_set = True
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign == "|" and depth == 0:
            yield expression[begin : found.start()]
            begin = found.end()
    yield expression[begin:]


def composed(grammar: Mapping[str, Words]) -> dict[str, dict[str, list[str]]]:
    """The expressions of each event by language."""
    found: dict[str, dict[str, list[str]]] = {}
    for language, words in grammar.items():
        for event, expression in _of_language(words, language):
            found.setdefault(event, {}).setdefault(language, []).append(expression)
    return found


def _of_language(words: Words, language: str) -> Iterator[tuple[str, str]]:
    for event, thing, happens, opposite in _PAIRS:
        if thing in words and happens in words:
            for expression in _pair(words, thing, happens, opposite, language):
                yield event, expression
    for event, kind in _TO_A_SUM:
        if kind in words:
            gap = rf"[^.;|?!]{{0,{_gap(language, _SUM)}}}?"
            yield event, f"{_word(words[kind], language)}{gap}<money>"
            if language in _WITHOUT_SPACES:
                yield event, f"<money>{gap}{_word(words[kind], language)}"
    if "state" in words:
        state, limits, trade = (_word(words[kind], language) for kind in ("state", "limits", "trade"))
        yield "tariff_or_ban", rf"{state}[^.;|]{{0,40}}{limits}[^.;|]{{0,50}}{trade}"
        yield "tariff_or_ban", rf"{state}[^.;|]{{0,40}}{trade}[^.;|]{{0,30}}{limits}"
    for event, kind in _ALONE.items():
        if kind in words:
            yield event, _word(words[kind], language)


def _pair(words: Words, thing: str, happens: str, opposite: str, language: str) -> Iterator[str]:
    a, b = _word(words[thing], language), _word(words[happens], language)
    between = "[^.;|?!]" if opposite not in words else rf"(?!{_word(words[opposite], language)})[^.;|?!]"
    yield rf"{a}(?:{between}){{0,{_gap(language, _BEHIND)}}}?{b}"
    if language not in _WITHOUT_SPACES or (language == "zh" and happens == "cut"):  # "削减产量": the verb comes first
        yield rf"{b}(?:{between}){{0,{_BEFORE}}}?{a}"


def _gap(language: str, letters: int) -> int:
    return 8 if language in _WITHOUT_SPACES else letters


def _word(parts: Iterable[str], language: str) -> str:
    edge = "" if language in _WITHOUT_SPACES else r"\b"
    return rf"{edge}(?:{'|'.join(parts)}){edge}"


def named(names: Mapping[str, list[str]]) -> dict[str, str]:
    """What `<name>` stands for in an expression; a name may be made of names that stand before it."""
    found: dict[str, str] = {}
    for name, parts in names.items():
        found[name] = f"(?:{'|'.join(filled(part, found) for part in parts)})"
    return found


def filled(expression: str, names: Mapping[str, str]) -> str:
    """The expression with its names written out; an unknown name is a fault of the data."""
    return _NAME.sub(lambda found: names[found[1]], expression)
