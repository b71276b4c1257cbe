"""GPU names in a headline: catalogue names where there is one, future and other models as they are written."""

import re
from collections.abc import Collection, Iterable, Iterator

_WORKSTATION = re.compile(
    r"\b(?:(?P<pro>rtx pro \d{4})|(?P<a>rtx a\d{3,4})|(?P<ada>rtx \d{4}) ada\b"
    r"|(?P<quadro>quadro (?:rtx )?\w?\d{3,4}))\b",
    re.I | re.A,
)
_GEFORCE = re.compile(
    r"\b(?P<brand>rtx|gtx)(?:[ -]?y)?[ -]?(?P<number>\d{2,4})(?!\d)(?:[ -]?(?P<suffix>ti super|ti|super|d)\b)?"
    r"(?:[ -](?P<laptop>laptop|mobile|notebook))?",
    re.I | re.A,
)
_RADEON = re.compile(
    r"\b(?P<radeon>radeony? )?(?P<rx>rx[ -]?)?(?P<number>\d{4})(?!\d)[ -]?(?P<suffix>xtx|xt|gre|m)?\b",
    re.I | re.A,
)
_BARE = re.compile(r"(?<![$€£.,\d])\b(?P<number>\d{4})[ -]?(?P<suffix>ti super|ti|super|xtx|xt|gre)?\b", re.I | re.A)
_OTHERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:\barc |아크 ?|锐炫 ?)(?P<pro>pro )?(?P<name>[abc]\d{2,3}m?)\b", re.I | re.A), "Arc {pro}{name}"),
    (re.compile(r"\brx ?(?P<name>(?:4[678]|5[5-9])0x?)\b", re.I | re.A), "RX {name}"),
    (re.compile(r"\brx vega ?(?P<name>56|64)\b", re.I | re.A), "RX Vega {name}"),
    (re.compile(r"\br9 (?P<name>\d{3}x?|nano|fury x?)\b", re.I | re.A), "R9 {name}"),
    (re.compile(r"\bradeon ai pro (?P<name>r\d{4}s?)\b", re.I | re.A), "Radeon AI PRO {name}"),
    (re.compile(r"\bmi ?(?P<name>\d{3}[xac]?)\b", re.I | re.A), "MI{name}"),
    (
        re.compile(
            r"\b(?P<name>gb[23]00|gh200|b[123]00|h[128]00|h20|l20|a[18]00|a[34]0|l40s|l40|l4|v100|p100)\b", re.I | re.A
        ),
        "{name}",
    ),
    (re.compile(r"\bradeon (?P<name>\d{3}m|vii|pro [a-z]?\d{2,4}\w*)\b", re.I | re.A), "Radeon {name}"),
    (re.compile(r"\bcmp (?P<name>\d{2,3}hx)\b", re.I | re.A), "CMP {name}"),
    (re.compile(r"\blx (?P<name>7g\d{3})\b", re.I | re.A), "Lisuan LX {name}"),
    (re.compile(r"\bmtt (?P<name>s\d{2,4})\b", re.I | re.A), "MTT {name}"),
    (re.compile(r"\bgtx titan(?P<name> black| x| z)?\b", re.I | re.A), "GTX Titan{name}"),
    (re.compile(r"\btitan (?P<name>rtx|xp|x|v|black)\b", re.I | re.A), "Titan {name}"),
    (re.compile(r"(?<![a-z])hd ?(?P<name>[4-8][3-9][1-9]0)(?!\d)", re.I | re.A), "HD {name}"),
)
_SHARED_SUFFIX = re.compile(r" ?/ ?\d{4} (?P<suffix>super) (?:cards|gpus|series)\b", re.I)
_SERIES = re.compile(r"\bnvidia (?P<number>\d0(?:00)?)[- ]series\b", re.I)
_ARC_AND = re.compile(r"\barc (?P<pro>pro )?[abc]\d{2,3}(?:,| and| &| und| et| y| e| i) (?P<more>[abc]\d{2,3})\b", re.I)
_GENERATIONS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bvera rubin space module\b", re.I), "Vera Rubin Space Module"),
    (re.compile(r"\bvera rubin\b(?! observ)", re.I), "Vera Rubin"),
    (re.compile(r"(?<!vera )\brubin (?P<name>ultra|cpx)\b", re.I), "Rubin {name}"),
    (re.compile(r"(?<!vera )\brubin\b(?! ultra| cpx| observ)", re.I), "Rubin"),
    (re.compile(r"\bfeynman\b", re.I), "Feynman"),
    (re.compile(r"\bblackwell\b", re.I), "Blackwell"),
    (re.compile(r"\brdna ?(?P<name>\d)\b", re.I), "RDNA {name}"),
    (re.compile(r"\budna\b", re.I), "UDNA"),
    (re.compile(r"\bbattlemage\b", re.I), "Battlemage"),
    (re.compile(r"\bcelestial\b", re.I), "Celestial"),
    (re.compile(r"\barc (?P<name>[a-z])[- ]series\b", re.I), "Arc {name} series"),
    (re.compile(r"\bintel arc pro\b", re.I), "Intel Arc Pro"),
    (re.compile(r"\bintel arc\b(?! pro)|\barc gpus?\b", re.I), "Intel Arc"),
    (re.compile(r"\bmoore threads\b", re.I), "Moore Threads"),
    (
        re.compile(
            r"(?<!grace )\b(?P<name>ampere|hopper|turing|pascal|lovelace)\b"
            r"(?= (?:gpus?|chips?|cards?|graphics|generation|series|architecture))",
            re.I,
        ),
        "{title}",
    ),
)
_COMPARED = re.compile(
    r"\b(?:than|compute of|performance of|power of|equals?|rivals?|level of|poziomie|like an?|over|beat|"
    r"challenges?|als die|on par with|lags? behind|resembles|close to|matching|gấp đôi|mạnh hơn|"
    r"prior to|ahead of|replac(?:es?|ing)|successor to)"
    r"(?: the| an?| existing| current| old(?:er)?| its| nvidia(?:'s|s)?| amd(?:'s|s)?| geforce| instinct| radeon)*\s*$",
    re.I,
)
_COMPARED_AFTER = re.compile(
    r"(?:'s)?[ -](?:level|class|like|successors?|competitors?|rivals?|killers?|beaters?|challengers?"
    r"|performance (?:at|for))\b",
    re.I,
)
_LAPTOP = r"(?:laptops?|mobile|notebooks?)"
_NUMBER = r"(?:\b(?:rtx|gtx) ?)?\b\d{4}(?: ti| super)*"
_SHARED_LAPTOP = re.compile(  # "RTX 4090 and RTX 4080 laptop GPUs"
    rf"{_NUMBER}(?:(?:,|/| ?&| and|, and| or) ?(?:nvidia |geforce )*{_NUMBER}){{1,5}} {_LAPTOP}\b", re.I
)
_FITS_A_LAPTOP = re.compile(r"[GR]TX \d\d[1-9]0(?: Ti)?")
_ALL_FOR_LAPTOPS = re.compile(
    rf"\b(?:for|to|into|in) (?:\w+[ -]){{0,3}}(?:laptops|notebooks)\b"
    rf"|\b{_LAPTOP} (?:d?gpus|graphics cards|gpu series)\b|移动显卡",
    re.I,
)
_SUFFIXES = {
    "ti": "Ti",
    "super": "Super",
    "ti super": "Ti Super",
    "d": "D",
    "xt": "XT",
    "xtx": "XTX",
    "gre": "GRE",
    "m": "M",
}
_GEFORCE_NUMBER = re.compile(r"[2-9]0[5-9]0|16[56]0|10[5-8]0")
_RADEON_NUMBER = re.compile(r"[4-9]\d\d0")
_WORDS = frozenset({"ultra", "black", "nano", "fury", "fury x"})  # parts of names that are no letters
_MEMORY_SIZES_GB = (3, 8, 12, 16, 32, 40, 80)


