"""When a market that is too new for calls can get its first one, if its prices go on being read."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from monitor.core.decision_params import DecisionParams
from monitor.core.market import market_of
from monitor.core.models import Series, SeriesKey
from monitor.core.outlook import Outlook
from monitor.core.panel import STALE_WEEKS

EPOCH = date(1970, 1, 1)


def fresh_by_market(view: Outlook) -> Counter[tuple[tuple[str, str], str]]:
    """How many fresh prices each market has, by market and currency."""
    keys = zip(view.panel.keys, view.panel.fresh, strict=True)
    return Counter((market_of(key), key.currency) for key, fresh in keys if fresh)


def first_call_on(
    view: Outlook,
    row: int,
    series: Mapping[SeriesKey, Series],
    params: DecisionParams,
    fresh: Mapping[tuple[tuple[str, str], str], int],
) -> date | None:
    """The day on which enough of a card's market is known, counted from the first price of the card in these weeks.

    A call needs a second weekly price, and then so many prices of the card or so many price changes in its market.
    `fresh` is `fresh_by_market(view)`. `None` where the prices are not new but old, or where what is missing is no
    matter of time.
    """
    key, day = view.panel.keys[row], view.panel.day
    one = series.get(key)
    if one is None or int(view.panel.age[row]) > STALE_WEEKS:
        return None
    recent = one.days[(one.days > day - 7 * STALE_WEEKS) & (one.days <= day)]
    if not len(recent):
        return None
    beside = fresh.get((market_of(key), key.currency), 0)
    by_market = 1 + int(np.ceil(params.min_market_changes / max(beside, 1)))
    weeks = max(2, min(params.min_prices, by_market))
    found = int(recent[0]) + 7 * (weeks - 1)
    return EPOCH + timedelta(days=found) if found > day else None
