"""What the NVIDIA driver says about every GPU and MIG slice, through `nvidia-ml-py`; nothing is ever set.

Each fact that a driver or card does not answer is `None`, with the reason in `missing`: never 0. Run as a module it
prints the inventory as JSON, so that a caller can end it when a call into the driver hangs.
"""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from monitor.errors import ProbeUnavailable

# Bits of nvmlDeviceGetCurrentClocksEventReasons; 0x200 and 0x400 are known to older drivers only.
SLOW_REASONS = {
    0x1: "idle",
    0x2: "application_clocks",
    0x4: "sw_power_cap",
    0x8: "hw_slowdown",
    0x10: "sync_boost",
    0x20: "sw_thermal",
    0x40: "hw_thermal",
    0x80: "hw_power_brake",
    0x100: "display_clock",
    0x200: "board_limit",
    0x400: "reliability",
}
NO_DRIVER = "install the NVIDIA driver, or run this on a machine with an NVIDIA GPU"
INIT_FAILURES = {
    4: "the NVIDIA driver refuses access: start the container with the NVIDIA runtime, or join the group 'video'",
    9: "the NVIDIA driver is not loaded: run `sudo modprobe nvidia`, or reboot after installing the driver",
    12: f"there is no NVIDIA driver here (libnvidia-ml.so.1 was not found): {NO_DRIVER}",
    13: f"the NVIDIA driver is too old to be asked: {NO_DRIVER}",
    15: "the GPU is lost (it fell off the bus): reboot, then look at the power supply and the slot",
    18: "the NVIDIA driver was updated and not loaded yet (library and kernel versions differ): reboot",
}


@dataclass(frozen=True, kw_only=True)
class Process:
    """Somebody else's work on the card; `memory_mib` is `None` where the driver does not say (Windows, WSL)."""

    pid: int
    kind: str  # compute, graphics, mps
    memory_mib: float | None


@dataclass(frozen=True, kw_only=True)
class Device:
    """One GPU or MIG slice. Units stand in the names; `missing` says why a fact is `None`."""

    index: int
    kind: str  # gpu, mig
    name: str | None
    uuid: str | None
    bus_id: str | None
    compute_capability: str | None
    cores: int | None
    memory_total_mib: float | None
    memory_used_mib: float | None
    memory_bus_bits: int | None
    sm_clock_mhz: int | None
    sm_clock_max_mhz: int | None
    memory_clock_mhz: int | None
    memory_clock_max_mhz: int | None
    power_watts: float | None
    power_limit_watts: float | None
    power_default_watts: float | None
    power_min_watts: float | None
    power_max_watts: float | None
    energy_joules: float | None
    temperature_c: int | None
    slowdown_temperature_c: int | None
    slow_reasons: tuple[str, ...] | None
    ecc: bool | None
    mig: bool | None
    pcie_generation: int | None
    pcie_generation_max: int | None
    pcie_width: int | None
    pcie_width_max: int | None
    utilization_percent: int | None
    display_active: bool | None
    persistence: bool | None
    virtualization: int | None
    processes: tuple[Process, ...] | None
    missing: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True)
class Inventory:
    """What a machine has; `failed` names GPUs that did not answer at all, with the reason."""

    driver: str | None
    cuda_driver: str | None
    nvml: str | None
    devices: tuple[Device, ...]
    failed: Mapping[str, str] = field(default_factory=dict[str, str])


class _Asker:
    """Calls NVML and keeps the reason of each call that is not answered."""

    def __init__(self, nvml: Any) -> None:
        self.nvml = nvml
        self.missing: dict[str, str] = {}

    def ask(self, fact: str, call: str, *args: Any, then: Callable[[Any], Any] | None = None) -> Any:
        """The answer of one call (`then` picks from it), or `None`."""
        try:
            value = getattr(self.nvml, call)(*args)
            return value if then is None else then(value)
        except (self.nvml.NVMLError, self.nvml.NVMLLibraryMismatchError) as error:
            if getattr(error, "value", None) == self.nvml.NVML_ERROR_GPU_IS_LOST:
                raise
            self.missing[fact] = str(error)
        except (AttributeError, TypeError, ValueError, UnicodeDecodeError) as error:
            self.missing[fact] = f"not understood: {error}"
        return None


