"""Several cards: links, efficiencies, splits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.catalog import load_catalog
from monitor.core.parallel import best_split, counted, efficiency, estimate_several, link_between, splits
from monitor.core.throughput import estimate
from monitor.performance import load_throughput_model

CATALOG, MODEL = load_catalog(), load_throughput_model()


@given(st.floats(1e-4, 100), st.floats(0, 1000), st.integers(1, 64), st.sampled_from(["RTX 3090", "A100 80GB", "A40"]))
def test_nothing_is_above_linear(step: float, gradient: float, cards: int, name: str) -> None:
    assert 0 < efficiency(step, gradient, cards, link_between(CATALOG.gpus[name])) <= 1


@given(st.floats(0.01, 10), st.floats(0.01, 100))
def test_a_faster_link_is_never_worse(step: float, gradient: float) -> None:
    gpu = CATALOG.gpus["A40"]
    slow, fast = link_between(gpu, lanes=8), link_between(gpu, lanes=16)
    assert efficiency(step, gradient, 4, slow) <= efficiency(step, gradient, 4, fast)


def test_geforce_over_pcie_loses_more_than_servers_over_nvlink() -> None:
    geforce = efficiency(0.3, 0.67, 8, link_between(CATALOG.gpus["RTX 3090"]))
    server = efficiency(0.3, 0.67, 8, link_between(CATALOG.gpus["A100 80GB"], nvlink=True))
    assert geforce < 0.75 < 0.9 < server


def test_a_single_slow_link_is_named_as_the_cause() -> None:
    gpu, workload = CATALOG.gpus["RTX 3090"], CATALOG.workloads["bert-large-finetune"]
    found = [split for split in splits(gpu, workload, 4, link_between(gpu, lanes=1), MODEL) if split.kind == "data"]
    assert "PCIe 4 x1" in found[0].cause


def test_what_does_not_fit_on_one_card_is_split() -> None:
    gpu, workload = CATALOG.gpus["RTX 3090"], CATALOG.workloads["qlora-70b"]
    assert estimate(gpu, workload, MODEL).throughput is None
    best = best_split(gpu, workload, 4, link_between(gpu), MODEL)
    assert best.fits
    assert best.kind != "data"
    assert best.memory_gb < 25.3


def test_layers_one_after_the_other_add_memory_but_no_speed_to_one_chat() -> None:
    gpu, workload = CATALOG.gpus["RTX 3090"], CATALOG.workloads["llm-decode-8b-b1-q4"]
    by_kind = {split.kind: split for split in splits(gpu, workload, 2, link_between(gpu), MODEL)}
    assert by_kind["pipeline"].efficiency == pytest.approx(0.5)


def test_two_3090_against_one_4090_is_answered() -> None:
    workload = CATALOG.workloads["vision-cnn-train"]
    two = estimate_several(CATALOG.gpus["RTX 3090"], workload, 2, MODEL)
    one = estimate(CATALOG.gpus["RTX 4090"], workload, MODEL)
    assert two.gpu == "2x RTX 3090"
    assert two.throughput is not None
    assert one.throughput is not None
    assert 0.7 < two.throughput / one.throughput < 2.0
    assert counted("2x RTX 3090") == (2, "RTX 3090")


def test_sharding_costs_traffic_and_saves_memory() -> None:
    gpu, workload = CATALOG.gpus["A100 80GB"], replace(CATALOG.workloads["transformer-pretrain"], params_m=1300)
    by_kind = {split.kind: split for split in splits(gpu, workload, 8, link_between(gpu, nvlink=True), MODEL)}
    assert by_kind["sharded"].memory_gb < by_kind["data"].memory_gb
    assert by_kind["sharded"].efficiency < by_kind["data"].efficiency
