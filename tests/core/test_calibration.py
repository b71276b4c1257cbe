"""Calibration: honest on simulated truth, harmless on real published rates, unmoved by an invented record."""

from dataclasses import replace
from datetime import timedelta
from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.catalog import load_catalog
from monitor.core.calibration import (
    BETWEEN_CARDS_SD,
    SOFTWARE_SD,
    Prior,
    at_default_power,
    class_of,
    efficiencies,
    model_of_card,
    own_card,
    readings,
    with_loops,
)
from monitor.core.hardware import peaks
from monitor.core.models import Measurement
from monitor.core.probe_loops import TRAIN
from monitor.core.throughput import estimate
from monitor.performance import load_throughput_model
from tests.conftest import NOW

GPUS = load_catalog().gpus
PRIORS = {("any", "compute"): Prior(mean=0.0, sd=0.10, n=10), ("any", "memory"): Prior(mean=-0.1, sd=0.07, n=10)}


def measured(gpu: str, ratio: float, op: str = "gemm", **changes: object) -> Measurement:
    """A rate at `ratio` of the catalogue's peak."""
    peak = GPUS[gpu].bandwidth_gb_s if op == "copy" else peaks(GPUS[gpu], "bf16").tflops
    assert peak
    base = Measurement(
        gpu=gpu,
        device_name=gpu,
        device_kind="gpu",
        op=op,
        precision="bf16" if op == "gemm" else "",
        value=ratio * peak,
        unit="TFLOP/s",
        rel_mad=0.005,
        n=100,
        measured_at=NOW,
        status="ok",
    )
    return replace(base, **changes)


def test_a_measured_card_gets_its_own_figures_and_a_narrow_interval() -> None:
    found = readings([measured("RTX 4090", 0.8)], GPUS, NOW)
    belief = own_card(found, GPUS["RTX 4090"], "compute", PRIORS)
    assert belief.mean == pytest.approx(log(0.8), abs=0.01)
    assert belief.sd < 0.02


@pytest.mark.parametrize(
    "changes",
    [
        {"device_kind": "cpu"},
        {"device_kind": "mig"},
        {"status": "skipped"},
        {"gpu": None},
        {"gpu": "RTX 9999"},
        {"value": 0.0},
        {"measured_at": NOW + timedelta(days=1)},
    ],
)
def test_what_is_no_measurement_of_a_known_gpu_calibrates_nothing(changes: dict[str, object]) -> None:
    assert not readings([replace(measured("RTX 4090", 0.8), **changes)], GPUS, NOW)


def test_a_degraded_card_informs_its_owner_and_not_the_model() -> None:
    rows = [measured("RTX 4090", 0.5, status="degraded")]
    found = readings(rows, GPUS, NOW)
    assert own_card(found, GPUS["RTX 4090"], "compute", PRIORS).mean < -0.6
    assert model_of_card(found, GPUS["RTX 4090"], "compute", PRIORS, GPUS).n == 0


def test_siblings_move_a_little_and_other_cards_not_at_all() -> None:
    found = readings([measured("RTX 4090", exp(-0.2), origin="somebody")], GPUS, NOW)
    sibling = model_of_card(found, GPUS["RTX 4080"], "compute", PRIORS, GPUS)
    assert -0.1 < sibling.mean < -0.02
    assert model_of_card(found, GPUS["RTX 3090"], "compute", PRIORS, GPUS).mean == 0.0


def test_a_low_clock_is_no_property_of_the_chip() -> None:
    capped = measured("RTX 4090", 0.7, origin="somebody", conditions={"clock_ratio": 0.7})
    found = readings([capped], GPUS, NOW)
    assert model_of_card(found, GPUS["RTX 4080"], "compute", PRIORS, GPUS).mean == pytest.approx(0.0, abs=0.01)


def test_one_invented_record_among_several_hardly_moves_a_model() -> None:
    honest = [measured("RTX 4090", 0.98 + 0.01 * i, origin=f"card-{i}") for i in range(4)]
    invented = measured("RTX 4090", 1.5, origin="liar")
    before = model_of_card(readings(honest, GPUS, NOW), GPUS["RTX 4090"], "compute", PRIORS, GPUS).mean
    after = model_of_card(readings([*honest, invented], GPUS, NOW), GPUS["RTX 4090"], "compute", PRIORS, GPUS).mean
    assert abs(after - before) < 0.03


