"""Articles that come weeks later: "[Dec 2026 Delivery]", "Erscheint am 12.03.2027", "発売日 2027年3月"."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

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
    re.compile(r"(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>20\d\d)(?!\d)"),
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


def is_coming(lines: Iterable[str], today: date) -> bool:
    """Whether a short lower-case line says that the article is delivered or released weeks after `today`."""
    return any(
        _later(match, today) and (_BEFORE.search(line, 0, match.start()) or _AFTER.match(line, match.end()))
        for line in lines
        if "20" in line and len(line) <= MAX_LINE
        for pattern in _DATES
        for match in pattern.finditer(line)
    )


def _later(match: re.Match[str], today: date) -> bool:
    """Whether a date lies weeks ahead; a month is counted by its end, as it promises no more."""
    groups = match.groupdict()
    month = _NUMBER.get(groups["month"]) or int(groups["month"] if groups["month"].isdigit() else 0)
    try:
        if groups.get("day"):
            when = date(int(groups["year"]), month, int(groups["day"]))
        else:
            when = date(int(groups["year"]) + month // 12, month % 12 + 1, 1) if 1 <= month <= 12 else today
    except ValueError:
        return False
    return when - today >= LATER
