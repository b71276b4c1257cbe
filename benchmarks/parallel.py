"""How well the efficiency of 2 to 8 cards is predicted, each kind of card with its constants fitted without it.

    python benchmarks/parallel.py

Reads benchmarks_dev.csv of the shared folder (GPU_LIMBO_SHARED, default ../shared): rows of several cards for which the
same table has one card's row. Efficiency is measured throughput over that of as many single cards, capped at 1 (larger
ones are the program's arithmetic). The constants of core/parallel.py that matter are scaled by one factor each on the
other cards' rows, and the error stands beside that of the shipped constants and of "always the median".
"""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from monitor.catalog import load_catalog
from monitor.core.benchmark_rows import Chips, Table
from monitor.core.rows_parallel import efficiencies
from monitor.performance import table_of

SHARED = Path(os.environ.get("GPU_LIMBO_SHARED", Path(__file__).parents[1] / "../shared")).resolve()
EXPOSED = [0.3, 0.45, 0.6, 0.8, 1.0, 1.3]
LOSS = [0.005, 0.01, 0.014, 0.02, 0.03]


@dataclass(frozen=True)
class Rows:
    frame: pd.DataFrame
    table: Table
    chips: Chips
    one: np.ndarray  # log rate of a single card


def main() -> None:
    rows = load()
    truth = rows.frame.efficiency.to_numpy()
    shipped = efficiencies(rows.table, rows.chips, rows.one)
    refit = leave_cards_out(rows, truth)
    print(f"{len(truth)} rows of 2 to 8 cards, {rows.frame.gpu.nunique()} kinds of card")
    for name, found in (("shipped constants", shipped), ("each card left out", refit)):
        error = np.abs(found - truth)
        print(f"{name:22} median error {np.median(error):.3f}  p90 {np.quantile(error, 0.9):.3f}")
    constant = np.abs(np.median(truth) - truth)
    print(f"{'always the median':22} median error {np.median(constant):.3f}  p90 {np.quantile(constant, 0.9):.3f}")
    print(f"{'always linear':22} median error {np.median(1 - truth):.3f}  p90 {np.quantile(1 - truth, 0.9):.3f}\n")
    rows.frame["error"] = np.abs(refit - truth)
    table = rows.frame.groupby(["source_repo", "family"]).error.agg(["size", "median", lambda e: e.quantile(0.9)])
    print(table.set_axis(["rows", "median", "p90"], axis=1).round(3).to_string())
    by_kind = rows.frame.groupby(["gpu", "interconnect"]).error.agg(["size", "median", lambda e: e.quantile(0.9)])
    print(by_kind.set_axis(["rows", "median", "p90"], axis=1).round(3).to_string())


def load() -> Rows:
    frame = pd.read_csv(SHARED / "data" / "benchmarks_dev.csv")
    alone = frame[frame.n_gpus == 1].groupby(["workload", "gpu"]).value.median().rename("alone")
    frame = frame[(frame.n_gpus > 1) & (frame.n_gpus <= 8)].join(alone, on=["workload", "gpu"]).dropna(subset="alone")
    grows = frame.unit.eq("ms").to_numpy()  # one step's time with a batch for each card: it does not divide by n
    ratio = np.where(frame.higher_is_better, frame.value / frame.alone, frame.alone / frame.value)
    frame["efficiency"] = np.minimum(np.where(grows, ratio, ratio / frame.n_gpus), 1.0)
    frame = frame[frame.efficiency > 0.02].reset_index(drop=True)  # below: a row of another batch or a broken run
    chips = Chips(gpus={**load_catalog().gpus, **load_catalog().reference})
    one = np.log(frame.alone.to_numpy()) * np.where(frame.higher_is_better, 1, -1)
    return Rows(frame, table_of(frame, measured=False), chips, one)


def leave_cards_out(rows: Rows, truth: np.ndarray) -> np.ndarray:
    """Each card's rows with the two constants that suit the other cards best."""
    grid = [efficiencies(rows.table, rows.chips, rows.one, exposed, loss) for exposed in EXPOSED for loss in LOSS]
    out = np.empty(len(truth))
    for card in rows.frame.gpu.unique():
        mine = (rows.frame.gpu == card).to_numpy()
        best = min(grid, key=lambda one: error_of(one[~mine], truth[~mine]))
        out[mine] = best[mine]
    return out


def error_of(found: np.ndarray, truth: np.ndarray) -> float:
    """Mean and median together: neither a few bad rows nor many middling ones go unseen."""
    error = np.abs(found - truth)
    return float(error.mean() + np.median(error))


if __name__ == "__main__":
    main()
