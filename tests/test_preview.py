"""The preview of a rule says what the rule really does: a replay through the live service comes to the same alerts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from monitor.catalog import load_catalog
from monitor.core.models import Alert, AlertRule, Availability, Condition, Money, NewsEvent, Offer
from monitor.jobs.decide import decide
from monitor.jobs.preview import preview_rule
from monitor.store import repo
from monitor.store.engine import open_store, session_scope

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


@pytest.mark.parametrize("kind", ["source_broken", "record_settled"])
def test_what_the_history_does_not_keep_has_no_preview_and_says_so(engine: Engine, now: datetime, kind: str):
    with session_scope(engine) as session:
        seen = preview_rule(session, load_catalog(), AlertRule(slug="r", kind=kind), now, now - 9 * DAY)
    assert seen.alerts == ()
    assert "no preview" in seen.sentence


def test_a_card_without_prices_has_no_preview_and_says_so(engine: Engine, now: datetime):
    rule = AlertRule(slug="r", kind="limbo", gpu="H100 SXM")
    with session_scope(engine) as session:
        seen = preview_rule(session, load_catalog(), rule, now, now - 9 * DAY)
    assert seen.sentence == "No price of H100 SXM is stored yet: no preview."
