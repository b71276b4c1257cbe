"""When something is expected, as far as a headline says: a day, a month, a quarter, a half or a year."""

import re
from datetime import date

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "pl": "stycz(?:eń|nia|niu) lut(?:y|ego|ym) mar(?:zec|ca|cu) kwie(?:cień|tnia|tniu) maj[au]? czerw(?:iec|ca|cu) "
    "lip(?:iec|ca|cu) sierp(?:ień|nia|niu) wrze(?:sień|śnia|śniu) październik[au]? listopad(?:a|zie)? "
    "grud(?:zień|nia|niu)",
    "ru": "январ[ьея] феврал[ьея] март[ае]? апрел[ьея] ма[йея] июн[ьея] июл[ьея] август[ае]? сентябр[ьея] октябр[ьея] "
    "ноябр[ьея] декабр[ьея]",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "cs": "led(?:en|na|nu) únor[au]? březn?(?:en|a|u) dub(?:en|na|nu) květ(?:en|na|nu) červ(?:en|na|nu) "
    "červen(?:ec|ce|ci) srp(?:en|na|nu) září říj(?:en|na|nu) listopadu? prosin(?:ec|ce|ci)",
    "uk": "січ(?:ень|ня|ні) лют(?:ий|ого|ому) берез(?:ень|ня|ні) квіт(?:ень|ня|ні) трав(?:ень|ня|ні) черв(?:ень|ня|ні) "
    "лип(?:ень|ня|ні) серп(?:ень|ня|ні) верес(?:ень|ня|ні) жовт(?:ень|ня|ні) листопад[аіу] груд(?:ень|ня|ні)",
    "hu": "január(?:ban)? február(?:ban)? március(?:ban)? április(?:ban)? május(?:ban)? június(?:ban)? július(?:ban)? "
    "augusztus(?:ban)? szeptember(?:ben)? október(?:ben)? november(?:ben)? december(?:ben)?",
    "sk": "január[ai]? február[ai]? mar(?:ec|ca|ci) apríl[ai]? máj[ai]? jún[ai]? júl[ai]? august[ae]? "
    "septemb(?:er|ra|ri) októb(?:er|ra|ri) novemb(?:er|ra|ri) decemb(?:er|ra|ri)",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "short": "jan feb mar apr may jun jul aug sept? oct nov dec",
}
_BY_PATTERN = [(pattern, number) for names in _MONTHS.values() for number, pattern in enumerate(names.split(), start=1)]
_MONTH = "|".join(pattern for pattern, _ in _BY_PATTERN)
_CUE = (
    r"(?:\b(?:in|on|by|until|before|from|for|arriv\w+|launch\w*|releas\w+|coming|debut\w*|ships?|shipping|early|mid|late|"
    r"am|im|ab|bis|ende|anfang|mitte|en|le|dès|début|fin|el|para|em|w|we|na|od|już w|pod koniec|в|с|к|до|у|з|"
    r"раньше|ранее|раніше|frühestens|nicht vor|avant|antes de|przed|prima del|"
    r"naar|begin|eind|medio|för|den|nel|entro|dal|für|auf|entre|até|hasta|a|v|ve|už v)[ -]+"
    r"(?:early |mid[ -]?|late |the |in )?)"
)
_DAY_EN = re.compile(
    rf"(?:{_CUE}|revealed )(?P<month>{_MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year>20\d\d))?", re.I
)
_DAY_EU = re.compile(
    rf"{_CUE}?(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th|er)? (?:de |of )?(?P<month>{_MONTH})\b(?: (?:de )?(?P<year>20\d\d))?",
    re.I,
)
_MONTH_ONLY = re.compile(rf"{_CUE}(?P<month>{_MONTH})\b(?: (?:of |de )?(?P<year>20\d\d))?(?! ?\d)", re.I)
_MONTH_OF_LAUNCH = re.compile(  # "October launch", "January 27 release"
    rf"\b(?P<month>{_MONTH})\.? (?:(?P<day>\d{{1,2}}) )?(?P<year>20\d\d )?"
    r"(?:launch|release|debut|event|unveiling|reveal)\b",
    re.I,
)
_CJK = re.compile(
    r"(?:(?P<year>20\d\d)[年년] ?)?(?P<month>1[0-2]|0?[1-9]) ?[月월](?:份)?(?: ?(?P<day>\d{1,2}) ?[日일])?"
)
_QUARTER = re.compile(r"\bq(?P<q>[1-4])[ /-]?(?:of )?(?P<year>20\d\d)\b|\b(?P<year2>20\d\d)[ -]?q(?P<q2>[1-4])\b", re.I)
_QUARTER_WORD = re.compile(
    r"\b(?P<q>[1-4])\. quartal (?P<year>20\d\d)\b|(?P<year2>20\d\d)年第?(?P<q2>[1-4一二三四])季", re.I
)
_HALF = re.compile(
    r"\b(?:h(?P<h>[12])|(?P<word>first|second|early|late)(?: half of| in)?)[ /-]?(?P<year>20\d\d)\b", re.I
)
_YEAR = re.compile(rf"{_CUE}(?P<year>20[2-4]\d)\b(?![ -]?(?:series|gpu))", re.I)
_MONEY_BEFORE = re.compile(r"[$€£][\d.,]+ ?\w* $")  # "$1 trillion by 2027" is a hope of sales
_SHOW = re.compile(r"\bfor (?P<show>ces|gtc|computex|gamescom) (?P<year>20\d\d)\b", re.I)
_SHOW_MONTHS = {"ces": 1, "gtc": 3, "computex": 6, "gamescom": 8}
_CJK_DIGITS = {"一": "1", "二": "2", "三": "3", "四": "4"}


