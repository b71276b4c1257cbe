"""What an amount is, from the words beside it: the asking price, an old price, a rate, shipping, ..."""

import re
from functools import lru_cache

from monitor.core.price_words import AFTER, BEFORE, Role
from monitor.core.words import WordList, lowered

CONTEXT_CHARS = 44


def role_of(text: str, start: int, end: int, previous_end: int, currency: str | None = None) -> Role:
    """The role of the amount at `start:end`, judged by the words of its own line between it and its neighbours."""
    line = text.rfind("\n", 0, start) + 1
    before = lowered(text[max(line, previous_end, start - CONTEXT_CHARS) : start])
    if previous_end > line and _TO.fullmatch(before):
        return Role.RANGE
    stop = text.find("\n", end, end + CONTEXT_CHARS)
    after = lowered(text[end : stop if stop >= 0 else end + CONTEXT_CHARS])
    return role_in(before, after)


@lru_cache(maxsize=4096)
def role_in(before: str, after: str) -> Role:
    """The role that the words before and after an amount (lower case, one line) give it."""
    if _RANGE_AFTER.match(after) or _RANGE_BEFORE.search(before):
        return Role.RANGE
    if _TIMES_BEFORE.search(before) or _TIMES_AFTER.match(after):
        return Role.INSTALMENT
    if (_UNIT_BEFORE.search(before) and _UNIT_AFTER.match(after)) or _MEASURE_AFTER.match(after):
        return Role.EXTRA
    if before.rstrip().endswith(("de:", "de :")):
        return Role.WAS
    if _AFTER_REBATE.match(after):
        return Role.MEMBER
    if _AFTER_SAVING.search(before):
        return Role.ASKING
    if _OF_A_MONTH.search(before):
        return Role.WAS
    if _ON_TOP.fullmatch(before) or _SEVERAL.search(before):
        return Role.EXTRA
    follows = _WORDS_AFTER.leading(after)
    if follows is not None and not _BELONGS_TO_NEXT.match(after, follows[1]):
        of_next = follows[0] is Role.MEMBER and _CODE_OF_NEXT.match(after, follows[1])
        if not of_next:
            return follows[0]
    nearest = None if _TAX_INCLUDED.search(before) else _WORDS_BEFORE.last_in(before)
    if nearest is None or _TURNS.search(before, nearest[1]) or _PRICE_NOUN.match(before, nearest[1]):
        return Role.ASKING
    return nearest[0]


