"""How well throughput is predicted for cards, architectures and families that the fit has not seen.

    python benchmarks/throughput.py                every card left out, then every architecture, then every family,
                                                   then every card with only the reference card's rows as evidence
    python benchmarks/throughput.py --only card    one of: card, chip, family, reference
    python benchmarks/throughput.py --speed        one million estimates

Reads benchmarks_dev.csv of the shared folder (GPU_LIMBO_SHARED, default ../shared). A card is predicted with all its
rows removed from the evidence and the model learned anew; the rest of the table is the evidence. For a family left out,
the evidence holds only the reference card's rows of that family, under a name that the priors do not know. Dated
facts about llama.cpp, which came from rows like these, are left out where architectures are. Settings were fitted only
on sources that may be shipped: the line "other sources" is what was neither fitted nor tuned on.
"""

import argparse
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from monitor.catalog import load_catalog
from monitor.core.benchmark_rows import Chips
from monitor.core.throughput_batch import estimate_table, train
from monitor.performance import load_relative_model, table_of

SHARED = Path(os.environ.get("GPU_LIMBO_SHARED", Path(__file__).parents[1] / "../shared")).resolve()
REFERENCE = "RTX 3090"
KINDS = ("card", "chip", "family", "reference")
MAY_BE_SHIPPED = ("MIT", "Apache-2.0", "CC BY 4.0")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=KINDS)
    parser.add_argument("--speed", action="store_true")
    options = parser.parse_args()
    frame = load()
    if options.speed:
        speed(frame)
        return
    chips = Chips(gpus={**load_catalog().gpus, **load_catalog().reference})
    frame["chip"] = [chips.group(name) for name in frame.gpu]
    for kind in (options.only,) if options.only else KINDS:
        start = time.perf_counter()
        found = pd.concat(list(left_out(frame, kind, chips)))
        report(found, kind, chips)
        print(f"({time.perf_counter() - start:.0f} s)\n", flush=True)


def load() -> pd.DataFrame:
    """Single-card rows of work (the GEMM probe is none), with the card that each is compared with."""
    frame = pd.read_csv(SHARED / "data" / "benchmarks_dev.csv")
    frame = frame[(frame.n_gpus == 1) & ~frame.workload.str.startswith("gemm-")].reset_index(drop=True)
    frame["rate"] = np.log(frame.value) * np.where(frame.higher_is_better, 1, -1)
    counts = frame.drop_duplicates(["workload", "gpu"]).gpu.value_counts()
    cards = frame.groupby("workload").gpu.unique()
    reference = {
        work: REFERENCE if REFERENCE in set(have) else max(have, key=counts.get) for work, have in cards.items()
    }
    frame["reference"] = frame.workload.map(reference)
    return frame


def left_out(frame: pd.DataFrame, kind: str, chips: Chips) -> Iterator[pd.DataFrame]:
    """For each card, chip or family: its rows with what was predicted from the rest."""
    priors, scales = load_relative_model()
    if kind == "chip":
        priors = replace(priors, software=())
    for name in frame[kind if kind in ("chip", "family") else "gpu"].unique():
        if kind == "family":
            evidence, asked = family_left_out(frame, name)
        else:
            mine = frame["chip" if kind == "chip" else "gpu"] == name
            keep = ~mine & (frame.gpu == frame.reference) if kind == "reference" else ~mine
            evidence, asked = frame[keep], frame[mine & (frame.gpu != frame.reference)]
            asked = asked[asked.workload.isin(evidence.workload)]
        if asked.empty:
            continue
        wanted = table_of(asked, measured=False)
        found = estimate_table(train(table_of(evidence, measured=True), wanted, chips, priors, scales), wanted)
        yield asked.assign(predicted=found.predicted, low=found.low, high=found.high)


