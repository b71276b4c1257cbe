"""Benchmark tables as arrays, and their place in the relative model: labels, ratios to the reference card, priors.

A table is what a CSV of measured throughputs holds; text columns come as integer codes with their names, so that a
million rows cost no more text than their distinct values.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import nan

import numpy as np
from numpy.typing import NDArray

from monitor.core.hardware import GIB, Peaks, group, peaks, precision_class
from monitor.core.models import Gpu
from monitor.core.relative import EFFECTS, SHARE_LEVELS, Floats, Ints, Rows, distinct
from monitor.core.software import ANY, SoftwareFact, log_offset, year_of
from monitor.core.work import WEIGHT_BYTES

REFERENCE_CARD = "RTX 3090"
BIG_CACHE = frozenset({"ada", "blackwell-rtx", "blackwell", "hopper", "rdna3", "rdna4"})  # 24 MB of L2 and more
BATCHED = ("cnn", "vit", "other", "gnn", "diffusion", "speech", "encoder", "rl")
STEP_SHARE = 0.15  # of a transformer's training time that is spent once a step: 0.62 x at a fifth of the batch
ACCUMULATED = 10.0  # times more for each gigabyte than another card's batch: counted over many small steps
MOST_HINTS = 100
UNKNOWN_FAMILY_SD = 0.09  # how much less sure a family is of which no card was measured when the priors were fitted
TYPICAL_BATCH, TYPICAL_PARAMS_M = 64.0, 25.0


@dataclass(frozen=True, eq=False)
class Labels:
    """A text column: `names[codes[i]]` is the text of row i."""

    codes: Ints
    names: tuple[str, ...]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Labels":
        """The column of these texts."""
        names = tuple(dict.fromkeys(texts))
        index = {name: code for code, name in enumerate(names)}
        return cls(np.array([index[text] for text in texts], dtype=np.int64), names)

    def map(self, known: Mapping[str, int]) -> Ints:
        """Each row's number in `known`, -1 where the text is not there."""
        if not self.names:
            return self.codes
        return np.array([known.get(name, -1) for name in self.names], dtype=np.int64)[self.codes]

    def text(self, row: int) -> str:
        """The text of one row."""
        return self.names[int(self.codes[row])]

    def at(self, chosen: Ints) -> "Labels":
        return Labels(self.codes[chosen], self.names)


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """Rows of a benchmark file. `log_rate` is the log of the throughput (of 1/value where lower is better); nan where
    nothing was measured. Missing numbers are nan."""

    gpu: Labels
    workload: Labels
    family: Labels
    model: Labels
    precision: Labels
    unit: Labels
    source: Labels
    software: Labels
    interconnect: Labels
    n_gpus: Floats
    params_m: Floats
    batch: Floats
    higher_is_better: Floats
    submissions: Floats
    log_rate: Floats
    impossible: NDArray[np.bool_]  # rows with a number that cannot be: no batch, a billion cards

    def __len__(self) -> int:
        return len(self.n_gpus)


@dataclass(frozen=True, kw_only=True)
class Priors:
    """What is known of families and sources before measuring: shares on the reference card, noise of a source."""

    shares: Mapping[str, tuple[float, float, float]]
    noise: Mapping[str, float]  # by source; "default"
    noise_per_submission: Mapping[str, float]
    runtimes: Mapping[str, str]  # a word in the software or source -> runtime
    family_words: Mapping[str, str]  # a word in a family's name -> the family whose shares it takes
    software: tuple[SoftwareFact, ...] = ()
    year: int = 2026  # of software that states none

    def family_shares(self, family: str) -> tuple[float, float, float]:
        """The family's shares, those of a kind that its name speaks of, or those of anything."""
        if family in self.shares:
            return self.shares[family]
        words = self.family_words
        return self.shares[next((words[word] for word in words if word in family.lower()), "unknown")]

    def was_measured(self, family: str) -> bool:
        """Whether the priors rest on measurements of this family."""
        return family in self.shares and family not in self.family_words.values()


