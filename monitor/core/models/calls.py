"""What follows from it: scores, signals, and the verdict for a goal."""

from dataclasses import dataclass
from datetime import date, datetime

from monitor.core.models.readings import SeriesKey
from monitor.core.models.words import Action, Condition, Money


@dataclass(frozen=True, kw_only=True)
class Score:
    """What a dollar buys: one GPU (or a set of several), one workload, one way of getting it."""

    gpu: str
    workload: str
    condition: Condition
    region: str
    price: Money
    throughput: float
    unit: str
    per_dollar: float
    low: float  # 80 % interval of per_dollar
    high: float
    n: int  # offers behind the price
    as_of: datetime
    fits: str = "yes"  # yes, tight, no
    evidence: str = "estimated"  # or "measured here", "measured on a sibling": what the throughput rests on
    cards: int = 1  # together they do `throughput`; `price` is that of one


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One thing that moved a decision, with its contribution to the expected saving as a share of the price."""

    code: str
    text: str
    contribution: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Signal:
    """What to do about one GPU in one market at one time.

    Savings are shares of `price` (0.06 = 6 %), intervals are 80 %, windows are weeks from `as_of`.
    `data_on` is the day of the newest price that the decision saw.
    """

    gpu: str
    condition: Condition
    region: str
    action: Action
    window_low_weeks: float | None
    window_high_weeks: float | None
    expected_saving: float
    saving_low: float
    saving_high: float
    confidence: float  # chance that following this call costs no more than buying at once
    price: Money | None
    as_of: datetime
    data_on: date | None
    reasons: tuple[Reason, ...] = ()
    goal: str = ""  # slug of the goal it was made for; "" for the general call
    limit_price: Money | None = None  # buy at or below it, while waiting
    would_change: tuple[str, ...] = ()  # what would change this call: a price, an event
    series: SeriesKey | None = None  # set where the call is for one price series, not for a whole market


@dataclass(frozen=True, kw_only=True)
class SignalFlip:
    """A change of a stored call; `previous` is `None` for the first call of its key."""

    previous: Signal | None
    current: Signal


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What to do for one goal: the best card (cards that cannot be told apart stand together) and its call.

    `signals` are the calls of `gpus`, in the same order; `action` is that of the first. `per_dollar` and its interval
    belong to the first card; all are `None` where nothing fits the goal, and the reasons say why.
    """

    goal: str
    action: Action
    gpus: tuple[str, ...]
    signals: tuple[Signal, ...]
    reasons: tuple[Reason, ...]
    as_of: datetime
    price: Money | None = None
    per_dollar: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
