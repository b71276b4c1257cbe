"""The first page before any script runs: the verdicts as plain HTML, and nothing where that would not be the truth."""

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.requests import Request

from dashboard import actions, first_sight, texts
from dashboard.first_sight import ROOT, first_page, shell_with_sight
from monitor.core.models import Goal
from tests.dashboard.loops import awaited
from tests.filled import HOSTILE


def test_it_holds_the_verdicts_and_the_place_for_the_rest(fill: Callable[[], None]) -> None:
    fill()
    page = shell_with_sight({})
    assert page.count('class="gl-verdict"') >= 5
    assert page.count(ROOT) == 1
    assert texts.NOW_TITLE in page
    assert "<title>Streamlit" not in page


def test_what_cannot_be_told_at_once_keeps_nobody_from_the_page(
    fill: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill()

    def got() -> str:
        request = Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []})
        return bytes(awaited(first_page(request)).body).decode()

    monkeypatch.setattr(first_sight, "AT_ONCE_SECONDS", 60.0)
    assert 'id="first-sight"' in got()
    monkeypatch.setattr(first_sight, "AT_ONCE_SECONDS", 0.0)
    assert 'id="first-sight"' not in got()
    assert ROOT in got()


def test_a_goal_in_the_address_stands_first(fill: Callable[[], None]) -> None:
    fill()
    page = shell_with_sight({"work": "bert-large-finetune", "in": "US"})
    assert "BERT" in page[page.index('<article class="gl-card') :].split("</h3>")[0]


@pytest.mark.parametrize("asked", [{"as_of": "2017-12-21"}, {"as_of": "<script>"}])
def test_a_past_day_is_left_to_the_page(asked: dict[str, str], fill: Callable[[], None]) -> None:
    fill()
    assert 'id="first-sight"' not in shell_with_sight(asked)


def test_before_the_first_call_and_without_a_database_there_is_only_the_shell(database: Path) -> None:
    assert 'id="first-sight"' not in shell_with_sight({})
    database.write_bytes(b"this is no database at all" * 100)
    assert ROOT in shell_with_sight({})


def test_hostile_titles_and_addresses_are_text(fill: Callable[[], None]) -> None:
    fill()
    actions.save_goal(Goal(slug="x", title="x", workload="lora-8b", region="US"), HOSTILE)
    page = shell_with_sight({"have": HOSTILE, "work": HOSTILE})
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
