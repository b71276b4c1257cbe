"""Letters of titles: what separates words, and the many ways to write the same letter made one."""

import re
import unicodedata

# Signs that are read, and everything between them and the signs that only separate.
CHUNK = re.compile(r"[/+&,|]|[^\s/+&,|;:()\[\]{}!?\"*<>=~^\\@#…·•【】「」『』《》、。┃–—★☆♦◆■●→✅🔥]+")
HANGUL = "\uac00-\ud7a3"
HAN_AND_KANA = "\u3040-\u30ff\u3400-\u9fff々ー"
THAI = "\u0e01-\u0e5b"
OTHERS = rf"[^a-z\dа-яі{HANGUL}{HAN_AND_KANA}{THAI}]+"
# Letters of one script, or digits.
RUNS = re.compile(rf"[a-z]+|\d+(?:\.\d+)?|[а-яі]+|[{HANGUL}]+|[{HAN_AND_KANA}]+|[{THAI}]+|{OTHERS}")
EASTERN = re.compile(f"[{HANGUL}{HAN_AND_KANA}{THAI}]")  # scripts without spaces between words
NUMBER_WITH_O = re.compile(r"\d[\dоo]{2,3}(?:[tт][iіи])?")
DROPPED = dict.fromkeys(map(ord, "™®©\u200b\u200c\u200d\u200e\u200f\ufeff\u00ad'’‘´`ʼ"))
OTHER_SIGNS = {ord(sign): plain for sign, plain in zip("×‐‑−ёйїєґ", "x---еиіег", strict=True)}
LATIN_LIKE = str.maketrans("авекмнорстухіѕј", "abekmhopctyxisj")
CYRILLIC_LIKE = str.maketrans("abekmhopctyxi", "авекмнорстухі")


def _accents() -> dict[int, str]:
    """Latin and Greek letters with accents -> without; Hangul and kana stay whole."""
    table: dict[int, str] = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = "".join(char for char in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(char))
        if base != chr(code) and base.isascii():
            table[code] = base
    for code in range(0x386, 0x3CF):  # Greek, whose capitals are written without accents
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base != chr(code):
            table[code] = base
    more = {"ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ı": "i"}
    more["\u0307"] = ""  # the dot of the Turkish capital, made small
    return table | {ord(letter): plain for letter, plain in more.items()}


FOLDED = _accents() | DROPPED | OTHER_SIGNS


def fold(text: str) -> str:
    """Lower case, full-width letters made plain, accents and apostrophes dropped.

    >>> fold("Ｇｅｆｏｒｃｅ Érdeklődő’s")
    'geforce erdeklodos'
    """
    if text.isascii():
        return text.lower().replace("'", "")
    return unicodedata.normalize("NFKC", text.translate(DROPPED)).lower().translate(FOLDED)


def one_script(text: str) -> str:
    """Look-alike letters of the other script made those of the script that the word is in."""
    if text.isascii():
        return text
    if NUMBER_WITH_O.fullmatch(text):
        return text.translate(LATIN_LIKE).replace("o", "0")
    cyrillic = sum("а" <= char <= "я" or char == "і" for char in text)
    latin = sum("a" <= char <= "z" for char in text)
    if not cyrillic or not latin:
        return text
    if cyrillic >= latin and not any(char.isdecimal() for char in text):
        return text.translate(CYRILLIC_LIKE)
    return text.translate(LATIN_LIKE)
