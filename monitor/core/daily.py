"""Lines of price files -> price series with one point a day, by the same rule for the database and the backtest."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from monitor.core.models import Series, SeriesKey

LEAST_OFFERS_OF_A_QUARTILE = 5
LEAST_KOREAN_OFFERS = 3  # below it the cheapest Korean offer is often a scam


def least_offers(source: str, stat: str) -> int:
    """How many offers must stand behind a price of this kind; 0 where it does not matter.

    >>> least_offers("danawa_kr", "min_offer"), least_offers("pcpp_us", "min_offer")
    (3, 0)
    """
    if stat == "p25_offer":
        return LEAST_OFFERS_OF_A_QUARTILE
    return LEAST_KOREAN_OFFERS if source.startswith("danawa") and stat == "min_offer" else 0


def daily_series(
    keys: Sequence[SeriesKey],
    number: NDArray[np.int32],
    day: NDArray[np.int32],
    price: NDArray[np.float64],
    n_obs: NDArray[np.float64],
) -> list[Series]:
    """The series of lines given as columns, sorted by key; `number` is the place of a line's key in `keys`.

    A day's price is the lowest where the stat is the cheapest offer (nobody buys the median board), else the median;
    its `n_obs` is the largest. Prices with too few offers behind them are left out.
    """
    least = np.array([least_offers(key.source, key.stat) for key in keys], dtype=np.float64)
    enough = ~(n_obs < least[number]) & ~(np.isnan(n_obs) & (least[number] > 0))
    order = np.lexsort((price, day, number))
    order = order[enough[order]]
    number, day, price, n_obs = number[order], day[order], price[order], n_obs[order]
    if not len(number):
        return []
    starts = np.flatnonzero((np.diff(number, prepend=-1) != 0) | (np.diff(day, prepend=day[0] - 1) != 0))
    lengths = np.diff(np.append(starts, len(number)))
    cheapest = np.array([key.stat == "min_offer" for key in keys])[number[starts]]
    medians = (price[starts + (lengths - 1) // 2] + price[starts + lengths // 2]) / 2
    prices = np.where(cheapest, price[starts], medians)
    return _split(keys, number[starts], day[starts], prices, np.fmax.reduceat(n_obs, starts))


def _split(
    keys: Sequence[SeriesKey],
    number: NDArray[np.int32],
    day: NDArray[np.int32],
    price: NDArray[np.float64],
    n_obs: NDArray[np.float64],
) -> list[Series]:
    starts = np.flatnonzero(np.diff(number, prepend=-1))
    ends = np.append(starts[1:], len(number))
    found: list[Series] = []
    for a, b in zip(starts, ends, strict=True):
        found.append(Series(key=keys[int(number[a])], days=day[a:b], prices=price[a:b], n_obs=n_obs[a:b]))
    return sorted(found, key=lambda series: series.key)
