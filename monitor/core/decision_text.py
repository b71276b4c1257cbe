"""A plan -> the reasons for it in words, each with what it contributed, and what would change the call."""

from dataclasses import dataclass
from math import exp

from monitor.core.decision_plan import Facts
from monitor.core.models import Action, Reason
from monitor.core.successor import Successor

LEAST_SHOWN = 0.002  # of the price
LEAST_REST = 0.0005


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
        text = f"a better card may come ({coming.evidence}), but waiting for it does not make this one cheaper enough"
        shown.append(Reason(code="successor_possible", text=text))
    if shown and facts.parts and abs(rest := facts.saving - sum(reason.contribution for reason in shown)) >= LEAST_REST:
        text = "smaller parts, and four sets of constants averaged where the parts are told for the middle one"
        shown.append(Reason(code="rest", text=text, contribution=rest))
    if not shown:
        shown = [Reason(code="quiet", text="nothing is expected to make this card cheaper by more than waiting costs")]
    return tuple(shown)


def _parts(facts: Facts) -> list[Reason]:
    change, parts = facts.change_8_weeks, facts.parts
    direction = "fall" if change < 0 else "rise"
    beside = "above" if facts.own > 0 else "below"
    dip = "a dip will come" if facts.action is Action.WAIT else "a dip alone is not worth the wait"
    texts = {
        "drift": (f"market_{direction}s", f"this market is expected to {direction} by {abs(change):.1%} in 8 weeks"),
        "own": (
            f"own_price_{beside}",
            f"it stands {abs(exp(facts.own) - 1):.1%} {beside} its own last half year, moved along with the market",
        ),
        "premium": ("premium", _premium(facts)),
        "noise": ("noise", f"its price swings by {facts.noise:.1%} from one observation to the next: {dip}"),
    }
    return [Reason(code=code, text=text, contribution=parts.get(name, 0.0)) for name, (code, text) in texts.items()]


def _premium(facts: Facts) -> str:
    dearer = f"it is {exp(facts.premium) - 1:.0%} dearer than comparable cards" if facts.premium > 0.005 else ""
    over = f"it costs {exp(facts.over_msrp):.2f} times its launch price" if facts.over_msrp > 0.4 else ""
    return " and ".join(text for text in (dearer, over) if text) or "it is no dearer than comparable cards"


def changes_mind(
    facts: Facts, price: float, currency: str, coming: Successor | None, action: Action
) -> tuple[str, ...]:
    """The price and the event that would change the call."""
    if facts.limit is None or action is Action.NO_CALL:
        return ("more and newer prices",) if action is Action.NO_CALL else ()
    if action in (Action.WAIT, Action.LIMBO):
        found = [f"a price of {price * exp(min(facts.limit, -0.005)):,.2f} {currency} or less: then buy"]
        if action is Action.LIMBO and coming:
            found.append("its successor on sale, and no further fall for four weeks")
        if facts.change_8_weeks < 0:
            found.append("a market that stops falling")
        return tuple(found)
    found = [f"a price above {price * exp(max(facts.limit, 0.005)):,.2f} {currency}: then wait"]
    found.append("a market that falls by more than 4 % in 8 weeks")
    return tuple(found)
