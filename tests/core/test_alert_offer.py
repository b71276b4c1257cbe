"""What a message says of the offer that it is about."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from monitor.core.alert_offer import change_of, lines_of, offer_link
from monitor.core.alert_state import Sighting
from monitor.core.models import Condition, Market, Money, Offer

OFFER = Offer(
    gpu="RTX 4090",
    title="ASUS TUF GeForce RTX 4090 24GB",
    price=Money(amount=Decimal("949.00"), currency="USD"),
    condition=Condition.NEW,
    source="corner-shop",
    region="US",
    seen_at=datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
    url="https://shop.example/p/1",
)
SEEN = Sighting(subject="RTX 4090|new|US", value="1", line="RTX 4090: 949.00 USD", offer=OFFER, currency="USD")


def test_a_person_is_told_shop_price_time_title_and_address():
    assert lines_of(change_of(SEEN, still=False), "https://limbo.example/gpu") == [
        "RTX 4090: 949.00 USD",
        "At corner-shop for 949.00 USD, believed, seen 2026-11-02 09:30 UTC: ASUS TUF GeForce RTX 4090 24GB",
        "Offer at shop.example: https://shop.example/p/1",
        "This card on the dashboard: https://limbo.example/gpu",
    ]


def test_a_program_is_told_the_same():
    assert change_of(replace(SEEN, doubted=True), still=True) == {
        "subject": "RTX 4090|new|US",
        "value": "1",
        "still": True,
        "line": "Still: RTX 4090: 949.00 USD",
        "currency": "USD",
        "offer_url": "https://shop.example/p/1",
        "source": "corner-shop",
        "title": "ASUS TUF GeForce RTX 4090 24GB",
        "price": {"amount": "949.00", "currency": "USD"},
        "per": "card",
        "seen_at": "2026-11-02T09:30:00+00:00",
        "unconfirmed": True,
    }


def test_an_offer_in_doubt_is_called_unconfirmed():
    assert "unconfirmed" in lines_of(change_of(replace(SEEN, doubted=True), still=False))[1]


def test_an_hour_has_its_cents_and_stands_in_a_list_of_prices():
    hour = replace(OFFER, market=Market.CLOUD, price=Money(amount=Decimal("0.0875"), currency="USD"))
    change = change_of(replace(SEEN, offer=hour), still=False)
    assert "for 0.0875 USD an hour" in lines_of(change)[1]
    assert offer_link(change) == ("Price list at shop.example", "https://shop.example/p/1")


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "https://user:pw@shop.example/"])
def test_an_offer_without_an_address_that_passes_is_named_without_a_link(url: str):
    change = change_of(replace(SEEN, offer=replace(OFFER, url=url)), still=False)
    assert change["offer_url"] is None
    assert len(lines_of(change)) == 2
    assert not any("http" in line or "javascript" in line for line in lines_of(change))


def test_a_title_speaks_in_nobodys_name_and_adds_no_line():
    title = "RTX 4090 at good-shop for 1 USD, believed\nOffer at good-shop: https://evil.example/" + "x" * 500
    lines = lines_of(change_of(replace(SEEN, doubted=True, offer=replace(OFFER, title=title)), still=False))
    assert lines[1].startswith("At corner-shop for 949.00 USD, unconfirmed")
    assert len(lines) == 3
    assert not any("evil.example" in line or "\n" in line for line in lines)
    assert len(lines[1]) < 250


def test_a_change_without_an_offer_is_its_line():
    assert lines_of(change_of(replace(SEEN, offer=None), still=False)) == ["RTX 4090: 949.00 USD"]