@dataclass(frozen=True, kw_only=True)
class Chips:
    """The cards by name, and the labels and peaks that the model needs of them, looked up once."""

    gpus: Mapping[str, Gpu]
    cache: dict[tuple[str, str], Peaks] = field(default_factory=dict[tuple[str, str], Peaks])

    def peaks(self, name: str, precision: str) -> Peaks:
        """The card's arithmetic and bandwidth at this precision."""
        key = (name, precision)
        if key not in self.cache:
            self.cache[key] = peaks(self.gpus[name], precision)
        return self.cache[key]

    def nearest(self, unknown: Sequence[str]) -> dict[str, str]:
        """For names that are not known a hint at the nearest ones; only for the first, since a file may hold many."""
        hints: dict[str, str] = {}
        for name in unknown[:MOST_HINTS]:
            if near := get_close_matches(name, self.gpus, n=2):
                hints[name] = f"; nearest: {', '.join(near)}"
        return hints

    def group(self, name: str) -> str:
        return group(self.gpus[name]) if name in self.gpus else ""


def kind_of(family: str) -> str:
    """The class of work that chips treat alike: cnn, vit, transformer, llm_prefill, llm_decode, ...

    >>> kind_of("cnn_infer"), kind_of("transformer_train"), kind_of("llm_decode")
    ('cnn', 'transformer', 'llm_decode')
    """
    return family if family.startswith("llm") else family.rsplit("_", 1)[0]


def runtime_labels(table: Table, words: Mapping[str, str]) -> Labels:
    """The software's name where it is one that has habits of its own, else the source."""
    pairs = table.source.codes * len(table.software.names) + table.software.codes
    unique, inverse = np.unique(pairs, return_inverse=True)
    names: list[str] = []
    numbers: list[int] = unique.tolist()
    for pair in numbers:
        source, software = divmod(pair, len(table.software.names))
        text = f"{table.software.names[software]} {table.source.names[source]}".lower()
        names.append(next((words[word] for word in words if word in text), table.source.names[source]))
    return Labels(inverse.astype(np.int64).ravel(), tuple(names))


