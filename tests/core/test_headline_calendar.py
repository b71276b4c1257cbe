"""What was not shown yet can only be expected."""

import tomllib
from datetime import date

import pytest

from monitor.catalog import DATA, load_catalog, load_headline_rules
from monitor.core.headline_calendar import build_calendar
from monitor.core.headlines import read_headline

CALENDAR = build_calendar(load_catalog().gpus.values())


@pytest.mark.parametrize(
    ("name", "on", "to_come"),
    [
        ("RTX 4090", date(2022, 9, 1), True),
        ("RTX 4090", date(2022, 9, 19), False),  # the day before: time zones
        ("RTX 4090", date(2022, 9, 30), False),  # shown, not sold yet
        ("RTX 4090", date(2026, 1, 1), False),
        ("RTX 4090", date.max, False),  # nothing comes after the last day that there is
        ("RTX 40 series", date.max, False),
        ("RTX 4060 Ti", date(2023, 4, 1), True),  # the catalogue has it by its memory only, or plainly
        ("RTX 4090 Laptop", date(2022, 8, 1), True),
        ("RTX 40 series", date(2022, 6, 1), True),
        ("RTX 40 series", date(2022, 12, 1), False),
        ("RTX 90 series", date(2026, 12, 1), True),  # nobody has made it
        ("RTX 4090 Ti", date(2023, 6, 1), True),  # never came: still to come while its generation was young
        ("RTX 4090 Ti", date(2026, 6, 1), False),
        ("RX 7900", date(2023, 8, 1), False),  # a family of cards that are out
        ("GTX 560", date(2011, 1, 1), False),  # older than what the catalogue has
        ("MI300X", date(2023, 1, 1), False),  # data centres: not told by names
        ("Moore Threads", date(2023, 1, 1), False),
    ],
)
def test_a_card_is_to_come_until_its_maker_shows_it(name: str, on: date, to_come: bool) -> None:
    assert CALENDAR.to_come(name, on) is to_come


def test_without_a_day_of_announcement_a_month_before_the_sale_counts() -> None:
    gpu = next(gpu for gpu in load_catalog().gpus.values() if gpu.name == "RTX 5090")
    assert gpu.announced_on == gpu.launched_on == date(2025, 1, 30)
    assert CALENDAR.to_come("RTX 5090", date(2024, 12, 20))
    assert not CALENDAR.to_come("RTX 5090", date(2025, 1, 7))


def test_a_card_has_been_shown_on_the_day_on_which_its_maker_said_so() -> None:
    calendar = load_headline_rules().calendar
    assert calendar.to_come("RTX 5070", date(2025, 1, 4))
    assert not calendar.to_come("RTX 5070", date(2025, 1, 7))  # two months before it was sold
    assert not calendar.to_come("RX 5700 XT", date(2019, 6, 11))
    title = "GeForce RTX 5070 at $549: twice the frames of an RTX 4070"
    assert read_headline(title, load_headline_rules(), date(2025, 1, 8)).event == "other"
    assert read_headline(title, load_headline_rules(), date(2024, 12, 28)).event == "rumour"


def test_cards_with_a_day_of_their_own_are_in_the_catalogue_and_were_shown_before_they_were_sold() -> None:
    catalog = load_catalog()
    sold = {gpu.name: gpu.launched_on for gpu in (*catalog.gpus.values(), *catalog.reference.values())}
    data = tomllib.loads((DATA / "headlines.toml").read_text(encoding="utf-8"))
    for item in data["shown"]:
        assert all(sold[card] > item["on"] for card in item["cards"]), item


def test_words_that_tell_nothing_are_a_rumour_while_the_card_is_to_come() -> None:
    title, rules = "GeForce RTX 4090: 450 W for board partners, 600 W for the big ones", load_headline_rules()
    assert read_headline(title, rules, date(2022, 8, 1)).event == "rumour"
    assert read_headline(title, rules, date(2023, 8, 1)).event == "other"
    assert read_headline(title, rules).event == "other"


def test_an_opinion_of_what_is_to_come_is_no_rumour() -> None:
    title = "I want an RTX 4090 for my living room"
    assert read_headline(title, load_headline_rules(), date(2022, 8, 1)).event == "other"
