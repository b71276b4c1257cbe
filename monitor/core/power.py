"""The power limit that gives most throughput for the money, with what it costs in speed.

Arithmetic falls with the limit as (P / P0) ^ 0.3, +- 0.15; memory traffic hardly falls at all. Measured: a 3090 from
350 to 280 W kept over 95 % (Puget Systems, exponent 0.23) and from 480 to 280 W 80 to 90 % (exponents 0.41 and 0.20);
decoding from 350 to 280 W lost under 1 %. Little below 0.8 of a card's own limit nothing is known: not recommended.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from monitor.core.models import Gpu
from monitor.core.ownership import OwnershipTerms, cost_of_ownership

EXPONENT, EXPONENT_SD = 0.3, 0.15
LOWEST_SHARE = 0.75


@dataclass(frozen=True, kw_only=True)
class PowerLimit:
    """`loss` is the share of throughput given up, `gain` what throughput per dollar gains."""

    watts: float
    loss: float
    loss_low: float
    loss_high: float
    gain: float


def best_power_limit(
    gpu: Gpu, price: float, terms: OwnershipTerms, shares: Mapping[str, float], family: str = ""
) -> PowerLimit | None:
    """The best limit between 75 and 100 % of the card's own; `None` where its power is unknown.

    `shares` are the estimate's parts of the time: only arithmetic slows down.
    """
    if gpu.power_watts is None:
        return None
    compute = shares.get("compute", 0.5)
    full = cost_of_ownership(gpu, price, terms, family=family).total
    best = PowerLimit(watts=gpu.power_watts, loss=0.0, loss_low=0.0, loss_high=0.0, gain=0.0)
    for percent in range(int(100 * LOWEST_SHARE), 100, 5):
        limited = replace(gpu, power_watts=gpu.power_watts * percent / 100)
        cost = cost_of_ownership(limited, price, terms, family=family).total
        kept = _kept(percent / 100, compute, EXPONENT)
        gain = kept * full / cost - 1
        if gain > best.gain:
            high = 1 - _kept(percent / 100, compute, EXPONENT + 1.28 * EXPONENT_SD)
            low = 1 - _kept(percent / 100, compute, EXPONENT - 1.28 * EXPONENT_SD)
            best = PowerLimit(
                watts=gpu.power_watts * percent / 100, loss=1 - kept, loss_low=low, loss_high=high, gain=gain
            )
    return best


def _kept(share: float, compute: float, exponent: float) -> float:
    """Throughput left at a share of the limit, when only the arithmetic's part of the time grows."""
    return 1.0 / (1.0 - compute + compute * share**-exponent)
