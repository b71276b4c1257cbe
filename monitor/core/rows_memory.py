"""Memory that a benchmark row needs on one card, from family, parameters, precision and number of cards."""

import re

import numpy as np

from monitor.core.benchmark_rows import Table
from monitor.core.hardware import precision_class
from monitor.core.memory import SERVING_OVERHEAD_GB, TRAINING_OVERHEAD_GB
from monitor.core.relative import Floats
from monitor.core.work import WEIGHT_BYTES

ADAM_BYTES, SGD_BYTES = 16.0, 12.0


def needed_gb(table: Table) -> Floats:
    """Gigabytes on each card that weights and training states take at least; nan where the model's size is unknown.

    Activations are left out: benchmark programs choose their batch by the memory that is left.
    """
    params = table.params_m * 1e6
    weights = np.array([WEIGHT_BYTES[precision_class(text)] for text in table.precision.names])[table.precision.codes]
    each = np.array([_training_bytes(family) for family in table.family.names])[table.family.codes]
    training = each > 0
    states = params * np.where(training, each, weights)
    shards = np.where(training & (params < 1e9), 1.0, table.n_gpus)  # small models are copied, big ones are shared
    overhead = np.where(training, TRAINING_OVERHEAD_GB, SERVING_OVERHEAD_GB)
    return states / shards / 1e9 + overhead


def params_from_name(name: str) -> float:
    """Millions of parameters as a model's name states them; nan where it does not.

    >>> params_from_name("Llama 3 70B"), params_from_name("GPT-350M")
    (70000.0, 350.0)
    """
    found = re.search(r"(?<![\w.])(\d+(?:\.\d+)?)\s?([bm])\b", name.lower().replace("-", " ").replace("_", " "))
    if not found:
        return float("nan")
    return float(found[1]) * (1000.0 if found[2] == "b" else 1.0)


def _training_bytes(family: str) -> float:
    """Bytes a parameter for weights, gradients and optimizer; 0 for work that does not train."""
    if not family.endswith("_train") and family not in ("other", "gnn"):
        return 0.0
    return ADAM_BYTES if "transformer" in family or "diffusion" in family else SGD_BYTES