def read_inventory() -> Inventory:
    """Every GPU and MIG slice of this machine; raises `ProbeUnavailable` with what to do where there is none."""
    import pynvml  # the module's name; the package is nvidia-ml-py

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        code = getattr(error, "value", 999)
        raise ProbeUnavailable(
            INIT_FAILURES.get(code, f"the NVIDIA driver does not answer ({error}): reboot")
        ) from None
    try:
        return _inventory(pynvml)
    finally:
        pynvml.nvmlShutdown()


def _inventory(nvml: Any) -> Inventory:
    asker = _Asker(nvml)
    devices: list[Device] = []
    failed: dict[str, str] = {}
    for index in range(nvml.nvmlDeviceGetCount()):
        try:
            handle = nvml.nvmlDeviceGetHandleByIndex(index)
            devices.append(read_device(nvml, handle, index))
            devices += _slices(nvml, handle, index)
        except nvml.NVMLError as error:  # one lost or forbidden card must not hide the others
            failed[f"GPU {index}"] = str(error)
    return Inventory(
        driver=asker.ask("driver", "nvmlSystemGetDriverVersion", then=_text),
        cuda_driver=asker.ask(
            "cuda", "nvmlSystemGetCudaDriverVersion_v2", then=lambda v: f"{v // 1000}.{v % 1000 // 10}"
        ),
        nvml=asker.ask("nvml", "nvmlSystemGetNVMLVersion", then=_text),
        devices=tuple(devices),
        failed=failed,
    )


def read_device(nvml: Any, handle: Any, index: int, kind: str = "gpu") -> Device:
    """One device; raises `NVMLError_GpuIsLost` where it is lost."""
    asker = _Asker(nvml)
    ask = asker.ask
    memory = ask("memory_total_mib", "nvmlDeviceGetMemoryInfo", handle)
    limits = ask("power_max_watts", "nvmlDeviceGetPowerManagementLimitConstraints", handle)
    return Device(
        index=index,
        kind=kind,
        name=ask("name", "nvmlDeviceGetName", handle, then=_text),
        uuid=ask("uuid", "nvmlDeviceGetUUID", handle, then=_text),
        bus_id=ask("bus_id", "nvmlDeviceGetPciInfo", handle, then=lambda info: _text(info.busId)),
        compute_capability=ask(
            "compute_capability", "nvmlDeviceGetCudaComputeCapability", handle, then=lambda cc: f"{cc[0]}.{cc[1]}"
        ),
        cores=ask("cores", "nvmlDeviceGetNumGpuCores", handle),
        memory_total_mib=memory and memory.total / 2**20,
        memory_used_mib=memory and memory.used / 2**20,
        memory_bus_bits=ask("memory_bus_bits", "nvmlDeviceGetMemoryBusWidth", handle),
        power_min_watts=limits and limits[0] / 1000,
        power_max_watts=limits and limits[1] / 1000,
        slow_reasons=_slow_reasons(asker, handle),
        processes=_processes(asker, handle),
        missing=asker.missing,
        **_clocks_and_power(asker, handle),
        **_state(asker, handle),
        **_bus(asker, handle),
    )


def _clocks_and_power(asker: _Asker, handle: Any) -> dict[str, Any]:
    ask, nvml = asker.ask, asker.nvml
    watts: Callable[[Any], float] = lambda milliwatts: milliwatts / 1000  # noqa: E731 - a name for a unit conversion
    return {
        "sm_clock_mhz": ask("sm_clock_mhz", "nvmlDeviceGetClockInfo", handle, nvml.NVML_CLOCK_SM),
        "sm_clock_max_mhz": ask("sm_clock_max_mhz", "nvmlDeviceGetMaxClockInfo", handle, nvml.NVML_CLOCK_SM),
        "memory_clock_mhz": ask("memory_clock_mhz", "nvmlDeviceGetClockInfo", handle, nvml.NVML_CLOCK_MEM),
        "memory_clock_max_mhz": ask("memory_clock_max_mhz", "nvmlDeviceGetMaxClockInfo", handle, nvml.NVML_CLOCK_MEM),
        "power_watts": ask("power_watts", "nvmlDeviceGetPowerUsage", handle, then=watts),
        "power_limit_watts": ask("power_limit_watts", "nvmlDeviceGetEnforcedPowerLimit", handle, then=watts),
        "power_default_watts": ask(
            "power_default_watts", "nvmlDeviceGetPowerManagementDefaultLimit", handle, then=watts
        ),
        "energy_joules": ask("energy_joules", "nvmlDeviceGetTotalEnergyConsumption", handle, then=watts),
    }


