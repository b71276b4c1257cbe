"""What a rule remembers through a sleep, a change of the clock and a clock that was wrong."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.core.alerting import Look, preview
from monitor.core.models import AlertRule
from tests.conftest import NOW
from tests.core.test_alerting import BELOW, DAY, ONCE, price, prices


def test_a_week_asleep_ends_in_one_message_for_all_that_changed():
    """Ten cards fell meanwhile, in the week in which summer time ended: what changed at once is told at once, once."""
    cards = [f"RTX {n}" for n in range(4000, 4010)]
    rule = replace(BELOW, gpu="", needed=1, sightings=1, time_zone="Europe/Berlin")
    before, after = ({"prices": [price(amount, gpu=card) for card in cards]} for amount in (1100, 900))
    asleep = datetime(2026, 10, 21, 22, 0, tzinfo=UTC)
    moments = (
        asleep,
        asleep + 7 * DAY,
        asleep + 7 * DAY + timedelta(minutes=20),
        asleep + 7 * DAY + timedelta(hours=1),
    )
    seen = [Look(as_of=moment, **content) for moment, content in zip(moments, (before, *[after] * 3), strict=True)]
    [alert] = preview(rule, seen)
    assert alert.created_at == asleep + 7 * DAY
    assert len(alert.body.splitlines()) == 10


@pytest.mark.parametrize(
    "rule",
    [
        replace(ONCE, cooldown_hours=24),
        replace(ONCE, cap_per_day=1),
        replace(ONCE, digest="daily"),
        replace(ONCE, still_days=2),
    ],
)
def test_a_clock_that_was_years_ahead_silences_no_rule_afterwards(rule: AlertRule):
    wrong = [replace(look, as_of=look.as_of + 3000 * DAY) for look in prices(1100, 900)]
    right = prices(1100, 900, 1100, 900, 900, 900, 900)
    assert len([alert for alert in preview(rule, [*wrong, *right]) if alert.created_at < NOW + 30 * DAY]) >= 2


def test_a_clock_set_back_tells_nothing_again():
    seen = prices(1100, 900, 900)
    back = [replace(look, as_of=look.as_of - 30 * DAY) for look in prices(900, 900)]
    assert len(preview(replace(ONCE, cooldown_hours=24), [*seen, *back])) == 1


@pytest.mark.parametrize("change", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
@pytest.mark.parametrize("asleep", [range(0), range(30, 60)])
def test_a_digest_comes_once_a_day_at_eight_through_summer_time_and_sleep(change: datetime, asleep: range):
    """Looked at every hour from two days before the change to three after it; what was slept through comes at once."""
    rule = replace(ONCE, digest="daily", time_zone="Europe/Berlin")
    hours = [hour for hour in range(5 * 24) if hour not in asleep]
    seen = [
        Look(as_of=change - 2 * DAY + timedelta(hours=hour), prices=[price(900 if hour // 3 % 2 else 1100)])
        for hour in hours
    ]
    came = [alert.created_at.astimezone(ZoneInfo("Europe/Berlin")) for alert in preview(rule, seen)]
    assert len({at.date() for at in came}) == len(came) == 5 - bool(asleep)
    assert [at.hour for at in came].count(8) == len(came) - bool(asleep)
