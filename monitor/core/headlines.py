"""What a news headline says to somebody who wants a GPU: the event, the cards, when, and whether to wait or to buy.

Rules written by hand, as data by language (data/headlines*.toml): first what is no news (a laptop deal, a driver, a
namesake), then events from the most telling words to the least. A rumour of a price rise is a rumour. When nothing
decides, it is "other": a missed event costs less than a false launch.
"""

import html
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from monitor.core.headline_calendar import Calendar, build_calendar
from monitor.core.headline_dates import expected_date
from monitor.core.headline_effects import COMES_BACK, effect_on_a_buyer, too_late
from monitor.core.headline_gpus import gpus_in
from monitor.core.headline_grammar import Expressions, composed, filled, named
from monitor.core.headline_relative import relative_date
from monitor.core.models import Gpu

EVENTS = (
    "launch", "announcement", "rumour", "price_cut", "price_rise", "shortage", "supply_relief", "tariff_or_ban",
    "discontinued", "benchmark", "other",
)  # fmt: skip
LONGEST_TITLE = 400

# Events that are news although the headline also speaks of software, games and the like.
_STILL_NEWS: Mapping[str, frozenset[str]] = {
    "services": frozenset(),
    "deployments": frozenset(),
    "mobiles": frozenset(),
    "software": frozenset(),
    "features": frozenset(),
    "games": frozenset({"benchmark"}),
    "money": frozenset({"tariff_or_ban"}),
    "crime": frozenset(),
    "curiosities": frozenset({"rumour", "discontinued"}),
    "problems": frozenset({"benchmark", "rumour", "discontinued", "price_rise", "price_cut", "shortage"}),
    "bundles": frozenset({"benchmark", "rumour"}),
    "questions": frozenset({"benchmark", "rumour"}),
}
# Words of no news that say nothing where they only follow what was announced ("with a new power connector").
_MAY_STAND_BESIDE = ("deployments", "features", "curiosities", "bundles")
# These are something else that was announced too, where a comma and "new", "plus" or the like parts them from the card.
_AND_A_CARD = re.compile(r"[^,.;:]{0,15}(?: and| &| plus) (?:the |new |its )*(?:geforce|radeon|rtx|rx|arc)\b")
_AND_MORE = re.compile(r", (?:and |plus |also |with |along |as well |new )")
_MAY_FOLLOW = ("services", "software", "games")
_WITH = re.compile(r"\b(?:with|mit|avec|con|com|z|met|с)\b(?:(?! (?:is|are|and|but)\b)[^,;:.|—–]){0,40}$")
_MOVED_BY = re.compile(r"\b(?:after|as|following|on)\b(?:(?! (?:and|but)\b)[^,;:.|]){0,40}$")
_COMPARED_PRICE = re.compile(r"^at\b.*\bmsrp$|\d cheaper$")
_FOR_MACHINES = re.compile(r"\b(?:for|für|pour|para|per|dla) (?:\w+[ -]){0,3}$")
# Of these, what a headline says first is what it is about; of two that begin together, the one that stands first here.
_MARKET_MOVES = ("tariff_or_ban", "price_rise", "price_cut", "supply_relief", "shortage")
_ASIDE = re.compile(r"\b(?:but|while|though|although|despite|whereas)\b|\bamid\b[^,;.]*$")
_OBJECT_ENDS = re.compile(
    r"\b(?:with|(?<!date )(?<!dates )(?<!price )(?<!prices )(?<!pricing )(?<!specs )(?<!details )"
    r"(?<!schedule )(?<!plans )for(?! (?:ai|gaming|gamers|creators|workstations|data ?cent(?:er|re)s?|china|pcs?)\b))\b"
    r"|\b(?:to|that|which|will|as|at|in|on|using|(?<!-)powered|mit|für|auf|avec|pour|con|para|com|z|dla|do|per|met|voor)\b"
    r"|\b(?:с|для|на|в)\b| [—–] |[;|]"
)
_QUOTES = re.compile(r"(?<=[\s(])'(?=\w)|(?<=\w)'(?!\w)|(?<!^)[\"«»]")  # 'in "full production"' says it too
# "搭載RTX5090が": names that have no space before or behind them in another script, or before their number
_EAST = r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]"
_GLUED = re.compile(
    rf"(?<={_EAST})(?=[a-z])|(?<=[a-z])(?={_EAST})|(?<=[rg]tx)(?=\d)|(?<=\brx)(?=\d)|(?<={_EAST}rx)(?=\d)"
)
# The card between a denial and what is denied: "no RTX 5090 price cut", "denies GeForce RTX 5070 is being"
_CARD_BETWEEN = re.compile(
    r"(?:(?:^| )(?:nvidia|amd|intel|geforce|radeon|rtx|gtx|rx|arc|gpus?|graphics|cards?|\d{3,4}(?:ti|xt)?|ti|super|xtx?"
    r"|is|are|being))+$"
)
_NOTHING = ("other", "nothing decides")
_SENTENCE_END = re.compile(r"(?<=[.!?]) ")
_EVENT = re.compile(r"\b(?:events?|evento|[ée]v[ée]nement|veranstaltung|keynote|livestream|launch date|release date)\b")
_ASKED = re.compile(r"^(?!.*\b(?:but|why|where)\b).*[?？]$")
_VERSUS = re.compile(r"\bvs\.?(?!\w)|\bversus\b|对比|対決")


