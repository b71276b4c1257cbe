"""Whether the memory rules say "fits" where published runs ran, and "does not" where they did not.

    python benchmarks/memory.py

Reads benchmarks_dev.csv of the shared folder (GPU_LIMBO_SHARED, default ../shared): GPT training with its micro-batch
(did run; twice the micro-batch is asked too, to see how tight the rule is), and llama.cpp with Llama 3 8B and 70B in
two precisions on 1 to 8 cards, where a cell that the table leaves empty ran out of memory.
"""

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from monitor.catalog import load_catalog
from monitor.core.hardware import usable_memory_gb
from monitor.core.memory import memory_need

SHARED = Path(os.environ.get("GPU_LIMBO_SHARED", Path(__file__).parents[1] / "../shared")).resolve()
SHAPES = {125: (12, 768), 350: (24, 1024), 760: (24, 1536), 1300: (24, 2048), 2700: (32, 2560), 7000: (32, 4096)}
SHAPES |= {13000: (40, 5120), 30000: (48, 7168), 70000: (80, 8192)}
CATALOG = load_catalog()
CARDS = {**CATALOG.gpus, **CATALOG.reference}


def main() -> None:
    frame = pd.read_csv(SHARED / "data" / "benchmarks_dev.csv")
    runs = frame[frame.source_repo.eq("mosaicml/llm-foundry") & frame.note.str.contains("microbatch")]
    fits = [trains(run, 1) for run in runs.to_dict("records")]
    twice = [trains(run, 2) for run in runs.to_dict("records")]
    print(f"GPT training: {sum(fits)} of {len(fits)} published runs are said to fit;")
    print(f"    at twice the micro-batch {len(twice) - sum(twice)} are said not to")
    cells = llama_cells(frame)
    right = sum(said == ran for said, ran in cells)
    print(f"llama.cpp: {right} of {len(cells)} cells right ({sum(ran for _, ran in cells)} ran)")


def trains(run: dict[str, Any], factor: int) -> bool:
    size = min(SHAPES, key=lambda known: abs(known - float(run["params_m"])))
    layers, hidden = SHAPES[size]
    found, length = re.search(r"microbatch (\d+)", run["note"]), re.search(r"seq(\d+)", run["workload"])
    assert found
    assert length
    shape = {"layers": layers, "hidden": hidden, "vocab": 50368, "recompute": float("act.ckpt True" in run["note"])}
    workload = replace(
        CATALOG.workloads["transformer-pretrain"],
        params_m=float(run["params_m"]),
        batch_size=int(found[1]) * factor,
        sequence_or_image=int(length[1]),
        shape=shape,
    )
    return memory_need(workload, shards=int(run["n_gpus"])).total <= usable_memory_gb(CARDS[run["gpu"]])


def llama_cells(frame: pd.DataFrame) -> list[tuple[bool, bool]]:
    """(said to fit, ran) for every card and number of cards of the table, by model and precision."""
    table = frame[frame.source_repo.str.startswith("XiongjieDai") & frame.family.eq("llm_decode")]
    ran = {(row.gpu, row.n_gpus, row.workload) for row in table.itertuples()}
    cells: list[tuple[bool, bool]] = []
    for card, count in sorted({(row.gpu, row.n_gpus) for row in table.itertuples()}):
        for slug in sorted(table.workload.unique()):
            base = CATALOG.workloads["llm-decode-70b-b1" if "70b" in slug else "llm-decode-8b-b1"]
            workload = replace(base, precision="f16" if "f16" in slug else "q4")
            need = memory_need(workload, shards=count).total
            cells.append((need <= 1.01 * usable_memory_gb(CARDS[card]), (card, count, slug) in ran))
    return cells


if __name__ == "__main__":
    main()
