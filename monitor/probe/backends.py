"""Which backend measures: torch where it is installed and sees the GPU, else cupy, else (when asked) numpy."""

import importlib
import os
from typing import Any

from monitor.errors import ProbeUnavailable, UsageError
from monitor.probe.torch_workbench import TorchWorkbench
from monitor.probe.workbench import ArrayWorkbench, Workbench

CHOICES = ("auto", "torch", "cupy", "numpy")
NONE_FOUND = (
    "no backend can use this GPU: install torch as you use it for your work, "
    "or cupy by `pip install 'gpu-limbo[probe]'`{why}"
)


def open_backend(choice: str, uuid: str | None) -> Workbench:
    """A workbench on the GPU of this UUID; must be called before torch or cupy is imported, since it names the card.

    Raises `ProbeUnavailable` with what to install.
    """
    if choice not in CHOICES:
        raise UsageError(f"there is no backend '{choice}'; choose one of: {', '.join(CHOICES)}")
    if choice == "numpy":
        return numpy_backend()
    if uuid:
        os.environ["CUDA_VISIBLE_DEVICES"] = uuid  # NVML's order is not CUDA's; device 0 is now the one that is meant
    reasons: list[str] = []
    for name, opener in (("torch", _torch), ("cupy", _cupy)):
        if choice in ("auto", name):
            bench, why = opener()
            if bench is not None:
                return bench
            reasons.append(f"{name}: {why}")
    raise ProbeUnavailable(NONE_FOUND.format(why=f" ({'; '.join(reasons)})"))


def numpy_backend() -> ArrayWorkbench:
    """The processor, for trying the probe out; labelled so, and never used to calibrate."""
    import numpy

    return ArrayWorkbench(numpy, name=f"numpy {numpy.__version__}", kind="cpu")


def _torch() -> tuple[Workbench | None, str]:
    torch = _import("torch")
    if torch is None:
        return None, "not installed"
    if not torch.cuda.is_available():
        return None, f"version {torch.__version__} is installed but sees no GPU (a CPU build, or an old driver)"
    return TorchWorkbench(torch), ""


def _cupy() -> tuple[Workbench | None, str]:
    cupy = _import("cupy")
    if cupy is None:
        return None, "not installed"
    try:
        cupy.zeros(1)
    except Exception as error:  # "installed but unusable" comes as many classes, all of cupy's own
        return None, f"installed but cannot use the GPU ({type(error).__name__})"
    l2 = cupy.cuda.Device().attributes.get("L2CacheSize", 0)
    return ArrayWorkbench(cupy, name=f"cupy {cupy.__version__}", kind="gpu", l2_bytes=float(l2 or 32 * 2**20)), ""


def _import(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except (ImportError, OSError):
        return None
