"""The numpy workbench truly runs, through the command line, and is never taken for a GPU."""

import json
import os
from pathlib import Path

import pytest

from monitor.errors import ProbeUnavailable, UsageError
from monitor.probe.backends import numpy_backend, open_backend
from monitor.probe.workbench import TOLERANCE
from tests.probe.conftest import Probe

ROOM = 2**27


@pytest.mark.parametrize("op", ["gemm", "copy", "read", "triad", "gemv"])
def test_each_operation_computes_and_is_timed(op: str) -> None:
    bench = numpy_backend()
    precision = "fp32" if op in ("gemm", "gemv") else ""
    task = bench.prepare(op, precision, 1, ROOM, (128, 96, 64))
    seconds = task.block(2)
    rate = task.work * 2 / seconds
    assert 1e6 < rate < 1e15
    assert task.error() <= TOLERANCE[precision]


def test_work_is_counted_as_everybody_counts_it() -> None:
    bench = numpy_backend()
    assert bench.prepare("gemm", "fp32", 1, ROOM, (128, 96, 64)).work == 2 * 128 * 96 * 64
    read = bench.prepare("read", "", 1, ROOM, (1, 1, 1)).work
    assert bench.prepare("copy", "", 1, ROOM, (1, 1, 1)).work == 2 * read  # read and written


def test_a_backend_that_computes_nothing_is_caught() -> None:
    bench = numpy_backend()
    task = bench.prepare("gemm", "fp32", 1, ROOM, (64, 64, 64))
    assert task.error() > TOLERANCE["fp32"]  # nothing has run yet: the output is not the product


def test_inputs_are_random_and_the_same_in_every_run() -> None:
    bench = numpy_backend()
    first, second = bench._normal(64, 64, "fp32"), bench._normal(64, 64, "fp32")
    assert (first == second).all()
    assert 0.9 < first.std() < 1.1


def test_what_a_processor_cannot_tell_is_refused_with_a_reason() -> None:
    bench = numpy_backend()
    assert "torch" in bench.supports("attention", "fp32")
    assert bench.supports("gemm", "fp32") == ""
    assert bench.supports("h2d", "")


def test_an_unknown_backend_is_named_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="numpy"):
        open_backend("jax", None)


def test_no_backend_says_what_to_install() -> None:
    with pytest.raises(ProbeUnavailable, match="cupy"):
        open_backend("cupy", None)


def test_a_run_on_the_processor_is_labelled_and_stored_and_shared(probe: Probe, tmp_path: Path) -> None:
    record = tmp_path / "share.jsonl"
    done = probe("", "--backend", "numpy", "--quick", "--max-seconds", "1", "--json", "--share", str(record))
    assert done.returncode == 2, done.stderr  # a processor is never "good"
    said = json.loads(done.stdout)
    assert said["device"]["kind"] == "cpu"
    assert any(result["median"] for result in said["results"])
    shared = json.loads(record.read_text("utf-8"))
    assert len(shared["measured_at"]) == len("2026-11-24")
    assert (tmp_path / "home" / "gpu-limbo.db").exists()


def test_explain_says_what_would_run(probe: Probe) -> None:
    done = probe("", "--backend", "numpy", "--explain")
    assert done.returncode == 0
    assert "needs torch" in done.stdout


def test_the_backend_sees_only_the_card_that_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    with pytest.raises(ProbeUnavailable):
        open_backend("cupy", "GPU-second-by-nvml-first-by-cuda")
    assert os.environ["CUDA_VISIBLE_DEVICES"] == "GPU-second-by-nvml-first-by-cuda"
