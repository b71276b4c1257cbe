"""What is measured, in which order, and for how long. Pure: no card is touched here.

Budgets hold by construction: every step owns its seconds. Figures of work follow the usual conventions: a matrix
product of m x k by k x n is 2 m n k FLOP; memory rates count bytes read plus bytes written.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

GEMM_SHAPES = ((4096, 4096, 4096), (8192, 8192, 8192), (4096, 14336, 4096))  # m, n, k: typical large layers
GIB = 2**30
SCALE = {"quick": 0.25, "default": 1.0, "full": 5.0}
WARM_SECONDS = {"quick": 5.0, "default": 8.0, "full": 20.0}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing to measure. `seconds` is its budget; `why_not` says why it will not run, and is empty otherwise."""

    op: str  # gemm, copy, read, triad, gemv, attention, conv, h2d, d2h
    precision: str
    seconds: float
    batch: int = 1
    repeat: bool = False  # the same again at the end, to see drift
    why_not: str = ""

    @property
    def name(self) -> str:
        """The step as people read it: "bf16 gemm"."""
        batch = f" batch {self.batch}" if self.op == "gemv" else ""
        return f"{self.precision} {self.op}{batch}{' again' if self.repeat else ''}".strip()


def steps(mode: str, main_precision: str, supports: Callable[[str, str], str]) -> list[Step]:
    """The steps of a mode (quick, default, full); `supports(op, precision)` is empty or says why not.

    `main_precision` is bf16, or what stands in for it: fp16 on cards before compute capability 8.0, fp32 on a CPU.
    """
    scale = SCALE[mode]
    wanted = [Step(op="gemm", precision=main_precision, seconds=8.0)]
    others = [p for p in ("bf16", "fp16", "tf32", "fp32", "fp8", "int8") if p != main_precision]
    wanted += [Step(op="gemm", precision=precision, seconds=1.5) for precision in others]
    wanted += [Step(op=op, precision="", seconds=2.0) for op in ("copy", "read", "triad")]
    wanted += [Step(op="gemv", precision=main_precision, seconds=2.0, batch=batch) for batch in (1, 16)]
    wanted += [Step(op=op, precision=main_precision, seconds=2.0) for op in ("attention", "conv")]
    wanted += [Step(op=op, precision="", seconds=1.5) for op in ("h2d", "d2h")]
    wanted += [Step(op="gemm", precision=main_precision, seconds=3.0, repeat=True)]
    if mode == "quick":
        slow = [step for step in wanted if step.precision == "fp32" != main_precision and step.op == "gemm"]
        wanted = [step for step in wanted if step not in slow and step.batch == 1]
    return [replace(step, seconds=step.seconds * scale, why_not=supports(step.op, step.precision)) for step in wanted]


def budget_seconds(planned: list[Step], mode: str) -> float:
    """The most that a run takes after the backend is loaded: every step, the choice of a shape, and the warm-up."""
    return sum(step.seconds for step in planned if not step.why_not) + WARM_SECONDS[mode] + 2.0


def room_bytes(free: float, *, display: bool, unified: bool = False) -> int:
    """How much memory a run may take: at most 4 GiB and half of what is free, and it leaves 1 GiB (1.5 with a display).

    `unified` memory belongs to the host too: at most a quarter of it.
    """
    share = 0.25 if unified else 0.5
    left = 1.5 * GIB if display else 1.0 * GIB
    return int(max(0.0, min(4 * GIB, free * share, free - left)))


def working_set_bytes(room: int, l2_bytes: float) -> int:
    """The size of a memory test: large against the cache (8 x L2, at least 512 MiB), but never more than a third of
    the room, since a triad holds three of them."""
    return int(min(max(512 * 2**20, 8 * l2_bytes), room / 3))
