"""What came after a remembered day: looked up after deciding, and only as far as it is known."""

from monitor.core.decision import DecisionParams
from monitor.core.replay import remember
from tests.core.test_decision import GPUS, START, market, moment

PARAMS = DecisionParams()
LAST = START + 7 * 51


def test_a_price_holds_for_three_weeks_after_the_last_one_was_seen_and_then_nobody_knows():
    series = market(+0.01)
    for weeks_before, known in ((5, True), (6, True), (4, False)):
        found = remember(series, GPUS, moment(LAST - 7 * weeks_before), PARAMS, known_by=moment(LAST + 365))
        assert found
        assert all((one.changes[8] is not None) is known for one in found)
        assert all(one.right is (True if known else None) for one in found)


def test_what_came_after_today_is_not_told_however_new_the_prices():
    found = remember(market(+0.01), GPUS, moment(LAST - 7 * 6), PARAMS, known_by=moment(LAST))
    assert found
    assert all(one.changes[8] is None and one.right is None for one in found)
    waits = remember(market(-0.02), GPUS, moment(LAST - 7 * 2), PARAMS, known_by=moment(LAST))
    assert waits
    assert all(one.right is None for one in waits)