@dataclass(frozen=True, kw_only=True)
class HeadlineReading:
    """A headline, understood. `expected_date` is as `core.headline_dates` writes it; `effect` is wait, buy or none."""

    event: str
    gpus: tuple[str, ...] = ()
    expected_date: str = ""
    effect: str = "none"
    reason: str = ""  # the words that decided


@dataclass(frozen=True, kw_only=True)
class HeadlineRules:
    """The expressions of data/headlines*.toml, compiled, and the catalogue's names and days."""

    topic: Expressions
    words: Mapping[str, Expressions]  # hardware, chips, makers, partners, machines, machine_gpus, namesakes, future ...
    no_news: Mapping[str, Expressions]
    events: Mapping[str, Expressions]
    weak: Mapping[str, Expressions]  # what decides only where nothing stronger does
    known_gpus: frozenset[str]
    calendar: Calendar


def build_rules(data: Mapping[str, Any], known_gpus: Collection[str], dated: Iterable[Gpu] = ()) -> HeadlineRules:
    """Compile the files' tables; every language's expressions of one event become one pattern. `dated` are cards whose
    days are known."""
    names = named(data["names"])
    made = composed(data["grammar"])

    def expressions(*tables: Mapping[str, list[str]]) -> Expressions:
        languages = {language for table in tables for language in table}
        return Expressions(
            {
                language: [filled(part, names) for table in tables for part in table.get(language, ())]
                for language in sorted(languages)
            }
        )

    return HeadlineRules(
        topic=expressions(data["topic"]),
        words={name: expressions({"any": parts}) for name, parts in data["words"].items()},
        no_news={kind: expressions({"any": parts}) for kind, parts in data["no_news"].items()},
        events={event: expressions(table, made.get(event, {})) for event, table in data["events"].items()},
        weak={event: expressions(table) for event, table in data["weak"].items()},
        known_gpus=frozenset(known_gpus),
        calendar=build_calendar(dated, {card: item["on"] for item in data["shown"] for card in item["cards"]}),
    )


def read_headline(title: str, rules: HeadlineRules, published: date | None = None) -> HeadlineReading:
    """Classify one headline; `published` gives "in May" its year and tells which cards were still to come."""
    plain = plain_title(title)
    text = _GLUED.sub(" ", _QUOTES.sub("", plain.lower().replace("a.i.", "ai")))
    if not rules.topic.search(text) or rules.words["namesakes"].search(text):
        return HeadlineReading(event="other", reason="not about GPUs")
    gpus = gpus_in(plain, rules.known_gpus)
    event, reason = _event(text, gpus, rules)
    if reason == _NOTHING[1] and _speaks_of_what_is_to_come(text, gpus, rules, published):
        event, reason = "rumour", f"{gpus[0]} has not been shown"
    if event == "other" and not reason.startswith(("curiosities", "software", "features", "nothing")):
        gpus = ()
    when = expected_date(text, published) if event in {"launch", "announcement", "rumour", "supply_relief"} else ""
    if not when and published and event in {"announcement", "rumour"}:
        when = relative_date(text, published)
    if event == "launch" and _is_a_later_day(when, published):
        event = "announcement"
    effect = "none" if too_late(when, published) else effect_on_a_buyer(event, text, gpus, rules.words, rules.events)
    return HeadlineReading(event=event, gpus=gpus, expected_date=when, effect=effect, reason=reason)