def _state(asker: _Asker, handle: Any) -> dict[str, Any]:
    ask, nvml = asker.ask, asker.nvml
    return {
        "temperature_c": ask("temperature_c", "nvmlDeviceGetTemperature", handle, nvml.NVML_TEMPERATURE_GPU),
        "slowdown_temperature_c": ask(
            "slowdown_temperature_c",
            "nvmlDeviceGetTemperatureThreshold",
            handle,
            nvml.NVML_TEMPERATURE_THRESHOLD_SLOWDOWN,
        ),
        "ecc": ask("ecc", "nvmlDeviceGetEccMode", handle, then=lambda pair: bool(pair[0])),
        "mig": ask("mig", "nvmlDeviceGetMigMode", handle, then=lambda pair: bool(pair[0])),
        "utilization_percent": ask(
            "utilization_percent", "nvmlDeviceGetUtilizationRates", handle, then=lambda rates: rates.gpu
        ),
        "display_active": ask("display_active", "nvmlDeviceGetDisplayActive", handle, then=bool),
        "persistence": ask("persistence", "nvmlDeviceGetPersistenceMode", handle, then=bool),
        "virtualization": ask("virtualization", "nvmlDeviceGetVirtualizationMode", handle),
    }


def _bus(asker: _Asker, handle: Any) -> dict[str, Any]:
    ask = asker.ask
    return {
        "pcie_generation": ask("pcie_generation", "nvmlDeviceGetCurrPcieLinkGeneration", handle),
        "pcie_generation_max": ask("pcie_generation_max", "nvmlDeviceGetMaxPcieLinkGeneration", handle),
        "pcie_width": ask("pcie_width", "nvmlDeviceGetCurrPcieLinkWidth", handle),
        "pcie_width_max": ask("pcie_width_max", "nvmlDeviceGetMaxPcieLinkWidth", handle),
    }


def _slow_reasons(asker: _Asker, handle: Any) -> tuple[str, ...] | None:
    """Why the clock is held down now; the new name of the call first, the old one for older drivers."""
    bits = asker.ask("slow_reasons", "nvmlDeviceGetCurrentClocksEventReasons", handle)
    if bits is None:
        bits = asker.ask("slow_reasons", "nvmlDeviceGetCurrentClocksThrottleReasons", handle)
    if bits is None:
        return None
    asker.missing.pop("slow_reasons", None)
    return tuple(name for bit, name in SLOW_REASONS.items() if bits & bit)


def _processes(asker: _Asker, handle: Any) -> tuple[Process, ...] | None:
    """Everybody on the card. The calls without a version raise a plain `Exception` on old drivers: never used."""
    found: list[Process] = []
    answered = False
    for kind, name in (("compute", "Compute"), ("graphics", "Graphics"), ("mps", "MPSCompute")):
        for version in ("_v3", "_v2"):
            rows = asker.ask("processes", f"nvmlDeviceGet{name}RunningProcesses{version}", handle)
            if rows is not None:
                answered = True
                found += [Process(pid=row.pid, kind=kind, memory_mib=_mib(row.usedGpuMemory)) for row in rows]
                break
    if answered:
        asker.missing.pop("processes", None)
    return tuple(found) if answered else None


def _slices(nvml: Any, handle: Any, index: int) -> list[Device]:
    try:
        if not nvml.nvmlDeviceGetMigMode(handle)[0]:
            return []
        most = nvml.nvmlDeviceGetMaxMigDeviceCount(handle)
    except nvml.NVMLError:
        return []
    found: list[Device] = []
    for number in range(most):
        try:
            found.append(read_device(nvml, nvml.nvmlDeviceGetMigDeviceHandleByIndex(handle, number), index, kind="mig"))
        except nvml.NVMLError:
            continue
    return found


def _mib(used: int | None) -> float | None:
    return None if used is None or used < 0 else used / 2**20


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def main() -> int:
    """Print the inventory as JSON; on failure the reason as JSON and exit code 3."""
    try:
        print(json.dumps(asdict(read_inventory())))
    except ProbeUnavailable as error:
        print(json.dumps({"unavailable": str(error)}))
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
