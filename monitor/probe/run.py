"""Run a plan on a workbench: warm until the clock is flat, time blocks, watch the card, stop before it suffers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from monitor.core.probe_blocks import Sample, StepResult, conditions, rates, summary
from monitor.probe.plan import Step
from monitor.probe.workbench import TOLERANCE, Gone, OutOfMemory, Task, Workbench

BLOCK_SECONDS = 0.05
FLAT_CLOCK = 0.01  # the clock's median of the last two seconds moved by less
HOT_MARGIN_C = 3.0
DANGER = {"hw_thermal", "hw_power_brake", "hw_slowdown"}
DANGER_SAMPLES = 3
DEFAULT_SLOWDOWN_C = 90.0  # newer boards do not state their threshold


class Telemetry(Protocol):
    """What the card says while it works."""

    def between(self, start: float, end: float) -> list[Sample]:
        """Samples of that stretch of the run's clock; raises `Gone` where the card is lost."""
        ...


class Stopped(Exception):
    """The run ends here; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """When to stop: a temperature, and how much memory may be taken."""

    slowdown_c: float | None
    room: int
    max_seconds: float


@dataclass
class Progress:
    """What is shown while a step runs: called after each block."""

    step: Callable[[Step, float, Sample | None, float], None] = field(default=lambda *_: None)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """All results, also of a run that ended early; `stopped` says why it did, `danger` whether for safety."""

    results: tuple[StepResult, ...]
    stopped: str = ""
    danger: bool = False


class Runner:
    """One run on one device. Nothing is ever set on the card."""

    def __init__(
        self,
        bench: Workbench,
        telemetry: Telemetry,
        clock: Callable[[], float],
        limits: Limits,
        progress: Progress | None = None,
    ) -> None:
        self._bench, self._telemetry, self._clock = bench, telemetry, clock
        self._limits, self._progress = limits, progress or Progress()
        self._started, self._shape = clock(), bench.shapes()[0]
        self._measured = False  # one step is measured however short the time

    def run(self, planned: Sequence[Step], warm_seconds: float) -> Outcome:
        """Every step in order. What was measured before a stop, a lost card or Ctrl-C is kept."""
        results: list[StepResult] = []
        try:
            self._choose_shape()
            self._warm(min(warm_seconds, self._limits.max_seconds))
            for step in planned:
                results.append(self._step(step))
        except Stopped as stop:
            return Outcome(results=tuple(results), stopped=str(stop), danger=True)
        except Gone as lost:
            return Outcome(
                results=tuple(results), stopped=f"the card was lost in mid-run ({lost}): reboot", danger=True
            )
        except KeyboardInterrupt:
            return Outcome(results=tuple(results), stopped="stopped by you; what was measured is kept")
        return Outcome(results=tuple(results))

    def _choose_shape(self) -> None:
        """The best of three typical shapes, on three blocks each; not a search for the fastest shape of all."""
        best = 0.0
        for shape in self._bench.shapes():
            try:
                task = self._bench.prepare("gemm", self._bench.main_precision, 1, self._limits.room, shape)
                iterations = self._calibrate(task)
                seconds = [task.block(iterations) for _ in range(3)]
            except OutOfMemory:
                continue
            finally:
                self._bench.release()
            rate = task.work * iterations / sorted(seconds)[1]
            if rate > best:
                best, self._shape = rate, shape

    def _warm(self, most_seconds: float) -> None:
        """The same product until the clock is flat."""
        try:
            task = self._bench.prepare("gemm", self._bench.main_precision, 1, self._limits.room, self._shape)
        except OutOfMemory:
            return
        iterations, start = self._calibrate(task), self._clock()
        while (now := self._clock()) - start < most_seconds:
            task.block(iterations)
            samples = self._telemetry.between(now - 4.0, self._clock())
            self._guard(samples)
            if now - start > 4.0 and _flat(samples, now - 2.0):
                break
        self._bench.release()

    def _step(self, step: Step) -> StepResult:
        if step.why_not:
            return _blank(step, "unsupported", step.why_not)
        if self._measured and self._clock() - self._started > self._limits.max_seconds:
            return _blank(step, "skipped", "the time was up")
        room = self._limits.room
        for _ in range(3):  # out of memory: half of it, twice
            try:
                return self._measure(step, room)
            except OutOfMemory:
                room //= 2
            finally:
                self._bench.release()
        return _blank(step, "skipped", "no room in the card's memory: end what else uses it")

    def _measure(self, step: Step, room: int) -> StepResult:
        task = self._bench.prepare(step.op, step.precision, step.batch, room, self._shape)
        iterations = self._calibrate(task)
        start = self._clock()
        seconds: list[float] = []
        while self._clock() - start < step.seconds or len(seconds) < 3:
            seconds.append(task.block(iterations))
            now = self._clock()
            samples = self._telemetry.between(max(start, now - 2.0), now)
            self._guard(samples)
            if now - self._started > self._limits.max_seconds:
                break
            rate = rates(task.work, seconds[-1:], [iterations], task.unit)
            self._progress.step(step, (now - start) / step.seconds, samples[-1] if samples else None, rate[0])
        end = self._clock()
        found = rates(task.work, seconds, [iterations] * len(seconds), task.unit)
        samples = self._telemetry.between(start, end)
        error = task.error()
        wrong = not error <= TOLERANCE.get(step.precision, 1e-2)
        self._measured = True
        facts: dict[str, Any] = {**summary(found), **(conditions(samples, start) if samples else {})}
        return StepResult(
            op=step.op,
            precision=step.precision,
            batch=step.batch,
            repeat=step.repeat,
            unit=task.unit,
            status="wrong" if wrong else "ok",
            note=f"wrong results: off by {error:.2g}" if wrong else "",
            seconds=end - start,
            max_error=error,
            **facts,
        )

    def _calibrate(self, task: Task) -> int:
        """So many iterations take about 50 ms; also the first use, which compiles and allocates."""
        task.block(1)
        once = task.block(1)
        return max(1, min(10_000, round(BLOCK_SECONDS / max(once, 1e-6))))

    def _guard(self, samples: Sequence[Sample]) -> None:
        limit = (self._limits.slowdown_c or DEFAULT_SLOWDOWN_C) - HOT_MARGIN_C
        hot = [s.temperature_c for s in samples if s.temperature_c is not None and s.temperature_c >= limit]
        if hot:
            raise Stopped(
                f"stopped at {hot[-1]:.0f} C, {HOT_MARGIN_C:.0f} C below the card's limit: look at its cooling"
            )
        last = samples[-DANGER_SAMPLES:]
        if len(last) == DANGER_SAMPLES and all(DANGER & set(sample.reasons) for sample in last):
            what = ", ".join(sorted(DANGER & set(last[-1].reasons)))
            raise Stopped(f"stopped: the board protects itself ({what}): look at its power cables and cooling")


def _flat(samples: Sequence[Sample], middle: float) -> bool:
    """Whether the clock's median before and after `middle` is the same within one percent."""
    before = [s.sm_mhz for s in samples if s.at < middle and s.sm_mhz]
    after = [s.sm_mhz for s in samples if s.at >= middle and s.sm_mhz]
    if not before or not after:
        return False
    first, last = sorted(before)[len(before) // 2], sorted(after)[len(after) // 2]
    return abs(last / first - 1) < FLAT_CLOCK


def _blank(step: Step, status: str, note: str) -> StepResult:
    return StepResult(
        op=step.op,
        precision=step.precision,
        batch=step.batch,
        repeat=step.repeat,
        unit="GB/s" if step.op in ("copy", "read", "triad", "gemv", "h2d", "d2h") else "TFLOP/s",
        status=status,
        note=note,
    )
