"""Which offer an alert leads to: the cheapest one that the rule itself believes in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from monitor.core.alerting import Look, preview
from monitor.core.market import street_prices
from monitor.core.models import Alert, AlertRule, Availability, Billing, Condition, Market, Money, Offer

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIMIT = Money(amount=Decimal(1000), currency="USD")
BELOW = AlertRule(slug="deal", kind="price_below", gpu="RTX 4090", threshold=LIMIT, needed=1, cooldown_hours=0)


def offer(name: str, price: float, **changes: object) -> Offer:
    values: dict[str, object] = {
        "gpu": "RTX 4090", "title": f"RTX 4090 {name}", "price": Money(amount=Decimal(str(price)), currency="USD"),
        "condition": Condition.NEW, "source": f"shop-{name}", "region": "US", "seen_at": NOW,
        "url": f"https://{name}.example/1",
    }  # fmt: skip
    return Offer(**(values | changes))  # type: ignore[arg-type]


def look(*offers: Offer, now: datetime = NOW, **others: object) -> Look:
    return Look(as_of=now, prices=street_prices(offers, now), **others)  # type: ignore[arg-type]


def told(rule: AlertRule, *looks: Look) -> dict[str, Any]:
    """The first change of the last alert."""
    changes = preview(rule, looks)[-1].payload["changes"]
    assert isinstance(changes, list)
    return changes[0]


def body(alerts: list[Alert]) -> str:
    return alerts[-1].body


def test_the_cheapest_of_several_below_the_limit_is_named():
    change = told(BELOW, look(offer("a", 990), offer("b", 940), offer("c", 960), offer("d", 1100)))
    assert (change["source"], change["offer_url"]) == ("shop-b", "https://b.example/1")


def test_what_is_sold_out_or_old_is_not_led_to():
    gone = offer("a", 900, availability=Availability.OUT_OF_STOCK)
    old = offer("b", 910, seen_at=NOW - timedelta(days=4))
    assert told(BELOW, look(gone, old, offer("c", 960)))["source"] == "shop-c"


def test_a_price_read_once_is_not_led_to_where_the_rule_wants_two():
    rule = replace(BELOW, needed=2)
    later = NOW + HOUR
    first = look(offer("b", 990))
    second = look(offer("a", 500, seen_at=later), offer("b", 990, seen_at=later), now=later)
    assert told(rule, first, second)["source"] == "shop-b"


def test_an_offer_in_doubt_is_led_to_as_unconfirmed():
    seen = Look(as_of=NOW, unconfirmed=street_prices([offer("a", 500)], NOW))
    assert told(BELOW, seen)["unconfirmed"] is True
    assert "unconfirmed" in body(preview(BELOW, [seen]))
    assert told(BELOW, look(offer("a", 500)))["unconfirmed"] is False


def test_a_low_street_price_leads_to_the_cheapest_offer():
    rule = replace(BELOW, kind="below_fair", threshold=None)
    usual = {"RTX 4090|new|US": Money(amount=Decimal(2000), currency="USD")}
    change = told(rule, look(offer("a", 1500), offer("b", 1400), offer("c", 1600), fair=usual))
    assert change["source"] == "shop-b"
    assert change["price"] == {"amount": "1400", "currency": "USD"}
    assert "1500.00 USD" in change["line"]


def test_a_rented_hour_leads_to_its_cloud():
    rule = replace(BELOW, kind="rental_below", threshold=Money(amount=Decimal(1), currency="USD"))
    rented: dict[str, Any] = {"condition": Condition.RENTAL, "market": Market.CLOUD, "billing": Billing.ON_DEMAND}
    change = told(rule, look(offer("a", 0.75, **rented), offer("b", 0.25, **rented)))
    assert (change["source"], change["per"]) == ("shop-b", "hour")


def test_a_restock_leads_to_the_article():
    rule = replace(BELOW, kind="restock", threshold=None)
    place, there = ("RTX 4090|new|US", "shop-a"), offer("a", 1500)
    gone = Look(as_of=NOW, stock={place: False})
    back = Look(as_of=NOW + HOUR, stock={place: True}, on_sale={place: there})
    assert told(rule, gone, back)["offer_url"] == "https://a.example/1"


def test_prices_of_a_file_lead_nowhere_and_are_told_all_the_same():
    summary = offer("a", 900, stat="min_offer")
    change = told(BELOW, look(summary))
    assert "offer_url" not in change
    assert change["line"] == body(preview(BELOW, [look(summary)]))


@pytest.mark.parametrize("waiting", [(), ("a line that an older version left", '{"subject" as a headline')])
def test_what_waits_for_a_digest_still_leads_to_its_offer(waiting: tuple[str, ...]):
    from monitor.core.alerting import alerts_for
    from monitor.core.models import RuleState

    rule = replace(BELOW, digest="daily")
    whole = RuleState(rule=rule.slug, subject="", fired=(NOW,), pending=waiting)
    _, states = alerts_for({(rule.slug, ""): whole}, look(offer("a", 900)), [rule])
    known = {(state.rule, state.subject): state for state in states}
    [digest], after = alerts_for(known, look(offer("a", 900), now=NOW + timedelta(days=1)), [rule])
    changes = digest.payload["changes"]
    assert isinstance(changes, list)
    assert changes[-1]["offer_url"] == "https://a.example/1"
    assert len(changes) == len(waiting) + 1
    assert "https://a.example/1" in digest.body
    assert all(line in digest.body for line in waiting)
    assert [state.pending for state in after if not state.subject] == [()]
