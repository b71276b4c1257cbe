"""What a card can do at most: arithmetic by precision, memory traffic, and the families of chips that behave alike.

Peaks are dense and accumulate in FP32, since that is what training sees. Sources of the constants: the vendors'
architecture white papers for the ratios between precisions; achieved matrix products under sustained load for the
power caps (tokenwatt-check 0.4.2, MIT, 2026-10).
"""

from dataclasses import dataclass

from monitor.core.models import Gpu

# Sustained 16-bit TFLOP/s per watt of the board's limit: what stands in the datasheet cannot be drawn for long.
TFLOPS_PER_WATT = {
    "volta": 0.36,
    "turing": 0.36,
    "ampere": 0.36,
    "a100": 0.65,
    "ada": 0.49,
    "hopper": 0.97,
    "blackwell": 1.75,
    "blackwell-rtx": 0.76,
}
# 16-bit arithmetic of cards without matrix units, as a multiple of their FP32 rate.
HALF_RATE_WITHOUT_MATRIX_UNITS = {"vega": 2.0, "rdna1-2": 2.0, "turing": 2.0, "p100": 2.0, "apple": 1.0}
GIB = 1.073741824  # gigabytes
FP8_GROUPS = frozenset({"ada", "hopper", "blackwell", "blackwell-rtx", "cdna3", "rdna4", "gaudi", "trainium", "tpu"})
FP4_GROUPS = frozenset({"blackwell", "blackwell-rtx"})
TF32_GROUPS = frozenset({"ampere", "a100", "ada", "hopper", "blackwell", "blackwell-rtx"})
EMULATED_BF16 = frozenset({"kepler", "maxwell", "pascal", "p100", "volta", "turing"})


@dataclass(frozen=True, kw_only=True)
class Peaks:
    """The most that one card can do at one precision; `None` with a note where it cannot run it or nobody says."""

    tflops: float | None
    bandwidth_gb_s: float
    power_capped: bool
    note: str


def peaks(gpu: Gpu, precision: str) -> Peaks:
    """Dense peak at `precision`, lowered to what the power limit sustains, and the memory bandwidth."""
    kind = precision_class(precision)
    tflops, note = _nominal_tflops(gpu, kind, bf16="bf16" in precision.lower())
    if tflops is None:
        return Peaks(tflops=None, bandwidth_gb_s=gpu.bandwidth_gb_s, power_capped=False, note=note)
    cap = _sustained_cap(gpu, kind)
    capped = cap is not None and cap < tflops
    return Peaks(
        tflops=min(tflops, cap) if cap is not None else tflops,
        bandwidth_gb_s=gpu.bandwidth_gb_s,
        power_capped=capped,
        note=f"held to {cap:.0f} TFLOP/s by its {gpu.power_watts:.0f} W" if capped and cap else note,
    )


def precision_class(precision: str) -> str:
    """One of fp32, tf32, half, fp8, int8, fp4, q4 (4-bit weights, 16-bit arithmetic).

    >>> precision_class("amp_bf16"), precision_class("Q4_K_M"), precision_class("fp32 (tf32 where the card has it)")
    ('half', 'q4', 'tf32')
    """
    text = precision.lower()
    for mark, kind in _PRECISION_MARKS:
        if mark in text:
            return kind
    return "half"


_PRECISION_MARKS = (
    ("fp8/fp4", "fp8"),
    ("fp4", "fp4"),
    ("q4", "q4"),
    ("4bit", "q4"),
    ("4-bit", "q4"),
    ("awq", "q4"),
    ("gptq", "q4"),
    ("fp8", "fp8"),
    ("int8", "int8"),
    ("q8", "int8"),
    ("tf32", "tf32"),
    ("amp", "half"),
    ("mixed", "half"),
    ("fp32", "fp32"),
    ("float32", "fp32"),
)


def group(gpu: Gpu) -> str:
    """The family of chips that share their behaviour: finer than the architecture's name where silicon differs.

    The A100 is no GA102, the P100 no GTX 1080, and the Blackwell of servers no RTX 50.
    """
    name, architecture = gpu.name, gpu.architecture.lower()
    if architecture.startswith("ampere"):
        return "a100" if name.startswith(("A100", "A30", "A800")) else "ampere"
    if architecture.startswith("pascal"):
        return "p100" if "P100" in name else "pascal"
    if architecture.startswith("blackwell"):
        return "blackwell" if gpu.segment == "datacenter" and "RTX" not in name else "blackwell-rtx"
    for start, label in _GROUPS:
        if architecture.startswith(start):
            return label
    return architecture.split()[0] if architecture else "unknown"