def gpus_in(title: str, known: Collection[str]) -> tuple[str, ...]:
    """Names in the order of the text, each once; a card that is only compared with is left out.

    Architectures ("Blackwell") count only where no model is named.
    """
    laptops = [match.span() for match in _SHARED_LAPTOP.finditer(title)]
    if _ALL_FOR_LAPTOPS.search(title) and "desktop" not in title.lower():
        laptops = [(0, len(title))]
    found = [
        ((start, end), f"{name} Laptop" if _FITS_A_LAPTOP.fullmatch(name) and _within(start, laptops) else name)
        for (start, end), name in _models(title)
        if not _COMPARED.search(title[:start]) and not _COMPARED_AFTER.match(title, end)
    ]
    if not found:
        found = list(_generations(title))
    names = dict.fromkeys(name for _, name in sorted(found))
    return tuple(_with_memory(name, title, known) for name in names)


def _models(title: str) -> Iterator[tuple[tuple[int, int], str]]:
    taken: list[tuple[int, int]] = []
    brands: set[str] = set()
    for match in _WORKSTATION.finditer(title):
        taken.append(match.span())
        yield match.span(), _workstation(match)
    for match in _GEFORCE.finditer(title):
        if _free(match, taken) and (name := _geforce(match)):
            taken.append(match.span())
            brands.add("RTX")
            yield match.span(), name
    for match in _RADEON.finditer(title):
        if (match["radeon"] or match["rx"]) and _free(match, taken):
            taken.append(match.span())
            brands.add("RX")
            yield match.span(), _radeon(match)
    for pattern, form in _OTHERS:
        for match in pattern.finditer(title):
            if _free(match, taken):
                taken.append(match.span())
                yield match.span(), _filled(form, match)
    for match in _SERIES.finditer(title):
        taken.append(match.span())
        yield match.span(), f"RTX {match['number']} series"
    for match in _ARC_AND.finditer(title):
        yield match.span("more"), f"Arc {'Pro ' if match['pro'] else ''}{match['more'].upper()}"
    if "geforce" in title.lower():
        brands.add("RTX")
    yield from _bare(title, taken, brands)


