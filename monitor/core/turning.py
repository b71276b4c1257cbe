"""What would turn a call: the next price, or a market that moves otherwise. The same rule is asked again with it.

A dearer card stands further above its own past and its peers, which is a reason to wait; a cheaper one the opposite.
The saving of waiting is solved anew under the middle set of constants, and moved by as much as the mean over all sets
differs from it now. Left out is what a single price does to its market, so a price that is named turns the call in most
cases but not in all (`docs/decisions/0142`).
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from monitor.core import forecast, stopping
from monitor.core.decision_params import DecisionParams
from monitor.core.deviation import CENTRE_PRIOR, MOST_STEP, NOISE_OVER_STEPS, OWN_SD_PAIRS, PRIOR_PRICES
from monitor.core.drift import WEEKS
from monitor.core.outlook import CENTRE, ORDINARY_NOISE, Outlook, problem

FURTHEST = 0.2  # log price: what is further away is another article, a mistake, or another market
FASTEST = 0.03  # log a week: a market that falls or rises by a fifth in 8 weeks
HALVINGS = 5
DEARER = (0.9, 1.2)  # factors on the usual noise at which a deviation counts most, beside `FURTHEST`
CLEARLY = 0.004  # of the price: so far on the other side the saving must be, for what is left out here
EIGHT_WEEKS = np.array([8])

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Move = Callable[[Outlook, Rows, Floats], Outlook]


@dataclass(frozen=True, kw_only=True, eq=False)
class Turning:
    """`price`: log price, relative to now, from which the call is another one; `market`: the market's change in 8 weeks
    (share) that does it; nan where nothing within a fifth, or within a fifth in 8 weeks, does."""

    price: Floats
    market: Floats


def turning(view: Outlook, rows: Rows, saving: Floats, needed: Floats, params: DecisionParams) -> Turning:
    """What turns the call of each row, whose `saving` of waiting must exceed `needed`."""
    rule = _Rule(view, rows, saving, needed, params)
    waits = saving > needed
    price = rule.turns(_dearer_or_cheaper(view, rows, waits), _priced)
    rate = rule.turns((np.where(waits, FASTEST, -FASTEST) - view.rate[rows])[:, None], _driven)
    ahead = forecast.market_path(view.rate[rows] + rate, view.ageing[rows], EIGHT_WEEKS)[:, 0]
    return Turning(price=price, market=np.expm1(ahead))


class _Rule:
    """Whether waiting pays for some rows, asked again with something moved."""

    def __init__(self, view: Outlook, rows: Rows, saving: Floats, needed: Floats, params: DecisionParams) -> None:
        self._view, self._rows, self._params = view, rows, params
        self._waits = saving > needed
        self._needed = needed + np.where(self._waits, -CLEARLY, CLEARLY)
        every = np.arange(len(rows))
        self._offset = saving - self._saving(every, np.zeros(len(rows)), _driven)

    def turns(self, tries: Floats, move: Move) -> Floats:
        """Between no move and the first of `tries` (columns) that turns the call, the move at which it turns."""
        far = np.full(len(self._rows), np.nan)
        for column in tries.T:
            left = np.flatnonzero(np.isnan(far))
            turned = self._turned(left, column[left], move)
            far[left[turned]] = column[left[turned]]
        some = np.flatnonzero(np.isfinite(far))
        near, beyond = np.zeros(len(some)), far[some]
        for _ in range(HALVINGS):
            middle = (near + beyond) / 2
            turned = self._turned(some, middle, move)
            near, beyond = np.where(turned, near, middle), np.where(turned, middle, beyond)
        far[some] = beyond
        return far

    def _turned(self, at: Rows, by: Floats, move: Move) -> NDArray[np.bool_]:
        return (self._saving(at, by, move) + self._offset[at] > self._needed[at]) != self._waits[at]

    def _saving(self, at: Rows, by: Floats, move: Move) -> Floats:
        if not len(at):
            return np.zeros(0)
        rows, params = self._rows[at], self._params
        moved = move(self._view, rows, by)
        asked = problem(moved, rows, CENTRE, params.delay_cost_per_week, params.deadline_weeks)
        return 1 - stopping.solve(asked, with_plan=False).ratio


def _dearer_or_cheaper(view: Outlook, rows: Rows, waits: NDArray[np.bool_]) -> Floats:
    """Moves of the price to try. A card above its own past counts most a little above its usual noise: what is larger
    is a change, and fades."""
    shrunk, raw = _own(view)
    dearer = [(ORDINARY_NOISE * factor * view.noise / np.maximum(shrunk, 0.05) - raw)[rows] for factor in DEARER]
    tries = np.clip(np.column_stack([*dearer, np.full(len(rows), FURTHEST)]), 0.005, FURTHEST)
    return np.where(waits[:, None], -FURTHEST, tries)


def _driven(view: Outlook, rows: Rows, by: Floats) -> Outlook:
    rate = view.rate.copy()
    rate[rows] += by
    return replace(view, rate=rate)


def _priced(view: Outlook, rows: Rows, by: Floats) -> Outlook:
    """The same with one price more, `by` from the newest: what hangs on a card's own prices moves, its market not."""
    move = np.zeros(len(view.own))
    move[rows] = by
    steps = np.maximum(np.isfinite(view.panel.logs[:, -WEEKS:]).sum(axis=1) - 1, 0) + OWN_SD_PAIRS
    jump = (NOISE_OVER_STEPS * np.minimum(np.abs(move), MOST_STEP)) ** 2 / 2
    shrunk, raw = _own(view)
    return replace(
        view,
        own=shrunk * (raw + move),
        risen=(view.risen + move) * view.prices / (view.prices + 1),
        noise=np.sqrt((view.noise**2 * steps + jump) / (steps + 1)),
        premium=view.premium + move * _premium_per_price(view),
        over_msrp=view.over_msrp + np.where(view.over_msrp != 0, move, 0.0),
    )


def _own(view: Outlook) -> tuple[Floats, Floats]:
    """The weight of the own deviation with one price more, and the deviation before it was weighted."""
    count = np.maximum(view.prices, 1)
    return count / (count + 1 + PRIOR_PRICES), view.own * (count + PRIOR_PRICES) / count


def _premium_per_price(view: Outlook) -> Floats:
    """How far the premium moves with the newest price, less what its source's regression takes of it."""
    places = [(key.source, key.condition, key.region) for key in view.panel.keys]
    counts = Counter(place for place, fresh in zip(places, view.panel.fresh, strict=True) if fresh)
    size = np.array([counts[place] for place in places], float)
    return np.where(view.premium != 0, size / (size + CENTRE_PRIOR), 0.0)
