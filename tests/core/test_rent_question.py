"""Which price stands for a card where nobody gives one."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from monitor.core.models import Action, Condition, Money, Signal
from monitor.core.rent_question import from_dollars, newest_call
from tests.conftest import NOW

DOLLARS = {"USD": 1.0, "EUR": 1.1}


def call(price: str, region: str, currency: str = "USD", weeks: int = 0, gpu: str = "RTX 4090") -> Signal:
    return Signal(
        gpu=gpu, condition=Condition.NEW, region=region, action=Action.NO_CALL, window_low_weeks=None, reasons=(),
        window_high_weeks=None, expected_saving=0.0, saving_low=0.0, saving_high=0.0, confidence=0.5, as_of=NOW,
        price=Money(amount=Decimal(price), currency=currency), data_on=(NOW - timedelta(weeks=weeks)).date(),
    )  # fmt: skip


MIDDLE = [call("1000", "US"), call("1500", "DE", "EUR"), call("1400", "GB")]


@pytest.mark.parametrize(
    ("calls", "region", "expected"),
    [
        (MIDDLE, "US", "US"),
        (MIDDLE, "JP", "GB"),  # none of the own country: the middle one in dollars
        ([*MIDDLE, call("9", "JP", weeks=10)], "JP", "GB"),  # the own one is of long ago
        ([*MIDDLE, call("9", "JP", weeks=9)], "JP", "JP"),
        ([call("1000", "US"), call("9", "JP", "JPY")], "JP", "US"),  # a currency without a rate
        ([call("1000", "US", gpu="RTX 3090")], "US", None),
    ],
)
def test_the_price_of_a_card(calls: list[Signal], region: str, expected: str | None) -> None:
    found = newest_call(calls, "RTX 4090", Condition.NEW, DOLLARS, region)
    assert (found.region if found else None) == expected
    assert newest_call(calls, "RTX 4090", Condition.USED, DOLLARS, region) is None


def test_the_order_of_the_calls_does_not_matter() -> None:
    same = [replace(one, price=Money(amount=Decimal(1000), currency="USD")) for one in MIDDLE]
    forwards, backwards = (newest_call(some, "RTX 4090", Condition.NEW, DOLLARS, "") for some in (same, same[::-1]))
    assert forwards == backwards


def test_dollars_in_another_currency() -> None:
    assert from_dollars(110.0, "EUR", DOLLARS) == Money(amount=Decimal("100.000000"), currency="EUR")
    assert from_dollars(110.0, "JPY", DOLLARS) is None