def family_left_out(frame: pd.DataFrame, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    mine = frame.family == name
    renamed = frame.assign(family=frame.family.where(~mine, "new " + name))
    return renamed[~mine | (frame.gpu == frame.reference)], renamed[mine & (frame.gpu != frame.reference)]


def report(found: pd.DataFrame, kind: str, chips: Chips) -> None:
    pairs = found.groupby(["workload", "gpu", "batch_size"], dropna=False).agg(
        licence=("licence", "first"),
        family=("family", "first"),
        reference=("reference", "first"),
        precision=("precision", "first"),
        higher=("higher_is_better", "first"),
        value=("value", "median"),
        predicted=("predicted", "median"),
        low=("low", "median"),
        high=("high", "median"),
    )
    pairs = pairs.reset_index()
    unfit = int(pairs.predicted.isna().sum())
    pairs = pairs.dropna(subset="predicted")
    sign = np.where(pairs.higher, 1, -1)
    pairs["error"] = np.abs((pairs.predicted / pairs.value) ** sign - 1)
    pairs["inside"] = (pairs.low <= pairs.value) & (pairs.value <= pairs.high)
    print(f"== every {kind} left out: {len(pairs)} pairs, {pairs.gpu.nunique()} cards, {unfit} said not to fit")
    print(row("model", pairs.error, pairs, pairs.inside))
    other = pairs[~pairs.licence.isin(MAY_BE_SHIPPED)]
    print(row(f"  other sources ({len(other)} pairs)", other.error, other, other.inside))
    for name, error in baselines(pairs, chips, found).items():
        print(row(name, error, pairs, None))
    print(f"Spearman within a workload of 5 cards or more: {spearman(pairs)}")
    print("\nfamily                     n  median    p90  in 80 %  baselines (median): bandwidth  tensor  both")
    base = baselines(pairs, chips, found)
    for family, part in pairs.groupby("family"):
        others = "  ".join(f"{base[name][part.index].median():7.3f}" for name in list(base)[:3])
        figures = f"{part.error.median():7.3f} {part.error.quantile(0.9):6.2f}  {part.inside.mean():6.2f}"
        print(f"{family:24} {len(part):4} {figures}  {'':20} {others}")


def row(name: str, error: pd.Series, pairs: pd.DataFrame, inside: pd.Series | None) -> str:
    by_family = error.groupby(pairs.family).median().median()
    figures = f"median {error.median():.3f}  p90 {error.quantile(0.9):.3f}  median of families {by_family:.3f}"
    return f"{name:28} {figures}" + ("" if inside is None else f"  80 % intervals hold {inside.mean():.1%}")


def baselines(pairs: pd.DataFrame, chips: Chips, found: pd.DataFrame) -> dict[str, pd.Series]:
    """Errors of simple ratios to the reference card, from the same measured reference rows."""
    truth = load().groupby(["workload", "gpu"]).rate.median()
    del found
    own = np.log(pairs.value.to_numpy()) * np.where(pairs.higher, 1, -1)
    base = np.array([truth[work, card] for work, card in zip(pairs.workload, pairs.reference, strict=True)])
    ratios: dict[str, np.ndarray] = {}
    cards = list(zip(pairs.gpu, pairs.reference, pairs.precision, strict=True))
    bandwidth = np.array([chips.gpus[g].bandwidth_gb_s / chips.gpus[r].bandwidth_gb_s for g, r, _ in cards])
    capped = np.array([_tflops(chips, g, p) / _tflops(chips, r, p) for g, r, p in cards])
    tensor = np.array([_nominal(chips, g) / _nominal(chips, r) for g, r, _ in cards])
    ratios["bandwidth ratio"] = bandwidth
    ratios["tensor TFLOPS ratio"] = tensor
    ratios["mean of both, power-capped"] = np.sqrt(bandwidth * capped)
    ratios["FP32 TFLOPS ratio"] = np.array([_fp32(chips, g) / _fp32(chips, r) for g, r, _ in cards])
    return {n: pd.Series(np.abs(r * np.exp(base - own) - 1), index=pairs.index) for n, r in ratios.items()}


def _tflops(chips: Chips, name: str, precision: str) -> float:
    return chips.peaks(name, precision).tflops or float("nan")


def _nominal(chips: Chips, name: str) -> float:
    return chips.gpus[name].fp16_tflops or chips.gpus[name].fp32_tflops or float("nan")


def _fp32(chips: Chips, name: str) -> float:
    return chips.gpus[name].fp32_tflops or float("nan")


def spearman(pairs: pd.DataFrame) -> str:
    """Rank correlation over the cards that were predicted, the reference card left aside."""
    found = []
    for _, part in pairs.groupby("workload"):
        if len(part) >= 5:
            sign = 1 if part.higher.iloc[0] else -1
            found.append((sign * part.predicted).corr(sign * part.value, method="spearman"))
    return f"median {np.median(found):.3f}, mean {np.mean(found):.3f}, {len(found)} workloads" if found else "too few"


def speed(frame: pd.DataFrame) -> None:
    """Seconds for a million distinct estimates, learning apart."""
    chips = Chips(gpus={**load_catalog().gpus, **load_catalog().reference})
    start = time.perf_counter()
    trained = train(table_of(frame, measured=True), table_of(frame, measured=False), chips, *load_relative_model())
    print(f"learned {len(trained.evidence)} measured pairs in {time.perf_counter() - start:.1f} s")
    cards, works = list(chips.gpus), frame.drop_duplicates("workload").reset_index(drop=True)
    many = works.loc[np.arange(1_000_000) % len(works)].reset_index(drop=True)
    many["gpu"] = pd.Categorical.from_codes(np.arange(1_000_000) // len(works) % len(cards), categories=cards)
    many["batch_size"] = 1 + np.arange(1_000_000) % 509
    start, cpu = time.perf_counter(), time.process_time()
    for at in range(0, len(many), 100_000):
        estimate_table(trained, table_of(many.iloc[at : at + 100_000], measured=False))
    print(
        f"1,000,000 estimates in {time.perf_counter() - start:.1f} s ({time.process_time() - cpu:.1f} s of processor)"
    )


if __name__ == "__main__":
    main()