def plain_title(title: str) -> str:
    """A title without markup, entities, stars and odd spaces, in normal form, cut to a length that titles have."""
    text = html.unescape(html.unescape(title[: LONGEST_TITLE * 4]))
    text = unicodedata.normalize("NFKC", re.sub(r"<[^>]{0,200}>", " ", text))
    text = text.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x201E: '"', 0x2010: "-", 0x2011: "-"})
    text = "".join(" " if unicodedata.category(char) in {"Cc", "Cf", "So", "Zs", "Zl", "Zp"} else char for char in text)
    return re.sub(r"\s+", " ", text).replace(" 's ", "'s ").strip()[:LONGEST_TITLE]


def _speaks_of_what_is_to_come(text: str, gpus: tuple[str, ...], rules: HeadlineRules, published: date | None) -> bool:
    """Whether a headline is about a card that its maker had not shown on that day, and no mere opinion or question."""
    if published is None or not gpus or not rules.calendar.to_come(gpus[0], published):
        return False
    return not rules.words["opinions"].search(text)


class _Said:
    """What a headline says, looked up when it is asked for: each event's words, or `None`."""

    def __init__(self, text: str, gpus: tuple[str, ...], rules: HeadlineRules) -> None:
        self.text, self.gpus, self.rules = text, gpus, rules
        self._found: dict[str, re.Match[str] | None] = {}

    def __getitem__(self, event: str) -> re.Match[str] | None:
        if event not in self._found:
            self._found[event] = self.rules.events[event].search(self.text)
        return self._found[event]

    def word(self, kind: str) -> bool:
        return self.rules.words[kind].search(self.text) is not None

    @property
    def spoken(self) -> re.Match[str] | None:
        """The words that say that something has come or will."""
        return self["launch"] or self["announcement"] or self.rules.weak["announcement"].search(self.text)

    @property
    def hardware(self) -> bool:
        return bool(self.gpus) or self.word("hardware")

    def card_beside(self, verb: re.Match[str]) -> bool:
        """Whether a card is what the verb speaks of: named before it, or behind it before "with", "for" and the like
        ("announces a partnership for GPUs", "launches a cable for RTX 50 cards")."""
        object_of_verb = self._with_object(verb)
        if self.gpus and _EVENT.search(object_of_verb):
            return True  # "AMD announces an event on March 3 for the RX 9090"
        return self._names_a_card(self.text[: verb.start()] + object_of_verb)

    def only_beside(self, match: re.Match[str]) -> bool:
        """Whether `match` follows after a maker has launched or announced a card ("Nvidia announces RTX 6090 with",
        "RTX 6090 announced with"): it is then not the subject."""
        verb = self.spoken
        if verb is None or not self.rules.words["makers"].search(self.text[: verb.end()]):
            return False
        object_of_verb = self._with_object(verb).split(", ", 1)[0]
        named = self._names_a_card(object_of_verb)
        if not named and object_of_verb.strip() == verb[0].strip():
            named = self._names_a_card(self.text[: verb.start()])
        return named and match.start() >= verb.start() + len(object_of_verb)

    def stands_behind(self, kind: str, match: re.Match[str]) -> bool:
        """Whether words of no news only follow a card that was announced."""
        if kind in _MAY_FOLLOW and (verb := self.spoken) is not None:
            return _AND_MORE.search(self.text[verb.end() : match.start()]) is not None and self.only_beside(match)
        if kind == "features" and (verb := self.spoken) is not None and verb.start() < match.start():
            return _AND_A_CARD.match(self.text, match.end()) is not None or self.only_beside(match)
        return kind in _MAY_STAND_BESIDE and self.only_beside(match)

    def for_machines(self, match: re.Match[str]) -> bool:
        """Whether a chip was announced for machines: the chip is then the news."""
        return _FOR_MACHINES.search(self.text[: match.start()]) is not None and self.only_beside(match)

    def part_of_it(self, match: re.Match[str]) -> bool:
        """Whether `match` is what a card that has come is fitted with ("RTX 6090 with a big cooler is on sale")."""
        before = _WITH.search(self.text[: match.start()])
        verb = self.spoken if before else None
        return verb is not None and before is not None and bool(gpus_in(self.text[: before.start()], ()))

    def moves_shares(self) -> bool:
        """Whether shares move because a card came ("shares rise after the company unveils a chip")."""
        verb = self.spoken
        if verb is None or not self.card_beside(verb):
            return False
        return _MOVED_BY.search(self.text[: verb.start()]) is not None or verb[0].startswith("after ")

    def aside(self, match: re.Match[str]) -> bool:
        """Whether `match` stands in a clause that only follows ("launches B580, but the rumoured B770 is missing")."""
        clause = _ASIDE.search(self.text[: match.start()])
        return clause is not None and (clause[0].startswith("amid") or self.only_beside(clause))

    def _with_object(self, verb: re.Match[str]) -> str:
        after = self.text[verb.end() :]
        return verb[0] + _OBJECT_ENDS.split(after.removeprefix(" that").removeprefix(" on"), maxsplit=1)[0]

    def _names_a_card(self, part: str) -> bool:
        return bool(gpus_in(part, self.rules.known_gpus) or self.rules.words["hardware"].search(part))


