"""The relative model asked for named workloads: learned once, one answer for every card of a workload at a time."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from math import exp

from monitor.core.benchmark_rows import Chips
from monitor.core.models import Gpu, Workload
from monitor.core.named_work import NamedWork, table_for
from monitor.core.throughput import Expectation
from monitor.core.throughput_batch import EVIDENCE, TrainedTable, evidence_of, expect


class NamedEstimates:
    """Answers `ThroughputModel.relative`. `prepare` learns from the measured rows, at the first question."""

    def __init__(
        self,
        prepare: Callable[[], TrainedTable],
        gpus: Iterable[Gpu],
        workloads: Iterable[Workload],
        account_of: Callable[[Workload], NamedWork | None],
    ) -> None:
        self._prepare, self._account_of = prepare, account_of
        self._gpus = {gpu.name: gpu for gpu in gpus}
        self._workloads = {workload.slug: workload for workload in workloads}
        self._trained: TrainedTable | None = None
        self._found: dict[str, dict[str, Expectation]] = {}

    def __call__(self, gpu: Gpu, workload: Workload) -> Expectation | None:
        """What to expect; `None` where the precision cannot be run or nothing is known."""
        if self._workloads.get(workload.slug) != workload or self._gpus.get(gpu.name) != gpu:
            return self._ask([gpu], workload).get(gpu.name)
        if workload.slug not in self._found:
            self._found[workload.slug] = self._ask(list(self._gpus.values()), workload)
        return self._found[workload.slug].get(gpu.name)

    def _ask(self, gpus: list[Gpu], workload: Workload) -> dict[str, Expectation]:
        account = self._account_of(workload)
        if account is None:
            return {}
        self._trained = trained = self._trained or self._prepare()
        chips = Chips(gpus={**trained.chips.gpus, **{gpu.name: gpu for gpu in gpus}})
        asked = replace(
            trained,
            chips=chips,
            encoder=trained.encoder.with_chips(chips),
            named={**trained.named, workload.slug: account},
        )
        found = expect(asked, table_for(gpus, [workload]))
        codes: list[int] = evidence_of(asked, found).tolist()
        return {
            gpu.name: Expectation(
                throughput=exp(found.mean[at]),
                low=exp(found.mean[at] - found.below[at]),
                high=exp(found.mean[at] + found.above[at]),
                evidence=EVIDENCE[codes[at]],
            )
            for at, gpu in enumerate(gpus)
            if found.runnable[at]
        }