def expected_date(text: str, published: date | None) -> str:
    """ "2026-06-18", "2026-06", "2026-Q1", "2026-H2", "2026" or "". `text` is in lower case.

    A day or month without its year is the one nearest to `published`; without `published` the year stays open, and
    so does the answer.
    """
    for pattern in (_QUARTER, _QUARTER_WORD):
        if found := pattern.search(text):
            quarter = found["q"] or found["q2"]
            return f"{found['year'] or found['year2']}-Q{_CJK_DIGITS.get(quarter, quarter)}"
    for pattern in (_DAY_EN, _DAY_EU, _MONTH_OF_LAUNCH, _MONTH_ONLY, _CJK):
        for found in pattern.finditer(text):
            if answer := _resolved(found, published):
                return answer
    if found := _SHOW.search(text):
        when = f"{found['year']}-{_SHOW_MONTHS[found['show'].lower()]:02d}"
        return when if published is None or months_until(when, published) >= 0 else ""
    if found := _HALF.search(text):
        half = found["h"] or ("1" if found["word"].lower() in {"first", "early"} else "2")
        return f"{found['year']}-H{half}"
    found = _YEAR.search(text)
    if found is None or _MONEY_BEFORE.search(text[: found.start()]):
        return ""
    return found["year"] if published is None or int(found["year"]) >= published.year else ""


def months_until(when: str, published: date) -> int:
    """Months from `published` to the beginning of what `expected_date` gave; for a year or a part of it that has
    begun, 0."""
    year, _, part = when.partition("-")
    if part[:1] in {"Q", "H"} or not part:
        length = {"Q": 3, "H": 6}.get(part[:1], 12)
        first = (int(part[1:]) - 1) * length + 1 if part else 1
        months = (int(year) - published.year) * 12 + first - published.month
        return 0 if -length < months < 0 else months
    return (int(year) - published.year) * 12 + int(part[:2]) - published.month


def _resolved(found: re.Match[str], published: date | None) -> str:
    groups = found.groupdict()
    month = _month_number(groups["month"])
    day = int(groups["day"]) if groups.get("day") else None
    year = int(groups["year"]) if groups.get("year") else _nearest_year(month, published)
    if year is None or (day is not None and not _is_day(year, month, day)):
        return ""
    return f"{year}-{month:02d}" + (f"-{day:02d}" if day else "")


def _month_number(text: str) -> int:
    if text.isdigit():
        return int(text)
    return next(number for pattern, number in _BY_PATTERN if re.fullmatch(pattern, text, re.I))


def _nearest_year(month: int, published: date | None) -> int | None:
    """The year in which that month is nearest, the later one where both are six months away."""
    if published is None:
        return None
    years = (published.year + 1, published.year, published.year - 1)
    return min(years, key=lambda year: abs((year - published.year) * 12 + month - published.month))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
