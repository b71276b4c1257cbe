"""Several cards and nodes -> throughput, memory on each card, and the best way to split the work.

A step takes its arithmetic plus what communication it does not hide: efficiency = 1 / (1 + EXPOSED t_comm / t_step +
h log2 n). A ring all-reduce moves 2 (n-1)/n of the gradients through each card; sharding the optimizer moves half as
much again; splitting tensors moves activations in every layer; a pipeline waits while it fills. Link speeds are what
training reaches, fitted on published tables of 2 to 8 cards (benchmarks/parallel.py), not what the link's maker says.
"""

import re
from dataclasses import dataclass, replace
from math import exp, hypot, log2

from monitor.core.hardware import group, precision_class
from monitor.core.memory import memory_need, usable_memory_gb
from monitor.core.models import Gpu, Workload
from monitor.core.throughput import Z80, Efficiency, Estimate, ThroughputModel, estimate, single_card_rate
from monitor.core.work import trainable_params

EXPOSED = 0.60  # share of the communication that the backward pass does not hide
LOSS_PER_DOUBLING = 0.014  # stragglers and launches
CONSUMER_LOSS = 0.005  # more of it without peer-to-peer copies
DATA_PARALLEL_THREADS = {2: 0.53, 3: 0.40, 4: 0.32, 8: 0.15}  # one process for all cards: do not
MICRO_BATCHES = 8
STEP_SHARE = 0.15  # of a step's time that is spent once however small the batch (as in benchmark_rows.py)
EFFICIENCY_SD = 0.10


@dataclass(frozen=True, kw_only=True)
class Link:
    """How cards talk. `gb_s` is what a card's all-reduce reaches; `crowding`: loss by more cards on a host bridge."""

    name: str
    gb_s: float
    crowding: float = 0.0
    consumer: bool = False

    def seconds(self, gigabytes: float, cards: int) -> float:
        """Time for a card to send and receive so many gigabytes among `cards`."""
        return gigabytes / self.gb_s * max(cards / 2, 1.0) ** self.crowding


NVLINK_GB_S = {"volta": 85.0, "a100": 110.0, "hopper": 180.0, "blackwell": 360.0}
BRIDGE = Link(name="NVLink bridge", gb_s=20.0)
PCIE_GB_S = {3: 10.0, 4: 20.0, 5: 36.0}  # 16 lanes, cards that may copy to each other
GEFORCE_PCIE_GB_S = {3: 3.2, 4: 4.0, 5: 6.5}  # through the host's memory


@dataclass(frozen=True, kw_only=True)
class Split:
    """One way to use `cards` cards. `efficiency` is against as many single cards; `cause` names what holds it back."""

    kind: str  # single, data, sharded, tensor, pipeline
    cards: int
    throughput: float | None
    efficiency: float
    memory_gb: float  # on each card
    fits: bool
    cause: str


def link_between(gpu: Gpu, *, nvlink: bool = False, pcie_generation: int = 4, lanes: int = 16) -> Link:
    """The link of a machine with several of this card."""
    if nvlink:
        label = group(gpu)
        if gpu.segment == "datacenter" and label in NVLINK_GB_S:
            return Link(name="NVLink", gb_s=NVLINK_GB_S[label])
        return BRIDGE
    share = lanes / 16
    name = f"PCIe {pcie_generation} x{lanes}"
    if gpu.segment == "consumer":
        speed = GEFORCE_PCIE_GB_S.get(pcie_generation, 4.0) * min(share * 2, 1.0)  # the host's memory is the limit
        return Link(name=name, gb_s=speed, crowding=0.8, consumer=True)
    return Link(name=name, gb_s=PCIE_GB_S.get(pcie_generation, 20.0) * share)


def efficiency(step_seconds: float, gradient_gb: float, cards: int, link: Link) -> float:
    """Throughput of `cards` cards over `cards` times one card's, when each step exchanges its gradients; at most 1."""
    if cards <= 1:
        return 1.0
    waiting = EXPOSED * link.seconds(2 * (cards - 1) / cards * gradient_gb, cards)
    loss = (LOSS_PER_DOUBLING + (CONSUMER_LOSS if link.consumer else 0.0)) * log2(cards)
    return 1.0 / (1.0 + waiting / step_seconds + loss)


def splits(
    gpu: Gpu,
    workload: Workload,
    cards: int,
    link: Link,
    model: ThroughputModel,
    known: Efficiency | None = None,
) -> list[Split]:
    """Every way that makes sense, best first: those that fit before those that do not."""
    rate = single_card_rate(gpu, workload, model, known)
    ways = _training_ways if workload.training else _serving_ways
    found = [_alone(gpu, workload, rate)] if cards == 1 else ways(gpu, workload, cards, link, rate)
    return sorted(found, key=lambda split: (not split.fits, -(split.throughput or 0.0)))


def best_split(
    gpu: Gpu, workload: Workload, cards: int, link: Link, model: ThroughputModel, known: Efficiency | None = None
) -> Split:
    """The fastest way that fits, or the fastest of all with `fits` false."""
    return splits(gpu, workload, cards, link, model, known)[0]


