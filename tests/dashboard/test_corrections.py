"""What a person says about a title on the pages: kept, shown, and taken back."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import queries, texts
from dashboard.queries import base
from monitor.clock import utc_now
from monitor.core.models import Rejection
from monitor.store import repo
from monitor.store.engine import session_scope
from tests.conftest import make_offer
from tests.dashboard.test_pages import opened, words
from tests.dashboard.test_pages_deep import control, press

CARD = {"gpu": "rtx-4090"}
BLOCK = "Alphacool Eisblock Aurora RTX 4090 full cover"


@pytest.fixture
def shop(fill: Callable[[], None]) -> None:
    """A water block that was taken for a card, a doubted price, and a card that was taken for an accessory."""
    fill()
    now = utc_now()
    with session_scope(base.engine()) as session:
        repo.add_offers(
            session, [make_offer("RTX 4090", "249", title=BLOCK, seen_at=now, url="https://a.example/b")], now
        )
        doubted = make_offer("RTX 3090", "90", title="3090 bracket", seen_at=now, url="https://a.example/c")
        repo.add_offers(session, [replace(doubted, quarantined=True, reason="suspicious_price: 90 USD")], now)
        refused = Rejection(
            source="shop-a", reason="accessory", text="$700", title="RTX 3080 with fan kit", seen_at=now
        )
        repo.add_rejections(session, [refused], now)
    base.forget()


def choose(app: AppTest, title: str, gpu: str) -> AppTest:
    control(app, "selectbox", texts.CORRECT_TITLE).set_value(title)  # type: ignore[attr-defined]
    control(app, "selectbox", texts.CORRECT_GPU).set_value(gpu)  # type: ignore[attr-defined]
    return press(app, "Keep")


def titles_now(gpu: str) -> list[str]:
    return [offer.title for offer in queries.offers(gpu)]


def test_a_wrong_match_is_put_right_on_the_cards_own_page(shop: None) -> None:
    assert BLOCK in titles_now("RTX 4090")
    app = choose(opened("gpu", **CARD), BLOCK, texts.NO_GPU)
    assert not app.exception
    assert BLOCK not in titles_now("RTX 4090")
    assert BLOCK not in words(app)


def test_what_was_said_is_listed_and_can_be_taken_back(shop: None) -> None:
    app = choose(opened("data-health"), "3090 bracket", texts.NO_GPU)
    assert not app.exception
    assert queries.quarantine() == [one for one in queries.quarantine() if one[1].title != "3090 bracket"]
    assert f"3090 bracket: {texts.NO_GPU}" in words(app)
    app = press(app, texts.FORGET)
    assert not app.exception
    assert queries.corrections() == {}


def test_whatever_was_refused_as_no_card_can_be_said_to_be_one(shop: None) -> None:
    app = choose(opened("data-health"), "RTX 3080 with fan kit", "RTX 3080")
    assert not app.exception
    assert queries.corrections() == {"rtx 3080 with fan kit": "RTX 3080"}


def test_a_correction_says_how_many_refused_offers_came_in(fill: Callable[[], None]) -> None:
    fill()
    now, title = utc_now(), "Mystery card 24GB"
    offer = make_offer("", "1620", title=title, seen_at=now, url="https://a.example/m")
    refused = Rejection(source="shop-a", reason="accessory", text="$1620", title=title, seen_at=now, offer=offer)
    with session_scope(base.engine()) as session:
        repo.add_rejections(session, [refused], now)
    base.forget()
    app = choose(opened("data-health"), title, "RTX 4090")
    assert [toast.value for toast in app.toast] == [texts.corrected(0, 1, 0)]
    assert title in titles_now("RTX 4090")


def test_a_doubted_price_says_when_it_was_read_and_why_it_is_doubted(shop: None) -> None:
    said = words(opened("data-health"))
    assert "suspicious price: 90 USD" in said
    assert "Last read " in said


def test_a_source_of_headlines_is_not_said_to_lack_a_price(shop: None) -> None:
    with session_scope(base.engine()) as session:
        for name, read in (("a-feed", 9), ("a-shop", 0)):
            repo.record_crawl(session, name, utc_now(), offers=read, rejections=0, errors=0, seconds=1.0)
    base.forget()
    table = opened("data-health").dataframe[0].value.set_index("Source")
    assert (table.loc["a-feed", "Age"], table.loc["a-shop", "Age"]) == ("", "no price yet")
