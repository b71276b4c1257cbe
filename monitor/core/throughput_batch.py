"""Many estimates at once: rows of a table, with measured rows as evidence -> predictions in each row's own unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import nan

import numpy as np
from numpy.typing import NDArray

from monitor.core.benchmark_rows import Chips, Encoder, Labels, Priors, Table
from monitor.core.hardware import usable_memory_gb
from monitor.core.leave_out import Widths, learn_with_noise, widths
from monitor.core.memory import TIGHT
from monitor.core.named_work import NamedWork, named_needs, with_accounts
from monitor.core.placing import place
from monitor.core.relative import Fit, Floats, Ints, Rows, Scales, distinct, predict
from monitor.core.rows_memory import needed_gb
from monitor.core.rows_parallel import log_speedup
from monitor.core.same_work import (
    Batches,
    as_evidence_knows,
    varied_batches,
    with_batches_named,
    with_cards_named,
    with_serving_named,
)

MOST_EVIDENCE = 4_000  # measured rows that one fit takes
MULTI_CARD_NOISE = 0.10
SPEEDUP_SD = 0.10  # of the efficiency of several cards
CAUTION = 0.25  # of the variance: some way towards the point of least relative error, exp(mean - variance)
STRANGE = 1.4  # how much wider for a maker none of whose chips was measured at this class of work
LEAST_MAY_EXCEED = 1.05  # of the usable memory: a row's need counts weights and states only, and is not exact
Z80 = 1.2816
FITS = ("yes", "tight", "no", "unknown")
BOUNDS = ("compute", "memory", "overhead", "capacity", "unknown")
EVIDENCE = ("measured", "same card", "same architecture", "specs only", "not enough known")


@dataclass(frozen=True, kw_only=True, eq=False)
class Estimates:
    """One entry for each asked row. `predicted`, `low` and `high` are in the row's own unit (low < high also where less
    is better), nan where nothing can be said. Codes index FITS, BOUNDS, EVIDENCE and `reasons`."""

    predicted: Floats
    low: Floats
    high: Floats
    fits: Ints
    bound: Ints
    evidence: Ints
    reason: Ints
    reasons: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class TrainedTable:
    """Evidence, learned: made once, asked as often as needed."""

    evidence: Table
    encoder: Encoder
    fit: Fit
    widths: Widths
    chips: Chips
    runtimes: Mapping[str, str]
    batches: Batches
    measured: frozenset[tuple[str, str]]
    works: frozenset[str]
    named: Mapping[str, NamedWork]


def train(
    evidence: Table,
    asked: Table | None,
    chips: Chips,
    priors: Priors,
    scales: Scales,
    named: Mapping[str, NamedWork] | None = None,
) -> TrainedTable:
    """Learn from the measured rows that bear on the asked ones: every single-card row, and the same number of cards."""
    batches = varied_batches(evidence)
    evidence, asked = (_named(table, priors.runtimes, batches) for table in (evidence, asked or evidence))
    useful = _useful(evidence, asked, chips, priors)
    encoder = Encoder(useful, chips, priors)
    rows = encoder.rows(useful)
    noise = np.sqrt(rows.noise**2 + np.where(useful.n_gpus > 1, MULTI_CARD_NOISE**2, 0.0))
    fit = learn_with_noise(replace(rows, noise=noise), useful.log_rate, scales)
    pairs: list[list[int]] = np.stack([useful.gpu.codes, useful.workload.codes], axis=1).tolist()
    measured = frozenset((useful.gpu.names[card], useful.workload.names[work]) for card, work in pairs)
    works = frozenset(useful.workload.names)
    return TrainedTable(
        useful, encoder, fit, widths(fit), chips, priors.runtimes, batches, measured, works, named or {}
    )


def _named(table: Table, runtimes: Mapping[str, str], batches: Batches) -> Table:
    return with_batches_named(with_serving_named(table, runtimes), batches)


@dataclass(frozen=True, kw_only=True, eq=False)
class Expected:
    """Log rates of every row as if memory were no matter, with how far an 80 % interval reaches below and above."""

    rows: Rows
    table: Table
    mean: Floats
    below: Floats
    above: Floats
    shares: Floats
    placed: NDArray[np.bool_]
    runnable: NDArray[np.bool_]


def expect(trained: TrainedTable, asked: Table) -> Expected:
    """What the evidence lets expect of every row of `asked`; its own `log_rate` is not looked at."""
    asked = _named(asked, trained.runtimes, trained.batches)
    table, alone = as_evidence_knows(trained.works, asked)
    rows = with_accounts(trained.encoder.rows(table), table, trained.works, trained.named)
    runnable = np.isfinite(rows.compute_ratio)
    safe = replace(
        rows,
        compute_ratio=np.where(runnable, rows.compute_ratio, 1.0),
        memory_ratio=np.where(runnable, rows.memory_ratio, 1.0),
    )
    found = predict(trained.fit, safe)
    level, level_sd, placed = place(trained.fit, trained.evidence, table, rows.keys["workload"], trained.named)
    mean, sd = found.mean + level, np.hypot(found.sd, level_sd)
    mean = np.where(alone, mean + log_speedup(asked, trained.chips, mean), mean)
    sd = np.where(alone, np.hypot(sd, SPEEDUP_SD), sd)
    wide = trained.widths.of(_known_level(rows), rows.keys["source"], rows.keys["family"])
    strange = (rows.keys["vendor_class"] < 0)[:, None]
    reach = Z80 * sd[:, None] * np.where(strange, STRANGE * np.maximum(wide, 1.0), wide)
    return Expected(
        rows=rows,
        table=table,
        mean=mean - np.where(placed, 0.0, CAUTION * np.minimum(sd, 0.5) ** 2),
        below=reach[:, 0],
        above=reach[:, 1],
        shares=found.shares,
        placed=placed,
        runnable=runnable & np.isfinite(mean),
    )


def estimate_table(trained: TrainedTable, asked: Table) -> Estimates:
    """Predictions for every row of `asked`, in its own unit, and whether it fits."""
    found = expect(trained, asked)
    fits, need = _fits(asked, trained)
    known = found.runnable & (fits != 2) & ~asked.impossible
    mean = np.where(known, found.mean, nan)
    sign = np.where(asked.higher_is_better > 0, 1.0, -1.0)
    one, other = np.exp(sign * (mean - found.below)), np.exp(sign * (mean + found.above))
    reason, reasons = _reasons(trained, asked, found.placed, fits, need, known)
    return Estimates(
        predicted=np.exp(sign * mean),
        low=np.minimum(one, other),
        high=np.maximum(one, other),
        fits=fits,
        bound=np.where(fits == 2, 3, np.where(known, np.argmax(found.shares, axis=1), 4)),
        evidence=np.where(known, evidence_of(trained, found), 4),
        reason=reason,
        reasons=reasons,
    )


def _known_level(rows: Rows) -> Ints:
    """0 where the card was measured on other work, 1 where its architecture was, 2 where neither."""
    return np.where(rows.keys["card"] >= 0, 0, np.where(rows.keys["arch"] >= 0, 1, 2)).astype(np.int64)


def _useful(evidence: Table, asked: Table, chips: Chips, priors: Priors) -> Table:
    """Sound measured rows, one for each card, workload and number of cards: their median."""
    known = np.array([name in chips.gpus for name in evidence.gpu.names], dtype=bool)[evidence.gpu.codes]
    runs = np.isfinite(Encoder(evidence, chips, priors).rows(evidence).compute_ratio)
    good = known & runs & np.isfinite(evidence.log_rate) & ~evidence.impossible
    size = int(max(asked.n_gpus.max(initial=1), evidence.n_gpus.max(initial=1))) + 1
    number = {name: code for code, name in enumerate(evidence.workload.names)}
    asked_codes = asked.workload.map(number) * size + asked.n_gpus.astype(np.int64)
    codes = np.unique(asked_codes[(asked_codes >= 0) & (asked.n_gpus > 1)])
    several = np.isin(evidence.workload.codes * size + evidence.n_gpus.astype(np.int64), codes)
    chosen = np.flatnonzero(good & ((evidence.n_gpus == 1) | several))
    merged = _medians(with_cards_named(select(evidence, chosen)))
    return merged if len(merged) <= MOST_EVIDENCE else select(merged, _thinned(merged, asked))


def _medians(table: Table) -> Table:
    """One row for each card and workload, with the median rate and all submissions counted."""
    pairs = table.workload.codes * (len(table.gpu.names) + 1) + table.gpu.codes
    _, first, inverse = np.unique(pairs, return_index=True, return_inverse=True)
    inverse = inverse.ravel()
    order = np.lexsort((table.log_rate, inverse))
    starts = np.searchsorted(inverse[order], np.arange(len(first) + 1))
    middles = (starts[:-1] + starts[1:] - 1) / 2
    rates = table.log_rate[order]
    median = (rates[np.floor(middles).astype(int)] + rates[np.ceil(middles).astype(int)]) / 2
    counts = np.bincount(inverse, weights=table.submissions, minlength=len(first))
    return replace(select(table, first), log_rate=median, submissions=counts)


def _thinned(table: Table, asked: Table) -> Ints:
    """The rows to keep where there are too many: asked workloads first, then evenly over the rest."""
    wanted = frozenset(asked.workload.names)
    first = np.array([name in wanted for name in table.workload.names], dtype=bool)[table.workload.codes]
    order = np.argsort(~first, kind="stable")
    sure = order[: int(first.sum())]
    if len(sure) >= MOST_EVIDENCE:
        return sure[np.linspace(0, len(sure) - 1, MOST_EVIDENCE).astype(np.int64)]
    rest = order[len(sure) :]
    return np.sort(
        np.concatenate([sure, rest[np.linspace(0, len(rest) - 1, MOST_EVIDENCE - len(sure)).astype(np.int64)]])
    )


def _fits(asked: Table, trained: TrainedTable) -> tuple[Ints, Floats]:
    """Code of FITS, and the gigabytes needed on each card."""
    chips = trained.chips
    usable_by_card = [usable_memory_gb(chips.gpus[n]) if n in chips.gpus else nan for n in asked.gpu.names]
    usable = np.array(usable_by_card)[asked.gpu.codes]
    least, whole = needed_gb(asked), named_needs(asked, trained.named)
    need, most = np.where(whole > 0, whole, least), np.where(whole > 0, 1.0, LEAST_MAY_EXCEED)
    with np.errstate(invalid="ignore"):
        code = np.where(need <= TIGHT * usable, 0, np.where(need <= most * usable, 1, 2))
    return np.where(np.isfinite(need) & np.isfinite(usable), code, 3), need


def evidence_of(trained: TrainedTable, found: Expected) -> Ints:
    """Code of EVIDENCE: the nearest thing to a measurement that speaks of the row."""
    table, rows = found.table, found.rows
    measured = np.zeros(len(table), dtype=bool)
    if trained.measured:
        pairs = table.gpu.codes * len(table.workload.names) + table.workload.codes
        distinct, inverse = np.unique(pairs, return_inverse=True)
        hit = [
            (table.gpu.names[pair // len(table.workload.names)], table.workload.names[pair % len(table.workload.names)])
            in trained.measured
            for pair in distinct.tolist()
        ]
        measured = np.array(hit, dtype=bool)[inverse.ravel()]
    chips_known = np.where(rows.keys["arch_class"] >= 0, 2, 3)
    return np.where(measured, 0, np.where(rows.keys["card"] >= 0, 1, chips_known))


def _reasons(
    trained: TrainedTable,
    asked: Table,
    placed: NDArray[np.bool_],
    fits: Ints,
    need: Floats,
    known: NDArray[np.bool_],
) -> tuple[Ints, tuple[str, ...]]:
    """A sentence for each row, as codes into the distinct sentences."""
    rounded = np.nan_to_num(np.rint(need)).astype(np.int64)
    state = np.where(fits == 2, 1, np.where(known, np.where(placed, 2, 3), 0))
    state = np.where(asked.impossible, 4, state)
    room = np.where(fits == 2, rounded, 0)
    identity = [asked.gpu.codes, asked.precision.codes, state.astype(np.int64), room]
    first, kinds = distinct(identity)
    hints = trained.chips.nearest([name for name in asked.gpu.names if name not in trained.chips.gpus])
    texts = [_sentence(trained.chips, asked, [int(part[at]) for part in identity], hints) for at in first]
    return kinds, tuple(texts)


def _sentence(chips: Chips, asked: Table, row: Sequence[int], hints: Mapping[str, str]) -> str:
    card, precision, state, room = row
    name, text = asked.gpu.names[card], asked.precision.names[precision]
    if not name:
        return "not enough known: the row names no card"
    if name not in chips.gpus:
        return f"not enough known: the catalogue has no {name[:60]!r}{hints.get(name, '')}"
    if state == 4:
        return "impossible: batch, parameters and number of cards must be above 0, and cards at most 100,000"
    top = chips.peaks(name, text)
    if state == 1:
        return f"needs about {room} GB, the card offers {usable_memory_gb(chips.gpus[name]):.0f}"
    if top.tflops is None:
        return f"not enough known: {top.note}" if "source" in top.note else top.note
    if state == 0:
        return "not enough known: nothing like this workload was measured"
    how = "relative to cards measured on the same work" if state == 3 else "placed among measured work of its kind"
    return f"{how}; {top.note}" if top.note else how


def select(table: Table, chosen: Ints) -> Table:
    """The chosen rows of a table."""
    changes: Mapping[str, Labels | Floats] = {
        name: value.at(chosen) if isinstance(value, Labels) else value[chosen]
        for name, value in ((name, getattr(table, name)) for name in table.__dataclass_fields__)
    }
    return Table(**changes)  # type: ignore[arg-type]
