"""The same rule as one would first write it: a loop over series with pandas, and one stopping problem at a time."""

import numpy as np
import pandas as pd

from monitor.core import deviation, drift, forecast, outlook, stopping
from monitor.core.panel import preferred, weekly_panel


def plain_loop(series, gpus, day: int) -> dict[object, float]:
    """Expected saving of waiting for each card series on one day."""
    on, frames = pd.Timestamp(day, unit="D"), {}
    for one in preferred([s for s in series if not s.key.gpu.startswith("memory:")]):
        prices = pd.Series(np.log(one.prices), index=pd.to_datetime(one.days, unit="D")).sort_index()
        prices = prices[(prices.index <= on) & (prices.index > on - pd.Timedelta(weeks=104))]
        if len(prices):
            weekly = prices.resample("W-MON").last()
            frames[one.key] = weekly.mask((weekly - weekly.rolling(9, min_periods=1).median().shift()).abs() > 0.336)
    table = pd.DataFrame(frames).reindex(pd.date_range(end=on, periods=104, freq="7D"))
    filled = table.ffill(limit=9)
    shown = [s for s in series if s.key in frames]
    panel = weekly_panel(shown, day)
    markets = [outlook._market(key, gpus) for key in panel.keys]
    sources = [outlook._source(key) for key in panel.keys]
    found = drift.market_drift(panel, markets, sources)
    premium = deviation.premium(panel, gpus, [key.condition for key in panel.keys], sources)
    savings = {}
    for row, key in enumerate(panel.keys):
        if markets[row] not in found.path or np.isnan(filled[key].iloc[-1]):
            continue
        path = pd.Series(found.path[markets[row]], index=table.index[-52:])
        moved = table[key].iloc[-52:] + path[::-1].cumsum()[::-1].shift(-1, fill_value=0.0)
        recent = moved.iloc[-26:].dropna()
        own = (filled[key].iloc[-1] - recent.mean()) * len(recent) / (len(recent) + 6)
        noise = float(np.clip(moved.dropna().diff().clip(-0.3, 0.3).pow(2).mean() ** 0.5 / 2**0.5, 0.01, 0.15))
        noise = 0.03 if np.isnan(noise) else noise
        rate, ageing = np.array([path.iloc[-1]]), forecast.ageing_of([key.condition])
        weeks = np.arange(27)
        ratios = []
        for half_life, weight, factor in outlook.CONSTANTS:
            back = weight * np.clip(np.nan_to_num(premium[row]), 0, 0.5) * (1 - 0.5 ** (weeks / 26))
            problem = stopping.Problem(
                path=forecast.market_path(rate, ageing, weeks) - back,
                deviation=np.array([own]),
                noise=np.array([noise * factor]),
                gap=np.array([26 / max(len(recent), 1)]),
                half_life_weeks=half_life,
                delay_cost=0.005,
            )
            ratios.append(stopping.solve(problem, with_plan=False).ratio[0])
        savings[key] = 1 - float(np.mean(ratios))
    return savings
