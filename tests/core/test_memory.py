"""What fits: known cases, and what must hold for any workload."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.catalog import load_catalog
from monitor.core.hardware import usable_memory_gb
from monitor.core.memory import fit, memory_need

CATALOG = load_catalog()


@pytest.mark.parametrize(
    ("slug", "card", "answers"),
    [
        ("llm-decode-8b-b1", "RTX 3090", {"yes"}),
        ("llm-decode-8b-b1", "RTX 3060", {"no"}),
        ("llm-decode-8b-b1-q4", "RTX 3060", {"yes"}),
        ("llm-decode-70b-b1-q4", "RTX 4090", {"no"}),
        ("llm-decode-70b-b1-q4", "A40", {"yes", "tight"}),
        ("llm-decode-70b-b1", "H100 SXM", {"no"}),
        ("finetune-7b-full", "A100 80GB", {"no"}),
        ("finetune-7b-full", "H200", {"yes"}),
        ("lora-8b", "RTX 4090", {"yes"}),
        ("qlora-70b", "A40", {"yes", "tight"}),
        ("vision-cnn-train", "RTX 3070", {"yes"}),
    ],
)
def test_known_cases(slug: str, card: str, answers: set[str]) -> None:
    assert fit(CATALOG.gpus[card], CATALOG.workloads[slug]).answer in answers


def test_what_would_make_it_fit_is_said() -> None:
    remedies = " ".join(fit(CATALOG.gpus["RTX 3090"], CATALOG.workloads["finetune-7b-full"]).remedies)
    assert "QLoRA" in remedies
    assert "cards" in remedies
    assert "4-bit" in " ".join(fit(CATALOG.gpus["RTX 3060"], CATALOG.workloads["llm-decode-8b-b1"]).remedies)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(CATALOG.workloads)), st.integers(1, 64), st.integers(1, 64))
def test_memory_grows_with_the_batch(slug: str, batch: int, more: int) -> None:
    workload = CATALOG.workloads[slug]
    small = memory_need(replace(workload, batch_size=batch)).total
    assert memory_need(replace(workload, batch_size=batch + more)).total >= small


def test_published_gpt_runs_fit_where_they_ran(shared: Path) -> None:
    """At least 209 of the published runs must be said to fit, as the design's rule does."""
    frame = pd.read_csv(shared / "data" / "benchmarks_dev.csv")
    runs = frame[frame.source_repo.eq("mosaicml/llm-foundry") & frame.n_gpus.eq(8)]
    assert len(runs) > 90
    good = sum(fits_as_published(run) for run in runs.to_dict("records"))
    assert good / len(runs) >= 209 / 216


SHAPES = {125: (12, 768), 350: (24, 1024), 760: (24, 1536), 1300: (24, 2048), 2700: (32, 2560), 7000: (32, 4096)}
SHAPES |= {13000: (40, 5120), 30000: (48, 7168), 70000: (80, 8192)}


def fits_as_published(run: dict[str, object]) -> bool:
    params = float(run["params_m"])  # type: ignore[arg-type]
    layers, hidden = SHAPES[min(SHAPES, key=lambda size: abs(size - params))]
    note, slug = str(run["note"]), str(run["workload"])
    found, length = re.search(r"microbatch (\d+)", note), re.search(r"seq(\d+)", slug)
    assert found
    assert length
    workload = replace(
        CATALOG.workloads["transformer-pretrain"],
        params_m=params,
        batch_size=int(found[1]),
        sequence_or_image=int(length[1]),
        shape={"layers": layers, "hidden": hidden, "vocab": 50368, "recompute": float("act.ckpt True" in note)},
    )
    return memory_need(workload, shards=8).total <= usable_memory_gb(CATALOG.gpus[str(run["gpu"])])
