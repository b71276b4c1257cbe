"""Limbo periods: long enough stretches in which most cards were to be waited for."""

from datetime import date, timedelta

import pytest

from dashboard.charts_time import gauge_picture, limbo_periods
from dashboard.theme import LIGHT

START = date(2022, 1, 3)


def weeks(values: list[float], gap_after: int | None = None) -> list[tuple[date, float, float, float]]:
    """A value a week; after `gap_after` weeks ten are missing."""
    late = [10 if gap_after is not None and number >= gap_after else 0 for number in range(len(values))]
    return [(START + timedelta(weeks=n + late[n]), value, value, value) for n, value in enumerate(values)]


@pytest.mark.parametrize(
    ("values", "gap_after", "expected"),
    [
        ([10.0] * 8, None, []),
        ([80.0] * 3 + [10.0] * 5, None, []),  # too short
        ([10.0] * 2 + [80.0] * 6 + [10.0] * 2, None, [(2, 7)]),
        ([80.0] * 8, None, [(0, 7)]),  # still under way
        ([80.0] * 10, 5, [(0, 4), (15, 19)]),  # nothing was known in between
    ],
)
def test_periods(values: list[float], gap_after: int | None, expected: list[tuple[int, int]]) -> None:
    found = limbo_periods(weeks(values, gap_after))
    assert found == [(START + timedelta(weeks=a), START + timedelta(weeks=b)) for a, b in expected]


def test_the_picture_says_in_words_what_it_shades() -> None:
    picture = gauge_picture(weeks([80.0] * 8), LIGHT)
    assert picture is not None
    assert "January 2022 to February 2022" in picture.alt
    assert gauge_picture([], LIGHT) is None