def _event(text: str, gpus: tuple[str, ...], rules: HeadlineRules) -> tuple[str, str]:
    """The event and the words that decided it."""
    said = _Said(text, gpus, rules)
    if why := _no_news(said):
        return why
    for event in ("rumour", "discontinued"):
        if (match := said[event]) and not said.aside(match) and not _taken_back(said, event, match):
            return event, match[0]
    if said.hardware and (match := said["benchmark"]):
        return ("other", f"integrated: {match[0]}") if said.word("integrated") else ("benchmark", match[0])
    if len(gpus) > 1 and (match := _VERSUS.search(text)):
        return "benchmark", match[0]
    moves = [
        (match.start(), order, event, match[0])
        for order, event in enumerate(_MARKET_MOVES)
        if (match := said[event]) and not said.only_beside(match) and not _is_not_so(said, event, match)
    ]
    if moves and (said["tariff_or_ban"] or said.hardware or "nvidia" in text):
        _, _, event, words = min(moves)
        if event != "tariff_or_ban" or not _made_to_comply(said):
            return event, words
    coming = _coming(said) if gpus or (said.hardware and said.word("makers")) else _NOTHING
    if coming == _NOTHING and gpus and (match := rules.weak["benchmark"].search(text)):
        return "benchmark", match[0]
    if coming == _NOTHING and gpus and not said.word("speaks") and (match := rules.weak["rumour"].search(text)):
        return "rumour", match[0]
    return coming


def _no_news(said: _Said) -> tuple[str, str] | None:
    """The verdict where software, a game, a laptop or the like is the subject; `None` where the hardware may be."""
    for kind in ("services", "deployments"):
        match = said.rules.no_news[kind].search(said.text)
        if match and not said.stands_behind(kind, match):
            return "other", f"{kind}: {match[0]}"
    machine = said.rules.words["machines"].search(said.text)
    if machine and not said.word("machine_gpus") and not said.for_machines(machine):
        rumour = said["rumour"] if said.word("chips") else None
        return ("rumour", rumour[0]) if rumour else ("other", f"machine: {machine[0]}")
    for kind, pattern in said.rules.no_news.items():
        match = pattern.search(said.text)
        if not match or any(said[event] for event in _STILL_NEWS[kind]) or _rumour_first(said, match):
            continue
        if kind == "money" and said.moves_shares():
            continue
        if not said.stands_behind(kind, match) and not (kind in _MAY_STAND_BESIDE and said.part_of_it(match)):
            return "other", f"{kind}: {match[0]}"
    return None


def _is_not_so(said: _Said, event: str, match: re.Match[str]) -> bool:
    """Whether a move of the market is denied ("without a price hike") or only a comparison with what a card costs that
    has just come ("launches at MSRP")."""
    if event not in {"tariff_or_ban", "supply_relief"} and _is_denied(said, event, match):
        return True
    spoken = said["launch"] or said["announcement"]
    if event != "price_cut" or spoken is None or spoken.start() > match.start():
        return False
    return _COMPARED_PRICE.search(match[0]) is not None and said.card_beside(spoken)


