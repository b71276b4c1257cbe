"""Hot Aisle: AMD accelerators; cents per hour for a machine with its GPUs."""

from collections.abc import Iterator

from monitor.core.models import Availability
from spiders.accelerators import name_accelerator
from spiders.cloud_answers import ON_DEMAND, Answer, Ask, BadRow, Cloud, CloudOffer, Row, count, per_gpu, read_rows

CLOUD = Cloud(
    title="Hot Aisle",
    asks=(Ask(url="https://admin.hotaisle.app/api/virtual_machines/available/"),),
    key_setting="HOTAISLE_API_KEY",
    key_prefix="Token ",
    note="public clients; no saved answer; the address needs the user's team",
)

_CENTS = 100


def parse(payload: object) -> Answer:
    """Offers of the machines that can be had now; `null` means none."""
    return read_rows(payload, lambda data: data if data is not None else [], _offers)


def _offers(row: Row) -> Iterator[CloudOffer]:
    cards = row["Specs"]["gpus"]
    if not cards:
        return
    if len(cards) > 1:
        raise BadRow("several_models")
    gpus = count(cards[0]["count"])
    yield CloudOffer(
        gpu=name_accelerator(cards[0]["model"], gpus=gpus),
        price=per_gpu(row["OnDemandPrice"], gpus=gpus, divisor=_CENTS),
        billing=ON_DEMAND,
        quantity=gpus,
        availability=Availability.IN_STOCK,
        title=str(cards[0]["model"]),
    )
