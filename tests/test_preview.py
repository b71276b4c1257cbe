"""The preview of a rule says what the rule really does: a replay through the live service comes to the same alerts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from monitor.catalog import load_catalog
from monitor.core.models import (
    Action,
    Alert,
    AlertRule,
    Availability,
    Condition,
    Goal,
    Money,
    NewsEvent,
    Offer,
    Signal,
)
from monitor.jobs.decide import decide
from monitor.jobs.preview import preview_rule
from monitor.jobs.record import keep_record
from monitor.jobs.score import score
from monitor.store import repo
from monitor.store.engine import open_store, session_scope
from tests.conftest import make_offer

DAY = timedelta(days=1)
START = datetime(2026, 11, 1, 23, 59, 59, tzinfo=UTC)
# a new card over seven weeks: a fall, a glitch of one day, a rise beyond the margin, a wiggle round 1500, a second fall
PRICES = (
    *(1700, 1690, 1680, 1650, 1600, 1560, 1520, 1490, 1485, 1480),
    *(1540, 1560, 1600, 700, 1610, 1605, 1600, 1590, 1580, 1570),
    *(1505, 1495, 1505, 1495, 1502, 1498, 1505, 1495, 1504, 1496),
    *(1550, 1560, 1570, 1500, 1450, 1440, 1400, 1380, 1350, 1300),
)
SOLD_OUT = range(12, 17)
USD = Money(amount=Decimal(1500), currency="USD")
RULES = {
    "price below": AlertRule(slug="r", kind="price_below", gpu="RTX 4090", threshold=USD, cooldown_hours=0),
    "price below, at once": AlertRule(
        slug="r", kind="price_below", gpu="RTX 4090", threshold=USD, needed=1, sightings=1, cooldown_hours=0
    ),
    "price below, with a long cooldown": AlertRule(
        slug="r", kind="price_below", gpu="RTX 4090", threshold=USD, cooldown_hours=24 * 14
    ),
    "usual price": AlertRule(slug="r", kind="below_fair", gpu="RTX 4090", needed=1, sightings=1),
    "restock": AlertRule(slug="r", kind="restock", gpu="RTX 4090", needed=1, sightings=1, cooldown_hours=0),
    "still": AlertRule(slug="r", kind="price_below", gpu="RTX 4090", threshold=USD, still_days=2, cooldown_hours=0),
    "digest": AlertRule(
        slug="r", kind="price_below", gpu="RTX 4090", threshold=USD, needed=1, sightings=1, digest="weekly"
    ),
    "launch": AlertRule(slug="r", kind="launch", gpu="RTX 5090", cooldown_hours=0),
    "any card": AlertRule(slug="r", kind="price_below", threshold=USD, cooldown_hours=0),
    "source": AlertRule(slug="r", kind="source_broken", cooldown_hours=0),
}


def offers_on(number: int, moment: datetime) -> list[Offer]:
    """What two shops show on a day; the second one follows at a distance and is never below the threshold."""
    sold_out = Availability.OUT_OF_STOCK if number in SOLD_OUT else Availability.IN_STOCK
    made = [("shop-a", PRICES[number], sold_out), ("shop-b", PRICES[number] + 200, Availability.IN_STOCK)]
    return [
        Offer(
            gpu="RTX 4090", title="ASUS RTX 4090", price=Money(amount=Decimal(amount), currency="USD"),
            condition=Condition.NEW, source=shop, region="US", seen_at=moment, availability=there,
            url=f"https://{shop}.example/1",
        )
        for shop, amount, there in made
    ]  # fmt: skip


def news_on(number: int, moment: datetime) -> list[NewsEvent]:
    if number not in (10, 30):
        return []
    return [
        NewsEvent(
            title=f"RTX 5090 launches {number}", event="launch", gpus=("RTX 5090",), expected_date="", effect="wait",
            source="feed", url=f"https://feed.example/{number}", published_at=moment, key=f"launch-{number}",
        )
    ]  # fmt: skip


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, dict[str, list[Alert]]]:
    """Live through the days with all rules at once: store what the day shows, then let the service decide, as it does
    every day. The database afterwards, and what each rule has sent."""
    engine, catalog = open_store(f"sqlite:///{tmp_path_factory.mktemp('lived') / 'limbo.db'}"), load_catalog()
    with session_scope(engine) as session:
        for name, rule in RULES.items():
            repo.save_rule(session, replace(rule, slug=name), START)
    for number in range(len(PRICES)):
        moment = START + number * DAY
        with session_scope(engine) as session:
            repo.add_offers(session, offers_on(number, moment), moment)
            repo.add_news(session, news_on(number, moment), moment)
            fault = "it answers 503" if number in SOLD_OUT else ""
            repo.record_crawl(session, "shop-c", moment, offers=1, rejections=0, errors=0, seconds=1.0, fault=fault)
        with session_scope(engine) as session:
            decide(session, catalog, moment, ["fake"])
    with session_scope(engine) as session:
        return engine, {name: repo.alerts_since(session, START, rule=name) for name in RULES}


def told(alerts: Sequence[Alert]) -> list[tuple[int, int]]:
    """Day of the month and number of lines of each alert."""
    return [(alert.created_at.toordinal(), len(alert.body.splitlines())) for alert in alerts]


@pytest.mark.parametrize("name", RULES)
def test_the_preview_is_what_the_service_has_sent(lived, name: str):
    engine, sent = lived
    with session_scope(engine) as session:
        seen = preview_rule(session, load_catalog(), RULES[name], START + (len(PRICES) - 1) * DAY, START)
    assert told(seen.alerts) == told(sent[name])
    assert sent[name], "a replay in which nothing happens proves nothing"
    assert seen.sentence.startswith("It would have fired ")


def test_a_glitch_and_a_wiggle_do_not_fire(lived):
    days = [(alert.created_at - START).days for alert in lived[1]["price below"]]
    assert 13 not in days  # the glitch
    assert not [day for day in days if 24 < day < 33]  # the wiggle, once it was told


def test_the_preview_of_a_rule_on_a_goal_is_what_the_weekly_service_has_sent(engine: Engine):
    """Two cards that fall for half a year and then rise: the call for the goal changes, and the preview says when."""
    catalog, rule = load_catalog(), AlertRule(slug="goal", kind="signal_flip", goal="mine", cooldown_hours=0, needed=1)
    goal = Goal(slug="mine", title="Mine", workload="vision-cnn-train", conditions=(Condition.NEW,))
    days = [START + n * DAY for n in range(7 * 60)]
    with session_scope(engine) as session:
        repo.save_goal(session, goal, START)
        repo.save_rule(session, rule, START)
        for name, usd in (("RTX 3080", 900.0), ("RTX 3070", 700.0), ("RTX 3060", 500.0)):
            path = [usd * 0.985 ** min(n / 7, 30) * 1.03 ** max(n / 7 - 30, 0) for n in range(len(days))]
            repo.add_observations(
                session, [weekly(name, price, day) for price, day in list(zip(path, days, strict=True))[::7]]
            )
    for moment in (first := days[26 * 7 :])[::7]:
        with session_scope(engine) as session:
            decide(session, catalog, moment)
        with session_scope(engine) as session:
            score(session, catalog, moment)
        with session_scope(engine) as session:
            decide(session, catalog, moment, ["fake"])
    with session_scope(engine) as session:
        sent = repo.alerts_since(session, START, rule="goal")
        seen = preview_rule(session, catalog, rule, first[-1], first[0])
    assert [alert.created_at for alert in seen.alerts] == [alert.created_at for alert in sent]
    assert sent


def weekly(gpu: str, price: float, day: datetime) -> Offer:
    return make_offer(gpu, f"{price:.2f}", seen_at=day, stat="min_offer", n_obs=9)


def test_the_preview_of_settled_calls_replays_those_that_were_made_here(engine: Engine):
    made = [START + n * 30 * DAY for n in range(4)]
    with session_scope(engine) as session:
        repo.add_observations(session, [weekly("RTX 3080", 900 - n, START + 7 * n * DAY) for n in range(60)])
        for moment, action in zip(made, (Action.WAIT, Action.BUY_NOW) * 2, strict=True):
            call = Signal(
                gpu="RTX 3080", condition=Condition.NEW, region="US", action=action, window_low_weeks=None,
                window_high_weeks=None, expected_saving=0.0, saving_low=0.0, saving_high=0.0, confidence=0.6, price=USD,
                as_of=moment, data_on=moment.date(),
            )  # fmt: skip
            keep_record(session, [call], [], moment, {})
        for moment in made:
            series = repo.series_as_of(session, moment + 182 * DAY)
            keep_record(session, [], series, moment + 182 * DAY, {})
        rule = AlertRule(slug="r", kind="record_settled", gpu="RTX 3080", needed=1, cooldown_hours=0)
        seen = preview_rule(session, load_catalog(), rule, START + 400 * DAY, START)
    assert len(seen.alerts) == 4
    assert [(alert.created_at - call).days for alert, call in zip(seen.alerts, made, strict=True)] == [182] * 4


@pytest.mark.parametrize("kind", ["source_broken", "record_settled"])
def test_a_store_in_which_nothing_was_seen_has_no_preview_and_says_so(engine: Engine, now: datetime, kind: str):
    with session_scope(engine) as session:
        seen = preview_rule(session, load_catalog(), AlertRule(slug="r", kind=kind), now, now - 9 * DAY)
    assert seen.alerts == ()
    assert "no preview" in seen.sentence


def test_a_card_without_prices_has_no_preview_and_says_so(engine: Engine, now: datetime):
    rule = AlertRule(slug="r", kind="limbo", gpu="H100 SXM")
    with session_scope(engine) as session:
        seen = preview_rule(session, load_catalog(), rule, now, now - 9 * DAY)
    assert seen.sentence == "No price of H100 SXM is stored yet: no preview."
