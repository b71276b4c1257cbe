"""The workbench on torch, used where torch is installed and sees a GPU; torch is never a dependency."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from monitor.probe.plan import GEMM_SHAPES, working_set_bytes
from monitor.probe.workbench import GIB_OF_WEIGHTS, MIB, SAMPLES_CHECKED, SEED, OutOfMemory, _translated


@dataclass
class TorchTask:
    """One prepared step; decoding is replayed as a graph, so that launches do not count."""

    work: float
    unit: str
    run: Callable[[], Any]
    check: Callable[[], float]
    bench: "TorchWorkbench"
    graph: Any = None

    def block(self, iterations: int) -> float:
        return self.bench.timed(self.graph.replay if self.graph is not None else self.run, iterations)

    def error(self) -> float:
        return self.check()


class TorchWorkbench:
    """torch on one CUDA (or ROCm) device, or on the CPU where a test asks for it."""

    def __init__(self, torch: Any, index: int = 0, device: str = "cuda") -> None:
        self.torch, self.kind = torch, "gpu" if device == "cuda" else "cpu"
        self.device = torch.device(device, index) if device == "cuda" else torch.device("cpu")
        self.name = f"torch {torch.__version__}"
        self.capability: tuple[int, int] = (0, 0)
        self._l2 = 32.0 * MIB
        if self.kind == "gpu":
            properties = torch.cuda.get_device_properties(self.device)
            self.capability = (properties.major, properties.minor)
            self._l2 = float(getattr(properties, "L2_cache_size", 0) or 32 * MIB)
            torch.cuda.set_device(self.device)
        rocm = getattr(torch.version, "hip", None) is not None
        self.main_precision = "fp32" if self.kind == "cpu" else "bf16" if rocm or self.capability >= (8, 0) else "fp16"

    def supports(self, op: str, precision: str) -> str:
        if self.kind == "cpu":
            if op in ("h2d", "d2h"):
                return "a CPU has no bus to its own memory"
            return "" if precision in ("", "fp32") else f"{precision} on a CPU is emulated and says nothing"
        least = {"bf16": (8, 0), "tf32": (8, 0), "fp8": (8, 9), "int8": (7, 5)}.get(precision)
        if least and self.capability < least and getattr(self.torch.version, "hip", None) is None:
            return f"{precision} needs compute capability {least[0]}.{least[1]}"
        missing = {"fp8": "_scaled_mm", "int8": "_int_mm"}.get(precision)
        return f"this torch has no {missing}" if missing and not hasattr(self.torch, missing) else ""

    def shapes(self) -> tuple[tuple[int, int, int], ...]:
        return ((512, 512, 512),) if self.kind == "cpu" else GEMM_SHAPES

    def prepare(self, op: str, precision: str, batch: int, room: int, shape: tuple[int, int, int]) -> TorchTask:
        makers: dict[str, Callable[..., TorchTask]] = {
            "gemm": self._gemm,
            "gemv": self._gemv,
            "attention": self._attention,
            "conv": self._conv,
            "h2d": self._bus,
            "d2h": self._bus,
        }
        try:
            return makers.get(op, self._memory)(op, precision, batch, room, shape)
        except Exception as error:  # torch raises its own classes, which are not importable here
            raise _translated(error) from error

    def release(self) -> None:
        if self.kind == "gpu":
            self.torch.cuda.empty_cache()

    def timed(self, run: Callable[[], Any], iterations: int) -> float:
        """Device seconds for so many iterations, by events on the stream."""
        if self.kind == "cpu":
            start = time.perf_counter()
            for _ in range(iterations):
                run()
            return time.perf_counter() - start
        begin, end = (self.torch.cuda.Event(enable_timing=True) for _ in range(2))
        try:
            begin.record()
            for _ in range(iterations):
                run()
            end.record()
            end.synchronize()
        except Exception as error:
            raise _translated(error) from error
        return float(begin.elapsed_time(end)) / 1000

    def _normal(self, *shape: int, kind: str = "fp32") -> Any:
        generator = self.torch.Generator(device=self.device).manual_seed(SEED)
        made = self.torch.randn(*shape, device=self.device, generator=generator, dtype=self.torch.float32)
        return made.to({"bf16": self.torch.bfloat16, "fp16": self.torch.float16}.get(kind, self.torch.float32))

    def _gemm(self, op: str, precision: str, batch: int, room: int, shape: tuple[int, int, int]) -> TorchTask:
        torch, (m, n, k) = self.torch, shape
        if 4 * (m * k + n * k + m * n) > max(room, 1):
            raise OutOfMemory("no room for the matrices")
        a, b = self._normal(m, k, kind=precision), self._normal(n, k, kind=precision).t()
        torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
        if precision == "fp8":
            kind, one = torch.float8_e4m3fn, torch.tensor(1.0, device=self.device)
            a, b = a.to(kind), b.t().contiguous().to(kind).t()
            run: Callable[[], Any] = lambda: torch._scaled_mm(a, b, one, one, out_dtype=torch.bfloat16)  # noqa: E731
        elif precision == "int8":
            a, b = (part.clamp(-3, 3).mul(40).to(torch.int8) for part in (a, b.t().contiguous()))
            b = b.t()
            run = lambda: torch._int_mm(a, b)  # noqa: E731 - the timed expression
        else:
            out = torch.empty((m, n), device=self.device, dtype=a.dtype)
            run = lambda: torch.mm(a, b, out=out)  # noqa: E731 - the timed expression
        return TorchTask(2.0 * m * n * k, "TFLOP/s", run, lambda: self._product_error(a, b, run()), self)

    def _gemv(self, op: str, precision: str, batch: int, room: int, shape: tuple[int, int, int]) -> TorchTask:
        torch = self.torch
        rows, columns = (1024, 1024) if self.kind == "cpu" else (14336, 4096)
        each = rows * columns * (4 if precision == "fp32" else 2)
        count = max(1, min(GIB_OF_WEIGHTS if self.kind == "gpu" else 16 * MIB, room) // each)
        weights = [self._normal(rows, columns, kind=precision) for _ in range(count)]
        x = self._normal(columns, batch, kind=precision)
        outs = [torch.empty((rows, batch), device=self.device, dtype=x.dtype) for _ in weights]

        def decode() -> None:
            for weight, out in zip(weights, outs, strict=True):
                torch.mm(weight, x, out=out)

        task = TorchTask(float(count * each), "GB/s", decode, lambda: self._product_error(weights[0], x, outs[0]), self)
        task.graph = self._graph_of(decode)
        return task

    def _graph_of(self, run: Callable[[], Any]) -> Any:
        if self.kind == "cpu":
            return None
        run()
        self.torch.cuda.synchronize()
        graph = self.torch.cuda.CUDAGraph()
        with self.torch.cuda.graph(graph):
            run()
        return graph

    def _memory(self, op: str, precision: str, batch: int, room: int, shape: tuple[int, int, int]) -> TorchTask:
        torch = self.torch
        n = max(1, (16 * MIB if self.kind == "cpu" else working_set_bytes(room, self._l2)) // 4)
        a = self._normal(n)
        if op == "read":
            total = torch.empty((), device=self.device)
            run: Callable[[], Any] = lambda: torch.sum(a, dim=0, out=total)  # noqa: E731 - the timed expression
            exact = lambda: abs(float(run()) - float(a.double().sum())) / n**0.5  # noqa: E731 - checked once
            return TorchTask(4.0 * n, "GB/s", run, exact, self)
        b = self._normal(n)
        if op == "copy":
            return TorchTask(8.0 * n, "GB/s", lambda: b.copy_(a), lambda: float((b - a).abs().max()), self)
        c = torch.empty_like(a)
        triad: Callable[[], Any] = lambda: torch.add(a, b, alpha=3.0, out=c)  # noqa: E731 - the timed expression
        return TorchTask(12.0 * n, "GB/s", triad, lambda: float((c - (a + 3.0 * b)).abs().max()), self)

    def _attention(self, op: str, precision: str, batch: int, room: int, shape: tuple[int, int, int]) -> TorchTask:
        b, heads, s, d = (1, 4, 128, 64) if self.kind == "cpu" else (4, 32, 2048, 128)
        q, k, v = (self._normal(b, heads, s, d, kind=precision) for _ in range(3))
        attend = self.torch.nn.functional.scaled_dot_product_attention
        run: Callable[[], Any] = lambda: attend(q, k, v, is_causal=True)  # noqa: E731 - the timed expression

        def error() -> float:
            scores = (q[0, 0].double() @ k[0, 0].double().T) / d**0.5
            mask = self.torch.ones(s, s, device=self.device, dtype=self.torch.bool).triu(1)
            exact = scores.masked_fill(mask, float("-inf")).softmax(-1) @ v[0, 0].double()
            return float((run()[0, 0].double() - exact).abs().max())

        return TorchTask(4.0 * b * heads * s * s * d / 2, "TFLOP/s", run, error, self)  # causal: half of the square

    def _conv(self, op: str, precision: str, batch: int, room: int, shape: tuple[int, int, int]) -> TorchTask:
        n, c, side = (1, 16, 16) if self.kind == "cpu" else (64, 256, 56)
        last = self.torch.channels_last
        x = self._normal(n, c, side, side, kind=precision).to(memory_format=last)
        w = self._normal(c, c, 3, 3, kind=precision).to(memory_format=last)
        run: Callable[[], Any] = lambda: self.torch.nn.functional.conv2d(x, w, padding=1)  # noqa: E731 - as above

        def error() -> float:
            exact = (x[0, :, 4:7, 4:7].double() * w[0].double()).sum()
            return float((run()[0, 0, 5, 5].double() - exact).abs() / (9 * c) ** 0.5)

        return TorchTask(2.0 * n * side * side * c * c * 9, "TFLOP/s", run, error, self)

    def _bus(self, op: str, precision: str, batch: int, room: int, shape: tuple[int, int, int]) -> TorchTask:
        n = min(256 * MIB, room) // 4
        host = self.torch.randn(n).pin_memory()
        there = host.to(self.device)
        run = (
            (lambda: there.copy_(host, non_blocking=True))
            if op == "h2d"
            else (lambda: host.copy_(there, non_blocking=True))
        )
        return TorchTask(4.0 * n, "GB/s", run, lambda: float((there.cpu() - host).abs().max()), self)

    def _product_error(self, a: Any, b: Any, out: Any) -> float:
        """Sampled elements of a product against float64, relative to the size of a typical element."""
        generator = self.torch.Generator().manual_seed(SEED)
        rows = self.torch.randint(0, out.shape[0], (SAMPLES_CHECKED,), generator=generator).to(self.device)
        columns = self.torch.randint(0, out.shape[1], (SAMPLES_CHECKED,), generator=generator).to(self.device)
        left, right = a.float()[rows].double(), b.float()[:, columns].double()
        exact = (left * right.T).sum(1)
        size = (left.pow(2).mean() * right.pow(2).mean()).sqrt() * a.shape[1] ** 0.5
        return float((out[rows, columns].double() - exact).abs().max() / size)
