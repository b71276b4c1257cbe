"""What the driver says while the card works, ten times a second, in a thread of its own."""

import threading
import time
from collections import deque
from typing import Any

from monitor.core.probe_blocks import Sample
from monitor.probe.nvml import SLOW_REASONS
from monitor.probe.workbench import Gone

PERIOD_SECONDS = 0.1
KEPT = 20_000


class NvmlTelemetry:
    """Samples of one GPU by its PCI bus address: NVML's order is not CUDA's. Only ever asks."""

    def __init__(self, bus_id: str) -> None:
        import pynvml

        self._nvml = pynvml
        pynvml.nvmlInit()
        self._handle = pynvml.nvmlDeviceGetHandleByPciBusId(bus_id)
        self._samples: deque[Sample] = deque(maxlen=KEPT)
        self._stop = threading.Event()
        self._lost = ""
        self._thread = threading.Thread(target=self._run, daemon=True, name="telemetry")
        self._thread.start()

    def between(self, start: float, end: float) -> list[Sample]:
        if self._lost:
            raise Gone(self._lost)
        return [sample for sample in list(self._samples) if start <= sample.at <= end]

    def close(self) -> None:
        """End the thread and give the driver back."""
        self._stop.set()
        self._thread.join(timeout=2.0)
        self._nvml.nvmlShutdown()

    def _run(self) -> None:
        while not self._stop.wait(PERIOD_SECONDS):
            try:
                self._samples.append(self._sample())
            except self._nvml.NVMLError as error:
                self._lost = str(error)
                return

    def _sample(self) -> Sample:
        nvml, handle = self._nvml, self._handle
        bits = self._ask("nvmlDeviceGetCurrentClocksEventReasons", handle)
        if bits is None:
            bits = self._ask("nvmlDeviceGetCurrentClocksThrottleReasons", handle)
        power = self._ask("nvmlDeviceGetPowerUsage", handle)
        return Sample(
            at=time.monotonic(),
            sm_mhz=self._ask("nvmlDeviceGetClockInfo", handle, nvml.NVML_CLOCK_SM),
            memory_mhz=self._ask("nvmlDeviceGetClockInfo", handle, nvml.NVML_CLOCK_MEM),
            power_watts=None if power is None else power / 1000,
            temperature_c=self._ask("nvmlDeviceGetTemperature", handle, nvml.NVML_TEMPERATURE_GPU),
            reasons=tuple(name for bit, name in SLOW_REASONS.items() if (bits or 0) & bit),
            pcie_generation=self._ask("nvmlDeviceGetCurrPcieLinkGeneration", handle),
            pcie_width=self._ask("nvmlDeviceGetCurrPcieLinkWidth", handle),
        )

    def _ask(self, call: str, *args: Any) -> Any:
        try:
            return getattr(self._nvml, call)(*args)
        except self._nvml.NVMLError as error:
            if error.value == self._nvml.NVML_ERROR_GPU_IS_LOST:  # type: ignore[attr-defined]
                raise
            return None


class NoTelemetry:
    """For a CPU, or a GPU whose driver answers nothing: rates only."""

    def between(self, start: float, end: float) -> list[Sample]:
        return []

    def close(self) -> None:
        """Nothing to close."""