def estimate_several(
    gpu: Gpu,
    workload: Workload,
    cards: int,
    model: ThroughputModel,
    link: Link | None = None,
    known: Efficiency | None = None,
) -> Estimate:
    """The estimate for several cards of one machine in their best split, comparable with that of a single card."""
    alone = estimate(gpu, workload, model, efficiency=known)
    best = best_split(gpu, workload, cards, link or link_between(gpu), model, known)
    sd = float(hypot(model.family(workload.family).sd, EFFICIENCY_SD))
    works = best.throughput is not None and best.fits
    rate = best.throughput if works else None
    return replace(
        alone,
        gpu=f"{cards}x {gpu.name}",
        throughput=rate,
        low=None if rate is None else rate * exp(-Z80 * sd),
        high=None if rate is None else rate * exp(Z80 * sd),
        bound=alone.bound if works and alone.throughput else ("compute" if works else "capacity"),
        fits="yes" if best.fits else "no",
        memory_needed_gb=best.memory_gb,
        evidence="estimated" if works else "none",
        reason="; ".join(
            text for text in (f"{best.kind} parallel, {best.efficiency:.0%} of linear", best.cause) if text
        ),
        remedies=() if best.fits else alone.remedies,
    )


def counted(name: str) -> tuple[int, str]:
    """How many of which card a text asks for.

    >>> counted("2x RTX 3090"), counted("RTX 4090")
    ((2, 'RTX 3090'), (1, 'RTX 4090'))
    """
    found = re.match(r"\s*(\d{1,12})\s*x\s+(.+)", name)
    return (int(found[1]), found[2].strip()) if found else (1, name)


def _alone(gpu: Gpu, workload: Workload, rate: float | None) -> Split:
    need = memory_need(workload).total
    fits = need <= usable_memory_gb(gpu)
    return Split(kind="single", cards=1, throughput=rate, efficiency=1.0, memory_gb=need, fits=fits, cause="")


def _training_ways(gpu: Gpu, workload: Workload, cards: int, link: Link, rate: float | None) -> list[Split]:
    step = _step_seconds(workload, rate)
    gradient_gb = trainable_params(workload) * _gradient_bytes(workload) / 1e9
    whole_gb = workload.params_m * 1e6 * _gradient_bytes(workload) / 1e9
    plain = efficiency(step, gradient_gb, cards, link)
    sharded = efficiency(step, gradient_gb + 0.5 * whole_gb, cards, link)
    tensor = efficiency(step / cards, _activation_traffic_gb(workload), cards, link)
    smaller = min(max(MICRO_BATCHES / cards, 1.0), max(workload.batch_size, 1))  # micro-batches than one card's batch
    bubble = MICRO_BATCHES / (MICRO_BATCHES + cards - 1) * (1 - LOSS_PER_DOUBLING * log2(cards))
    bubble /= 1.0 + STEP_SHARE * (smaller - 1.0)
    states = {
        "data": (plain, memory_need(workload).total),
        "sharded": (sharded, memory_need(workload, shards=cards).total),
        "tensor": (tensor, _divided(workload, cards)),
        "pipeline": (bubble, _divided(workload, cards)),
    }
    return [_split(kind, gpu, cards, rate, share, need, link) for kind, (share, need) in states.items()]


def _serving_ways(gpu: Gpu, workload: Workload, cards: int, link: Link, rate: float | None) -> list[Split]:
    """Copies on every card, tensors split over cards, or layers one card after the other (memory, but no speed)."""
    step = _step_seconds(workload, rate)
    tensor = efficiency(step / cards, _activation_traffic_gb(workload), cards, link)
    at_once = max(workload.batch_size, 1)
    in_turn = min(at_once / (at_once + cards - 1), 1.0) if at_once > 1 else 1.0 / cards
    states = {
        "data": (0.99, memory_need(workload).total),
        "tensor": (tensor, memory_need(workload, shards=cards).total),
        "pipeline": (in_turn, memory_need(workload, shards=cards).total),
    }
    return [_split(kind, gpu, cards, rate, share, need, link) for kind, (share, need) in states.items()]


def _split(kind: str, gpu: Gpu, cards: int, rate: float | None, share: float, need: float, link: Link) -> Split:
    cause = ""
    if kind == "pipeline":
        cause = "cards wait for each other while the pipeline fills"
    elif share < 0.85:
        cause = f"the {link.name} holds it back: {1 - share:.0%} of the time goes to waiting for it"
    return Split(
        kind=kind,
        cards=cards,
        throughput=None if rate is None else rate * cards * share,
        efficiency=share,
        memory_gb=need,
        fits=need <= usable_memory_gb(gpu),
        cause=cause,
    )


def _step_seconds(workload: Workload, rate: float | None) -> float:
    """Seconds of one card's step: its batch over its rate (tokens count with the sequence)."""
    units = max(workload.batch_size, 1)
    if workload.unit == "tokens/s" and workload.family != "llm_decode":
        units *= max(workload.sequence_or_image, 1)
    return units / rate if rate else 1.0


def _gradient_bytes(workload: Workload) -> float:
    return 4.0 if precision_class(workload.precision) in ("fp32", "tf32") else 2.0


def _activation_traffic_gb(workload: Workload) -> float:
    """What tensor parallelism reduces in a step: two sums a layer forward, two backward, of one activation each."""
    shape = workload.shape
    tokens = max(workload.batch_size, 1) * (1 if workload.family == "llm_decode" else workload.sequence_or_image)
    sums = 4.0 if workload.training else 2.0
    return sums * shape.get("layers", 50.0) * shape.get("hidden", 1024.0) * tokens * 2.0 / 1e9


def _divided(workload: Workload, cards: int) -> float:
    need = memory_need(workload, shards=cards)
    return replace(need, activations=need.activations / cards).total
