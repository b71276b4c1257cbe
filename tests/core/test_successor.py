"""When a successor comes: from launches known on the day only, moved by evidence."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.catalog import load_catalog
from monitor.core.models import NewsEvent
from monitor.core.successor import launch_survival, successors

GPUS = load_catalog().gpus


def ask(name, day, news=(), gpus=GPUS):
    return successors([name], gpus, datetime.fromisoformat(day).replace(tzinfo=UTC), news).get(name)


# what was known on days that people remember: low and high bounds for the chance within 9 months
REPLAYS = [
    ("GTX 1080", "2017-12-21", 0.5, 0.9),  # Volta is sold, no GeForce of it: RTX 20 came 9 months later
    ("RTX 2080 Ti", "2020-08-15", 0.4, 0.8),
    ("RTX 3080", "2022-06-15", 0.35, 0.8),
    ("RTX 4090", "2024-12-15", 0.4, 0.8),
    ("RTX 5090", "2026-06-15", 0.2, 0.55),
]


@pytest.mark.parametrize(("name", "day", "low", "high"), REPLAYS)
def test_remembered_days(name, day, low, high):
    assert low <= ask(name, day).within_months[9] <= high


def test_an_announcement_all_but_settles_it_and_a_launch_ends_it():
    announced = ask("RTX 3090", "2022-09-25")
    assert announced.announced
    assert announced.within_months[3] >= 0.9
    assert ask("RTX 3090", "2022-12-01") is None


def test_later_launches_change_nothing():
    day = date(2020, 8, 15)
    later = {
        name: replace(gpu, launched_on=gpu.launched_on + timedelta(days=500))
        if gpu.launched_on and gpu.launched_on > day
        else gpu
        for name, gpu in GPUS.items()
    }
    assert (launch_survival(GPUS, day) == launch_survival(later, day)).all()
    assert ask("RTX 2080 Ti", "2020-08-15") == ask("RTX 2080 Ti", "2020-08-15", gpus=later)


def test_three_outlets_move_the_chance_and_one_does_not():
    def rumour(source, day=10):
        return NewsEvent(
            title="NVIDIA next generation in spring", event="rumour", gpus=(), expected_date="", effect="wait",
            source=source, url=f"https://{source}.example", published_at=datetime(2026, 6, day, tzinfo=UTC),
        )  # fmt: skip

    plain = ask("RTX 5090", "2026-06-15").within_months[6]
    assert ask("RTX 5090", "2026-06-15", [rumour("a")]).within_months[6] == plain
    assert ask("RTX 5090", "2026-06-15", [rumour(x) for x in "abc"]).within_months[6] > plain + 0.1
    assert ask("RTX 5090", "2026-06-15", [rumour(x, 20) for x in "abc"]).within_months[6] == plain
