"""Articles that come weeks later: "[Dec 2026 Delivery]", "Erscheint am 12.03.2027", "発売日 2027年3月"."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from monitor.reading.action_words import ACTIONS, BUY

MAX_LINE = 90
LATER = timedelta(weeks=3)
# January to December by how their names begin in the languages of the sources.
_MONTHS = (
    "jan|gen|ene|styc|leden|ledna|янв|січ", "feb|fev|fév|febr|lut|únor|февр|фев|лют", "mar|mär|maa|márc|břez|март|бер",
    "apr|avr|abr|kwi|dub|ápr|апр|квіт", "may|mai|mag|maj|mei|máj|květ|мая|май|трав",
    "jun|juin|giu|czerw|červen|červn|jún|июн|черв",
    "jul|juil|lug|lip|červenec|července|júl|июл|лип", "aug|août|aout|ago|sier|srp|авг|серп",
    "sep|set|wrz|zář|szept|сен|вер",
    "oct|okt|out|ott|paź|říj|окт|жовт", "nov|lis|ноя|лист", "dec|dez|déc|dic|des|gru|prosin|дек|груд",
)  # fmt: skip
_NUMBER = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split("|")}
_MONTH = rf"(?P<month>{'|'.join(sorted(_NUMBER, key=len, reverse=True))})[^\W\d]{{0,8}}\.?"
_DATES = (
    re.compile(rf"(?:(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)? (?:de )?)?{_MONTH} (?:de )?(?P<year>20\d\d)(?!\d)"),
    re.compile(rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>20\d\d)(?!\d)"),
    re.compile(r"(?P<year>20\d\d)\s?[-/.年년]\s?(?P<month>\d{1,2})(?:\s?[-/.월月]\s?(?:(?P<day>\d{1,2})(?!\d))?)?"),
    re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>20\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<one>\d{1,2})[/-](?P<other>\d{1,2})[/-](?P<year>20\d\d)(?!\d)"),
    re.compile(r"(?<![\d./-])(?P<month>\d{1,2})[./](?P<year>20\d\d)(?!\d)"),
)
# What a date is the day of. It stands right before the date, or right behind it: "Dec 2026 delivery".
_COMES = (
    r"(?:delivery|delivers|ships?|shipping|releas(?:es|e date|e)|available|expected|arriv(?:es|ing)|erscheint"
    r"|erscheinungs\w+"
    r"|lieferung|lieferbar|verfügbar|vorauss\w+|sortie|parution|disponible|livraison|expédition|lanzamiento|entrega|envío"
    r"|lançamento|disponível|uscita|disponibile|consegna|verschijn\w+|levering|leverbaar|premiera|dostępn\w+|wysyłka"
    r"|dostawa"
    r"|megjelenés\w*|выход\w*|выйдет|поступление|доставка|вихід|доставлення|vydání|vyjde|dostupné|doručení|släpps|lanseras"
    r"|leverans|udkommer|lanseres|julkaisu\w*)"
)
_BEFORE = re.compile(
    rf"(?<!\w){_COMES}\W{{1,3}}(?:(?:date|from|on|in|by|ab|am|im|voraussichtlich|le|à partir du|el|desde|em|il|dal|op"
    r"|vanaf|od|dne|den|с|з)\W{1,2}){0,2}$|(?:発売日?|発売予定日?|お届け(?:予定日?)?|出荷予定日?|출시일|출시예정일?|배송예정일?"
    r"|发售日|發售日"
    r"|发货时间|出貨日|預計出貨)\W{0,3}$"
)
_AFTER = re.compile(
    r"\W{0,2}(?:delivery|release|shipping|shipment|発売|お届け|発送|出荷|출시|배송|发售|發售|发货|出貨)"
)


# "Delivery by 24 Dec": the last day of a way to send it, where it can be bought.
_DEADLINE = re.compile(r"\b(?:by|before)\W{1,3}$")
_ENGLISH = re.compile(r"(?:deliver|ship|releas|available|expected|arriv)")
_EITHER_WAY = frozenset(("CA", "PH"))  # write 12/03 for the third of December and for the twelfth of March


def is_coming(lines: Iterable[str], today: date, country: str | None = None) -> bool:
    """Whether a short lower-case line says that the article is delivered or released weeks after `today`. `country`
    tells which number of "12/03/2027" is the day; where nothing does, both must lie weeks ahead."""
    known = list(lines)
    dated = [line for line in known if "20" in line and len(line) <= MAX_LINE]
    if not dated:
        return False
    can_buy = any(action == BUY for line in known if len(line) <= MAX_LINE for action, _, _ in ACTIONS.all_in(line))
    return any(
        _says_when(line, match, can_buy) and _later(match, today, _day_first(line, country))
        for line in dated
        for pattern in _DATES
        for match in pattern.finditer(line)
    )


def _says_when(line: str, match: re.Match[str], can_buy: bool) -> bool:
    """Whether a date is that of the article's arrival."""
    groups = match.groupdict()
    if can_buy and (groups.get("day") or groups.get("one")) and _DEADLINE.search(line, 0, match.start()):
        return False
    return bool(_BEFORE.search(line, 0, match.start()) or _AFTER.match(line, match.end()))


def _day_first(line: str, country: str | None) -> bool | None:
    """Whether the day stands before the month in a date of two numbers and a year; `None` if that cannot be told."""
    if country == "US":
        return False
    if country in _EITHER_WAY or (country is None and _ENGLISH.search(line)):
        return None
    return True


def _later(match: re.Match[str], today: date, day_first: bool | None) -> bool:
    """Whether a date lies weeks ahead, however it can be read; a month is counted by its end: it promises no more."""
    days = _days_of(match.groupdict(), day_first)
    return bool(days) and all(day - today >= LATER for day in days)


def _days_of(groups: Mapping[str, str | None], day_first: bool | None) -> list[date]:
    """The days that a date may mean."""
    year = int(groups["year"] or 0)
    if one := groups.get("one"):
        numbers = (int(one), int(groups["other"] or 0))
        orders = {True: [numbers], False: [numbers[::-1]], None: [numbers, numbers[::-1]]}[day_first]
        return [when for day, month in orders if (when := _date(year, month, day)) is not None]
    name = groups["month"] or ""
    month = _NUMBER.get(name) or int(name if name.isdigit() else 0)
    if day := groups.get("day"):
        when = _date(year, month, int(day))
    else:
        when = _date(year + month // 12, month % 12 + 1, 1) if 1 <= month <= 12 else None
    return [when] if when is not None else []


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