def test_old_measurements_weigh_less() -> None:
    old = measured("RTX 4090", 0.8, measured_at=NOW - timedelta(days=4 * 365))
    fresh_sd = own_card(readings([measured("RTX 4090", 0.8)], GPUS, NOW), GPUS["RTX 4090"], "compute", PRIORS).sd
    assert own_card(readings([old], GPUS, NOW), GPUS["RTX 4090"], "compute", PRIORS).sd > 3 * fresh_sd


def test_a_lowered_power_limit_is_undone_for_the_model() -> None:
    value, variance = at_default_power(log(0.9), 0.7)
    assert value == pytest.approx(log(0.9) + 0.3 * log(1 / 0.7))
    assert variance > 0
    assert at_default_power(log(0.9), 1.0) == (log(0.9), 0.0)
    assert at_default_power(log(0.9), 0.4)[0] == log(0.9)


@given(st.integers(1, 6), st.floats(0.6, 1.1))
def test_more_measurements_never_widen_what_is_believed(n: int, ratio: float) -> None:
    rows = [measured("RTX 4090", ratio, measured_at=NOW - timedelta(hours=i)) for i in range(n)]
    few = own_card(readings(rows[:-1], GPUS, NOW), GPUS["RTX 4090"], "compute", PRIORS)
    more = own_card(readings(rows, GPUS, NOW), GPUS["RTX 4090"], "compute", PRIORS)
    assert more.sd <= few.sd


def test_intervals_for_a_model_cover_the_truth_as_often_as_they_say() -> None:
    """Truth: a model's ratio from the prior, cards around it, noise around them; 80 % intervals from 1 to 4 cards."""
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(2000):
        truth = rng.normal(0.0, 0.10)
        rows = [
            measured("RTX 4090", exp(truth + rng.normal(0, np.hypot(BETWEEN_CARDS_SD, SOFTWARE_SD))), origin=f"c{i}")
            for i in range(int(rng.integers(1, 3)))
        ]
        belief = model_of_card(readings(rows, GPUS, NOW), GPUS["RTX 4090"], "compute", PRIORS, GPUS)
        hits += abs(belief.mean - truth) < 1.2816 * belief.sd
    assert 0.72 < hits / 2000 < 0.88


def test_factors_name_their_evidence_and_are_one_for_a_typical_card() -> None:
    rows = [measured("RTX 4090", 1.0), measured("RTX 4090", exp(-0.1), "copy")]
    found = efficiencies(rows, GPUS, PRIORS, NOW)
    assert found["RTX 4090"].source == "measured here"
    assert found["RTX 4090"].compute == pytest.approx(1.0, abs=0.01)
    assert found["RTX 4080"].source == "measured on a sibling"
    assert "RTX 3090" not in found


def test_a_capped_card_of_ones_own_does_not_make_a_new_one_look_bad() -> None:
    rows = [measured("RTX 4090", 0.5, status="degraded")]
    assert efficiencies(rows, GPUS, PRIORS, NOW)["RTX 4090"].compute < 0.6
    assert "RTX 4090" not in efficiencies(rows, GPUS, PRIORS, NOW, buying=True)


def test_a_real_loop_moves_its_family_most_and_narrows_the_interval() -> None:
    model, gpu = load_throughput_model(), GPUS["RTX 4090"]
    expected = estimate(gpu, TRAIN, model).throughput
    assert expected
    row = replace(measured("RTX 4090", 1.0), op=TRAIN.slug, value=expected / 2, unit="tokens/s")
    factor = with_loops({}, [row], GPUS, model)["RTX 4090"]
    assert factor.families == {"transformer_train": pytest.approx(0.5)}
    work = load_catalog().workloads
    same, other = work["transformer-pretrain"], work["vision-cnn-train"]
    plain, own = estimate(gpu, same, model), estimate(gpu, same, model, efficiency=factor)
    assert own.throughput == pytest.approx(plain.throughput * 0.5**0.8)
    assert own.high / own.low < plain.high / plain.low
    far = estimate(gpu, other, model, efficiency=factor).throughput
    assert far == pytest.approx(estimate(gpu, other, model).throughput * 0.5**0.3)


def test_every_gpu_has_a_class() -> None:
    assert {class_of(gpu) for gpu in GPUS.values()} >= {"nvidia-consumer", "nvidia-professional", "amd"}