def _is_denied(said: _Said, event: str, match: re.Match[str]) -> bool:
    """Whether a denial stands before the words ("no RTX 5090 price cut"), right behind, or, of prices, within them."""
    before = _CARD_BETWEEN.sub("", said.text[: match.start()].rstrip())
    if said.rules.words["denied"].search(before):
        return True
    if event in {"price_cut", "price_rise"} and said.rules.words["denied_within"].search(match[0]):
        return True
    return said.rules.words["denied_behind"].search(said.text[match.end() :]) is not None


def _made_to_comply(said: _Said) -> bool:
    """Whether a card has come that keeps to export rules: the rules are then not the news."""
    spoken = said["launch"] or said["announcement"]
    return spoken is not None and said.word("complies") and said.card_beside(spoken)


def _rumour_first(said: _Said, match: re.Match[str]) -> bool:
    """Whether a rumour about a card stands before the words of no news: it is then what the headline is about."""
    rumour = said["rumour"] if said.gpus else None
    return rumour is not None and rumour.start() < match.start()


def _taken_back(said: _Said, event: str, match: re.Match[str]) -> bool:
    """Whether the end of a card is denied, or a rumour is only added to news of the market."""
    return _is_denied(said, event, match) if event == "discontinued" else _told_below(said, match)


def _told_below(said: _Said, match: re.Match[str]) -> bool:
    """Whether a title has told of the market before a dash behind which a rumour is added."""
    head = said.text[: match.start()].rpartition(" — ")[0]
    return any(said.rules.events[event].search(head) for event in (*_MARKET_MOVES, "discontinued"))


def _coming(said: _Said) -> tuple[str, str]:
    """Launch or announcement of the hardware that the headline is about; a question about one, or what was let out
    before its maker spoke, is a rumour."""
    spoken = said.spoken
    talk = said.rules.words["aftermath"].search(said.text)
    if spoken and talk and not COMES_BACK.search(spoken[0]) and not said.aside(talk):
        return "other", f"{spoken[0]}, but {talk[0]}"
    if spoken and (match := said.rules.words["let_out"].search(_sentence_of(spoken))):
        return "rumour", match[0]
    if spoken and not said.card_beside(spoken):
        return "other", f"{spoken[0]} something else"
    if match := _some_time_unsaid(said, spoken):
        return "rumour", match[0]
    if spoken and _ASKED.search(_clause_of(spoken).split(", ")[0]):
        return "rumour", f"{spoken[0]}?"
    if match := said["launch"]:
        still_to_come = said.rules.words["future"].search(said.text)
        return ("announcement", still_to_come[0]) if still_to_come else ("launch", match[0])
    if match := said["announcement"]:
        return "announcement", match[0]
    if weak := said.rules.weak["announcement"].search(said.text):
        return ("rumour" if "?" in _clause_of(weak) else "announcement"), weak[0]
    return _NOTHING


def _some_time_unsaid(said: _Said, spoken: re.Match[str] | None) -> re.Match[str] | None:
    """Words of a coming some time this year or next of which nobody who knows is said to speak."""
    to_come = said.rules.words["to_come"].search(said.text)
    if to_come is None or said.word("speaks") or not said.word("some_time"):
        return None
    alone = spoken is None or (spoken.start() < to_come.end() and to_come.start() < spoken.end())
    return to_come if alone else None


def _sentence_of(found: re.Match[str]) -> str:
    """The sentence that the words stand in: what follows in the next one ("it may be the dearest yet") is talk."""
    before, after = found.string[: found.start()], found.string[found.end() :]
    return _SENTENCE_END.split(before)[-1] + found[0] + _SENTENCE_END.split(after)[0]


def _clause_of(found: re.Match[str]) -> str:
    """The part of the sentence before or behind a colon or a dash: "Nvidia teases a card: more speed?" does not ask
    whether there is one."""
    sentence = _sentence_of(found)
    return next((part for part in re.split(r": | [—–-] ", sentence) if found[0] in part), sentence)


def _is_a_later_day(when: str, published: date | None) -> bool:
    """Whether something comes on a day that is still ahead."""
    return published is not None and len(when) == len("2026-01-01") and when > published.isoformat()
