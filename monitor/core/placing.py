"""The level of a workload that nobody measured: from measured work of its kind, by model, size, precision and batch,
and from the account of FLOP and bytes of named workloads.
"""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from monitor.core.benchmark_rows import Labels, Table, kind_of
from monitor.core.hardware import precision_class
from monitor.core.named_work import NamedWork
from monitor.core.relative import INTERCEPT_SD, Fit, Floats, Ints, distinct

LEAST_SD = 0.25  # of two programs that do "the same" work: the noise between sources
DISTANCES = {"model": 1.0, "family": 1.5, "precision": 0.5}  # what a difference counts for
BATCH_SCALE, SIZE_SCALE = 2.0, 1.0  # log units that count as one
KIN_KEPT = 1000  # descriptions of work in words; a file repeats them with other batches and sizes


def place(
    fit: Fit, evidence: Table, asked: Table, workload: Ints, named: Mapping[str, NamedWork]
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Level to add, its log sd, and whether the row had to be placed; zeros for workloads that the evidence has.

    The level is nan where nothing of the same unit and kind was measured.
    """
    level, sd, placed = np.zeros(len(asked)), np.zeros(len(asked)), workload < 0
    if not bool(placed.any()):
        return level, sd, placed
    known = _Known(fit, evidence, named)
    at = np.flatnonzero(placed)
    first, kinds = distinct(
        [
            asked.family.codes[at],
            asked.model.codes[at],
            asked.precision.codes[at],
            asked.unit.codes[at],
            asked.workload.map({slug: number for number, slug in enumerate(named)})[at],
            _rounded_log(asked.batch[at]),
            _rounded_log(asked.params_m[at]),
            (asked.higher_is_better[at] > 0).astype(np.int64),
        ]
    )
    found = np.array([known.near(asked, int(at[row])) for row in first])
    level[at], sd[at] = found[kinds].T
    return level, sd, placed


class _Known:
    """Measured workloads with their levels on the reference card, and named ones with those of their accounts."""

    def __init__(self, fit: Fit, evidence: Table, named: Mapping[str, NamedWork]) -> None:
        labels = fit.rows.keys["workload"]
        size = len(fit.centre)
        sums = np.bincount(labels, weights=fit.alpha, minlength=size)
        first = np.zeros(size, dtype=np.int64)
        first[labels[::-1]] = np.arange(len(labels))[::-1]
        self.named, works = named, tuple(named.values())
        self.level = np.append(fit.centre + INTERCEPT_SD**2 * sums, [work.level for work in works])
        self.own_sd = np.append(np.zeros(size), [work.level_sd for work in works])
        batch = np.append(evidence.batch[first] / evidence.n_gpus[first], [work.batch for work in works])
        self.log_batch = _log(batch)
        self.log_params = _log(np.append(evidence.params_m[first], [work.params_m for work in works]))
        self.higher = np.append(evidence.higher_is_better[first], np.ones(len(works)))
        self.family = np.append(_texts(evidence.family, first), [work.family for work in works])
        self.unit = np.append(_texts(evidence.unit, first), [work.unit for work in works])
        self.kind = np.array([kind_of(str(name)) for name in self.family.tolist()])
        models = [*_texts(evidence.model, first).tolist(), *(work.model for work in works)]
        precisions = [*_texts(evidence.precision, first).tolist(), *(work.precision for work in works)]
        self.model = np.array([_plain(name) for name in models])
        self.precision = np.array([precision_class(name) for name in precisions])
        self.alone = np.append(evidence.n_gpus[first] == 1, np.ones(len(works), dtype=bool))
        self.measured = self.alone & (np.arange(len(self.level)) < size)
        self._kin = lru_cache(maxsize=KIN_KEPT)(self._find_kin)

    def near(self, asked: Table, row: int) -> tuple[float, float]:
        """Level and sd of one asked workload; a named one's own account is weighed with what measured work says."""
        account = self.named.get(_text(asked.workload, row))
        if account is None or account.unit != _text(asked.unit, row) or asked.higher_is_better[row] <= 0:
            return self._mean(asked, row, with_named=True)
        level, sd = self._mean(asked, row, with_named=False)
        own = account.level, float(np.hypot(account.level_sd, 0.5 * abs(self._batch_moved(asked, row, account))))
        if level != level:
            return own
        weight = sd**-2 / (sd**-2 + own[1] ** -2)
        return weight * level + (1 - weight) * own[0], float((sd**-2 + own[1] ** -2) ** -0.5)

    def _batch_moved(self, asked: Table, row: int, account: NamedWork) -> float:
        return float(_log_ratio(asked.batch[row] / asked.n_gpus[row], _log(np.array([account.batch])))[0])

    def _mean(self, asked: Table, row: int, *, with_named: bool) -> tuple[float, float]:
        """A mean over known workloads of the kind, the near ones counting most; nan where there is none."""
        family = _text(asked.family, row)
        precision, model = precision_class(_text(asked.precision, row)), _plain(_text(asked.model, row))
        higher = float(asked.higher_is_better[row])
        kin, apart = self._kin(family, _text(asked.unit, row), higher, precision, model, with_named)
        if not len(kin):
            return float("nan"), float("nan")
        batch = _log_ratio(asked.batch[row] / max(asked.n_gpus[row], 1.0), self.log_batch[kin])
        size = _log_ratio(asked.params_m[row], self.log_params[kin])
        distance = apart + np.abs(batch) / BATCH_SCALE + np.abs(size) / SIZE_SCALE
        moved = self.level[kin] - (size if kind_of(family).startswith(("llm", "transformer")) else 0.5 * size)
        weight = np.exp(-(distance**2)) + 1e-12
        weight = weight / weight.sum()
        mean = float(weight @ moved)
        spread = float(weight @ (moved - mean) ** 2)
        return mean, float(np.sqrt(LEAST_SD**2 + spread + (0.3 * distance.min()) ** 2))

    def _find_kin(
        self, family: str, unit: str, higher: float, precision: str, model: str, with_named: bool
    ) -> tuple[Ints, Floats]:
        """Where the comparable workloads are, and how far each is in everything but batch and size."""
        alike = (self.unit == unit) & (self.higher == higher) & (self.kind == kind_of(family))
        kin = np.flatnonzero(alike & (self.alone if with_named else self.measured))
        words = {"model": self.model[kin] != model, "precision": self.precision[kin] != precision}
        words["family"] = self.family[kin] != family
        return kin, self.own_sd[kin] + sum(DISTANCES[name] * other for name, other in words.items())


def _log(values: Floats) -> Floats:
    """The logarithm; nan where a value is missing or makes no sense."""
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.log(values)
    return np.where(np.isfinite(logs), logs, np.nan)


def _log_ratio(value: float, log_known: Floats) -> Floats:
    """Log of value over known; 0 where either is missing."""
    if not 0 < value < float("inf"):
        return np.zeros(len(log_known))
    ratio = np.log(value) - log_known
    return np.where(ratio == ratio, ratio, 0.0)


def _text(column: Labels, row: int) -> str:
    return column.names[int(column.codes[row])]


def _texts(column: Labels, rows: Ints) -> NDArray[np.str_]:
    return np.array(column.names)[column.codes[rows]]


def _rounded_log(values: Floats) -> Ints:
    """Values that differ by less than a twentieth count as one; missing ones as 1."""
    return np.rint(20 * np.nan_to_num(np.log(np.maximum(values, 1e-9)))).astype(np.int64)


def _plain(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum())
