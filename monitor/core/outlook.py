"""Everything a decision rests on, for every price series at one moment: its market's drift, its own deviation, noise
and premium, and the value of waiting under several sets of constants.

Constants that nobody knows are not selected but averaged: four sets span the half-life of a card's own deviation, the
weight of its premium and its noise. The spread over the sets is the uncertainty of the model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.core import conformal, deviation, drift, forecast, stopping
from monitor.core.models import Gpu, Series, SeriesKey
from monitor.core.panel import Panel, preferred, weekly_panel

# (half-life of the own deviation in weeks, weight of the premium, factor on the noise)
CONSTANTS = ((3.0, 0.5, 1.2), (3.0, 0.8, 0.9), (6.0, 0.5, 0.9), (6.0, 0.8, 1.2))
CENTRE = (4.5, 0.65, 1.0)
LEAST_NOISE, MOST_NOISE = 0.01, 0.15
ORDINARY_NOISE, FADES_OVER = 1.5, 0.7  # deviations in units of the noise: what is larger is a change, not noise
RISEN = 0.10  # a card that rose so far from its market is scarce: its premium is no reason to wait
PREMIUM_HALF_LIFE_WEEKS, MOST_PREMIUM = 26.0, 0.5
OVER_MSRP, OVER_MSRP_SHARE = 0.4, 0.5  # log price over the launch price from which a shock is expected to pass
MEMORY_SHARE = 0.15  # of the weekly rise of memory modules that new cards follow: one episode, so a weak prior

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Outlook:
    """Arrays by row of `panel`. `rate` and `rate_sd`: log per week; `own`, `noise`, `premium`, `over_msrp`, `move`:
    log price; `pairs`: price changes of its market in a year; `known`: fresh and with a market."""

    panel: Panel
    rate: Floats
    rate_sd: Floats
    falls: NDArray[np.bool_]  # clearly, for four weeks running
    ageing: Floats
    own: Floats
    risen: Floats
    noise: Floats
    gap: Floats
    prices: NDArray[np.int64]
    premium: Floats
    over_msrp: Floats
    move: Floats
    stretch: conformal.Stretch  # of price intervals
    pairs: NDArray[np.int64]
    known: NDArray[np.bool_]


def outlook(series: Sequence[Series], gpus: Mapping[str, Gpu], day: int) -> Outlook:
    """What is known on `day` (days since 1970) about each series; `series` must hold nothing later."""
    cards = [one for one in preferred(series) if not one.key.gpu.startswith("memory:")]
    panel = weekly_panel(cards, day)
    sources = [_source(key) for key in panel.keys]
    markets = [_market(key, gpus) for key in panel.keys]
    conditions = [key.condition for key in panel.keys]
    found = drift.market_drift(panel, markets, sources)
    own = deviation.deviations(panel, found, markets, sources)
    over = np.array([_over_msrp(key, gpus) for key in panel.keys]) + panel.level
    rate = np.array([found.path[m][-1] if m in found.path else np.nan for m in markets])
    rate = rate + np.where([c == "new" for c in conditions], MEMORY_SHARE * _memory_rise(series, day), 0.0)
    ageing, move = forecast.ageing_of(conditions), forecast.weekly_move(panel, sources)
    return Outlook(
        panel=panel,
        rate=rate,
        rate_sd=np.array([found.sd.get(market, np.nan) for market in markets]),
        falls=np.array([_falls(found, market) for market in markets], bool),
        ageing=ageing,
        own=own.own,
        risen=own.unshrunk,
        noise=own.noise,
        gap=own.gap,
        prices=own.prices,
        premium=np.nan_to_num(deviation.premium(panel, gpus, conditions, sources)),
        over_msrp=np.where(np.isfinite(over), over, 0.0),
        move=move,
        stretch=conformal.stretches(panel, found, markets, sources, ageing, move),
        pairs=np.array([found.pairs.get(market, 0) for market in markets], np.int64),
        known=panel.fresh & np.isfinite(rate),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Parts:
    """Which parts of the outlook a solution uses; leaving one out shows what it contributes."""

    drift: bool = True
    own: bool = True
    premium: bool = True


def waiting_ratios(view: Outlook, rows: NDArray[np.int64], delay_cost: float, deadline_weeks: int) -> Floats:
    """Cost of waiting over buying at once, [constants, rows]."""
    problems = [problem(view, rows, constants, delay_cost, deadline_weeks) for constants in CONSTANTS]
    return np.array([stopping.solve(one, with_plan=False).ratio for one in problems])


def problem(
    view: Outlook,
    rows: NDArray[np.int64],
    constants: tuple[float, float, float],
    delay_cost: float,
    deadline_weeks: int,
    parts: Parts | None = None,
    rate_shift: float = 0.0,
) -> stopping.Problem:
    """The stopping problem of `rows` under one set of constants; `rate_shift` moves the drift by so many sd."""
    half_life, premium_weight, noise_factor = constants
    parts = parts or Parts()
    weeks = np.arange(deadline_weeks + 1)
    noise = np.clip(view.noise[rows] * noise_factor, LEAST_NOISE, MOST_NOISE)
    rate = view.rate[rows] + rate_shift * view.rate_sd[rows]
    path = np.zeros((len(rows), len(weeks)))
    if parts.drift:
        path = forecast.market_path(rate, view.ageing[rows], weeks)
    if parts.premium:
        fades = 1 - 0.5 ** (weeks / PREMIUM_HALF_LIFE_WEEKS)
        path = path - _expected_back(view, rows, noise, premium_weight)[:, None] * fades
    own = view.own[rows]
    size = np.abs(own) / noise
    ordinary = np.where(size < ORDINARY_NOISE, 1.0, np.exp(-((size - ORDINARY_NOISE) ** 2) / (2 * FADES_OVER**2)))
    return stopping.Problem(
        path=path,
        deviation=np.where(own > 0, own * ordinary, own) * parts.own,
        noise=noise,
        gap=view.gap[rows],
        half_life_weeks=half_life,
        delay_cost=delay_cost,
    )


def _expected_back(view: Outlook, rows: NDArray[np.int64], noise: Floats, weight: float) -> Floats:
    """How much of the price is expected to come off: the premium over peers, and a shock that no longer grows."""
    premium = weight * np.clip(view.premium[rows], 0, MOST_PREMIUM)
    scarce = view.risen[rows] > np.maximum(RISEN, noise)
    shock = OVER_MSRP_SHARE * np.maximum(0, view.over_msrp[rows] - OVER_MSRP)
    return np.where(scarce, 0.0, premium) + np.where(view.rate[rows] < 0, shock, 0.0)


def _source(key: SeriesKey) -> drift.Group:
    kind = key.stat.rsplit("_", 1)[0] if key.condition == "rental" else ""
    return key.source, key.condition, key.region, kind


def _market(key: SeriesKey, gpus: Mapping[str, Gpu]) -> drift.Group:
    """What moves together: the cards of one shop or site; in the cloud a generation, spot and list price apart."""
    if key.condition != "rental":
        return _source(key)
    gpu = gpus.get(key.gpu)
    return "rental", gpu.architecture.split(" ")[0] if gpu else "", "spot" if "spot" in key.stat else "list"


def _falls(found: drift.Drift, market: drift.Group) -> bool:
    if market not in found.path:
        return False
    least = max(0.0075, 1.5 * found.sd[market])
    return bool((found.path[market][-4:] < -least).all())


def _over_msrp(key: SeriesKey, gpus: Mapping[str, Gpu]) -> float:
    """Minus the log of the launch price, where price and launch price are of one kind and currency."""
    gpu = gpus.get(key.gpu)
    if gpu is None or not gpu.msrp_usd or key.currency != "USD" or key.condition == "rental":
        return np.nan
    return -float(np.log(gpu.msrp_usd))


def _memory_rise(series: Sequence[Series], day: int) -> float:
    """Weekly rate at which memory modules rose over 13 weeks (median over modules); 0 where they fell or none known."""
    changes: list[float] = []
    for one in series:
        if one.key.gpu.startswith("memory:"):
            then, now = (int(np.searchsorted(one.days, at, side="right")) - 1 for at in (day - 91, day))
            if then >= 0 and day - one.days[now] <= 63:
                changes.append(float(np.log(one.prices[now] / one.prices[then])) / 13)
    return max(0.0, float(np.median(changes))) if changes else 0.0
