"""Charts that were drawn once and are sent again: the same to the eye, and of the visitor's own values only."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts import daily
from dashboard.theme import DARK, LIGHT
from dashboard.views import pictures
from monitor.core.models import Series, SeriesKey
from tests.dashboard.test_pages import opened, words

PAGES = ("now", "market", "gpu", "compare", "timeline")
SERIES = Series(
    key=SeriesKey(source="s", gpu="RTX 4090", condition="new", stat="median_offer", region="US", currency="USD"),
    days=np.arange(3000, dtype=np.int32),
    prices=np.linspace(1000.0, 2000.0, 3000),
    n_obs=np.ones(3000),
)


def _charts(app: AppTest) -> list[tuple[str, list[bytes], str]]:
    """Each chart of a page: its description, its data and its words."""
    charts = [block.proto for block in app.get("vega_lite_chart")]
    return [(chart.spec, [data.data.data for data in chart.datasets], chart.alt) for chart in charts]


def _places(block: Any) -> list[object]:
    """Which elements stand in which blocks, in their order."""
    return [[one.type, *(_places(one) if hasattr(one, "children") else ())] for one in block.children.values()]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_was_drawn_before_is_the_same_again(path: str, fill: Callable[[], None]) -> None:
    fill()
    pictures._drawn.clear()
    first, again = opened(path), opened(path)
    assert not first.exception
    assert _charts(first)
    assert _charts(first) == _charts(again)
    assert words(first) == words(again)
    assert _places(first.main) == _places(again.main)


def test_charts_of_different_values_are_different_questions() -> None:
    changed = SERIES.prices.copy()
    changed[1500] += 0.01  # in the middle of a long series
    asked = [
        (_one, (SERIES, LIGHT)),
        (_other, (SERIES, LIGHT)),
        (_one, (SERIES, DARK)),
        (_one, (replace(SERIES, prices=changed), LIGHT)),
        (_one, (replace(SERIES, key=replace(SERIES.key, region="DE")), LIGHT)),
    ]
    assert len({pictures._digest(picture_of, told) for picture_of, told in asked}) == len(asked)
    assert pictures._digest(_one, (replace(SERIES, days=SERIES.days.copy()), LIGHT)) == pictures._digest(*asked[0])


def test_numbers_on_a_chart_are_those_of_the_visitors_country(fill: Callable[[], None]) -> None:
    fill()
    drawn = []
    for wish in ("de-DE", "en-US", "de-DE"):
        app = AppTest.from_string(
            "from dashboard import formats, queries\n"
            "from dashboard.views.common import draw_history\n"
            f"formats.choose_locale({wish!r})\n"
            "draw_history('RTX 4090', queries.price_series('RTX 4090')[:1])",
            default_timeout=60,
        ).run()
        assert not app.exception
        drawn.append(_charts(app))
    assert drawn[0] == drawn[2] != drawn[1]


def test_one_price_a_day_is_taken_as_it_is_and_several_are_summed_up() -> None:
    assert [list(part) for part in daily(SERIES)] == [list(SERIES.days), list(SERIES.prices)]
    twice = replace(
        SERIES, days=np.array([1, 1, 1, 2], dtype=np.int32), prices=np.array([5.0, 1.0, 3.0, 4.0]), n_obs=np.ones(4)
    )
    assert [list(part) for part in daily(twice)] == [[1, 2], [3.0, 4.0]]
    lowest = replace(twice, key=replace(twice.key, stat="min_offer"))
    assert [list(part) for part in daily(lowest)] == [[1, 2], [1.0, 4.0]]


def _one(*_: object) -> None:
    """A chart of something."""


def _other(*_: object) -> None:
    """A chart of something else."""
