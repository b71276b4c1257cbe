"""A price in doubt is told of only where the same article showed it again, and nothing else in between."""

from dataclasses import replace

import pytest

from monitor.core.alerting import Look, alerts_for
from monitor.core.models import RuleState
from tests.core.test_alerting import BELOW, DAY, NOW, fired_on, shelved

GOOD = {"a": 1400.0, "b": 1350.0}


def days(*doubted: dict[str, float]) -> list[Look]:
    """A look a day: what is in doubt then, beside a market that is believed."""
    return [
        Look(
            as_of=NOW + n * DAY,
            prices=[shelved(NOW + n * DAY, GOOD)],
            unconfirmed=[shelved(NOW + n * DAY, articles)] if articles else [],
        )
        for n, articles in enumerate(doubted)
    ]


PATHS = {
    "twice the same": (({"a": 300}, {"a": 300}), [1]),
    "nearly the same": (({"a": 300}, {"a": 309}), [1]),
    "read as it should be in between": (({"a": 300}, {}, {"a": 300}), []),
    "months in between": (({"a": 300}, *[{}] * 60, {"a": 300}), []),
    "another article in doubt in between": (({"a": 300}, {"b": 300}, {"a": 300}), []),
    "two different faults of one article": (({"a": 300}, {"a": 14}), []),
    "the fault goes, the price of the fall stays": (({"a": 14}, {"a": 300}, {"a": 300}), [2]),
    "one of two in doubt stays": (({"a": 300, "b": 200}, {"a": 300}), [1]),
    "told once while it lasts": (({"a": 300}, {"a": 300}, {"a": 300}, {"a": 300}), [1]),
    "a dearer one after one that was told and went": (
        ({"a": 300}, {"a": 300}, {}, {}, {}, {"b": 600}, {"b": 600}),
        [1, 6],
    ),
}


@pytest.mark.parametrize(("doubted", "told"), PATHS.values(), ids=PATHS.keys())
def test_a_price_in_doubt(doubted: tuple[dict[str, float], ...], told: list[int]):
    assert fired_on(BELOW, days(*doubted)) == told


def test_where_nothing_was_read_a_doubt_is_neither_settled_nor_strengthened():
    first, *_, last = days({"a": 300}, {}, {"a": 300})
    silent = Look(as_of=NOW + DAY)
    assert fired_on(BELOW, [first, silent, last]) == [2]
    same = replace(first, as_of=NOW + DAY)  # looked at again, not read again
    assert fired_on(BELOW, [first, same]) == []


def test_what_is_settled_is_not_written_down_at_every_look():
    states: dict[tuple[str, str], RuleState] = {}
    changed: list[bool] = []
    for look in days({"a": 300}, *[{}] * 6):
        _, found = alerts_for(states, look, [BELOW])
        changed.append(any("unconfirmed" in one.subject for one in found))
        states |= {(one.rule, one.subject): one for one in found}
    assert changed == [True, True, True, True, False, False, False]
