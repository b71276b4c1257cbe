"""Which rows do the same work: slugs told apart by number of cards and, where a program varied it, by batch.

Serving many people at once is told apart from one person's chat, though both are called decoding: it has hardly any
overhead, other programs, and its batch is what the memory beside the weights holds.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from monitor.core.benchmark_rows import Labels, Table, runtime_labels
from monitor.core.relative import Floats, Ints, distinct

SERVING = "llm_serving"
SERVED_AT_ONCE = 8.0  # sequences; fewer are a chat
Batches = Mapping[str, Floats]  # of a slug whose batch was varied on one card: its batches, rising


def with_serving_named(table: Table, runtimes: Mapping[str, str]) -> Table:
    """The same rows, with the family "llm_serving" where decoding serves many at once: a batch of 8 and more, or none
    stated by a program that is not made for one person."""
    decode = np.array([name == "llm_decode" for name in table.family.names], dtype=bool)[table.family.codes]
    if not bool(decode.any()):
        return table
    labels = runtime_labels(table, runtimes)
    personal = np.array([name in runtimes.values() for name in labels.names], dtype=bool)[labels.codes]
    says = np.array([_says_load(text) for text in table.workload.names], dtype=bool)[table.workload.codes]
    with np.errstate(invalid="ignore"):
        many = (table.batch / table.n_gpus >= SERVED_AT_ONCE) | (np.isnan(table.batch) & ~personal & says)
    codes = np.where(decode & many, len(table.family.names), table.family.codes)
    return replace(table, family=Labels(codes, (*table.family.names, SERVING)))


def _says_load(slug: str) -> bool:
    """Whether a slug speaks of a server: input and output lengths, or MLPerf's offline scenario."""
    text = slug.lower()
    return ("isl" in text and "osl" in text) or "offline" in text or "server" in text or "serving" in text


def varied_batches(table: Table) -> Batches:
    """The batches of every slug of which one card ran several: there the batch is part of the work. Elsewhere it is
    what the card's memory held, and belongs to the card."""
    stated = np.isfinite(table.batch)
    with np.errstate(invalid="ignore"):
        whole = np.nan_to_num(np.rint(table.batch)).astype(np.int64)
    at = np.flatnonzero(stated)
    if not len(at):
        return {}
    runs, same = distinct([table.workload.codes[at], table.gpu.codes[at], table.n_gpus[at].astype(np.int64)])
    low, high = np.full(len(runs), np.inf), np.zeros(len(runs))
    np.minimum.at(low, same, whole[at])
    np.maximum.at(high, same, whole[at])
    several: set[int] = set(table.workload.codes[at][runs[high > low]].tolist())
    return {
        table.workload.names[code]: np.unique(table.batch[at][table.workload.codes[at] == code])
        for code in sorted(several)
    }


def with_batches_named(table: Table, batches: Batches) -> Table:
    """The same rows, where a varied batch makes a workload of its own: "slug b32", at the nearest batch that is known;
    the middle one for rows that state none."""
    varied = np.array([name in batches for name in table.workload.names], dtype=bool)[table.workload.codes]
    if not bool(varied.any()):
        return table
    at = np.flatnonzero(varied)
    bits = np.nan_to_num(table.batch[at]).view(np.int64)
    first, same = distinct([table.workload.codes[at], np.unique(bits, return_inverse=True)[1].astype(np.int64)])
    names: list[str] = []
    for row in at[first].tolist():
        slug = table.workload.names[int(table.workload.codes[row])]
        names.append(f"{slug} b{_nearest(batches[slug], float(table.batch[row])):g}")
    unique = {name: number for number, name in enumerate(dict.fromkeys(names))}
    numbers = np.array([unique[name] for name in names], dtype=np.int64)
    codes = table.workload.codes.copy()
    codes[at] = len(table.workload.names) + numbers[same]
    return replace(table, workload=Labels(codes, (*table.workload.names, *unique)))


def _nearest(known: Floats, batch: float) -> float:
    if not batch > 0:
        return float(known[len(known) // 2])
    return float(known[int(np.argmin(np.abs(np.log(known / batch))))])


def with_cards_named(table: Table) -> Table:
    """The same rows, where several cards make a workload of their own: "slug x4"."""
    count = int(table.n_gpus.max(initial=1)) + 1
    pairs = table.workload.codes * count + table.n_gpus.astype(np.int64)
    unique, inverse = np.unique(pairs, return_inverse=True)
    names: list[str] = []
    numbers: list[int] = unique.tolist()
    for work, cards in (divmod(pair, count) for pair in numbers):
        names.append(table.workload.names[work] + (f" x{cards}" if cards > 1 else ""))
    return replace(table, workload=Labels(inverse.astype(np.int64).ravel(), tuple(names)))


def as_evidence_knows(known: frozenset[str], asked: Table) -> tuple[Table, NDArray[np.bool_]]:
    """The asked table with workloads named as in the evidence; true where of several cards only one was measured."""
    several = with_cards_named(asked)
    as_several = np.array([name in known for name in several.workload.names], dtype=bool)[several.workload.codes]
    alone = (asked.n_gpus > 1) & ~as_several
    if not bool(alone.any()):
        return several, alone
    names = (*several.workload.names, *asked.workload.names)
    codes: Ints = np.where(alone, asked.workload.codes + len(several.workload.names), several.workload.codes)
    return replace(several, workload=Labels(codes, names)), alone
