"""The inventory of this machine, taken in a child process so that a driver that hangs cannot hang us."""

import json
import subprocess
import sys
from typing import Any

from monitor.errors import ProbeUnavailable
from monitor.probe.nvml import Device, Inventory, Process

HANGS = (
    "the NVIDIA driver does not answer within {seconds:.0f} s (a hanging card): "
    "look at `dmesg` for 'Xid' lines, and reboot"
)


def take_inventory(timeout_seconds: float = 20.0) -> Inventory:
    """Every GPU and MIG slice; raises `ProbeUnavailable` with what to do where there is none or the driver hangs."""
    command = [sys.executable, "-m", "monitor.probe.nvml"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout_seconds, check=False)
    except subprocess.TimeoutExpired:
        raise ProbeUnavailable(HANGS.format(seconds=timeout_seconds)) from None
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except json.JSONDecodeError:
        last = done.stderr.strip().splitlines()[-1:] or ["no output"]
        raise ProbeUnavailable(
            f"asking the NVIDIA driver failed ({last[0]}): update the driver, then try again"
        ) from None
    if "unavailable" in answer:
        raise ProbeUnavailable(answer["unavailable"])
    return _inventory_from(answer)


def _inventory_from(answer: dict[str, Any]) -> Inventory:
    devices: list[Device] = []
    for entry in answer.pop("devices"):
        processes, reasons = entry.pop("processes"), entry.pop("slow_reasons")
        devices.append(
            Device(
                processes=None if processes is None else tuple(Process(**process) for process in processes),
                slow_reasons=None if reasons is None else tuple(reasons),
                **entry,
            )
        )
    return Inventory(devices=tuple(devices), **answer)