def _generations(title: str) -> Iterator[tuple[tuple[int, int], str]]:
    taken: list[tuple[int, int]] = []
    for pattern, form in _GENERATIONS:
        for match in pattern.finditer(title):
            if _free(match, taken):
                taken.append(match.span())
                yield match.span(), _filled(form, match)


def _bare(title: str, taken: list[tuple[int, int]], brands: Collection[str]) -> Iterator[tuple[tuple[int, int], str]]:
    """Numbers without their brand: "RTX 4070 and 4060", "GeForce 5070 Ti", "6950XT"."""
    for match in _BARE.finditer(title):
        if not _free(match, taken):
            continue
        suffix = (match["suffix"] or "").lower()
        if suffix in {"xt", "xtx", "gre"} and _RADEON_NUMBER.fullmatch(match["number"]):
            yield match.span(), f"RX {match['number']} {suffix.upper()}"
        elif _GEFORCE_NUMBER.fullmatch(match["number"]) and (suffix or "RTX" in brands):
            yield match.span(), f"{_brand(match['number'])} {match['number']} {_SUFFIXES.get(suffix, '')}".strip()
        elif "RX" in brands and not suffix and _RADEON_NUMBER.fullmatch(match["number"]):
            yield match.span(), f"RX {match['number']}"


def _brand(number: str) -> str:
    return "GTX" if number.startswith("1") else "RTX"


def _within(start: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(first <= start < last for first, last in spans)


def _free(match: re.Match[str], taken: list[tuple[int, int]]) -> bool:
    return all(match.end() <= start or match.start() >= end for start, end in taken)


def _workstation(match: re.Match[str]) -> str:
    if match["ada"]:
        return f"{match['ada'].upper()} Ada"
    if match["quadro"]:
        return "Quadro " + match["quadro"][7:].upper()
    return (match["pro"] or match["a"]).upper()


def _geforce(match: re.Match[str]) -> str | None:
    brand, number = match["brand"].upper(), match["number"]
    later = _SHARED_SUFFIX.match(match.string, match.end())  # "RTX 4070 / 4080 Super cards"
    suffix = _SUFFIXES.get((match["suffix"] or (later["suffix"] if later else "")).lower(), "")
    if len(number) == 3 and brand == "RTX":
        return None
    if len(number) == 2 or number.endswith("000"):
        if len(number) == 2 and brand == "RTX" and number[1] != "0":
            return None
        return f"{brand} {number}{' Super' if suffix == 'Super' else ''} series"
    laptop = " Laptop" if match["laptop"] else ""
    return f"{brand} {number} {suffix}".strip() + laptop


def _radeon(match: re.Match[str]) -> str:
    number, suffix = match["number"], _SUFFIXES.get((match["suffix"] or "").lower(), "")
    if number.endswith("000"):
        mobile = "M" if suffix == "M" else ""
        return f"{'Radeon ' if match['radeon'] else ''}{'RX ' if match['rx'] else ''}{number}{mobile}"
    return f"RX {number}{suffix}" if suffix == "M" else f"RX {number} {suffix}".strip()


def _filled(form: str, match: re.Match[str]) -> str:
    groups = match.groupdict()
    name = groups.get("name") or ""
    upper = name.title() if name.strip().lower() in _WORDS else name.upper()
    return form.format(name=upper.replace("PRO ", "Pro "), title=name.title(), pro="Pro " if groups.get("pro") else "")


def _with_memory(name: str, title: str, known: Collection[str]) -> str:
    """The catalogue's name where a memory size beside the model decides between two cards."""
    for size in _MEMORY_SIZES_GB:
        full = f"{name} {size}GB"
        beside = rf"\b{size} ?gb\b.{{0,3}}\b{re.escape(name)}\b|\b{re.escape(name)}\b.{{0,12}}\b{size} ?gb\b"
        if full in known and re.search(beside, title, re.I):
            return full
    return name
