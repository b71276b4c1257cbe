"""What rent or buy asks of the prices and of the cards: the same for the page and the command."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from monitor.core.models import Condition, Gpu, Money, Signal, Workload
from monitor.core.ranking import too_old
from monitor.core.rent import ON_DEMAND_LOST, SPOT_LOST, Rental
from monitor.core.throughput import ThroughputModel, single_card_rate

SAME_CARD_SD, OTHER_CARD_SD = 0.02, 0.20  # log sd of how fast the rented card is beside the own one


def newest_call(
    calls: Sequence[Signal], gpu: str, condition: Condition, dollars: Mapping[str, float], region: str
) -> Signal | None:
    """The call whose price stands for one card: of the own country, else the middle one of all countries in dollars.

    Prices more than nine weeks older than the newest have no say, nor have those in a currency without a rate.
    """
    known = [
        call
        for call in calls
        if call.gpu == gpu and call.condition is condition and call.price and call.price.currency in dollars
    ]
    newest = max((call.data_on for call in known if call.data_on), default=None)
    if newest is not None:
        known = [call for call in known if call.data_on and not too_old(call.data_on, newest)]
    own = [call for call in known if region and call.region == region] or known
    ordered = sorted(own, key=lambda call: (in_dollars(call, dollars), call.region))
    return ordered[len(ordered) // 2] if ordered else None


def in_dollars(call: Signal, dollars: Mapping[str, float]) -> float:
    """The price of a call in US dollars; raises `KeyError` where its currency has no rate."""
    assert call.price is not None
    return float(call.price.amount) * dollars[call.price.currency]


def rental_of(
    own: Gpu, other: Gpu, workload: Workload, hourly: float, model: ThroughputModel, *, spot: bool = False
) -> Rental:
    """How the other card is rented at so many dollars an hour, with its speed at this work beside the own one's."""
    mine, theirs = (single_card_rate(card, workload, model) for card in (own, other))
    return Rental(
        price_per_hour=hourly,
        speed=theirs / mine if mine and theirs else 1.0,
        speed_sd=SAME_CARD_SD if own.name == other.name else OTHER_CARD_SD,
        lost_share=SPOT_LOST if spot else ON_DEMAND_LOST,
    )


def from_dollars(amount: float, currency: str, dollars: Mapping[str, float]) -> Money | None:
    """Dollars in another currency; `None` where it has no rate."""
    if currency not in dollars:
        return None
    return Money(amount=Decimal(f"{amount / dollars[currency]:.6f}"), currency=currency)
