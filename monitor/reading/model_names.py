"""Whether two names are those of two models of one kind: "TV TCL 85C7L" and "TV TCL 85X11K", "RTX 5070" and "RTX 5080".

Two products of a shop often share all words but this one.
"""

import re
from functools import lru_cache

_WORD = re.compile(r"\w+")
# "12gb", "85cm", "2x", "6개", "ddr5": measures and counts. Other models may have the same, and write it in other ways.
_MEASURE = re.compile(
    r"\d{1,2}|\d+(?:[gtmk][bo]|гб|тб|kg|g|mg|l|ml|cl|cm|mm|m|w|kw|v|mah|wh|hz|mhz|ghz|bits?|mp|fps|inch|in|zoll|pouces|x|k"
    r"|pcs|szt|stk|ks|db|[개個本枚入팩])|g?ddr\d\w?|pcie\d?"
)
_YEAR = re.compile(r"19\d\d|20(?:[0134]\d|2\d|5\d)")
_LEAST_DIGITS = 2
_MOST_LONGER = 2


@lru_cache(maxsize=5_000)
def other_model(one: str, other: str) -> bool:
    """Whether each name's first model number is nowhere in the other, and the two look alike: a part number beside a
    model's name says nothing."""
    first, second = _first_model(one.lower()), _first_model(other.lower())
    if not first or not second or first.isdigit() != second.isdigit() or abs(len(first) - len(second)) > _MOST_LONGER:
        return False
    return first not in _squeezed(other) and second not in _squeezed(one)


def _first_model(name: str) -> str:
    """The first word of a name with two digits or more that is no measure, count or year; "" if there is none."""
    for word in _WORD.findall(name):
        if sum(map(str.isdigit, word)) >= _LEAST_DIGITS and not _MEASURE.fullmatch(word) and not _YEAR.fullmatch(word):
            return word
    return ""


def _squeezed(name: str) -> str:
    return "".join(_WORD.findall(name.lower()))