class Encoder:
    """Turns tables into model rows; labels are those of the evidence, -1 for what it never saw."""

    def __init__(self, evidence: Table, chips: Chips, priors: Priors) -> None:
        self._chips, self._priors = chips, priors
        self._names: dict[str, dict[str, int]] = {}
        self._levels: dict[str, Ints] = {}
        for name, column in self._base_columns(evidence).items():
            self._names[name] = {text: number for number, text in enumerate(dict.fromkeys(column.names))}
        for name in (*EFFECTS, *SHARE_LEVELS):
            self._levels[name] = np.unique(self._combined(evidence, name))
        self._largest = self._largest_batches(evidence)

    def with_chips(self, chips: Chips) -> "Encoder":
        """The same labels, with other facts about cards."""
        other = copy(self)
        other._chips = chips
        return other

    def rows(self, table: Table) -> Rows:
        """The table in the model's terms."""
        keys = {name: self._keyed(table, name) for name in (*EFFECTS, *SHARE_LEVELS)}
        compute, memory = self._ratios(table)
        kinds = table.family.names
        batched = np.array([family.startswith(BATCHED) for family in kinds], dtype=bool)[table.family.codes]
        decode = np.array([family == "llm_decode" for family in kinds], dtype=bool)[table.family.codes]
        training = np.array([family == "transformer_train" for family in kinds], dtype=bool)[table.family.codes]
        batch = np.maximum(table.batch / table.n_gpus, 1e-9)
        with np.errstate(invalid="ignore", divide="ignore"):
            log_batch = np.where(batched, np.clip(np.log(batch / TYPICAL_BATCH), -4.2, 2.0), 0.0)
            log_batch = np.where(decode, np.clip(np.log(batch), 0.0, 5.0), log_batch)
            log_size = np.where(batched, np.clip(np.log(table.params_m / TYPICAL_PARAMS_M), -2.0, 2.0), 0.0)
            most, its_memory = self._largest[table.workload.map(self._names["workload"])].T
            fewer = most / batch
            by_memory = fewer * self._memory(table) / its_memory < ACCUMULATED
            loss = np.where(training & by_memory, -np.log1p(STEP_SHARE * (np.clip(fewer, 1.0, 25.0) - 1.0)), 0.0)
        shares = np.array([self._priors.family_shares(family) for family in kinds])[table.family.codes]
        return Rows(
            keys=keys,
            compute_ratio=compute,
            memory_ratio=memory * self._crowding(table),
            prior=np.log(shares[:, :2] / shares[:, 2:]),
            log_batch=np.nan_to_num(log_batch),
            log_size=np.nan_to_num(log_size),
            batch_loss=np.nan_to_num(loss),
            offset=self._software(table),
            noise=self._noise(table),
            identity=np.stack([table.gpu.codes, table.workload.codes, table.source.codes], axis=1),
        )

    def _largest_batches(self, evidence: Table) -> Floats:
        """The largest batch of each workload and the memory of the card that ran it; a row of nan stands last."""
        works = evidence.workload.map(self._names["workload"])
        batch, memory = evidence.batch / evidence.n_gpus, self._memory(evidence)
        out = np.full((len(self._names["workload"]) + 1, 2), nan)
        for row in np.argsort(np.nan_to_num(batch), kind="stable").tolist():
            if batch[row] == batch[row]:
                out[works[row]] = batch[row], memory[row]
        return out

    def _memory(self, table: Table) -> Floats:
        """Gigabytes of each row's card."""
        gpus = self._chips.gpus
        sizes = [gpus[name].memory_gb if name in gpus else nan for name in table.gpu.names]
        return np.array(sizes, dtype=np.float64)[table.gpu.codes]

    def _crowding(self, table: Table) -> Floats:
        """How much more memory traffic a sequence causes where the weights leave little room for others.

        A server that states no batch reads all memory M once a step, for as many sequences as fit beside the weights W.
        """
        serving = np.array([name == "llm_serving" for name in table.family.names], dtype=bool)[table.family.codes]
        each = np.array([WEIGHT_BYTES[precision_class(text)] for text in table.precision.names])
        room = self._memory(table) * GIB * table.n_gpus
        with np.errstate(invalid="ignore", divide="ignore"):
            left = 1.0 - table.params_m * each[table.precision.codes] / 1e3 / room
        filled = serving & np.isnan(table.batch) & np.isfinite(left)
        return np.where(filled, 1.0 / np.clip(left, 0.25, 1.0), 1.0)

    def _base_columns(self, table: Table) -> dict[str, Labels]:
        """Every label that effects are made of, as text columns."""
        chips = self._chips
        families, cards = table.family, table.gpu
        groups = tuple(chips.group(name) for name in cards.names)
        vendors = tuple(chips.gpus[name].vendor if name in chips.gpus else "" for name in cards.names)
        caches = tuple("big" if label in BIG_CACHE else "small" for label in groups)
        bits = tuple(_BITS.get(precision_class(text), "16") for text in table.precision.names)
        return {
            "workload": table.workload,
            "family": families,
            "class": Labels(families.codes, tuple(kind_of(name) for name in families.names)),
            "source": table.source,
            "model": table.model,
            "runtime": runtime_labels(table, self._priors.runtimes),
            "card": cards,
            "arch": Labels(cards.codes, groups),
            "vendor": Labels(cards.codes, vendors),
            "cache": Labels(cards.codes, caches),
            "bits": Labels(table.precision.codes, bits),
        }

    def _software(self, table: Table) -> Floats:
        """What dated facts about runtimes make of each row's throughput, in logs."""
        facts, year = self._priors.software, self._priors.year
        columns = self._base_columns(table)
        runtime, kind, chip = columns["runtime"], columns["class"], columns["arch"]
        runtimes = frozenset(fact.runtime for fact in facts)
        widely = frozenset(name for fact in facts if fact.runtime == ANY for name in fact.chips)
        said = np.array([name in runtimes for name in runtime.names], dtype=bool)[runtime.codes]
        said |= np.array([name in widely for name in chip.names], dtype=bool)[chip.codes]
        at = np.flatnonzero(said)
        out = np.zeros(len(table))
        if not len(at):
            return out
        first, same = distinct([column.codes[at] for column in (runtime, kind, chip, table.software)])
        found = [
            log_offset(
                facts, runtime.text(row), kind.text(row), chip.text(row), year_of(table.software.text(row), year)
            )
            for row in at[first].tolist()
        ]
        out[at] = np.array(found)[same]
        return out

    def _combined(self, table: Table, name: str) -> Ints:
        """One number for each row's combination of labels; -1 where any of them is new."""
        columns = self._base_columns(table)
        total = np.zeros(len(table), dtype=np.int64)
        known = np.ones(len(table), dtype=bool)
        for part in PARTS[name]:
            codes = columns[part].map(self._names[part])
            known &= codes >= 0
            total = total * (len(self._names[part]) + 1) + codes
        return np.where(known, total, -1)

    def _keyed(self, table: Table, name: str) -> Ints:
        combined, levels = self._combined(table, name), self._levels[name]
        if not len(levels):
            return np.full(len(table), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(levels, combined), len(levels) - 1)
        return np.where((combined >= 0) & (levels[at] == combined), at, -1).astype(np.int64)

    def _ratios(self, table: Table) -> tuple[Floats, Floats]:
        """x_c and x_m of every row, nan where the card cannot run the precision or is unknown."""
        count = len(table.precision.names)
        pairs = table.gpu.codes * count + table.precision.codes
        unique, inverse = np.unique(pairs, return_inverse=True)
        found = [self._ratio(table, *divmod(pair, count)) for pair in unique.tolist()]
        both = np.array(found, dtype=np.float64).reshape(-1, 2)[inverse.ravel()]
        return both[:, 0], both[:, 1]

    def _ratio(self, table: Table, card: int, precision: int) -> tuple[float, float]:
        name, text = table.gpu.names[card], table.precision.names[precision]
        if name not in self._chips.gpus:
            return nan, nan
        top, base = self._chips.peaks(name, text), self._chips.peaks(REFERENCE_CARD, _runnable(text))
        if top.tflops is None or base.tflops is None or top.bandwidth_gb_s <= 0:
            return nan, nan
        scale = _NARROW.get(precision_class(text), 1.0)
        return scale * base.tflops / top.tflops, base.bandwidth_gb_s / top.bandwidth_gb_s

    def _noise(self, table: Table) -> Floats:
        priors = self._priors
        own = np.array([_by_source(priors.noise, name) for name in table.source.names])[table.source.codes]
        each = np.array([_by_source(priors.noise_per_submission, name) for name in table.source.names])
        strange = np.array([0.0 if priors.was_measured(name) else UNKNOWN_FAMILY_SD for name in table.family.names])
        strange = strange[table.family.codes]
        return np.sqrt(own**2 + strange**2 + each[table.source.codes] ** 2 / np.maximum(table.submissions, 1.0))


PARTS: Mapping[str, tuple[str, ...]] = {
    "workload": ("workload",),
    "family": ("family",),
    "source": ("source", "family"),
    "model": ("source", "family", "model"),
    "arch": ("arch",),
    "arch_class": ("arch", "class"),
    "arch_runtime": ("arch", "runtime"),
    "cache_class": ("cache", "class"),
    "arch_precision": ("arch", "bits"),
    "card": ("card",),
    "card_class": ("card", "class"),
    "card_source": ("card", "source"),
    "workload_arch": ("workload", "arch"),
    "vendor_class": ("vendor", "class"),
}
_BITS = {"fp32": "32", "tf32": "32"}
_NARROW = {"fp8": 2.0, "fp4": 4.0}  # the reference card lacks them: its 16-bit rate stands in, times the usual gain


def _runnable(precision: str) -> str:
    return "fp16" if precision_class(precision) in _NARROW else precision


def _by_source(values: Mapping[str, float], name: str) -> float:
    return values.get(name, values["default"])
