"""When something is expected, where a headline counts from its own day: "next month", "in Q3", "im Herbst"."""

import re
from datetime import date, timedelta

# Words by what they count; the languages of the sources in one pattern, as headlines tell their language wrongly.
_TOMORROW = re.compile(r"\b(?:tomorrow|morgen|demain|mañana|amanhã|domani|jutro|завтра)\b|明天|明日|내일")
_NEXT_WEEK = re.compile(
    r"\bnext week\b|\b(?:n[äa]chste|kommende)\w* woche\b|\bsemaine prochaine\b|\bpr[óo]xima semana\b"
    r"|\bsettimana prossima\b|\bprossima settimana\b|\bvolgende week\b|\bw przysz[łl]ym tygodniu\b"
    r"|на следующей неделе|наступного тижня|下周|下週|来週|다음 ?주"
)
_THIS_WEEK = re.compile(
    r"\bthis week\b|\bdiese woche\b|\bcette semaine\b|\besta semana\b|\bquesta settimana\b|\bdeze week\b"
    r"|\bw tym tygodniu\b|на этой неделе|цього тижня|本周|本週|今週|이번 ?주"
)
_NEXT_MONTH = re.compile(
    r"\bnext month\b|\b(?:n[äa]chste|kommende)\w* monat\b|\bmois prochain\b|\bpr[óo]ximo m[êe]s\b"
    r"|\bm[êe]s que v(?:iene|em)\b|\bmese prossimo\b|\bprossimo mese\b|\bvolgende maand\b"
    r"|\bw przysz[łl]ym miesi[ąa]cu\b|в следующем месяце|наступного місяця|下个月|下個月|下月|来月|다음 ?달"
)
_THIS_MONTH = re.compile(
    r"\bthis month\b|\bdiese[nm] monat\b|\bce mois(?:-ci)?\b|\beste m[êe]s\b|\bquesto mese\b|\bdeze maand\b"
    r"|\bw tym miesi[ąa]cu\b|в этом месяце|цього місяця|本月|今月|이번 ?달"
)
_NEXT_YEAR = re.compile(
    r"\bnext year\b|\b(?:n[äa]chste|kommende)\w* jahr\b|\bl.an(?:n[ée]e)? prochaine?\b|\bpr[óo]ximo a[ñn]o\b"
    r"|\ba[ñn]o que v(?:iene|em)\b|\banno prossimo\b|\bprossimo anno\b|\bvolgend jaar\b|\bw przysz[łl]ym roku\b"
    r"|в следующем году|наступного року|明年|来年|내년"
)
_THIS_YEAR = re.compile(
    r"\b(?:later|late|early|sometime) this year\b|\bnoch (?:in )?diese[sm] jahr\b|\bplus tard cette ann[ée]e\b"
    r"|\ba finales de a[ñn]o\b|\bainda este ano\b|\bentro (?:la fine del)?l.anno\b|\bnog dit jaar\b"
    r"|\bjeszcze w tym roku\b|\b(?:to|will|could|may|might) (?:\w+ ){1,3}this year\b"
    r"|до конца года|до кінця року|年内|올해 ?안"
)
_EARLY = re.compile(
    r"\bearly\b|\banfang\b|\bdébut\b|\bprincipios\b|\bin[ií]cio\b|\binizio\b|\bbegin\b|\bpocz[ąa]tk|в начале|年初|초"
)
_LATE = re.compile(
    r"\blate\b|\bend of\b|\bende\b|\bfin\b|\bfinal(?:es\b| d)|\bfine\b|\beind\b|\bkon[ie]c|в конце|до конца|年底|末|말"
)
_QUARTER = re.compile(
    r"\bq([1-4])\b(?! ?\d)(?!.{0,25}\b(?:earnings|results|revenue|fy|fiscal|sales|market)\b)|\b([1-4])\. quartal\b"
    r"|第([一二三四1-4])季度?|([1-4]) ?분기"
)
_NEXT_QUARTER = re.compile(
    r"\bnext quarter\b|\bn[äa]chste\w* quartal\b|в следующем квартале|下季度?|来四半期|다음 ?분기"
)
# The quarter that holds most of a season, where most of the sources are.
_IN_SEASON = r"\b(?:in|this|next|by|for|coming)(?: the)? "
_SEASONS = tuple(
    (re.compile(_IN_SEASON + words), quarter)
    for words, quarter in (
        (
            r"spring\b|\bim (?:frühjahr|frühling)\b|\bau printemps\b|\b[ei]n primavera\b|\bwiosn[ąa]\b|\bdit voorjaar\b"
            r"|\b(?:весной|навесні)\b|春に|봄에",
            2,
        ),
        (
            r"summer\b|\bim sommer\b|\b(?:cet|à l.)été\b|\ben verano\b|\bin estate\b|\blatem\b|\bdeze zomer\b"
            r"|\b(?:летом|влітку)\b|夏に|여름에",
            3,
        ),
        (
            r"(?:fall|autumn)\b|\bim herbst\b|\b(?:cet|à l.)automne\b|\ben otoño\b|\bin autunno\b|\bjesieni[ąa]\b"
            r"|\bdit najaar\b|\b(?:осенью|восени)\b|秋に|가을에",
            4,
        ),
        (
            r"winter\b|\bim winter\b|\bcet hiver\b|\ben invierno\b|\bin inverno\b|\bzim[ąa]\b|\bdeze winter\b"
            r"|\b(?:зимой|взимку)\b|冬に|겨울에",
            1,
        ),
    )
)
_HAN_DIGITS = {"一": "1", "二": "2", "三": "3", "四": "4"}


def relative_date(text: str, published: date) -> str:
    """A day, month, quarter, half or year as `core.headline_dates` writes it, counted from `published`; or "".

    A week is given by the month in which it lies for the most part. `text` is in lower case.
    """
    if published.year == date.max.year:
        return ""  # the days after it cannot be written
    if _TOMORROW.search(text):
        return (published + timedelta(days=1)).isoformat()
    for pattern, weeks in ((_NEXT_WEEK, 1), (_THIS_WEEK, 0)):
        if pattern.search(text):
            return _month_of(published + timedelta(days=3 - published.weekday(), weeks=weeks))
    if _NEXT_MONTH.search(text):
        return _month_of(published.replace(day=1) + timedelta(days=31))
    if _THIS_MONTH.search(text):
        return _month_of(published)
    return _part_of_a_year(text, published)


def _part_of_a_year(text: str, published: date) -> str:
    now = (published.month + 2) // 3
    if found := _QUARTER.search(text):
        digit = next(group for group in found.groups() if group)
        return _quarter_to_come(int(_HAN_DIGITS.get(digit, digit)), published)
    if _NEXT_QUARTER.search(text):
        return _quarter_to_come(now % 4 + 1, published)
    for pattern, quarter in _SEASONS:
        if pattern.search(text):
            return _quarter_to_come(quarter, published)
    for pattern, years in ((_NEXT_YEAR, 1), (_THIS_YEAR, 0)):
        if pattern.search(text):
            half = "-H1" if _EARLY.search(text) else "-H2" if _LATE.search(text) else ""
            return f"{published.year + years}{half}"
    return ""


def _quarter_to_come(quarter: int, published: date) -> str:
    """The quarter of this year, or of the next one where this year's is over."""
    over = quarter < (published.month + 2) // 3
    return f"{published.year + over}-Q{quarter}"


def _month_of(day: date) -> str:
    return f"{day.year}-{day.month:02d}"
