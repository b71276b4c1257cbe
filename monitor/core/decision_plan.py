"""The outlook -> for each price series whether waiting pays, how long, up to which price, and what moved that.

Waiting must save more than a margin and more than half of what the sets of constants differ by; otherwise buying at
once is as good. Where the data cannot carry an answer, there is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from statistics import median

import numpy as np
from numpy.typing import NDArray

from monitor.core import forecast, stopping
from monitor.core.decision_params import DecisionParams
from monitor.core.models import Action
from monitor.core.normal import normal_cdf
from monitor.core.outlook import CENTRE, Outlook, Parts, problem, waiting_ratios
from monitor.core.turning import turning

EPOCH = date(1970, 1, 1)
DRIFTS = ((-1.0, 0.25), (0.0, 0.5), (1.0, 0.25))  # the drift may be an sd off either way: weights for the window
JUDGED_AFTER_WEEKS = 8  # buying at once is judged by the price then
USUALLY_RIGHT, BELIEVED, RAW_MIDDLE = 0.71, 0.6, 0.65  # stated confidence against what came true, 2020 to 2024
SHOCK = float(np.log(1.3))
NOT_ASKED = "not asked"

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The plan for one price series. Savings are shares of the price; `parts` says how much of the saving each part of
    the outlook brings. `limit` (log price relative to now) and `market_limit` (change of the market in 8 weeks, share)
    are where the call turns."""

    action: Action
    saving: float = 0.0
    saving_low: float = 0.0
    saving_high: float = 0.0
    confidence: float = 0.5
    stop_low: float | None = None
    stop_high: float | None = None
    limit: float | None = None
    market_limit: float | None = None
    missing: str = ""
    data_on: date | None = None
    change_8_weeks: float = 0.0
    own: float = 0.0
    noise: float = 0.0
    premium: float = 0.0
    over_msrp: float = 0.0
    parts: dict[str, float] = field(default_factory=dict[str, float])


def plan(
    view: Outlook, params: DecisionParams, *, explain: bool = True, asked: Sequence[bool] | None = None
) -> list[Facts]:
    """One plan for each row of the outlook; those that are not `asked` about get none."""
    missing = [_missing(view, row, params) for row in range(len(view.panel.keys))]
    missing = [text if asked is None or asked[row] else NOT_ASKED for row, text in enumerate(missing)]
    facts = [Facts(action=Action.NO_CALL, missing=text, data_on=_seen(view, row)) for row, text in enumerate(missing)]
    rows = np.array([row for row, text in enumerate(missing) if not text], np.int64)
    if not len(rows):
        return facts
    ratios = waiting_ratios(view, rows, params.delay_cost_per_week, params.deadline_weeks)
    saving, doubt = 1 - ratios.mean(axis=0), ratios.std(axis=0)
    pays = saving > params.margin
    sure = saving > params.doubt * doubt
    made = _details(view, rows, saving, pays & sure, params)
    turns = turning(view, rows, saving, np.maximum(params.margin, params.doubt * doubt), params) if explain else None
    parts = _contributions(view, rows, params) if explain else [dict[str, float]() for _ in rows]
    for at, row in enumerate(rows.tolist()):
        action = Action.BUY_NOW if not pays[at] else Action.WAIT if sure[at] else Action.NO_CALL
        text = "what is known of this card points both ways" if action is Action.NO_CALL else ""
        limits = {} if turns is None else {"limit": turns.price[at], "market_limit": turns.market[at]}
        known = {name: float(value) for name, value in limits.items() if np.isfinite(value)}
        facts[row] = replace(_facts(view, row, action, made[at], text, parts[at]), **known)
    return facts


def shocked_regions(view: Outlook) -> set[str]:
    """Regions whose new cards (five or more) cost over 1.3 times their launch prices in the median."""
    over: dict[str, list[float]] = {}
    for row, key in enumerate(view.panel.keys):
        if key.condition == "new" and view.known[row] and view.over_msrp[row] != 0:
            over.setdefault(key.region, []).append(float(view.over_msrp[row]))
    return {region for region, values in over.items() if len(values) >= 5 and median(values) > SHOCK}


def _missing(view: Outlook, row: int, params: DecisionParams) -> str:
    """Why there can be no call, or "" where there can."""
    age, prices = int(view.panel.age[row]), int(view.prices[row])
    if age > params.stale_weeks:
        return f"the newest price is {age} weeks old" if age < 99 else "the prices seen contradict each other"
    if not view.known[row]:
        return "how this market moves is not known yet: prices of one card from two weeks are needed"
    if prices < params.min_prices and int(view.pairs[row]) < params.min_market_changes:
        return (
            f"only {prices} prices in 26 weeks and {int(view.pairs[row])} price changes in this market in a year; "
            f"{params.min_prices} or {params.min_market_changes} are needed"
        )
    return ""


