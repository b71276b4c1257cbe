"""How much memory a job needs, whether it fits a card, and what would make it fit.

Rules and their check: training keeps 16 bytes for each trained parameter (FP32 master, two Adam moments, 16-bit weight
and gradient), activations of 34 s b d bytes a layer with flash attention (Korthikanti et al. 2022), and the logits;
serving keeps weights and the KV cache. Against 216 published GPT runs and 124 llama.cpp runs see benchmarks/memory.py.
"""

from dataclasses import dataclass

from monitor.core.hardware import precision_class, usable_memory_gb
from monitor.core.models import Gpu, Workload
from monitor.core.work import ACTIVATION_BYTES, kv_bytes_per_token, trainable_params, weight_bytes

GB = 1e9
TRAINING_OVERHEAD_GB = 1.5  # context, workspace and fragmentation of a training framework
SERVING_OVERHEAD_GB = 0.8
TIGHT = 0.92  # above this share of the usable memory, a desktop or fragmentation may break it


@dataclass(frozen=True, kw_only=True)
class MemoryNeed:
    """Gigabytes (1e9 bytes) by purpose."""

    weights: float
    gradients: float
    optimizer: float
    activations: float
    kv_cache: float
    overhead: float

    @property
    def total(self) -> float:
        return self.weights + self.gradients + self.optimizer + self.activations + self.kv_cache + self.overhead


@dataclass(frozen=True, kw_only=True)
class Fit:
    """`answer` is yes, tight or no; `remedies` say what would make it fit, cheapest first."""

    answer: str
    need_gb: float
    usable_gb: float
    remedies: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """Need and offer in words."""
        return f"needs {self.need_gb:.1f} GB, the card offers {self.usable_gb:.1f}"


def memory_need(workload: Workload, *, shards: int = 1, recompute: bool | None = None) -> MemoryNeed:
    """Memory on one card, where `shards` cards share the states; `recompute` overrides what the shape says."""
    return _training(workload, shards, recompute) if workload.training else _serving(workload, shards)


def fit(gpu: Gpu, workload: Workload) -> Fit:
    """Whether the workload fits the card as it stands, and if not, what would make it fit."""
    need, usable = memory_need(workload).total, usable_memory_gb(gpu)
    if need <= TIGHT * usable:
        return Fit(answer="yes", need_gb=need, usable_gb=usable)
    if need <= usable:
        return Fit(answer="tight", need_gb=need, usable_gb=usable, remedies=("leave the screen to another card",))
    return Fit(answer="no", need_gb=need, usable_gb=usable, remedies=remedies(gpu, workload))


def remedies(gpu: Gpu, workload: Workload) -> tuple[str, ...]:
    """Changes that, each alone, make the workload fit the card; then how many cards would."""
    usable = usable_memory_gb(gpu)
    found = [text for text, need in _changes(workload) if need <= usable]
    cards = next((n for n in (2, 4, 8) if memory_need(workload, shards=n).total <= usable), None)
    if cards:
        found.append(
            f"{cards} cards that share the states (sharded optimizer)" if workload.training else f"{cards} cards"
        )
    return tuple(found) or ("nothing on up to 8 of these cards: take one with more memory, or a smaller model",)


def _changes(workload: Workload) -> list[tuple[str, float]]:
    """Each change with the memory that is left to need."""
    need = memory_need(workload)
    if not workload.training:
        return _serving_changes(workload, need)
    changes: list[tuple[str, float]] = []
    if not workload.shape.get("recompute"):
        changes.append(("gradient checkpointing", memory_need(workload, recompute=True).total))
    if workload.batch_size > 1:
        small = need.total - need.activations * (1 - 1 / workload.batch_size)
        changes.append(("a micro-batch of 1 with gradient accumulation", small))
    if "8-bit" not in workload.optimizer and "adam" in workload.optimizer:
        changes.append(("an 8-bit optimizer", need.total - 0.5 * need.optimizer))
    changes.append(("optimizer states offloaded to RAM", need.total - need.optimizer))
    if "trainable_m" not in workload.shape:
        changes.append(("LoRA instead of training all weights", need.total - need.optimizer - need.gradients * 0.97))
    changes.append(("4-bit frozen weights with LoRA (QLoRA)", _qlora_gb(workload, need)))
    return changes


def _serving_changes(workload: Workload, need: MemoryNeed) -> list[tuple[str, float]]:
    changes: list[tuple[str, float]] = []
    params = workload.params_m * 1e6 / GB
    if precision_class(workload.precision) in ("half", "fp32", "tf32"):
        changes.append(("8-bit weights", need.total - need.weights + 1.06 * params))
        changes.append(("4-bit weights", need.total - need.weights + 0.606 * params))
    if workload.batch_size > 1:
        changes.append(("a smaller batch", need.weights + need.overhead + need.kv_cache / workload.batch_size))
    return changes


def _qlora_gb(workload: Workload, need: MemoryNeed) -> float:
    small = 0.56 * workload.params_m * 1e6 / GB
    adapters = 16.0 * min(trainable_params(workload), 0.01 * workload.params_m * 1e6) / GB
    return small + adapters + need.activations + need.overhead


def _training(workload: Workload, shards: int, recompute: bool | None) -> MemoryNeed:
    trained, params = trainable_params(workload), workload.params_m * 1e6
    low_rank = trained < 0.5 * params
    kept = weight_bytes(workload) if low_rank else 2.0 * params
    moments = 6.0 if "8-bit" in workload.optimizer else 12.0 if "adam" in workload.optimizer else 8.0
    if precision_class(workload.precision) in ("fp32", "tf32"):
        kept, moments = 4.0 * params, moments - 4.0
    return MemoryNeed(
        weights=kept / shards / GB,
        gradients=2.0 * trained / shards / GB,
        optimizer=moments * trained / shards / GB,
        activations=_activations_gb(workload, recompute),
        kv_cache=0.0,
        overhead=TRAINING_OVERHEAD_GB,
    )


def _activations_gb(workload: Workload, recompute: bool | None) -> float:
    shape, batch = workload.shape, max(workload.batch_size, 1)
    again = bool(shape.get("recompute")) if recompute is None else recompute
    if "hidden" in shape and "mactivations" not in shape:
        sequence, hidden, layers = max(workload.sequence_or_image, 1), shape["hidden"], shape.get("layers", 1.0)
        kept = (2.0 * layers + 34.0) if again else 34.0 * layers
        logits = 6.0 * sequence * batch * shape.get("vocab", 0.0)
        return (kept * sequence * batch * hidden + logits) / GB
    element = ACTIVATION_BYTES[precision_class(workload.precision)]
    written = (
        shape.get("mactivations", 10.0) * 1e6 * element * batch * 2.0
    )  # the output and what its backward pass keeps
    return written * (0.25 if again else 1.0) / GB


def _serving(workload: Workload, shards: int) -> MemoryNeed:
    shape, batch = workload.shape, max(workload.batch_size, 1)
    context = shape.get("context", 0.0)
    element = ACTIVATION_BYTES[precision_class(workload.precision)]
    live = shape.get("mactivations", 0.0) * 1e6 * element * batch * 0.2  # layers free their inputs as they go
    if "mactivations" not in shape:
        live = 12.0 * shape.get("hidden", 0.0) * max(workload.sequence_or_image, 1) * batch * element
    return MemoryNeed(
        weights=weight_bytes(workload) / shards / GB,
        gradients=0.0,
        optimizer=0.0,
        activations=live / GB,
        kv_cache=kv_bytes_per_token(shape) * context * batch / shards / GB,
        overhead=SERVING_OVERHEAD_GB,
    )
