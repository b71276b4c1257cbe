"""When a message comes, as chosen on the settings page."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard import texts
from tests.dashboard.test_pages import opened, words
from tests.dashboard.test_pages_deep import control, press, rules_kept


@pytest.mark.parametrize("digest", ["daily", "weekly"])
def test_a_digest_is_chosen_previewed_kept_and_shown(digest: str, fill: Callable[[], None]) -> None:
    fill()
    app = opened("settings")
    control(app, "selectbox", "Tell me when").set_value("signal_flip").run()  # type: ignore[attr-defined]
    control(app, "selectbox", texts.RULE_WHEN).set_value(digest).run()  # type: ignore[attr-defined]
    control(app, "text_input", texts.RULE_QUIET_HOURS).set_value("22:00-07:00").run()  # type: ignore[attr-defined]
    control(app, "text_input", texts.RULE_ZONE).set_value("Europe/Berlin").run()  # type: ignore[attr-defined]
    press(app, "What would it have done?")
    press(app, "Keep this rule")
    rule = rules_kept()["signal-flip"]
    assert (rule.digest, rule.quiet_from, rule.quiet_to) == (digest, "22:00", "07:00")
    assert rule.time_zone == "Europe/Berlin"
    assert texts.RULE_DIGEST.format(digest=digest) in words(opened("settings"))


def test_a_summary_never_comes_at_once_and_says_when_it_does(database: Path) -> None:
    app = opened("settings")
    control(app, "selectbox", "Tell me when").set_value("summary").run()  # type: ignore[attr-defined]
    when = control(app, "selectbox", texts.RULE_WHEN)
    assert when.options == [texts.WEEKLY, texts.DAILY]  # type: ignore[attr-defined]
    press(app, "What would it have done?")
    press(app, "Keep this rule")
    assert rules_kept()["summary"].digest == "weekly"
    assert texts.RULE_DIGEST.format(digest="weekly") in words(opened("settings"))


def test_where_the_owner_is_stands_first_and_a_goal_to_keep_before_it(database: Path) -> None:
    def order(**asked: str) -> list[str]:
        return [block.value for block in opened("settings", **asked).subheader]

    assert order() == [texts.CHOICES, texts.GOALS, texts.ALERTS]
    assert order(work="lora-8b") == [texts.GOALS, texts.ALERTS, texts.CHOICES]
