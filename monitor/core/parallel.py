"""Several cards and nodes -> throughput, memory on each card, and the best way to split the work."""

import numpy as np

from monitor.core.benchmark_rows import Chips, Table, kind_of
from monitor.core.relative import Floats


def log_speedup(table: Table, chips: Chips) -> Floats:
    """Log of how many single cards' work each row's cards do together."""
    del chips
    loss = np.array([0.05 if kind_of(name) == "cnn" else 0.04 for name in table.family.names])[table.family.codes]
    per_chip = np.array(["/chip" in unit for unit in table.unit.names], dtype=bool)[table.unit.codes]
    count = np.maximum(table.n_gpus, 1.0)
    return np.where(per_chip, 0.0, np.log(count)) - loss * np.log2(count)
