"""Fit what programs reach of the account of FLOP and bytes: kappa, spread and weights by family, in throughput.toml.

    python tools/fit_levels.py            write data/throughput.toml
    python tools/fit_levels.py --check    only print

Reads benchmarks_dev.csv from GPU_LIMBO_SHARED (default ../shared), only rows whose source may be shipped (MIT,
Apache-2.0, CC BY) and whose shape is known: timm (multiply-adds and activations of each model), llm-foundry (GPT of
125M to 70B on eight cards, with micro-batch), llama.cpp decoding of Llama 3.2 3B and Qwen 2.5 14B. Run it after
tools/fit_throughput.py, whose shares the weights reproduce for a typical workload on the reference card.
"""

import argparse
import re
from dataclasses import replace

import numpy as np
import pandas as pd

from monitor.catalog import load_catalog
from monitor.core.hardware import peaks
from monitor.core.models import Gpu, Workload
from monitor.core.throughput import Family, _times
from monitor.core.work import account
from monitor.performance import load_relative_model
from tools.fit_throughput import MAY_BE_SHIPPED, SHARED, TABLE

REFERENCE = "RTX 3090"
TYPICAL = {
    "cnn_train": "vision-cnn-train",
    "cnn_infer": "vision-cnn-infer",
    "vit_train": "vit-train",
    "vit_infer": "vit-infer",
    "transformer_train": "transformer-pretrain",
}
GPT = {125: (12, 768), 350: (24, 1024), 760: (24, 1536), 1000: (24, 2048), 3000: (32, 2560), 7000: (32, 4096)}
GPT |= {13000: (40, 5120), 30000: (48, 7168), 70000: (64, 8192)}
EIGHT_CARDS = 0.97  # of linear, for eight cards with NVLink
LLAMA = {
    "Llama 3.2:3b": (3213.0, {"layers": 28, "hidden": 3072, "heads": 24, "kv_heads": 8, "ffn": 8192, "context": 512}),
    "DeepSeek R1 14b": (
        14770.0,
        {"layers": 48, "hidden": 5120, "heads": 40, "kv_heads": 8, "ffn": 13824, "context": 512},
    ),
}
LEAST_SD, FEW_CARDS_SD = 0.20, 0.30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    rows = measured()
    text = TABLE.read_text("utf-8")
    for family, part in rows.groupby("family"):
        name = str(family)
        found = fitted(name, part)
        print(f"{name:18} {len(part):4} rows {found.cards} cards kappa {found.kappa} sd {found.sd} {found.weights}")
        text = put(text, name, found)
    if not options.check:
        TABLE.write_text(text, "utf-8")


def measured() -> pd.DataFrame:
    """Rows with the workload that they ran and the rate of one card."""
    frame = pd.read_csv(SHARED / "data" / "benchmarks_dev.csv", keep_default_na=False)
    frame = frame[frame.licence.isin(MAY_BE_SHIPPED)]
    sizes = frame.note.str.extract(r"gmacs=([\d.]+);macts_m=([\d.]+)").astype(float).groupby(frame.model).first()
    known = {str(model): (float(macs), float(acts)) for model, macs, acts in sizes.dropna().itertuples()}
    rows = [(row, shaped(row, known)) for row in frame.to_dict("records")]
    found = [
        {"family": work.family, "gpu": row["gpu"], "work": work, "rate": rate_of_one(row)}
        for row, work in rows
        if work is not None
    ]
    return pd.DataFrame(found)


def shaped(row: dict[str, object], sizes: dict[str, tuple[float, float]]) -> Workload | None:
    """The row's workload where its shape is known; `sizes` are multiply-adds and activations by model."""
    note, source, model = str(row["note"]), str(row["source_repo"]), str(row["model"])
    if source == "huggingface/pytorch-image-models":
        family = str(row["family"])
        if family not in TYPICAL or model not in sizes:
            return None
        typical = load_catalog().workloads[TYPICAL[family]]
        shape = {**typical.shape, "gmacs": sizes[model][0], "mactivations": sizes[model][1]}
        return replace(typical, batch_size=int(float(str(row["batch_size"]))), shape=shape)
    if source == "mosaicml/llm-foundry" and row["n_gpus"] == 8 and "bf16" in str(row["precision"]):
        return gpt(row, note)
    if source == "geerlingguy/ai-benchmarks" and row["model"] in LLAMA:
        params, shape = LLAMA[str(row["model"])]
        return replace(load_catalog().workloads["llm-decode-8b-b1-q4"], params_m=params, shape=shape)
    return None


