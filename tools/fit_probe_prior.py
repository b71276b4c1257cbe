"""Rebuild monitor/data/probe.toml: what healthy cards reach of their datasheets, by class and resource.

    python tools/fit_probe_prior.py

Reads achieved_peak.csv from the folder that GPU_LIMBO_SHARED names. Only rows whose source may be shipped are used
(MIT, and own runs); the others serve to check the result (benchmarks/calibration.py).
"""

import csv
import math
import os
import statistics
from collections import defaultdict
from pathlib import Path

from monitor.catalog import load_catalog
from monitor.core.calibration import class_of
from monitor.core.hardware import peaks
from monitor.core.models import Gpu

SHARED = Path(os.environ.get("GPU_LIMBO_SHARED", "../shared"))
OUT = Path(__file__).parents[1] / "monitor" / "data" / "probe.toml"
SHIPPABLE = ("(MIT)", "own runs")
NAMES = {"A100 SXM 80GB": "A100 80GB", "A100 PCIe": "A100 PCIe 80GB", "B200 SXM": "B200", "B300 SXM": "B300"}
LEAST_SD = 0.05
SHRINK = 3.0  # a class with few models leans on all cards with the weight of three


def rows(path: Path, shippable: bool) -> list[tuple[Gpu, str, float]]:
    """(card, resource, ln(achieved / our peak)) of each usable row; our peak is capped by power, as in estimates."""
    catalog = load_catalog()
    known = {**getattr(catalog, "accelerators", {}), **catalog.gpus}
    found: list[tuple[Gpu, str, float, bool]] = []
    for row in csv.DictReader(path.open(encoding="utf-8")):
        may_ship = any(mark in row["source"] for mark in SHIPPABLE)
        gpu = known.get(NAMES.get(row["gpu"], row["gpu"]))
        if may_ship != shippable or gpu is None or not row["achieved"]:
            continue
        resource = _resource(row)
        peak = {"memory": gpu.bandwidth_gb_s, "compute": peaks(gpu, "bf16").tflops}.get(resource or "")
        if resource and peak:
            sustained = row["op"] == "gemm_sustained_30s"
            found.append((gpu, resource, math.log(float(row["achieved"]) / peak), sustained))
    long = {(gpu.name, resource) for gpu, resource, _, sustained in found if sustained}
    return [
        (gpu, resource, value)
        for gpu, resource, value, sustained in found
        if sustained or (gpu.name, resource) not in long  # the probe measures sustained rates: short ones stand in
    ]


def fit(found: list[tuple[Gpu, str, float]]) -> dict[tuple[str, str], tuple[float, float, int]]:
    """(class, resource) -> mean, sd between models, n models; classes shrunk to all cards."""
    by_model: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for gpu, resource, value in found:
        by_model[class_of(gpu), resource, gpu.name].append(value)
    values: dict[tuple[str, str], list[float]] = defaultdict(list)
    for (kind, resource, _), several in by_model.items():
        middle = statistics.median(several)
        values[kind, resource].append(middle)
        values["any", resource].append(middle)
    table: dict[tuple[str, str], tuple[float, float, int]] = {}
    for (kind, resource), middles in sorted(values.items()):
        everything = values["any", resource]
        weight = len(middles) / (len(middles) + (0 if kind == "any" else SHRINK))
        mean = weight * statistics.fmean(middles) + (1 - weight) * statistics.fmean(everything)
        spread = statistics.pstdev(everything)
        own = statistics.pstdev(middles) if len(middles) > 1 else spread
        sd = max(LEAST_SD, math.sqrt(weight * own**2 + (1 - weight) * spread**2))
        table[kind, resource] = (mean, sd, len(middles))
    return table


def main() -> None:
    """Write the table."""
    path = SHARED / "data" / "achieved_peak.csv"
    table = fit(rows(path, shippable=True))
    lines = [
        "# ln(achieved / peak) of healthy cards by class: mean, sd between models, and how many models.",
        "# Peaks are the catalogue's, lowered to what the power limit sustains. Made by tools/fit_probe_prior.py.",
        'sources = "tokenwatt-check 0.4.2 (MIT), xzwgit/gpu-flops-bench @5a32ae9 (MIT), own runs of October 2026"',
        'fitted_on = "2026-11-24"',
    ]
    for (kind, resource), (mean, sd, n) in table.items():
        lines += ["", "[[prior]]", f'class = "{kind}"', f'resource = "{resource}"']
        lines += [f"mean = {mean:.4f}", f"sd = {sd:.4f}", f"n = {n}"]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(OUT.read_text("utf-8"))


def _resource(row: dict[str, str]) -> str | None:
    """Sustained products where there are such, short ones else; copies, reads and triads for memory."""
    if row["op"] in ("gemm", "gemm_sustained_30s") and row["precision"] in ("bf16", "fp16", "bf16 or fp16"):
        return "compute"
    return "memory" if row["op"] in ("copy_d2d", "read", "triad") else None


if __name__ == "__main__":
    main()