# "Cena s DPH:" names the price to pay, "DPH:" alone the tax in it.
_TAX_INCLUDED = re.compile(r"(?<!\w)(?:s|vč\.?|včetně|vrátane)\s*dph\s?:?\s*$")
# "Save $200 Now $1,299": a word that begins a new thought between the role word and the amount.
_TURNS = re.compile(
    r"(?<!\w)(?:now|jetzt|nur|maintenant|ahora|por|agora|ora|nu|teraz|сейчас|зараз|nyní|most|today|only|sale)(?!\w)"
    r"|税込|現在|现价|판매가"
)
# A noun for price some words after the role word: "20% saved. Price: $899"; right behind it, it belongs to it.
_PRICE_NOUN = re.compile(r".{4,}(?<!\w)(?:price|prijs|preis|prix|precio|prezzo|pris|cena|ár|цена|ціна)(?!\w)")
# "€ 89 (without tax € 74)": the words after an amount name the next one.
_BELONGS_TO_NEXT = re.compile(r"\s*(?:[:：]\s*)?(?:[€$£¥₹₩]|r\$|chf|eur|usd)?\s?\d")
# "€ 89, with code TV20: € 79": a code's name between its word and the amount that it is for.
_CODE_OF_NEXT = re.compile(
    r"\s*\W?[\w-]{2,20}\W{0,2}?\s*(?:[:：=]\s*(?:[€$£¥₹₩]|r\$|chf|eur|usd)?|[€$£¥₹₩]|r\$|chf|eur|usd)\s?\d"
)
# "12 x $83", "10x de R$ 99", "$83 x 12": a rate, whatever the language.
_TIMES_BEFORE = re.compile(r"\d\s?[x×*]\s*(?:de|di|of|por|à|po|za|mal|a)?\s*$")
_TIMES_AFTER = re.compile(r"\s?[x×]\s?\d{1,2}\b")
# "Plus $0.50", "+ 4,99 €": a charge on top, where nothing else stands before it.
_ON_TOP = re.compile(r"\W*(?:plus|zzgl\.?|zuzüglich|más|mais|più|\+)\s*")
# "2 or more £580.00": a price for those who buy several.
_SEVERAL = re.compile(
    r"(?<![\d.,])(?:[2-9]|\d{2,4})\s?(?:or more|oder mehr|ou plus|o m[áa]s|ou mais|o più|of meer|lub więcej|nebo více"
    r"|vagy több|или более|або більше|eller fler|eller flere|tai enemmän|sau mai mult(?:e)?|veya daha fazla)\W*$"
)
# "$569.99 after $20.00 rebate card": what is left when the maker has paid its share.
_AFTER_REBATE = re.compile(
    r"\s*\(?(?:after|nach|après|tras|después de|dopo|na|po|efter)\s(?:an? |the )?(?:[^\n]{0,16}\s)?"
    r"(?:mail-in |einlösung )?(?:rebate|cash-?\s?back|trade-?in|reembolso|remboursement)"
)
# "After instant savings: $1,399.00": what is left to pay.
_AFTER_SAVING = re.compile(
    r"after (?:\w+ ){0,2}(?:savings?|discounts?|reductions?)\W*$|nach abzug[^\d]*$|après remise\W*$"
)
# "Lowest price of the last 30 days: 499 €", as the law of the European Union asks of every reduction.
# Not "30 days money back": what may be sent back within that time costs what stands behind it.
_RETURNS = (
    r"return|money|trial|gu?arant|warrant|rückg|widerruf|retour|rembours|satisf|devol|zwrot|\breso\b|recesso|vrácen"
    r"|vráten|visszak|ångerr|öppet|angre|fortryd|retur|palaut|возврат|поверн|iade|επιστρ"
)
_OF_A_MONTH = re.compile(
    r"(?<!\d)30[ -]?(?:day|tag|jour|dagar|dgr|dage|dagen|d[ií]a|dia|giorn|dni|dn[ií]|nap|zile|päiv|ημέρ|gün|днів|дней)"
    rf"(?!\D*(?:{_RETURNS}))\D*$"
)
# Between two amounts: "€ 920 to € 1028".
_TO = re.compile(r"\s*(?:-|to|bis|à|až|до|～|~|a|t/m|till|til)\s*")
# "$12.48 ($6.24 / pack)": the price of a unit.
_UNIT_BEFORE = re.compile(r"\(\s*$")
_UNIT_AFTER = re.compile(r"\s*(?:/|per|pro|par|por)\s*[^\W\d_]")
# "153,33 Kč / 100 g", "12.50 € per kg": the price of a measure, beside that of the pack.
# In "549 € per l'acquisto" the letter is an article.
_MEASURE_AFTER = re.compile(
    r"\s*[(\[]?\s*(?:/|per |pro |je |par |por |pr\.? |za |na )\s*(?:1|10|100|1000)?\s?"
    r"(?:kg|g|mg|l|ml|cl|dl|m|m²|m2|m³|oz|lb|кг|г|л|мл)(?![\w²³'’])"
)
_SIGN = r"(?:[€$£¥₹₩₽₴]|zł|kr|eur|usd|gbp)"
_RANGE_AFTER = re.compile(rf"\s*(?:-|to|bis|à|až|до|～|~)\s*{_SIGN}?\s?\d[\d.,' ]*(?:{_SIGN}|$|\s(?!%))")
_RANGE_BEFORE = re.compile(rf"\d\s*{_SIGN}?\s*(?:-|～|~| to | bis )\s*$")

_WORDS_BEFORE = WordList(BEFORE)
_WORDS_AFTER = WordList(AFTER)
