"""A plan -> the reasons for it in words, each with what it contributed, and what would change the call."""

from dataclasses import dataclass
from math import ceil, exp, floor, log10

from monitor.core.decision_plan import Facts
from monitor.core.models import Action, Reason
from monitor.core.phrases import percent
from monitor.core.successor import Successor

LEAST_SHOWN = 0.002  # of the price
LEAST_REST = 0.0005
LEAST_CHANGE = 0.005  # of the market in 8 weeks that is called a movement
DIGITS = 3  # of a price that is named
# "Within a fifth" is how far `turning` looks. Both are read after "would change it:".
NO_PRICE = "no price of this card within a fifth would"
MORE_PRICES = "more and newer prices"
NOTHING_NEAR = f"nothing near: {NO_PRICE}, and no market that moves by less than a fifth in 8 weeks"


@dataclass(frozen=True, kw_only=True)
class NamedReason:
    """What the end of waiting hangs on."""

    code: str
    text: str


def reasons(facts: Facts, coming: Successor | None, limbo: NamedReason | None) -> tuple[Reason, ...]:
    """The largest contributions first; what limbo hangs on, or what is missing, before them.

    A contribution is what a part adds to the expected saving of waiting, as a share of the price; they add up to it.
    """
    if facts.missing:
        return (Reason(code="too_little", text=facts.missing),)
    shown = [reason for reason in _parts(facts) if abs(reason.contribution) >= LEAST_SHOWN]
    shown.sort(key=lambda reason: -abs(reason.contribution))
    if limbo:
        shown.insert(0, Reason(code=limbo.code, text=limbo.text))
    elif coming and coming.within_months[9] >= 0.5:
        text = f"{successor_text(coming)}; that alone is not expected to make this card cheaper"
        shown.append(Reason(code="successor_possible", text=text))
    if shown and facts.parts and abs(rest := facts.saving - sum(reason.contribution for reason in shown)) >= LEAST_REST:
        shown.append(Reason(code="rest", text="smaller effects together", contribution=rest))
    if not shown:
        shown = [Reason(code="quiet", text="nothing is expected to make this card cheaper by more than waiting costs")]
    return tuple(shown)


def successor_text(coming: Successor) -> str:
    """How likely a better card is within nine months, and why."""
    if coming.announced:
        return coming.evidence
    return f"a successor may come within 9 months (chance {coming.within_months[9]:.0%}): {coming.evidence}"


def _parts(facts: Facts) -> list[Reason]:
    parts, own = facts.parts, exp(facts.own) - 1
    beside, dearer = ("above", "dearer") if own > 0 else ("below", "cheaper")
    drift = "hold" if abs(facts.change_8_weeks) < LEAST_CHANGE else "fall" if facts.change_8_weeks < 0 else "rise"
    texts = {
        "drift": (f"market_{drift}s", _market(facts.change_8_weeks, drift)),
        "own": (f"own_price_{beside}", f"it is {percent(own)} {dearer} than usual for it beside its market"),
        "premium": ("premium", _premium(facts)),
        "noise": ("noise", _noise(facts.noise, parts.get("noise", 0.0))),
    }
    return [Reason(code=code, text=text, contribution=parts.get(name, 0.0)) for name, (code, text) in texts.items()]


def _market(change: float, direction: str) -> str:
    if direction == "hold":
        return "prices in this market are expected to hold"
    return f"prices in this market are expected to {direction} by {percent(change)} in 8 weeks"


def _noise(noise: float, contribution: float) -> str:
    swings = f"its price swings by {percent(exp(noise) - 1)}"
    if contribution > 0:
        return f"{swings}: a dip is likely to come"
    return f"{swings}: too little to wait for a dip"


def _premium(facts: Facts) -> str:
    dearer = f"it is {percent(exp(facts.premium) - 1)} dearer than comparable cards" if facts.premium > 0.005 else ""
    over = f"it costs {exp(facts.over_msrp):.1f} times its launch price" if facts.over_msrp > 0.4 else ""
    return " and ".join(text for text in (dearer, over) if text) or "it is no dearer than comparable cards"


def changes_mind(
    facts: Facts, price: float, currency: str, coming: Successor | None, action: Action
) -> tuple[str, ...]:
    """The price and the event that would change the call, each found by asking the same rule again with it."""
    if action is Action.NO_CALL:
        return (MORE_PRICES,)
    waits = action in (Action.WAIT, Action.LIMBO)
    found: list[str] = []
    if facts.limit is not None:
        named = f"{round_price(price * exp(facts.limit), up=not waits):,.10g} {currency}"
        found.append(f"a price of about {named} or {'less: then buy' if waits else 'more: then wait'}")
    if facts.market_limit is not None:
        found.append(_market_limit(facts.market_limit, waits=waits))
    if action is Action.LIMBO and coming and coming.within_months[9] >= 0.5:
        found.append("its successor on sale")
    if facts.limit is None:
        found = [f"{found[0]}; {NO_PRICE}", *found[1:]] if found else [NOTHING_NEAR]
    return tuple(found)


def _market_limit(change: float, *, waits: bool) -> str:
    """The market's movement from which the call is another one: for one that waits, anything above it."""
    size = f"{abs(change) * 100:.0f} %"
    if abs(change) < LEAST_CHANGE:
        return f"a market that no longer {'falls' if waits else 'rises'}"
    falls = change < 0
    if falls == waits:
        return f"a market that {'falls' if falls else 'rises'} by less than {size} in 8 weeks"
    return f"a market that {'falls' if falls else 'rises'} by {size} or more in 8 weeks"


def round_price(price: float, *, up: bool) -> float:
    """A price with three digits that count, rounded away from now so that what is said of it stays true.

    >>> round_price(1505.27, up=True), round_price(0.7234, up=False)
    (1510.0, 0.723)
    """
    if price <= 0:
        return price
    size = 10.0 ** (floor(log10(price)) - DIGITS + 1)
    return float(f"{(ceil if up else floor)(round(price / size, 6)) * size:.10g}")
