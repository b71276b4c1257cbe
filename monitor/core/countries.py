"""One code for each country, however a file or a person writes it: ISO 3166 alpha-2, in capitals."""

from collections.abc import Mapping

# What people write instead of the code: other codes in use, and names in the languages of the sources.
_OTHERWISE: Mapping[str, str] = {
    name: code
    for code, names in {
        "AT": "austria|österreich|oesterreich|aut",
        "AU": "australia|aus",
        "BE": "belgium|belgië|belgique|belgien",
        "BR": "brazil|brasil|bra",
        "CA": "canada|kanada|can",
        "CH": "switzerland|schweiz|suisse|svizzera|che",
        "CN": "china|prc|chn|中国",
        "CZ": "czechia|czech republic|česko|tschechien|cze",
        "DE": "germany|deutschland|allemagne|niemcy|deu|ger",
        "DK": "denmark|danmark|dänemark",
        "ES": "spain|españa|spanien|espagne|esp",
        "FI": "finland|suomi|finnland",
        "FR": "france|frankreich|fra",
        "GB": "uk|great britain|united kingdom|england|gbr|u.k.",
        "GR": "el|greece|hellas|griechenland|grc",
        "HU": "hungary|magyarország|ungarn|hun",
        "IE": "ireland|irland|irl",
        "IN": "india|indien|ind",
        "IT": "italy|italia|italien|ita",
        "JP": "japan|jpn|日本",
        "KR": "korea|south korea|republic of korea|kor|한국",
        "MX": "mexico|méxico|mexiko|mex",
        "NL": "netherlands|the netherlands|nederland|niederlande|holland|nld",
        "NO": "norway|norge|norwegen",
        "NZ": "new zealand|nzl",
        "PL": "poland|polska|polen|pol",
        "PT": "portugal|prt",
        "RU": "russia|russian federation|россия|rus",
        "SE": "sweden|sverige|schweden|swe",
        "SG": "singapore|sgp",
        "TW": "taiwan|twn|台灣|台湾",
        "UA": "ukraine|україна|ukr",
        "US": "usa|u.s.|u.s.a.|united states|united states of america|america",
        "ZA": "south africa|zaf",
    }.items()
    for name in names.split("|")
}


def country_code(text: str) -> str:
    """The ISO code of what `text` names; anything else (a cloud's region) comes back as it was, without outer spaces.

    >>> country_code("uk"), country_code("EL"), country_code(" Deutschland "), country_code("us-east-1")
    ('GB', 'GR', 'DE', 'us-east-1')
    """
    bare = text.strip()
    if found := _OTHERWISE.get(bare.lower()):
        return found
    return bare.upper() if is_code(bare.upper()) else bare


def is_code(text: str) -> bool:
    """Whether `text` is written as a country's code: two capital letters."""
    return len(text) == 2 and text.isascii() and text.isalpha() and text.isupper()
