"""Estimates from a workload's account and a card's peaks: ranges, bounds, and what must hold for any card."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.catalog import load_catalog
from monitor.core.explain import explain
from monitor.core.hardware import peaks, precision_class
from monitor.core.parallel import estimate_several
from monitor.core.throughput import Efficiency, estimate, single_card_rate
from monitor.core.work import account, convolution, layer_kinds
from monitor.performance import load_throughput_model

CATALOG = load_catalog()
MODEL = load_throughput_model()
CARDS = sorted(CATALOG.gpus)
WORK = sorted(CATALOG.workloads)

# (workload, card, what published runs reach, source): wide enough for a program's habits, narrow enough to fail.
REACHED = [
    ("llm-decode-8b-b1", "RTX 4090", 35, 65, "llama.cpp, Llama 3 8B F16"),
    ("llm-decode-8b-b1", "RTX 3090", 35, 60, "the same"),
    ("llm-decode-8b-b1-q4", "RTX 4090", 95, 180, "the same, Q4_K_M"),
    ("llm-prefill-8b", "RTX 4090", 5000, 14000, "the same, 1024 tokens"),
    ("vision-cnn-infer", "RTX 4090", 2000, 7000, "timm, ResNet-50"),
    ("vit-infer", "RTX 3090", 700, 2200, "timm, ViT-B/16"),
    ("transformer-pretrain", "A100 80GB", 30000, 110000, "GPT-350M, llm-foundry, per card, at larger micro-batches"),
    ("bert-large-finetune", "RTX 3090", 20, 90, "BERT-large SQuAD"),
]


@pytest.mark.parametrize(("slug", "card", "low", "high", "source"), REACHED)
def test_estimates_agree_with_published_runs(slug: str, card: str, low: float, high: float, source: str) -> None:
    found = estimate(CATALOG.gpus[card], CATALOG.workloads[slug], MODEL)
    assert found.throughput is not None
    assert low <= found.throughput <= high, source


@pytest.mark.parametrize(
    ("slug", "card", "bound"),
    [
        ("llm-decode-8b-b1", "H100 SXM", "memory"),
        ("llm-prefill-8b", "RTX 3090", "compute"),
        ("lora-8b", "RTX 4090", "compute"),
        ("rl-small-nets", "H100 SXM", "overhead"),
        ("qlora-70b", "RTX 4090", "capacity"),
    ],
)
def test_the_bound_is_the_one_that_physics_says(slug: str, card: str, bound: str) -> None:
    assert estimate(CATALOG.gpus[card], CATALOG.workloads[slug], MODEL).bound == bound


def test_every_workload_has_an_account_and_a_family() -> None:
    assert len(WORK) >= 16
    for slug in WORK:
        work = account(CATALOG.workloads[slug])
        assert work is not None
        assert work.flops > 0
        assert work.bytes > 0


@pytest.mark.parametrize("slug", WORK)
def test_a_known_card_estimates_every_workload_that_fits(slug: str) -> None:
    found = estimate(CATALOG.gpus["B200"], CATALOG.workloads[slug], MODEL)
    assert found.throughput is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.throughput < found.high
    assert sum(found.shares.values()) == pytest.approx(1.0)


def test_less_known_chips_get_wider_intervals() -> None:
    def width(name: str) -> float:
        found = estimate(CATALOG.accelerator(name), CATALOG.workloads["vit-infer"], MODEL)
        assert found.low is not None
        assert found.high is not None
        return found.high / found.low

    assert width("RTX 4090") < width("MI300X")
    assert width("RTX 4090") < width("TPU v5e")
    assert width("RTX 4090") < width("Arc A770")


def test_missing_facts_give_no_figure() -> None:
    blank = replace(CATALOG.gpus["RTX 4090"], fp16_tflops=None, fp32_tflops=None)
    found = estimate(blank, CATALOG.workloads["vit-infer"], MODEL)
    assert found.throughput is None
    assert "no source" in found.reason


@pytest.mark.parametrize(
    ("card", "precision", "says"),
    [
        ("RTX 3090", "fp8", "no FP8"),
        ("RTX 4090", "fp4", "no FP4"),
        ("GTX 1080 Ti", "int8", "no INT8"),
        ("RTX 2080 Ti", "bf16", "emulates"),
        ("L40S", "fp16", "held to"),
    ],
)
def test_precisions_that_a_card_lacks_are_said(card: str, precision: str, says: str) -> None:
    assert says in peaks(CATALOG.gpus[card], precision).note


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("amp fp16", "half"),
        ("fp32", "fp32"),
        ("tf32", "tf32"),
        ("Q4_K_M", "q4"),
        ("amp_fp8", "fp8"),
        ("int8", "int8"),
        ("F16", "half"),
        ("fp4", "fp4"),
    ],
)
def test_precision_texts_are_understood(text: str, kind: str) -> None:
    assert precision_class(text) == kind


def test_depthwise_convolutions_are_bound_by_memory_and_dense_ones_are_not() -> None:
    dense, _, depthwise, _ = layer_kinds()
    assert dense.intensity > 200
    assert depthwise.intensity < 10
    assert convolution(batch=1, channels=64, size=56, filters=64, kernel=3).flops == 231211008


@pytest.mark.parametrize("slug", ["vision-cnn-train", "llm-decode-8b-b1", "lora-8b"])
def test_an_explanation_names_work_bound_and_memory(slug: str) -> None:
    gpu, workload = CATALOG.gpus["RTX 4090"], CATALOG.workloads[slug]
    text = explain(gpu, workload, estimate(gpu, workload, MODEL), MODEL)
    for part in ("FLOP/B", "Where the time goes", "Memory:", "80 % interval"):
        assert part in text


def test_several_cards_are_explained_as_several_with_the_account_of_one() -> None:
    gpu, workload = CATALOG.gpus["RTX 3090"], CATALOG.workloads["lora-8b"]
    eight = estimate_several(gpu, workload, 8, MODEL)
    text = explain(gpu, workload, eight, MODEL)
    assert "on 8x RTX 3090" in text
    assert "Expected of 8x RTX 3090: " in text
    assert "of linear" in text
    assert "By the account of one card alone" in text
    assert "one card" not in explain(gpu, workload, estimate(gpu, workload, MODEL), MODEL)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CARDS), st.sampled_from(WORK), st.floats(1.0, 8.0))
def test_more_bandwidth_arithmetic_or_memory_is_never_slower(card: str, slug: str, factor: float) -> None:
    gpu, workload = CATALOG.gpus[card], CATALOG.workloads[slug]
    before = estimate(gpu, workload, MODEL)
    more = {"bandwidth_gb_s": gpu.bandwidth_gb_s * factor, "memory_gb": gpu.memory_gb * factor}
    for name, value in more.items():
        after = estimate(replace(gpu, **{name: value}), workload, MODEL)  # type: ignore[arg-type]
        assert (after.throughput or 0) >= (before.throughput or 0) * (1 - 1e-6)
    if gpu.fp16_tflops and gpu.fp32_tflops:
        stronger = replace(gpu, fp16_tflops=gpu.fp16_tflops * factor, fp32_tflops=gpu.fp32_tflops * factor)
        assert (estimate(stronger, workload, MODEL).throughput or 0) >= (before.throughput or 0) * (1 - 1e-6)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(CARDS), st.sampled_from(WORK), st.floats(0.2, 5.0))
def test_scaling_every_peak_moves_throughput_by_at_most_that(card: str, slug: str, factor: float) -> None:
    gpu, workload = CATALOG.gpus[card], CATALOG.workloads[slug]
    before = single_card_rate(gpu, workload, MODEL)
    after = single_card_rate(gpu, workload, MODEL, Efficiency(compute=factor, memory=factor))
    if before and after:
        assert min(1, factor) * (1 - 1e-9) <= after / before <= max(1, factor) * (1 + 1e-9)