def gpt(row: dict[str, object], note: str) -> Workload:
    params, sequence = float(str(row["params_m"])), int(str(row["sequence_or_image"]))
    layers, hidden = GPT[min(GPT, key=lambda size: abs(np.log(size / params)))]
    micro = re.search(r"microbatch (\d+)", note)
    typical = load_catalog().workloads["transformer-pretrain"]
    shape = {**typical.shape, "layers": layers, "hidden": hidden, "ffn": 4 * hidden, "heads": hidden / 64}
    shape |= {"kv_heads": hidden / 64, "recompute": 1.0 if "act.ckpt True" in note else 0.0}
    shape["kernels"] = typical.shape["kernels"] * layers / typical.shape["layers"]
    return replace(
        typical,
        params_m=params,
        sequence_or_image=sequence,
        batch_size=int(micro[1]) if micro else 1,
        shape=shape,
    )


def rate_of_one(row: dict[str, object]) -> float:
    cards = float(str(row["n_gpus"]))
    return float(str(row["value"])) / cards / (EIGHT_CARDS if cards == 8 else 1.0)


def fitted(family: str, rows: pd.DataFrame) -> Family:
    """Weights that give the typical workload its fitted shares, and the median rate over what they let expect."""
    catalog = load_catalog()
    weights = weights_of(family, catalog.gpus[REFERENCE])
    plain = Family(kappa=1.0, sd=1.0, weights=weights)
    cards = {**catalog.gpus, **catalog.reference}
    reached = np.array([row.rate * seconds(cards[row.gpu], row.work, plain) for row in rows.itertuples()])
    by_card = pd.Series(np.log(reached)).groupby(rows.gpu.to_numpy()).median()
    kappa = float(np.exp(by_card.median()))
    spread = 1.4826 * float(np.median(np.abs(np.log(reached / kappa))))
    few = FEW_CARDS_SD if len(by_card) < 5 else LEAST_SD
    return Family(kappa=round(kappa, 2), sd=round(max(spread, few), 2), cards=len(by_card), weights=weights)


def weights_of(family: str, reference: Gpu) -> tuple[float, float, float]:
    if family not in TYPICAL:
        return (1.0, 1.0, 1.0)
    typical = load_catalog().workloads[TYPICAL[family]]
    spent = times(reference, typical, Family(kappa=1.0, sd=1.0))
    shares = load_relative_model()[0].shares[family]
    whole = sum(spent.values())
    a, b, c = (
        round(share * whole / spent[part], 2)
        for share, part in zip(shares, ("compute", "memory", "overhead"), strict=True)
    )
    return a, b, c


def seconds(gpu: Gpu, work: Workload, family: Family) -> float:
    return sum(times(gpu, work, family).values())


def times(gpu: Gpu, work: Workload, family: Family) -> dict[str, float]:
    found = account(work)
    assert found is not None
    return _times(found, peaks(gpu, work.precision), family, None)


def put(text: str, family: str, found: Family) -> str:
    """The table with this family's entry replaced."""
    lines = [f"[family.{family}]", f"kappa = {found.kappa}", f"sd = {found.sd}", f"cards = {found.cards}"]
    if found.weights != (1.0, 1.0, 1.0):
        lines.append(f"weights = {list(found.weights)}")
    head = rf"(?m)^\[family\.{re.escape(family)}\]\n(?:\w+ = .*\n)+"
    changed, count = re.subn(head, lambda _: "\n".join(lines) + "\n", text, count=1)
    if not count:
        raise SystemExit(f"{TABLE.name} has no [family.{family}]")
    return changed


if __name__ == "__main__":
    main()
