"""What a workload computes and what it moves: FLOP, bytes and kernel launches for one unit of work, part by part.

Formulas: a convolution is an implicit matrix product (M = N P Q, N' = K, K' = C R S / groups; 2 M N' K' FLOP); a
transformer's token costs 2 N FLOP forward and 6 N in training (Kaplan et al. 2020) plus attention, 2 L s d forward when
causal; decoding reads every weight once a step and the KV cache of every sequence (Pope et al. 2022).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from monitor.core.hardware import precision_class
from monitor.core.models import Workload

# Bytes for one weight as it is stored; 4-bit formats carry scales (Q4_K_M: 4.85 bits in all).
WEIGHT_BYTES = {"fp32": 4.0, "tf32": 4.0, "half": 2.0, "fp8": 1.0, "int8": 1.06, "fp4": 0.56, "q4": 0.606}
ACTIVATION_BYTES = {"fp32": 4.0, "tf32": 4.0, "half": 2.0, "fp8": 2.0, "int8": 2.0, "fp4": 2.0, "q4": 2.0}
TRAINING_PASSES = 3.0  # forward, and a backward pass that costs two


@dataclass(frozen=True, kw_only=True)
class Part:
    """One kind of operation within a unit of work."""

    name: str
    flops: float
    bytes: float
    why: str

    @property
    def intensity(self) -> float:
        """FLOP for each byte moved; infinite where nothing is."""
        return self.flops / self.bytes if self.bytes else float("inf")


@dataclass(frozen=True, kw_only=True)
class Account:
    """All that one unit of work takes (an image, a token, a sequence), and the launches it shares with its batch."""

    unit: str
    parts: tuple[Part, ...]
    kernels: float  # launches for one unit of work

    @property
    def flops(self) -> float:
        return sum(part.flops for part in self.parts)

    @property
    def bytes(self) -> float:
        return sum(part.bytes for part in self.parts)


def account(workload: Workload) -> Account | None:
    """The account of one unit of work; `None` where the workload's shape is too little known."""
    shape, batch = workload.shape, max(workload.batch_size, 1)
    if workload.family == "llm_decode":
        parts, units = _decode(workload), float(batch)
    elif workload.family == "llm_prefill" or (workload.unit == "tokens/s" and "hidden" in shape):
        parts, units = _transformer(workload), float(batch * max(workload.sequence_or_image, 1))
    elif workload.family == "speech_infer":
        parts, units = _speech(workload), float(batch)
    elif "gmacs" in shape:
        parts, units = _from_macs(workload), float(batch)
    elif "hidden" in shape and "ffn" in shape:
        sequence = max(workload.sequence_or_image, 1)
        parts = tuple(replace(p, flops=p.flops * sequence, bytes=p.bytes * sequence) for p in _transformer(workload))
        units = float(batch)
    else:
        return None
    kernels = shape.get("kernels", 500.0) * shape.get("steps", 1.0) / units
    if workload.training:
        parts = (*parts, _optimizer(workload, units))
    return Account(unit=workload.unit.removesuffix("/s").rstrip("s"), parts=parts, kernels=kernels)


