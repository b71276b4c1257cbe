"""Dated facts about software: whom they speak of, and how they fade."""

import pytest

from monitor.core.software import ANY, SoftwareFact, log_offset, year_of
from monitor.performance import load_accounts

FACT = SoftwareFact(runtime="llama.cpp", kind="llm_decode", chips=("hopper",), factor=0.5, year=2024, note="")


def test_a_fact_loses_weight_with_every_year() -> None:
    offsets = [FACT.log_offset(year) for year in (2024, 2025, 2026, 2030)]
    assert offsets == sorted(offsets)
    assert offsets[0] < -0.5
    assert -0.05 < offsets[-1] < 0


@pytest.mark.parametrize(
    ("runtime", "kind", "chip", "holds"),
    [
        ("llama.cpp", "llm_decode", "hopper", True),
        ("llama.cpp", "llm_decode", "ada", False),
        ("llama.cpp", "llm_serving", "hopper", False),
        ("vLLM", "llm_decode", "hopper", False),
    ],
)
def test_a_fact_speaks_of_its_own_runtime_work_and_chips(runtime: str, kind: str, chip: str, holds: bool) -> None:
    assert (log_offset([FACT], runtime, kind, chip, 2024) != 0) is holds


@pytest.mark.parametrize(
    ("text", "year"),
    [("llama.cpp build 2024-05", 2024), ("2023 to 2025", 2025), ("PyTorch 2.9.1 cu128", 2026), ("", 2026)],
)
def test_the_year_of_software_is_read_from_its_description(text: str, year: int) -> None:
    assert year_of(text, 2026) == year


def test_every_shipped_fact_has_a_year_and_a_note() -> None:
    facts = load_accounts().software
    assert all(2020 <= fact.year <= 2026 and fact.note and 0 < fact.factor < 2 for fact in facts)
    assert all(fact.chips for fact in facts if fact.runtime == ANY)
