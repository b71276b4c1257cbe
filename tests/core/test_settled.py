"""What the record settled lately is told once, with the record's own verdict."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.record import CALL, ENDING, Entry, chained
from monitor.core.settled import RECENT, settled_calls

CALLED, ENDED = datetime(2026, 4, 1, 12, tzinfo=UTC), datetime(2026, 9, 30, 12, tzinfo=UTC)
ABOUT = "RTX 4090|new|US|"


def record(
    action="wait", hit="hit", followed=-120.0, waited=60.0, about=ABOUT, price: str = "1600.0000"
) -> list[Entry]:
    said = json.dumps({"action": action, "price": price, "currency": "USD"})
    came = json.dumps({"call": 1, "currency": "USD", "followed": followed, "hit": hit, "waited": waited, "weeks": 9})
    entries: list[Entry] = []
    for number, (kind, at, body) in enumerate([(CALL, CALLED, said), (ENDING, ENDED, came)], start=1):
        digest = chained(entries[-1].digest if entries else "", kind, about, at, body)
        entries.append(Entry(number=number, kind=kind, subject=about, made_at=at, body=body, digest=digest))
    return entries


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (record(), "wait of 2026-04-01 at 1600.00 USD was right: against buying at once following it saved 120.00 USD, "
                   "waiting all 26 weeks cost 60.00 USD"),
        (record(hit="miss", followed=44.5), "wait of 2026-04-01 at 1600.00 USD was wrong: against buying at once "
                                            "following it cost 44.50 USD, waiting all 26 weeks cost 60.00 USD"),
        (record("buy_now", followed=0.0), "buy now of 2026-04-01 at 1600.00 USD was right: against buying at once "
                                          "waiting all 26 weeks cost 60.00 USD"),
        (record(followed=-0.003125, waited=0.02, price="0.1875"),  # an hour of a rented card
         "wait of 2026-04-01 at 0.1875 USD was right: against buying at once following it saved 0.0031 USD, "
         "waiting all 26 weeks cost 0.02 USD"),
        (record(followed=-12.345678), "wait of 2026-04-01 at 1600.00 USD was right: against buying at once following "
                                      "it saved 12.35 USD, waiting all 26 weeks cost 60.00 USD"),
    ],
)  # fmt: skip
def test_the_verdict_of_the_record_is_told_in_money(made: list[Entry], told: str):
    assert settled_calls(made, ENDED) == {"RTX 4090|new|US|2026-04-01": f"RTX 4090 new in US: {told}"}


@pytest.mark.parametrize(
    ("late", "told"),
    [(timedelta(seconds=-1), 0), (timedelta(0), 1), (RECENT - timedelta(seconds=1), 1), (RECENT, 0)],
)
def test_it_is_told_when_settled_and_not_long_after(late: timedelta, told: int):
    assert len(settled_calls(record(), ENDED + late)) == told


def test_calls_for_a_goal_are_not_told_a_second_time():
    assert settled_calls(record(about=f"{ABOUT}my-goal"), ENDED) == {}
