"""How calls, spans of time and shares are put into words, on the pages and in letters alike."""

from datetime import date
from decimal import Decimal

from monitor.core.models import Action, Condition

VERDICTS = {
    Action.BUY_NOW: "Buy now",
    Action.WAIT: "Wait",
    Action.LIMBO: "Hardware limbo: wait",
    Action.NO_CALL: "Cannot tell",
}
RENT_NOW = "Rent now"
SHAPES = {Action.BUY_NOW: "▲", Action.WAIT: "■", Action.LIMBO: "◆", Action.NO_CALL: "○"}
CONDITIONS = {
    Condition.NEW: "new",
    Condition.USED: "used",
    Condition.REFURBISHED: "refurbished",
    Condition.RENTAL: "rented",
    Condition.UNKNOWN: "condition unknown",
}


def verdict(action: Action, condition: Condition | None = None) -> str:
    """A call in words; what is rented is not bought: "Rent now"."""
    return RENT_NOW if action is Action.BUY_NOW and condition is Condition.RENTAL else VERDICTS[action]


def day(value: date) -> str:
    """A day as people write it: "14 May 2024"."""
    return f"{value.day} {value:%B %Y}"


def window(low: float | None, high: float | None) -> str:
    """A window of weeks as people say it: "2 to 6 weeks", "up to 5 months"; empty without one."""
    if low is None or high is None:
        return ""
    if high <= 13:
        first, last, unit = round(low), max(1, round(high)), "week"
    else:
        first, last, unit = round(low / 4.345), max(1, round(high / 4.345)), "month"
    if first == last:
        return f"about {last} {unit}{'s' if last > 1 else ''}"
    if first == 0:
        return f"up to {last} {unit}{'s' if last > 1 else ''}"
    return f"{first} to {last} {unit}s"


def percent(share: float) -> str:
    """A share of the price without false precision: "about 12 %", "under 1 %"."""
    size = abs(share) * 100
    return "under 1 %" if size < 1 else f"about {size:.0f} %"


def reason(text: str, contribution: float) -> str:
    """A reason with what waiting saves or costs by it, in percent of the price; alone where it moves no figure.

    >>> reason("prices fall", 0.042), reason("prices rise", -0.01)
    ('prices fall (waiting saves 4.2 %)', 'prices rise (waiting costs 1.0 %)')
    """
    verb = "saves" if contribution > 0 else "costs"
    return f"{text} (waiting {verb} {100 * abs(contribution):.1f} %)" if contribution else text


def figure(value: float, digits: int = 3) -> str:
    """So many digits that count, never with an exponent.

    >>> figure(1164), figure(4.1211), figure(27770, 4)
    ('1,160', '4.12', '27,770')
    """
    return f"{Decimal(f'{value:.{digits}g}'):,f}"


def sureness(confidence: float) -> str:
    """A confidence in words and number."""
    words = (
        "very sure"
        if confidence >= 0.9
        else "fairly sure"
        if confidence >= 0.7
        else "not very sure"
        if confidence >= 0.5
        else "unsure"
    )
    return f"{words}: {round(confidence * 100)} of 100"


def age(days: int) -> str:
    """How old something is, in the largest fitting unit."""
    for least, size, unit in ((1095, 365, "year"), (60, 30, "month"), (14, 7, "week")):
        if days >= least:
            return f"{round(days / size)} {unit}s"
    return f"{days} day{'' if days == 1 else 's'}"