def convolution(
    *,
    batch: int,
    channels: int,
    size: int,
    filters: int,
    kernel: int,
    stride: int = 1,
    groups: int = 1,
    element: float = 2.0,
) -> Part:
    """One convolution, forward, over square images, as an implicit matrix product; `element` is bytes for one number.

    >>> convolution(batch=1, channels=64, size=56, filters=64, kernel=3).flops
    231211008
    """
    out = batch * (size // stride) ** 2
    depth = channels * kernel * kernel // groups
    moved = element * (batch * size * size * channels + filters * depth + out * filters)
    kind = "depthwise " if groups == channels and groups > 1 else ""
    return Part(
        name=f"{kind}convolution {kernel}x{kernel}, {channels} to {filters}",
        flops=2 * out * filters * depth,
        bytes=moved,
        why=f"a matrix product of {out} x {filters} x {depth}",
    )


def layer_kinds(element: float = 2.0, batch: int = 64) -> tuple[Part, ...]:
    """The kinds of layers in a convolutional network at their typical sizes, to compare what each asks of a card."""
    written = batch * 28 * 28 * 128
    return (
        convolution(batch=batch, channels=128, filters=128, size=28, kernel=3, element=element),
        convolution(batch=batch, channels=512, filters=128, size=28, kernel=1, element=element),
        convolution(batch=batch, channels=128, filters=128, size=28, kernel=3, groups=128, element=element),
        Part(name="normalise and ReLU", flops=4.0 * written, bytes=2 * element * written, why="read and written once"),
    )


def weight_bytes(workload: Workload) -> float:
    """Bytes of all weights as stored."""
    return workload.params_m * 1e6 * WEIGHT_BYTES[precision_class(workload.precision)]


def kv_bytes_per_token(shape: Mapping[str, float], element: float = 2.0) -> float:
    """Bytes of the KV cache for one token of one sequence: keys and values of every layer."""
    heads, kv_heads = shape.get("heads", 1.0), shape.get("kv_heads", shape.get("heads", 1.0))
    return 2.0 * shape.get("layers", 0.0) * shape.get("hidden", 0.0) * kv_heads / heads * element


def trainable_params(workload: Workload) -> float:
    """How many parameters get gradients: all of them unless the shape says fewer (LoRA)."""
    return workload.shape.get("trainable_m", workload.params_m) * 1e6


def _decode(workload: Workload) -> tuple[Part, ...]:
    batch, context = max(workload.batch_size, 1), workload.shape.get("context", 1024.0)
    params = workload.params_m * 1e6
    cache = kv_bytes_per_token(workload.shape) * context
    shape = workload.shape
    shared = f" shared by {batch} sequences" if batch > 1 else ""
    return (
        Part(
            name="weights",
            flops=2.0 * params,
            bytes=weight_bytes(workload) / batch,
            why=f"every weight is read once a step,{shared or ' for one token'}",
        ),
        Part(
            name="KV cache",
            flops=4.0 * shape.get("layers", 0.0) * shape.get("hidden", 0.0) * context,
            bytes=cache,
            why=f"keys and values of {context:.0f} tokens are read for each new one",
        ),
    )


def _transformer(workload: Workload) -> tuple[Part, ...]:
    """Parts for one token of training, prefill or encoding."""
    shape, params = workload.shape, workload.params_m * 1e6
    element = ACTIVATION_BYTES[precision_class(workload.precision)]
    tokens = max(workload.batch_size, 1) * max(workload.sequence_or_image, 1)
    layers, hidden, sequence = shape.get("layers", 0.0), shape.get("hidden", 0.0), max(workload.sequence_or_image, 1)
    causal = 1.0 if workload.family in ("llm_prefill", "transformer_train") and shape.get("vocab", 0) > 1000 else 2.0
    passes = _passes(workload)
    dense_passes = (
        passes if "trainable_m" not in shape else passes - 1.0
    )  # frozen weights need no gradient of their own
    width = (
        2 * hidden
        + 2 * hidden * shape.get("kv_heads", 1.0) / shape.get("heads", 1.0)
        + 2 * shape.get("ffn", 4 * hidden)
    )
    return (
        Part(
            name="matrix products",
            flops=2.0 * params * dense_passes,
            bytes=weight_bytes(workload) * passes / tokens + layers * width * element * passes,
            why=f"every token meets all {workload.params_m:,.0f} M weights; {tokens:,} tokens share one reading",
        ),
        Part(
            name="attention",
            flops=2.0 * layers * sequence * hidden * causal * passes,
            bytes=4.0 * layers * hidden * element * passes,
            why=f"scores over {sequence} positions, kept on the chip (flash attention)",
        ),
        Part(
            name="normalise, add, activate",
            flops=10.0 * layers * hidden * passes,
            bytes=8.0 * layers * hidden * element * passes,
            why="element by element: read and written, hardly computed",
        ),
    )


def _speech(workload: Workload) -> tuple[Part, ...]:
    """Encoder over the whole segment, decoder token by token (half of the parameters each)."""
    shape, batch = workload.shape, max(workload.batch_size, 1)
    half_params, frames = workload.params_m * 1e6 / 2, max(workload.sequence_or_image, 1)
    tokens = shape.get("decode_tokens", 100.0)
    layers, hidden = shape.get("layers", 32.0), shape.get("hidden", 1280.0)
    return (
        Part(
            name="encoder",
            flops=2.0 * half_params * frames + 4.0 * layers * frames * frames * hidden,
            bytes=weight_bytes(workload) / 2 / batch + 24.0 * layers * hidden * frames,
            why=f"{frames} frames at once, like reading a prompt",
        ),
        Part(
            name="decoder",
            flops=2.0 * half_params * tokens,
            bytes=tokens * (weight_bytes(workload) / 2 / batch + kv_bytes_per_token(shape) * frames),
            why=f"{tokens:.0f} tokens one after the other, each reading half of the weights",
        ),
    )


def _from_macs(workload: Workload) -> tuple[Part, ...]:
    """Convolutions and element-wise layers from multiply-adds and activations of one sample."""
    shape = workload.shape
    element = ACTIVATION_BYTES[precision_class(workload.precision)]
    steps, passes = shape.get("steps", 1.0), _passes(workload)
    batch = max(workload.batch_size, 1)
    written = shape.get("mactivations", 0.0) * 1e6 * element * steps * passes
    weights = weight_bytes(workload) * steps * passes / batch
    convolutional = "cnn" in workload.family or "diffusion" in workload.family
    return (
        Part(
            name="convolutions and products" if convolutional else "matrix products",
            flops=2.0 * shape["gmacs"] * 1e9 * steps * passes,
            bytes=written + weights,
            why=f"{shape['gmacs']:g} G multiply-adds{f' x {steps:.0f} evaluations' if steps > 1 else ''}, "
            f"{passes:.0f} pass{'es' if passes > 1 else ''}",
        ),
        Part(
            name="normalise, activate, add",
            flops=4.0 * shape.get("mactivations", 0.0) * 1e6 * steps * passes,
            bytes=written,
            why=f"{shape.get('mactivations', 0.0):g} M activations read and written once more",
        ),
    )


def _passes(workload: Workload) -> float:
    """Forward passes' worth of work: 1 in use, 3 in training, 4 where activations are computed again."""
    if not workload.training:
        return 1.0
    return TRAINING_PASSES + (1.0 if workload.shape.get("recompute") else 0.0)


def _optimizer(workload: Workload, units: float) -> Part:
    """One step for each batch: read and write weights, gradients and moments (Adam 28 bytes, SGD 20, 8-bit 16)."""
    trained = trainable_params(workload)
    moved = 16.0 if "8-bit" in workload.optimizer else 28.0 if "adam" in workload.optimizer else 20.0
    return Part(
        name="optimizer",
        flops=10.0 * trained / units,
        bytes=moved * trained / units,
        why=f"{trained / 1e6:,.0f} M weights with their moments, once a batch",
    )
