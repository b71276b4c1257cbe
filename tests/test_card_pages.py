"""Where a message leads on the dashboard: to the card's page, open at the market that the message is about."""

from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.app import PAGES
from dashboard.views.common import market_address
from monitor.catalog import load_catalog
from monitor.core.models import Alert
from monitor.jobs.card_pages import with_card_pages
from tests.conftest import NOW

GPUS = load_catalog().gpus


def page_of(change: dict[str, object]) -> str | None:
    payload = {"changes": [change]}
    alert = Alert(key="k", rule="r", subject="s", body="b", payload=payload, created_at=NOW)
    changes = with_card_pages(alert, GPUS).payload["changes"]
    assert isinstance(changes, list)
    return changes[0].get("card_page")


@pytest.mark.parametrize("more", ["", "|unconfirmed", "|corner-shop"])
def test_the_page_is_one_of_the_dashboard_and_names_card_and_market_as_it_does(more: str):
    page = urlsplit(str(page_of({"subject": f"RTX 4090|new|US{more}", "currency": "USD"})))
    assert page.path.strip("/") in [path for *_, path in PAGES]
    assert parse_qs(page.query) == {"gpu": [GPUS["RTX 4090"].slug], "market": [market_address("new", "US", "USD")]}


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "RTX 4090|new|US"},
        {"subject": "A card that nobody knows|new|US", "currency": "USD"},
        {"subject": "goal:lora", "currency": "USD"},
        {"subject": ""},
        {},
    ],
)
def test_what_names_no_market_of_a_known_card_has_no_page(change: dict[str, object]):
    assert page_of(change) is None


def test_a_market_with_odd_letters_stays_one_value():
    page = page_of({"subject": 'RTX 4090|new|us & ca/"<x>', "currency": "USD"})
    assert page is not None
    assert not set(' "<>') & set(page)
    assert parse_qs(urlsplit(page).query)["market"] == ['new-us & ca/"<x>-usd']