_GROUPS = (
    ("kepler", "kepler"),
    ("maxwell", "maxwell"),
    ("volta", "volta"),
    ("turing", "turing"),
    ("ada", "ada"),
    ("hopper", "hopper"),
    ("grace hopper", "hopper"),
    ("gcn 5", "vega"),
    ("gcn", "gcn"),
    ("rdna 1", "rdna1-2"),
    ("rdna 2", "rdna1-2"),
    ("rdna 3", "rdna3"),
    ("rdna 4", "rdna4"),
    ("cdna 3", "cdna3"),
    ("cdna 4", "cdna3"),
    ("cdna", "cdna"),
    ("xe", "xe"),
    ("tpu", "tpu"),
    ("trainium", "trainium"),
    ("gaudi", "gaudi"),
    ("apple", "apple"),
)


def usable_memory_gb(gpu: Gpu) -> float:
    """Gigabytes (1e9 bytes) that a job can fill: 98 % on a card, 75 % where the whole machine shares memory (Apple).

    A card's "24 GB" are 24 GiB, as every maker counts memory.
    """
    return gpu.memory_gb * GIB * (0.75 if group(gpu) == "apple" else 0.98)


def _nominal_tflops(gpu: Gpu, kind: str, *, bf16: bool) -> tuple[float | None, str]:
    half, note = _half_tflops(gpu)
    label = group(gpu)
    if kind in ("half", "q4"):
        if bf16 and label in EMULATED_BF16:
            return half, f"{gpu.name} only emulates bf16: the estimate is for fp16"
        return half, note
    if kind in ("fp32", "tf32"):
        if label in TF32_GROUPS and half is not None:
            return half / 2, "fp32 as frameworks run it on this card: TF32, half the 16-bit rate"
        return gpu.fp32_tflops, "" if gpu.fp32_tflops else "no source states its FP32 rate"
    return _narrow_tflops(gpu, kind, half, label)


def _half_tflops(gpu: Gpu) -> tuple[float | None, str]:
    if gpu.fp16_tflops is not None:
        return gpu.fp16_tflops, ""
    if gpu.fp32_tflops is None:
        return None, "no source states its arithmetic rate"
    ratio = HALF_RATE_WITHOUT_MATRIX_UNITS.get(group(gpu), 1.0)
    return gpu.fp32_tflops * ratio, f"no matrix units: 16-bit arithmetic at {ratio:.0f} x its FP32 rate"


def _narrow_tflops(gpu: Gpu, kind: str, half: float | None, label: str) -> tuple[float | None, str]:
    if kind == "fp8":
        if gpu.fp8_tflops is not None:
            return gpu.fp8_tflops, ""
        if label in FP8_GROUPS and half is not None:
            return 2 * half, "FP8 taken as twice its 16-bit rate"
        return None, f"{gpu.name} has no FP8 arithmetic: use bf16 or fp16"
    if kind == "fp4":
        if label in FP4_GROUPS and half is not None:
            return 4 * half, "FP4 taken as four times its 16-bit rate"
        return None, f"{gpu.name} has no FP4 arithmetic: use FP8, bf16 or 4-bit weights"
    if half is None or gpu.fp16_tflops is None:
        return None, f"{gpu.name} has no INT8 matrix units: use fp16"
    return 2 * half, "INT8 taken as twice its 16-bit rate"


def _sustained_cap(gpu: Gpu, kind: str) -> float | None:
    """TFLOP/s at `kind` that the board's power sustains; `None` where no measurement says."""
    per_watt = TFLOPS_PER_WATT.get(group(gpu))
    if per_watt is None or gpu.power_watts is None or gpu.fp16_tflops is None:
        return None
    if kind in ("fp32", "tf32") and group(gpu) not in TF32_GROUPS:
        return None
    scale = {"half": 1.0, "q4": 1.0, "tf32": 0.5, "fp32": 0.5, "fp8": 2.0, "int8": 2.0, "fp4": 4.0}[kind]
    return per_watt * gpu.power_watts * scale
