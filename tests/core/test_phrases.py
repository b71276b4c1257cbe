"""What is rented is not bought: the same call in its two words."""

from dataclasses import replace

from monitor.core.alerting import preview
from monitor.core.models import Action, Condition
from monitor.core.phrases import VERDICTS, verdict
from tests.core.test_alerting import FLIP, looks, signal


def test_only_the_call_to_buy_is_another_word_for_what_is_rented() -> None:
    said = {action: verdict(action, Condition.RENTAL) for action in Action}
    assert said == {**VERDICTS, Action.BUY_NOW: "Rent now"}
    assert {action: verdict(action, Condition.USED) for action in Action} == VERDICTS


def test_an_alert_says_so_too() -> None:
    flips = [replace(signal(action), condition=Condition.RENTAL) for action in (Action.WAIT, Action.BUY_NOW)]
    [alert] = preview(FLIP, looks(*({"signals": [flip]} for flip in flips)))
    assert alert.subject == "RTX 4090 rental in US: rent now"
