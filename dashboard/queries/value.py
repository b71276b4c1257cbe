"""What pages about value ask: newest prices, relative speed, progress of the field."""

from dashboard.queries.base import cached, catalog
from dashboard.queries.calls import signals
from monitor.core.models import Condition
from monitor.core.progress import Progress, launch_points, progress
from monitor.core.throughput import single_card_rate
from monitor.performance import load_throughput_model


def newest_price(gpu: str, condition: str) -> float | None:
    """The median of the newest known prices of one card in dollars, over regions; `None` where none is known."""
    wanted = Condition(condition)
    found = sorted(
        float(call.price.amount)
        for call in signals()
        if call.gpu == gpu and call.condition is wanted and call.price and call.price.currency == "USD"
    )
    return found[len(found) // 2] if found else None


def relative_speed(own: str, other: str, workload: str) -> float | None:
    """Throughput of the other card over the own one's for one kind of work; `None` where it is not known."""
    work, model = catalog().workloads[workload], load_throughput_model()
    mine, theirs = (single_card_rate(catalog().gpus[name], work, model) for name in (own, other))
    return theirs / mine if mine and theirs else None


@cached
def field_progress(workload: str) -> Progress | None:
    """How throughput per launch dollar grew, for one kind of work."""
    work = catalog().workloads[workload]
    return progress(launch_points(catalog().gpus.values(), work, load_throughput_model()), workload)
