"""Prices that markup has broken up ("$", "1,299", "99" in three elements) put together again."""

import re

from monitor.core.currencies import SHARED_SIGNS, UNIQUE_SIGNS, currency_code
from monitor.core.money import normalise
from monitor.reading.document import Element


class Run:
    """One text node: its text with single spaces, and the element that holds it."""

    __slots__ = ("element", "fragment", "text")

    def __init__(self, element: Element, raw: str) -> None:
        self.element: Element = element
        text = " ".join((raw if raw.isascii() else normalise(raw)).split())
        if text[-1:] == "*" and _CENTS_AND_NOTE.match(text):  # "10,<sup>83*</sup>"
            text = text.rstrip("*")
        self.text: str = text
        self.fragment: str = _kind_of_fragment(text) if len(text) <= 12 and text[:1] in _BEGINNINGS else ""


_SIGNS = frozenset(UNIQUE_SIGNS) | frozenset(SHARED_SIGNS)
# What a part of a price can begin with; most short texts are words, told by their first letter.
_BEGINNINGS = frozenset("0123456789.,:€£$") | {sign[0] for sign in _SIGNS} | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = re.compile(r"\d[\d.,' ]*$")
_FRACTION = re.compile(r"[.,]\d{2}$")
_FRACTION_AND_SIGN = re.compile(r"[.,]\d{2} ?(?:[€£$₽₴₺₹]|zł|kč|lei|kr\.?|tl|din|eur|грн|руб)\.?$", re.IGNORECASE)
_NUMBER_AND_SIGN = re.compile(r"\d[\d.' ]*[€£$]$")
_SIGN_AND_NUMBER = re.compile(r"(?:[€£$¥￥₹]|chf|r\$|[a-z]{1,2}\$|rs\.?|kr\.?) ?\d[\d.,' ]*$", re.IGNORECASE)
_SIGN_AND_CENTS = re.compile(r"€\d{2}$")
_CENTS_NAME = re.compile(r"cent|decimal|fraction|penn|minor|superscript|exponent|small|suffix|\bsup\b", re.IGNORECASE)
_CENTS_AND_NOTE = re.compile(r"\d{2}\*{1,3}$")
_DASHES = re.compile(r"[.,:]-{1,2}$")


def _kind_of_fragment(text: str) -> str:
    """What part of a price a short text can be: C(urrency), N(umber), F(raction with mark), G (the same with
    the sign: ",00 zł"), S(eparator), D(ash), E(nds with its sign: "1 199€"), P(refixed by its sign: "$1,299"),
    K (sign and cents: "€99")."""
    if text[0].isalpha() and text[-1].isalpha():  # a word: all that it can be is a currency
        return "C" if _is_currency(text) else ""
    if text[0].isdigit():
        return "N" if _DIGITS.match(text) else "E" if _NUMBER_AND_SIGN.match(text) else ""
    if _SIGN_AND_CENTS.match(text):
        return "K"
    if _SIGN_AND_NUMBER.match(text):
        return "P"
    if text in (".", ","):
        return "S"
    if _FRACTION.match(text):
        return "F"
    if _FRACTION_AND_SIGN.match(text):
        return "G"
    if _DASHES.match(text):
        return "D"
    return "C" if _is_currency(text) else ""


def _is_currency(text: str) -> bool:
    return text.lower() in _SIGNS or (len(text) == 3 and text.isupper() and currency_code(text) is not None)


def grouped(runs: list[Run]) -> list[list[Run]]:
    """Runs one by one, but the close fragments of one price together."""
    groups: list[list[Run]] = []
    for run in runs:
        if not run.text:
            continue
        if run.fragment and groups and groups[-1][-1].fragment and _close(groups[-1][-1].element, run.element):
            kinds = "".join(part.fragment for part in groups[-1]) + run.fragment
            if kinds == "NCN" and len(run.text) > 2:  # "589.00", "$", "659.00": the sign is that of the second
                groups.append([groups[-1].pop(), run])
                continue
            if _PRICE_BEGIN.match(kinds) and _joins(groups[-1][-1], run):
                groups[-1].append(run)
                continue
        groups.append([run])
    return groups


_PRICE_BEGIN = re.compile(
    r"(?:C|CN[SF]?N?D?C?|C?(?:NS){2,3}N?C?|CNC|CNF|N[SF]?N?D?C?|NN|NG|NK|NCN|NF|NS|ND|EN|PN|PF|PS|PSN)$"
)


def _joins(before: Run, run: Run) -> bool:
    """Two digits after a number are its cents; a longer number is another one."""
    if before.fragment == "N" and run.fragment == "N":
        if before.text[-1] in ".,":
            return len(run.text) == 2
        return len(run.text) == 2 and "." not in before.text[-3:] and "," not in before.text[-3:]
    if run.fragment == "K":
        return _is_called_cents(run)
    if before.fragment == "E":
        return len(run.text) == 2
    if before.fragment == "P" and run.fragment == "N":
        return len(run.text) == 2 and _is_called_cents(run)
    return before.fragment != "S" or len(run.text) <= 3


def _are_cents(before: Run, run: Run) -> bool:
    """Whether a run holds the two digits that a number which ends in its mark waits for."""
    return before.text[-1] in ".," and len(run.text) == 2 and _is_called_cents(run)


def _is_called_cents(run: Run) -> bool:
    return _CENTS_NAME.search(f"{run.element.tag} {run.element.get('class') or ''}") is not None


def _close(one: Element, other: Element) -> bool:
    """Whether two elements are the same, parent and child, siblings or cousins."""
    if one is other:
        return True
    up, over = one.getparent(), other.getparent()
    if up is other or over is one or up is over:
        return True
    above = up.getparent() if up is not None else None
    beyond = over.getparent() if over is not None else None
    return (above is not None and (above is over or above is beyond or above is other)) or (
        beyond is not None and (beyond is up or beyond is one)
    )


def composed(group: list[Run]) -> str:
    """The text of a group: fragments of a price put together as one amount."""
    if len(group) == 1:
        return group[0].text
    text = ""
    kinds = "".join(run.fragment for run in group)
    if kinds == "NF":  # "2.499<sup>,99</sup>"
        return group[0].text + group[1].text
    if kinds == "NN" and _are_cents(group[0], group[1]):  # "69.<sup>99</sup>", the sign further away or missing
        return group[0].text + group[1].text
    if not set(kinds) & set("CEGKP"):
        return " ".join(run.text for run in group)
    for index, run in enumerate(group):
        if run.fragment == "N" and index and group[index - 1].fragment in "NP" and text[-1] not in ".,":
            text += "."
        text += run.text
    return text
