"""How much faster several cards are, for rows of a benchmark table: the formula of parallel.py over arrays."""

import numpy as np

from monitor.core.benchmark_rows import Chips, Table
from monitor.core.hardware import precision_class
from monitor.core.parallel import (
    CONSUMER_LOSS,
    DATA_PARALLEL_THREADS,
    EXPOSED,
    LOSS_PER_DOUBLING,
    Link,
    link_between,
)
from monitor.core.relative import Floats

TYPICAL_PARAMS_M = 60.0
TYPICAL_STEP_SECONDS = 0.25
TOKENS_PER_SAMPLE = 100.0  # where a rate is in tokens and nothing says how long a sample is
DATA_PARALLEL_WORDS = ("dataparallel",)


def log_speedup(table: Table, chips: Chips, log_rate_of_one: Floats) -> Floats:
    """Log of the factor on the value of one card, in the row's own terms.

    Rates grow with the cards, rates a chip lose only the waiting, and times for one step (ms, with a batch for each
    card) grow by it. `log_rate_of_one` is the log of one card's rate, nan where unknown.
    """
    count = np.maximum(table.n_gpus, 1.0)
    per_chip = np.array(["/chip" in unit or unit == "ms" for unit in table.unit.names], dtype=bool)[table.unit.codes]
    return np.where(per_chip, 0.0, np.log(count)) + np.log(efficiencies(table, chips, log_rate_of_one))


def efficiencies(
    table: Table,
    chips: Chips,
    log_rate_of_one: Floats,
    exposed: float = EXPOSED,
    loss_per_doubling: float = LOSS_PER_DOUBLING,
) -> Floats:
    """Throughput over that of as many single cards, for every row. The constants are those of parallel.py."""
    count = np.maximum(table.n_gpus, 1.0)
    speed, crowding, consumer = np.array(_links(table, chips), dtype=np.float64).reshape(-1, 3).T
    params = np.where(np.isfinite(table.params_m), table.params_m, TYPICAL_PARAMS_M)
    wide = np.array([precision_class(text) in ("fp32", "tf32") for text in table.precision.names], dtype=bool)
    gradient_gb = params * np.where(wide[table.precision.codes], 4.0, 2.0) / 1e3
    waiting = exposed * 2 * (count - 1) / count * gradient_gb / speed * np.maximum(count / 2, 1.0) ** crowding
    loss = (loss_per_doubling + CONSUMER_LOSS * consumer) * np.log2(count)
    training = 1.0 / (1.0 + waiting / _step_seconds(table, log_rate_of_one) + loss)
    families = table.family.names
    trains = np.array([name.endswith("_train") or name in ("other", "gnn") for name in families], dtype=bool)
    serving = np.array([name.startswith("llm") for name in families], dtype=bool)[table.family.codes]
    one_after_other = serving & _says(table, ("llama", "ollama"))
    together = np.where(
        one_after_other, np.where(_says_prefill(table), count**-0.8, 1.0 / count), 0.98 ** np.log2(count)
    )
    together = np.where(trains[table.family.codes], training, together)
    threads = np.interp(count, list(DATA_PARALLEL_THREADS), list(DATA_PARALLEL_THREADS.values()))
    return np.where((count > 1) & _says(table, DATA_PARALLEL_WORDS), threads, np.where(count > 1, together, 1.0))


def _links(table: Table, chips: Chips) -> list[tuple[float, float, float]]:
    """Speed, crowding and whether it is a consumer's, for every row."""
    width = len(table.interconnect.names)
    pairs, inverse = np.unique(table.gpu.codes * width + table.interconnect.codes, return_inverse=True)
    found: list[tuple[float, float, float]] = []
    numbers: list[int] = pairs.tolist()
    for pair in numbers:
        card, link = divmod(pair, width)
        one = _link(table.gpu.names[card], table.interconnect.names[link], chips)
        found.append((one.gb_s, one.crowding, float(one.consumer)))
    return [found[at] for at in inverse.ravel().tolist()]


def _link(card: str, interconnect: str, chips: Chips) -> Link:
    gpu = chips.gpus.get(card)
    if gpu is None:
        return Link(name="unknown", gb_s=10.0)
    if "network" in interconnect:
        return Link(name="network", gb_s=12.0)
    server = "SXM" in card or "V100" in card or card.startswith(("B200", "B300", "GB"))
    return link_between(gpu, nvlink="nvlink" in interconnect or ("pcie" not in interconnect and server))


def _step_seconds(table: Table, log_rate_of_one: Floats) -> Floats:
    tokens = np.array([unit == "tokens/s" for unit in table.unit.names], dtype=bool)[table.unit.codes]
    each = np.where(tokens, TOKENS_PER_SAMPLE, 1.0)
    timed = np.array([unit in ("ms", "min to target") for unit in table.unit.names], dtype=bool)[table.unit.codes]
    with np.errstate(invalid="ignore", over="ignore"):
        seconds = table.batch / table.n_gpus * each * np.exp(-log_rate_of_one)
        seconds = np.where(timed, np.exp(-log_rate_of_one) / 1e3, seconds)
    good = np.isfinite(seconds) & (seconds > 1e-4) & (seconds < 100.0)
    return np.where(good, seconds, TYPICAL_STEP_SECONDS)


def _says(table: Table, words: tuple[str, ...]) -> Floats:
    by_software = [any(word in name.lower() for word in words) for name in table.software.names]
    by_source = [any(word in name.lower() for word in words) for name in table.source.names]
    return np.array(by_software, dtype=bool)[table.software.codes] | np.array(by_source, dtype=bool)[table.source.codes]


def _says_prefill(table: Table) -> Floats:
    return np.array([name == "llm_prefill" for name in table.family.names], dtype=bool)[table.family.codes]