def _seen(view: Outlook, row: int) -> date | None:
    age = int(view.panel.age[row])
    return EPOCH + timedelta(days=view.panel.day - 7 * age) if age < 99 else None


@dataclass(frozen=True, kw_only=True)
class _Detail:
    saving: float
    reach: float
    confidence: float
    low: float | None
    high: float | None
    change: float


def _details(
    view: Outlook,
    rows: Rows,
    saving: Floats,
    waits: NDArray[np.bool_],
    params: DecisionParams,
) -> list[_Detail]:
    low, high, usual = _stopping_weeks(view, rows, waits, params)
    horizon = np.where(waits, np.maximum(usual, 1), JUDGED_AFTER_WEEKS).astype(np.int64)
    weeks = np.arange(1, max(params.deadline_weeks, JUDGED_AFTER_WEEKS) + 1)
    place = (np.arange(len(rows)), horizon - 1)
    spread = forecast.path_sd(view.rate[rows], view.move[rows], weeks)[place]
    reach = forecast.Z80 * spread * view.stretch.at(rows, weeks)[place]
    rate, ageing = view.rate[rows], view.ageing[rows]
    path = forecast.price_path(rate, ageing, view.own[rows], view.premium[rows], view.move[rows], weeks)
    later = path.middle[:, JUDGED_AFTER_WEEKS - 1] + params.delay_cost_per_week * JUDGED_AFTER_WEEKS
    raw: Floats = normal_cdf(np.where(waits, saving, later) / spread)
    right = USUALLY_RIGHT + BELIEVED * (raw - RAW_MIDDLE)
    change = np.expm1(forecast.market_path(rate, ageing, np.array([8]))[:, 0])
    return [
        _Detail(
            saving=float(saving[at]),
            reach=float(reach[at]),
            confidence=float(right[at]),
            low=float(low[at]) if waits[at] else None,
            high=float(high[at]) if waits[at] else None,
            change=float(change[at]),
        )
        for at in range(len(rows))
    ]


def _stopping_weeks(
    view: Outlook, rows: Rows, waits: NDArray[np.bool_], params: DecisionParams
) -> tuple[Floats, Floats, Floats]:
    """Weeks until one should buy: 20 % and 80 % quantiles and the median, with the drift up to an sd off."""
    low, high, usual = (np.zeros(len(rows)) for _ in range(3))
    if not waits.any():
        return low, high, usual
    chance = np.zeros((int(waits.sum()), params.deadline_weeks + 1))
    for shift, weight in DRIFTS:
        cost, deadline = params.delay_cost_per_week, params.deadline_weeks
        moved = problem(view, rows[waits], CENTRE, cost, deadline, rate_shift=shift)
        chance += weight * stopping.solve(moved).stops
    reached = np.cumsum(chance, axis=1)
    for result, level in ((low, 0.2), (usual, 0.5), (high, 0.8)):
        result[waits] = np.maximum((reached < level - 1e-9).sum(axis=1), 1)
    high[waits] = np.maximum(high[waits], low[waits] + 1)
    return low, high, usual


def _contributions(view: Outlook, rows: Rows, params: DecisionParams) -> list[dict[str, float]]:
    """How much each part adds to the saving of waiting, taken in one after the other: noise, drift, own, premium."""
    steps = {
        "noise": Parts(drift=False, own=False, premium=False),
        "drift": Parts(own=False, premium=False),
        "own": Parts(premium=False),
        "premium": Parts(),
    }
    saved, before = dict[str, Floats](), np.zeros(len(rows))
    for name, parts in steps.items():
        one = problem(view, rows, CENTRE, params.delay_cost_per_week, params.deadline_weeks, parts)
        now = 1 - stopping.solve(one, with_plan=False).ratio
        saved[name], before = now - before, now
    return [{name: float(values[at]) for name, values in saved.items()} for at in range(len(rows))]


def _facts(view: Outlook, row: int, action: Action, made: _Detail, missing: str, parts: dict[str, float]) -> Facts:
    return Facts(
        action=action,
        saving=made.saving,
        saving_low=made.saving - made.reach,
        saving_high=made.saving + made.reach,
        confidence=0.5 if action is Action.NO_CALL else made.confidence,
        stop_low=made.low if action is Action.WAIT else None,
        stop_high=made.high if action is Action.WAIT else None,
        missing=missing,
        data_on=_seen(view, row),
        change_8_weeks=made.change,
        own=float(view.own[row]),
        noise=float(view.noise[row]),
        premium=float(view.premium[row]),
        over_msrp=float(view.over_msrp[row]),
        parts=parts,
    )
