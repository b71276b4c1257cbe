"""Every page on an empty, a full and a broken database: no exception, no empty chart, and a way on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.app import PAGES
from dashboard.links import safe_link

APP = str(Path(__file__).parents[2] / "dashboard" / "app.py")
PATHS = [path for *_, path in PAGES]


def opened(path: str, **params: str) -> AppTest:
    """One page as a visitor opens it."""
    app = AppTest.from_string(f"from dashboard.app import page; page({path!r})", default_timeout=60)
    for name, value in params.items():
        app.query_params[name] = value
    return app.run()


def words(app: AppTest) -> str:
    """Everything that the page says."""
    parts = [
        block.value
        for kind in ("title", "subheader", "info", "warning", "error", "caption", "text", "markdown", "code")
        for block in app.get(kind)
    ]
    parts += [block.proto.body for block in app.get("html")]
    return "\n".join(str(part) for part in parts)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_on_an_empty_database_says_what_to_do(path: str, database: Path) -> None:
    app = opened(path)
    assert not app.exception
    said = words(app)
    assert "gpu-limbo" in said or "monitor.probe" in said or path == "settings"


@pytest.mark.parametrize("path", PATHS)
def test_a_page_on_a_full_database_shows_no_exception(path: str, fill: Callable[[], None]) -> None:
    fill()
    app = opened(path)
    assert not app.exception
    assert len(words(app)) > 50


@pytest.mark.parametrize("path", PATHS)
def test_a_page_on_a_broken_database_says_so(path: str, database: Path) -> None:
    database.write_bytes(b"this is no database at all" * 100)
    app = opened(path)
    assert not app.exception
    assert "doctor" in words(app)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_can_be_opened_as_of_a_past_day(path: str, fill: Callable[[], None]) -> None:
    fill()
    app = opened(path, as_of="2017-12-21")
    assert not app.exception


def test_the_first_page_shows_a_verdict_with_reasons_for_each_goal(fill: Callable[[], None]) -> None:
    fill()
    said = words(opened("now"))
    assert said.count("gl-verdict") >= 5
    assert "RTX 3090" in said or "RTX 4090" in said
    assert "price" in said


def test_a_goal_in_the_address_gets_the_first_card(fill: Callable[[], None]) -> None:
    fill()
    app = opened("now", work="vision-cnn-train", budget="1000", get="new,used")
    first = next(block.proto.body for block in app.get("html") if "gl-verdict" in block.proto.body)
    assert "RTX 4090" not in first.split("gl-facts")[0]  # it costs more than the budget


@pytest.mark.parametrize("path", PATHS)
def test_hostile_titles_are_shown_as_text(path: str, fill: Callable[[], None]) -> None:
    fill()
    app = opened(path)
    for block in app.get("html"):
        assert "<script" not in block.proto.body
        assert "<img" not in block.proto.body
    for block in app.get("markdown"):
        assert "javascript:" not in block.value


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://shop.example/1", True),
        ("javascript:alert(1)", False),
        ("data:text/html,<script>", False),
        ("//shop.example", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_only_ordinary_addresses_become_links(url: str, shown: bool) -> None:
    assert (safe_link(url) is not None) == shown
