"""A fault of ours in the last step of a crawl is said on the source, not taken for an empty page."""

from types import SimpleNamespace

import pytest

from monitor.core.models import Rejection
from spiders.pipelines import StorePipeline
from tests.conftest import NOW


def test_a_fault_of_ours_while_storing_is_a_fault_of_the_run(engine, monkeypatch: pytest.MonkeyPatch):
    said: list[tuple[str, str]] = []
    tally = SimpleNamespace(fail=lambda state, why: said.append((state, why)))
    pipeline = object.__new__(StorePipeline)
    pipeline.engine, pipeline.only_check = engine, False
    pipeline.report = SimpleNamespace(tallies={"shop-a": tally})
    pipeline.buffer = [Rejection(source="shop-a", reason="no_match", text="x", seen_at=NOW)]

    def broken(*_: object, **__: object) -> None:
        raise ValueError("nobody has thought of this")

    monkeypatch.setattr(StorePipeline, "_ingest", broken)
    pipeline.flush()
    assert said == [("failed", "1 readings could not be stored: ValueError: nobody has thought of this")]
    assert pipeline.buffer == []
