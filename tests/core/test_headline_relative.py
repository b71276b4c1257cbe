"""Dates that a headline counts from the day of its publication."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.catalog import load_headline_rules
from monitor.core.headline_dates import months_until
from monitor.core.headline_relative import relative_date
from monitor.core.headlines import read_headline

TUESDAY = date(2026, 9, 29)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("to launch tomorrow", "2026-09-30"),
        ("premiera już jutro", "2026-09-30"),
        ("to launch next week", "2026-10"),
        ("later this week", "2026-10"),  # its Thursday is in October
        ("在本周发布", "2026-10"),
        ("coming next month", "2026-10"),
        ("в следующем месяце", "2026-10"),
        ("il mese prossimo", "2026-10"),
        ("来月発売", "2026-10"),
        ("noch diesen monat", "2026-09"),
        ("in q3", "2026-Q3"),
        ("in q2", "2027-Q2"),
        ("im 4. quartal", "2026-Q4"),
        ("第四季度推出", "2026-Q4"),
        ("next quarter", "2026-Q4"),
        ("im herbst", "2026-Q4"),
        ("en primavera", "2027-Q2"),
        ("осенью", "2026-Q4"),
        ("next year", "2027"),
        ("early next year", "2027-H1"),
        ("late next year", "2027-H2"),
        ("expected to arrive later this year", "2026"),
        ("明年上市", "2027"),
        ("q3 earnings beat", ""),
        ("a good card this year", ""),
        ("the best of the week", ""),
        ("winter sale", ""),
    ],
)
def test_dates_count_from_the_day_of_the_headline(text: str, when: str) -> None:
    assert relative_date(text, TUESDAY) == when


def test_a_quarter_that_still_runs_is_meant_and_the_year_turns() -> None:
    assert relative_date("in q4", date(2026, 12, 31)) == "2026-Q4"
    assert relative_date("next quarter", date(2026, 12, 31)) == "2027-Q1"
    assert relative_date("next month", date(2026, 12, 31)) == "2027-01"


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.sampled_from(["tomorrow", "next week", "next month", "in q2"]))
def test_what_is_to_come_is_never_past(published: date, words: str) -> None:
    assert months_until(relative_date(words, published), published) >= 0


def test_only_what_is_to_come_has_such_a_date() -> None:
    rules = load_headline_rules()
    told = read_headline("Rumour: GeForce RTX 6090 to launch next month", rules, TUESDAY)
    assert (told.event, told.expected_date) == ("rumour", "2026-10")
    assert read_headline("Rumour: GeForce RTX 6090 to launch next month", rules, None).expected_date == ""
    sold = read_headline("GeForce RTX 5090 now on sale, RTX 5070 next month", rules, TUESDAY)
    assert (sold.event, sold.expected_date) == ("launch", "")
    exact = read_headline("Nvidia announces RTX 6090 for January 20, pre-orders next week", rules, TUESDAY)
    assert exact.expected_date == "2027-01-20"


def test_the_end_of_all_calendars_ends_in_no_error() -> None:
    for words in ("tomorrow", "next week", "next month", "next year", "in q1"):
        assert relative_date(words, date.max) == ""
