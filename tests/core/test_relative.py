"""Predictions relative to measured cards: what is learned, what one bad row does, and what must always hold."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.catalog import load_catalog
from monitor.core.benchmark_rows import Chips, kind_of
from monitor.core.rows_memory import params_from_name
from monitor.core.throughput import estimate
from monitor.core.throughput_batch import EVIDENCE, FITS, Estimates, estimate_table, train
from monitor.performance import load_relative_model, load_throughput_model, load_trained, table_of

CATALOG = load_catalog()
CHIPS = Chips(gpus={**CATALOG.gpus, **CATALOG.reference})
PRIORS, SCALES = load_relative_model()
TRAINED = load_trained(None, table_of(pd.DataFrame(columns=["gpu", "workload", "family", "unit"]), measured=False))
CARDS = ["RTX 3090", "RTX 4090", "RTX 3080", "A100 80GB", "RTX A4000", "H100 PCIe", "RTX 2080 Ti", "Tesla V100 16GB"]


def made_rows(cards: list[str], shares: tuple[float, float, float] = (0.4, 0.4, 0.2), works: int = 6) -> pd.DataFrame:
    """Rows that follow the additive shares exactly, at a level of their own for each workload."""
    base = CATALOG.gpus["RTX 3090"]
    rows: list[dict[str, object]] = []
    for work in range(works):
        for card in cards:
            top = CHIPS.peaks(card, "fp16")
            first = CHIPS.peaks("RTX 3090", "fp16")
            assert top.tflops
            assert first.tflops
            time = shares[0] * first.tflops / top.tflops
            time += shares[1] * base.bandwidth_gb_s / top.bandwidth_gb_s + shares[2]
            rows.append(made_row(card, work, 100.0 * (work + 1) / time))
    return pd.DataFrame(rows)


def made_row(card: str, work: int, value: float, **changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "gpu": card,
        "n_gpus": 1,
        "interconnect": "",
        "workload": f"net{work}-train-fp16",
        "family": "cnn_train",
        "model": f"net{work}",
        "params_m": 25.0,
        "precision": "fp16",
        "batch_size": 64,
        "value": value,
        "unit": "images/s",
        "higher_is_better": True,
        "software": "PyTorch",
        "source_repo": "a/b",
    }
    return {**row, **changes}


def ask(evidence: pd.DataFrame, asked: pd.DataFrame) -> Estimates:
    wanted = table_of(asked, measured=False)
    return estimate_table(train(table_of(evidence, measured=True), wanted, CHIPS, PRIORS, SCALES), wanted)


@pytest.mark.parametrize("card", ["RTX 4090", "RTX A4000", "H100 PCIe"])
@pytest.mark.parametrize("shares", [(0.7, 0.2, 0.1), (0.1, 0.8, 0.1), (0.3, 0.5, 0.2)])
def test_a_card_left_out_is_predicted_from_the_others(card: str, shares: tuple[float, float, float]) -> None:
    rows = made_rows(CARDS, shares)
    mine = rows.gpu == card
    found = ask(rows[~mine], rows[mine])
    assert np.abs(found.predicted / rows.value[mine] - 1).max() < 0.25
    assert np.abs(np.log(found.predicted / rows.value[mine])).mean() < 0.22


def test_a_measured_row_is_predicted_as_measured() -> None:
    rows = made_rows(CARDS)
    found = ask(rows, rows)
    assert np.abs(found.predicted / rows.value - 1).max() < 0.05
    assert {EVIDENCE[code] for code in found.evidence} == {"measured"}


def test_the_value_of_the_asked_rows_is_not_read() -> None:
    rows = made_rows(CARDS)
    mine = rows.gpu == "RTX 4090"
    other = rows[mine].assign(value=1e9)
    assert ask(rows[~mine], rows[mine]).predicted.tolist() == ask(rows[~mine], other).predicted.tolist()
    assert len(ask(rows[~mine], rows[mine].drop(columns="value")).predicted) == mine.sum()


def test_one_absurd_row_hardly_moves_a_card() -> None:
    rows = made_rows(CARDS)
    mine = rows.gpu == "RTX 4090"
    spoiled = rows[~mine].copy()
    spoiled.loc[spoiled.index[3], "value"] *= 10
    before, after = ask(rows[~mine], rows[mine]).predicted, ask(spoiled, rows[mine]).predicted
    untouched = (rows[mine].workload != spoiled.iloc[3].workload).to_numpy()
    assert np.abs(after / before - 1)[untouched].max() < 0.05


def test_lower_is_better_comes_out_in_its_own_unit() -> None:
    rows = made_rows(CARDS)
    times = rows.assign(value=1000 / rows.value, unit="ms", higher_is_better=False)
    mine = rows.gpu == "RTX 4090"
    rates, seconds = ask(rows[~mine], rows[mine]), ask(times[~mine], times[mine])
    assert seconds.predicted == pytest.approx(1000 / rates.predicted, rel=0.02)
    assert (seconds.low < seconds.predicted).all()
    assert (seconds.predicted < seconds.high).all()


def test_an_unknown_card_is_not_enough_known() -> None:
    rows = made_rows(CARDS)
    found = ask(rows, pd.DataFrame([made_row("RTX 9999", 0, 1.0)]))
    assert np.isnan(found.predicted[0])
    assert EVIDENCE[found.evidence[0]] == "not enough known"
    assert "RTX 9999" in found.reasons[found.reason[0]]


@pytest.mark.parametrize(
    "change",
    [{"batch_size": 0}, {"batch_size": -1}, {"batch_size": 1e30}, {"n_gpus": 10**9}, {"n_gpus": 0}, {"params_m": -5}],
)
def test_impossible_numbers_are_said_so(change: dict[str, object]) -> None:
    found = ask(made_rows(CARDS), pd.DataFrame([made_row("RTX 4090", 0, 1.0, **change)]))
    assert np.isnan(found.predicted[0])
    assert found.reasons[found.reason[0]].startswith("impossible")


def test_numbers_that_are_none_count_as_missing() -> None:
    rows = made_rows(CARDS)
    found = ask(rows, pd.DataFrame([made_row("RTX 4090", 0, 1.0, batch_size="nan", params_m="?", n_gpus="nan")]))
    assert found.predicted[0] > 0


def test_a_family_never_seen_works_from_one_measured_card() -> None:
    rows = made_rows(CARDS)
    images = [made_row("RTX 3090", 0, 2.0, workload="sdxl", family="diffusion", model="SDXL", unit="images/min")]
    asked = [
        made_row(card, 0, 0.0, workload="sdxl", family="diffusion", model="SDXL", unit="images/min") for card in CARDS
    ]
    found = ask(pd.concat([rows, pd.DataFrame(images)]), pd.DataFrame(asked))
    by_card = dict(zip(CARDS, found.predicted.tolist(), strict=True))
    assert by_card["RTX 3090"] == pytest.approx(2.0, rel=0.1)
    assert by_card["RTX A4000"] < 2.0 < by_card["RTX 4090"] < by_card["H100 PCIe"] * 2
    known = ask(rows, pd.DataFrame([made_row("RTX 4090", 0, 0.0)]))
    assert (found.high / found.low)[1] > (known.high / known.low)[0]


def test_a_workload_never_seen_is_placed_by_model_and_batch() -> None:
    rows = made_rows(CARDS)
    found = ask(rows, pd.DataFrame([made_row("RTX 4090", 0, 0.0, workload="net2-elsewhere", model="net2")]))
    near = rows[(rows.gpu == "RTX 4090") & (rows.model == "net2")].value.iloc[0]
    assert found.predicted[0] == pytest.approx(near, rel=0.5)
    assert "placed" in found.reasons[found.reason[0]]


def test_what_does_not_fit_has_no_figure() -> None:
    rows = made_rows(CARDS)
    big = made_row("RTX 3080", 9, 0.0, family="llm_decode", model="Llama 3 70B", params_m=70600, precision="F16")
    found = ask(rows, pd.DataFrame([big]))
    assert FITS[found.fits[0]] == "no"
    assert np.isnan(found.predicted[0])


@settings(max_examples=15, deadline=None)
@given(st.floats(0.1, 100.0))
def test_a_doubled_reference_doubles_the_prediction(factor: float) -> None:
    rows = made_rows(CARDS, works=2)
    mine = rows.gpu == "RTX 4090"
    before = ask(rows[~mine], rows[mine]).predicted
    scaled = rows[~mine].assign(value=rows[~mine].value * factor)
    assert ask(scaled, rows[mine]).predicted == pytest.approx(before * factor, rel=0.01)


@settings(max_examples=15, deadline=None)
@given(st.floats(1.0, 4.0), st.sampled_from(["bandwidth_gb_s", "fp16_tflops"]))
def test_a_better_card_is_never_predicted_slower(factor: float, fact: str) -> None:
    rows = made_rows(CARDS, works=2)
    mine = rows.gpu == "RTX 4090"
    gpu = replace(CATALOG.gpus["RTX 4090"], power_watts=None)
    better = replace(gpu, **{fact: getattr(gpu, fact) * factor})

    def predicted(card: object) -> float:
        chips = Chips(gpus={**CHIPS.gpus, "RTX 4090": card})  # type: ignore[dict-item]
        wanted = table_of(rows[mine], measured=False)
        trained = train(table_of(rows[~mine], measured=True), wanted, chips, PRIORS, SCALES)
        return float(estimate_table(trained, wanted).predicted[0])

    assert predicted(better) >= predicted(gpu) * (1 - 1e-4)


@pytest.mark.parametrize(
    ("name", "params"),
    [("Llama 3 70B", 70000), ("GPT-350M", 350), ("Llama 3.2 1B Instruct", 1000), ("ResNet-50", None)],
)
def test_sizes_are_read_from_names(name: str, params: float | None) -> None:
    found = params_from_name(name)
    assert found == params if params else np.isnan(found)


def test_families_have_kinds() -> None:
    assert kind_of("vit_infer") == "vit"
    assert kind_of("llm_prefill") == "llm_prefill"


def test_a_varied_batch_is_part_of_the_work() -> None:
    """One program measured at two batches: each is compared with the same batch elsewhere, not with their median."""
    rows = made_rows(CARDS, works=2)
    small = rows.assign(batch_size=2, value=rows.value / 20)
    both = pd.concat([rows, small], ignore_index=True)
    mine = both.gpu == "RTX 4090"
    found = ask(both[~mine], both[mine])
    assert np.abs(found.predicted / both.value[mine] - 1).max() < 0.25


def test_a_batch_that_was_only_counted_together_costs_nothing() -> None:
    """4,096 sequences on 32 GB beside 128 on 80 GB: gradients were accumulated, the small batch is no loss."""
    made = {"family": "transformer_train", "workload": "bert", "model": "bert", "unit": "sequences/s"}
    known = pd.DataFrame([made_row("Tesla V100 32GB", 0, 100.0, batch_size=4096, **made)])
    asked = pd.DataFrame([made_row("A100 80GB", 0, 0.0, batch_size=size, **made) for size in (128, 4096)])
    few, many = ask(known, asked).predicted
    assert few == pytest.approx(many, rel=1e-6)
    assert few > 130


def test_serving_at_full_load_is_no_chat_and_wants_room_beside_the_weights() -> None:
    made = {"family": "llm_decode", "model": "Llama 70B", "params_m": 70600.0, "precision": "fp8", "unit": "tokens/s"}
    made |= {"workload": "trtllm-70b-isl128-osl128", "software": "TensorRT-LLM", "batch_size": "nan"}
    known = pd.DataFrame([made_row("H200", 0, 4000.0, **made)])
    found = ask(known, pd.DataFrame([made_row("H100 SXM", 0, 0.0, **made)]))
    bandwidth = CATALOG.gpus["H100 SXM"].bandwidth_gb_s / CATALOG.gpus["H200"].bandwidth_gb_s
    assert found.predicted[0] < 4000.0 * bandwidth


def test_a_makers_chips_that_nobody_measured_get_a_wider_interval() -> None:
    rows = made_rows(CARDS)
    asked = pd.DataFrame([made_row(card, 0, 0.0) for card in ("RTX 3080 Ti", "RX 7900 XTX", "Arc A770")])
    wide = ask(rows, asked)
    known, amd, intel = (wide.high / wide.low).tolist()
    assert amd > known * 1.15
    assert intel > known * 1.15


def test_a_noisy_source_gets_wider_intervals_than_a_clean_one() -> None:
    clean, noisy = made_rows(CARDS), made_rows(CARDS).assign(source_repo="c/d", family="vit_train")
    noisy["workload"] = "other-" + noisy.workload
    noisy["value"] *= np.exp(np.random.default_rng(1).normal(0, 0.4, len(noisy)))
    both = pd.concat([clean, noisy], ignore_index=True)
    mine = both.gpu == "RTX 4090"
    found = ask(both[~mine], both[mine])
    width = found.high / found.low
    assert width[len(width) // 2 :].min() > width[: len(width) // 2].max()


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(sorted(slug for slug, one in CATALOG.workloads.items())), st.sampled_from(sorted(CHIPS.gpus)))
def test_a_named_workload_and_the_same_row_of_a_file_get_one_answer(slug: str, card: str) -> None:
    workload, gpu = CATALOG.workloads[slug], CHIPS.gpus[card]
    named = estimate(gpu, workload, load_throughput_model())
    row = {
        "gpu": card,
        "n_gpus": 1,
        "workload": slug,
        "family": workload.family,
        "model": workload.model,
        "params_m": workload.params_m,
        "precision": workload.precision,
        "batch_size": workload.batch_size,
        "unit": workload.unit,
        "higher_is_better": True,
    }
    found = estimate_table(TRAINED, table_of(pd.DataFrame([row]), measured=False))
    if named.throughput is None:
        assert np.isnan(found.predicted[0])
    else:
        assert found.predicted[0] == pytest.approx(named.throughput, rel=0.01)
        assert found.low[0] == pytest.approx(named.low, rel=0.02)
        assert found.high[0] == pytest.approx(named.high, rel=0.02)


@pytest.mark.slow
def test_real_cards_left_out_are_predicted_better_than_by_bandwidth(shared: Path) -> None:
    """Five cards of one lab's table; the whole check is benchmarks/throughput.py."""
    frame = pd.read_csv(shared / "data" / "benchmarks_dev.csv")
    frame = frame[(frame.n_gpus == 1) & frame.source_repo.eq("lambdal/deeplearning-benchmark")]
    errors: list[float] = []
    plain: list[float] = []
    for card in ("RTX 4090", "RTX A5000", "A40", "H100 PCIe", "RTX 6000 Ada"):
        mine = frame.gpu == card
        asked = frame[mine].drop_duplicates("workload")
        errors += np.abs(ask(frame[~mine], asked).predicted / asked.value - 1).tolist()
        reference = frame[frame.gpu == "RTX 3090"].groupby("workload").value.median()
        ratio = CATALOG.gpus[card].bandwidth_gb_s / CATALOG.gpus["RTX 3090"].bandwidth_gb_s
        plain += np.abs(asked.workload.map(reference) * ratio / asked.value - 1).dropna().tolist()
    assert np.median(errors) < 0.12
    assert np.median(errors) < np.median(plain)
