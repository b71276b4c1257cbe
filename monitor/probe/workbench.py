"""What runs and times kernels. One class serves cupy on a GPU and numpy on a CPU: the lines are the same (`xp`)."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from monitor.probe.plan import GEMM_SHAPES, working_set_bytes

MIB = 2**20
SAMPLES_CHECKED = 64
SEED = 20260101
TOLERANCE = {"bf16": 3e-2, "fp16": 1e-2, "tf32": 1e-3, "fp32": 1e-5, "fp8": 0.15, "int8": 0.0, "": 1e-4}


class OutOfMemory(Exception):
    """The card had no room for a step."""


class Gone(Exception):
    """The card stopped answering."""


class Task(Protocol):
    """One prepared step. `work` is FLOP or bytes for one iteration."""

    work: float
    unit: str  # TFLOP/s or GB/s

    def block(self, iterations: int) -> float:
        """Run so many iterations back to back and return the seconds that the device took."""
        ...

    def error(self) -> float:
        """Largest relative error of sampled output elements against float64 on the host."""
        ...


class Workbench(Protocol):
    """A backend on one device."""

    kind: str  # gpu or cpu
    name: str
    main_precision: str

    def supports(self, op: str, precision: str) -> str:
        """Empty, or why this step cannot run here."""
        ...

    def prepare(self, op: str, precision: str, batch: int, room: int, shape: tuple[int, int, int]) -> Task:
        """Allocate and fill with random normal data; raises `OutOfMemory`."""
        ...

    def shapes(self) -> tuple[tuple[int, int, int], ...]:
        """Matrix shapes to choose from."""
        ...

    def release(self) -> None:
        """Give memory back."""
        ...


@dataclass
class ArrayTask:
    """A step made of array expressions."""

    work: float
    unit: str
    run: Callable[[], Any]
    check: Callable[[], float]
    timed: Callable[[Callable[[], Any], int], float]

    def block(self, iterations: int) -> float:
        return self.timed(self.run, iterations)

    def error(self) -> float:
        return self.check()


class ArrayWorkbench:
    """cupy on a GPU, or numpy on a CPU; a CPU's figures are labelled so and calibrate nothing."""

    def __init__(self, xp: Any, *, name: str, kind: str, l2_bytes: float = 32 * MIB) -> None:
        self.xp, self.name, self.kind, self._l2 = xp, name, kind, l2_bytes
        self.main_precision = "fp32" if kind == "cpu" else "fp16"

    def supports(self, op: str, precision: str) -> str:
        if op in ("attention", "conv"):
            return "needs torch"
        if op in ("h2d", "d2h") and self.kind == "cpu":
            return "a CPU has no bus to its own memory"
        if precision in ("bf16", "fp8", "int8", "tf32"):
            return f"{precision} needs torch"
        if precision == "fp16" and self.kind == "cpu":
            return "fp16 on a CPU is emulated and says nothing"
        return ""

    def shapes(self) -> tuple[tuple[int, int, int], ...]:
        return ((1024, 1024, 1024),) if self.kind == "cpu" else GEMM_SHAPES

    def prepare(self, op: str, precision: str, batch: int, room: int, shape: tuple[int, int, int]) -> ArrayTask:
        makers = {"gemm": self._gemm, "gemv": self._gemv, "h2d": self._bus, "d2h": self._bus}
        try:
            return makers.get(op, self._memory)(op, precision, batch, room, shape)
        except MemoryError as error:
            raise OutOfMemory(str(error)) from None
        except Exception as error:  # cupy's own error class is known only where cupy is
            raise _translated(error) from error

    def release(self) -> None:
        if self.kind == "gpu":
            self.xp.get_default_memory_pool().free_all_blocks()

    def _normal(self, rows: int, columns: int, precision: str) -> Any:
        kind = {"fp16": self.xp.float16, "fp32": self.xp.float32}[precision]
        if self.kind == "cpu":
            return self.xp.random.default_rng(SEED).standard_normal((rows, columns), dtype=self.xp.float32).astype(kind)
        self.xp.random.seed(SEED)
        return self.xp.random.standard_normal((rows, columns), dtype=self.xp.float32).astype(kind)

    def _gemm(self, op: str, precision: str, batch: int, room: int, shape: tuple[int, int, int]) -> ArrayTask:
        m, n, k = shape
        a, b = self._normal(m, k, precision), self._normal(n, k, precision).T
        out = self.xp.empty((m, n), dtype=a.dtype)
        product: Callable[[], Any] = lambda: self.xp.matmul(a, b, out=out)  # noqa: E731 - the timed expression
        return ArrayTask(2.0 * m * n * k, "TFLOP/s", product, lambda: self._product_error(a, b, out), self._timed)

    def _gemv(self, op: str, precision: str, batch: int, room: int, shape: tuple[int, int, int]) -> ArrayTask:
        rows, columns = (2048, 2048) if self.kind == "cpu" else (14336, 4096)
        each = rows * columns * (2 if precision == "fp16" else 4)
        count = max(1, min(int(GIB_OF_WEIGHTS if self.kind == "gpu" else 64 * MIB), room) // each)
        weights = [self._normal(rows, columns, precision) for _ in range(count)]
        x = self._normal(columns, batch, precision)
        outs = [self.xp.empty((rows, batch), dtype=x.dtype) for _ in weights]

        def decode() -> None:
            for weight, out in zip(weights, outs, strict=True):
                self.xp.matmul(weight, x, out=out)

        return ArrayTask(
            float(count * each), "GB/s", decode, lambda: self._product_error(weights[0], x, outs[0]), self._timed
        )

    def _memory(self, op: str, precision: str, batch: int, room: int, shape: tuple[int, int, int]) -> ArrayTask:
        size = 64 * MIB if self.kind == "cpu" else working_set_bytes(room, self._l2)
        n = max(1, size // 4)
        a = self._normal(1, n, "fp32")[0]
        if op == "read":
            total: list[Any] = [None]

            def read() -> None:
                total[0] = self.xp.sum(a)

            return ArrayTask(4.0 * n, "GB/s", read, lambda: self._sum_error(a, total[0]), self._timed)
        b = self._normal(1, n, "fp32")[0]
        if op == "copy":
            run: Callable[[], Any] = lambda: self.xp.copyto(b, a)  # noqa: E731 - the timed expression
            return ArrayTask(8.0 * n, "GB/s", run, lambda: self._same(b, a), self._timed)
        c = self.xp.empty_like(a)

        def triad() -> None:
            self.xp.multiply(b, 3.0, out=c)
            self.xp.add(a, c, out=c)

        return ArrayTask(20.0 * n, "GB/s", triad, lambda: self._same(c, a + 3.0 * b), self._timed)

    def _bus(self, op: str, precision: str, batch: int, room: int, shape: tuple[int, int, int]) -> ArrayTask:
        import cupyx  # pyright: ignore[reportMissingImports] - comes with the extra `probe`
        import numpy as np

        n = min(256 * MIB, room) // 4
        host = cupyx.empty_pinned(n, dtype=np.float32)
        host[:] = np.random.default_rng(SEED).standard_normal(n, dtype=np.float32)
        device = self.xp.asarray(host)
        run = (lambda: device.set(host)) if op == "h2d" else (lambda: device.get(out=host))
        return ArrayTask(
            4.0 * n, "GB/s", run, lambda: float(np.max(np.abs(self.xp.asnumpy(device) - host))), self._timed
        )

    def _timed(self, run: Callable[[], Any], iterations: int) -> float:
        if self.kind == "cpu":
            start = time.perf_counter()
            for _ in range(iterations):
                run()
            return time.perf_counter() - start
        begin, end = self.xp.cuda.Event(), self.xp.cuda.Event()
        try:
            begin.record()
            for _ in range(iterations):
                run()
            end.record()
            end.synchronize()
        except Exception as error:
            raise _translated(error) from error
        return float(self.xp.cuda.get_elapsed_time(begin, end)) / 1000

    def _product_error(self, a: Any, b: Any, out: Any) -> float:
        """Sampled elements of a product against float64, relative to the size of a typical element."""
        import numpy as np

        rng = np.random.default_rng(SEED)
        rows = rng.integers(0, out.shape[0], SAMPLES_CHECKED)
        columns = rng.integers(0, out.shape[1], SAMPLES_CHECKED)
        left, right = self._host(a[rows]).astype(np.float64), self._host(b[:, columns]).astype(np.float64)
        exact = np.einsum("ij,ji->i", left, right)
        got = self._host(out[rows, columns]).astype(np.float64)
        return float(np.max(np.abs(got - exact)) / np.sqrt(a.shape[1]))

    def _sum_error(self, a: Any, total: Any) -> float:
        import numpy as np

        host = self._host(a).astype(np.float64)
        return float(abs(float(total) - host.sum()) / np.sqrt(host.size))

    def _same(self, a: Any, b: Any) -> float:
        return float(self.xp.max(self.xp.abs(a - b)))

    def _host(self, array: Any) -> Any:
        return array if self.kind == "cpu" else self.xp.asnumpy(array)


GIB_OF_WEIGHTS = 2**30  # larger than any cache, so that decoding reads memory


def _translated(error: Exception) -> Exception:
    """A backend's own error as ours, where it is one that we know."""
    text = f"{type(error).__name__}: {error}".lower()
    if "outofmemory" in text.replace(" ", "") or "out of memory" in text:
        return OutOfMemory(str(error))
    if "lost" in text or "unspecified launch failure" in text or "ecc" in text:
        return Gone(str(error))
    return error
