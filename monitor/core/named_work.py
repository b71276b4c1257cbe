"""Named workloads in the relative model: their shares of time and their level on the reference card come from their
account of FLOP and bytes, their differences between cards from measured cards, the same as for rows of a file.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np

from monitor.core.benchmark_rows import Labels, Table
from monitor.core.models import Gpu, Workload
from monitor.core.relative import Floats, Rows


@dataclass(frozen=True, kw_only=True)
class NamedWork:
    """A workload whose account is known: what stands in for measurements where nobody made any."""

    slug: str
    family: str
    model: str
    params_m: float
    precision: str
    batch: float
    unit: str
    log_odds: tuple[float, float]  # log compute/overhead and log memory/overhead on the reference card
    level: float  # log throughput on the reference card by its account
    level_sd: float
    need_gb: float  # memory on one card


LEAST_SHARE = 0.01


def named_work(workload: Workload, times: Mapping[str, float], rate: float, sd: float, need_gb: float) -> NamedWork:
    """A workload with its account's `times` (seconds by what they are spent on) and `rate` on the reference card."""
    total = sum(times.values())
    share = {part: max(spent / total, LEAST_SHARE) for part, spent in times.items()}
    return NamedWork(
        slug=workload.slug,
        family=workload.family,
        model=workload.model,
        params_m=workload.params_m,
        precision=workload.precision,
        batch=float(workload.batch_size),
        unit=workload.unit,
        log_odds=(log(share["compute"] / share["overhead"]), log(share["memory"] / share["overhead"])),
        level=log(rate),
        level_sd=sd,
        need_gb=need_gb,
    )


def with_accounts(rows: Rows, table: Table, known: Iterable[str], named: Mapping[str, NamedWork]) -> Rows:
    """The rows, with the shares of their own account for named workloads that the evidence has not measured."""
    new = named.keys() - frozenset(known)
    names = table.workload.names
    which = np.array([name in new for name in names], dtype=bool)[table.workload.codes]
    if not bool(which.any()):
        return rows
    odds = np.array([named[name].log_odds if name in new else (0.0, 0.0) for name in names])[table.workload.codes]
    return replace(
        rows,
        prior=np.where(which[:, None], odds, rows.prior),
        log_batch=np.where(which, 0.0, rows.log_batch),
        log_size=np.where(which, 0.0, rows.log_size),
    )


def named_needs(table: Table, named: Mapping[str, NamedWork]) -> Floats:
    """Gigabytes on one card by a named workload's account, activations and all; nan for rows of other work."""
    names = table.workload.names
    known = np.array([(named[n].need_gb, named[n].batch) if n in named else (np.nan, np.nan) for n in names])
    own, batch = known.reshape(-1, 2)[table.workload.codes].T
    return np.where((table.n_gpus == 1) & (table.batch == batch), own, np.nan)


def table_for(gpus: Sequence[Gpu], workloads: Sequence[Workload]) -> Table:
    """Rows that ask for every card on every workload, the workloads running fastest."""
    count = len(gpus) * len(workloads)
    work = np.tile(np.arange(len(workloads), dtype=np.int64), len(gpus))
    card = np.repeat(np.arange(len(gpus), dtype=np.int64), len(workloads))

    def text(values: Sequence[str]) -> Labels:
        return Labels(work, tuple(values))

    def number(values: Sequence[float]) -> Floats:
        return np.array(values, dtype=np.float64)[work]

    plain = Labels(np.zeros(count, dtype=np.int64), ("",))
    return Table(
        gpu=Labels(card, tuple(gpu.name for gpu in gpus)),
        workload=text([one.slug for one in workloads]),
        family=text([one.family for one in workloads]),
        model=text([one.model for one in workloads]),
        precision=text([one.precision for one in workloads]),
        unit=text([one.unit for one in workloads]),
        source=plain,
        software=plain,
        interconnect=plain,
        n_gpus=np.ones(count),
        params_m=number([one.params_m for one in workloads]),
        batch=number([float(one.batch_size) for one in workloads]),
        higher_is_better=np.ones(count),
        submissions=np.ones(count),
        log_rate=np.full(count, np.nan),
        impossible=np.zeros(count, dtype=bool),
    )
