"""Prices that only those pay who enter a code: "with code SAVE10", "com o código TV20", "z kodem", "クーポン利用で"."""

import re

from monitor.core.price_words import AFTER, BEFORE, Role
from monitor.core.words import WordList

MAX_CHARS = 120

# A code behind a word for "with", so that neither "game code" nor "use code X for 10 % off" (said of the usual price)
# fit.
_CODED = re.compile(
    r"(?:(?<!\w)(?:(?:with|using) (?:the )?(?:\w+ ){0,2}?(?:promo|coupon|voucher|discount)?[- ]?code"
    r"|(?:mit|unter) (?:dem )?(?:\w+[- ])?(?:\w*code|gutschein)|(?:avec|grâce au) (?:le |un )?code"
    r"|(?:com|c/) ?(?:o |um )?(?:c[óo]digo|cup[ãao]+o?m?\b)|(?:con|usando) (?:el |un )?(?:c[óo]digo|cup[óo]n)"
    r"|con (?:il )?codice|met (?:de )?(?:\w+)?code|(?:z|ze|po) kod(?:em|zie|u)|s(?:e slevovým)? kódem|so (?:\w+ )?kódom"
    r"|(?:\w*kóddal|\w*kuponnal)|med (?:\w*)kod(?:en?)?\b|(?:\w*)koodilla|cu (?:codul|voucher)|\w* ?kod(?:la|uyla)\b"
    r"|(?:с|з|по|за) (?:промо)?код(?:ом|у)|με (?:τον )?κωδικό)"
    r"|クーポン(?:利用|適用|使用)|コード(?:利用|適用|使用)|쿠폰 ?(?:적용|사용)"
    r"|券[后後]|用券|用(?:优惠|優惠|折扣)[码碼])"
)
_SAVING = WordList({Role.SAVING: BEFORE[Role.SAVING] + AFTER[Role.SAVING]})
# "TV20", "save10", "20 %": what stands beside the word for code and holds digits without being an amount.
_NAMES = re.compile(r"(?<!\w)(?=\w*\d)(?=\w*[^\W\d_])\w+|(?<!\d)\d+ ?%")


def is_code_price(text: str) -> bool:
    """Whether a short lower-case text says that the price it stands beside is what one pays with a code, and not what
    a code takes off that price ("Extra 10 % off with code X")."""
    match = _CODED.search(text) if len(text) <= MAX_CHARS else None
    if match is None or "%" in text:
        return False
    return not any(_SAVING.all_in(part) for part in (text[: match.start()], text[match.end() :]))


def needs_code(text: str) -> bool:
    """Whether a short lower-case text says that what it stands beside is paid with a code only."""
    return len(text) <= MAX_CHARS and _CODED.search(text) is not None


def announces_code(line: str) -> bool:
    """Whether a lower-case line without an amount says that the amount below it is paid with a code: "With code TV20:".
    "20 % off with code TV20" speaks of the usual price."""
    if not needs_code(line) or _has_amount(line):
        return False
    return line.rstrip().endswith((":", "：")) or (_begins(line) and "%" not in line)


def begins_with_code(line: str) -> bool:
    """Whether a lower-case line says that the amount above it is paid with a code, and speaks of nothing else."""
    return _begins(line) and not line.rstrip().endswith((":", "：")) and "%" not in line and not _has_amount(line)


def _begins(line: str) -> bool:
    match = _CODED.search(line[:MAX_CHARS])
    return match is not None and not any(map(str.isalnum, line[: match.start()]))


def _has_amount(line: str) -> bool:
    return any(map(str.isdigit, _NAMES.sub(" ", line)))
