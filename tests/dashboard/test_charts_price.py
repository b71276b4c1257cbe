"""A picture of many sources stays quick to draw, and loses no source, no end and no extreme."""

import numpy as np
import pytest

from dashboard.charts_price import MOST_DRAWN, price_history
from dashboard.theme import palette
from monitor.core.models import Series, SeriesKey


def _series(source: str, days: int) -> Series:
    steps = np.arange(days, dtype=np.float64)
    prices = 1000 + 50 * np.sin(steps * 1.7) + steps
    key = SeriesKey(gpu="RTX 4090", condition="new", region="US", currency="USD", source=source, stat="min_offer")
    return Series(key=key, days=np.arange(20_000, 20_000 + days, dtype=np.int32), prices=prices, n_obs=np.ones(days))


@pytest.mark.parametrize(("sizes", "thinned"), [([400, 400, 400], False), ([350] + [72] * 60, True), ([2, 3], False)])
def test_many_lines_share_the_points(sizes: list[int], thinned: bool) -> None:
    picture = price_history([_series(f"shop-{n}", size) for n, size in enumerate(sizes)], 1599, [], palette("light"))
    assert picture is not None
    assert len(picture.data) == sum(sizes)  # the download is whole
    drawn = picture.chart.layer[0].data
    assert (len(drawn) < sum(sizes)) is thinned
    assert len(drawn) <= MOST_DRAWN
    for (_, all_of_it), (_, line) in zip(picture.data.groupby("source"), drawn.groupby("source"), strict=True):
        assert list(line.day.iloc[[0, -1]]) == list(all_of_it.day.iloc[[0, -1]])
        assert (line.price.min(), line.price.max()) == (all_of_it.price.min(), all_of_it.price.max())


def test_sources_with_one_price_so_far_are_dots() -> None:
    """On the day of the first crawl there is no line to draw."""
    picture = price_history([_series("a", 1), _series("b", 1), _series("c", 9)], 1599, [], palette("light"))
    assert picture is not None
    dots = picture.chart.layer[1]
    assert dots.mark.type == "point"
    assert sorted(dots.data["source"]) == ["a (min offer)", "b (min offer)"]
    lines = price_history([_series("c", 9)], None, [], palette("light"))
    assert lines is not None
    assert [layer.mark.type for layer in lines.chart.layer] == ["line"]
