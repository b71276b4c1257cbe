"""Words of calls and figures: what is rented is not bought, and no number has an exponent."""

from dataclasses import replace

import pytest

from monitor.core.alerting import preview
from monitor.core.models import Action, Condition
from monitor.core.phrases import VERDICTS, figure, verdict
from tests.core.test_alerting import FLIP, looks, signal


def test_only_the_call_to_buy_is_another_word_for_what_is_rented() -> None:
    said = {action: verdict(action, Condition.RENTAL) for action in Action}
    assert said == {**VERDICTS, Action.BUY_NOW: "Rent now"}
    assert {action: verdict(action, Condition.USED) for action in Action} == VERDICTS


def test_an_alert_says_so_too() -> None:
    flips = [replace(signal(action), condition=Condition.RENTAL) for action in (Action.WAIT, Action.BUY_NOW)]
    [alert] = preview(FLIP, looks(*({"signals": [flip]} for flip in flips)))
    assert alert.subject == "RTX 4090 rental in US: rent now"


@pytest.mark.parametrize(
    ("value", "said"),
    [(1164, "1,160"), (4.1211, "4.12"), (0.0001234, "0.000123"), (27_770, "27,800"), (3.2e-7, "0.00000032"), (0, "0")],
)
def test_three_digits_count_and_none_has_an_exponent(value: float, said: str) -> None:
    assert figure(value) == said
