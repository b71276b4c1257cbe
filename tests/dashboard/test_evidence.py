"""Prices and offers on the pages lead back to where they were read, and compare over countries."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from dashboard import charts_value, queries, texts
from dashboard.queries import base
from dashboard.theme import palette
from dashboard.views import compare
from monitor.catalog import load_catalog
from monitor.clock import utc_now
from monitor.core.models import Billing, Condition, Market, Money
from monitor.jobs.score import score
from monitor.rates import load_rates
from monitor.store import repo
from monitor.store.engine import session_scope
from tests.conftest import make_offer
from tests.dashboard.test_pages import opened, words
from tests.dashboard.test_pages_deep import CARD, control


def test_prices_of_several_countries_compare_without_tax_where_the_rate_is_known(fill: Callable[[], None]) -> None:
    fill()
    now = utc_now()
    abroad = {"DE": ("1190", "EUR"), "BR": ("9000", "BRL")}
    with session_scope(base.engine()) as session:
        offers = [
            replace(
                make_offer("RTX 4090", source=f"shop-{place}", region=place, seen_at=now),
                price=Money(amount=Decimal(amount), currency=currency),
            )
            for place, (amount, currency) in abroad.items()
        ]
        repo.add_offers(session, offers, now)
    with session_scope(base.engine()) as session:
        score(session, load_catalog(), now)
    base.forget()
    app = opened("compare", work="vision-cnn-train")
    assert "In USD, without tax" not in app.dataframe[0].value.columns  # of one country there is nothing to compare
    control(app, "multiselect", "Where").set_value(["US", "DE", "BR"]).run()  # type: ignore[attr-defined]
    table = app.dataframe[0].value.set_index(["Region", "GPU"])
    table = table[table["Condition"] == "new"]
    net = table["In USD, without tax"]
    assert money_of(net["DE", "RTX 4090"]) == pytest.approx(
        money_of(table["In USD"]["DE", "RTX 4090"]) / 1.19, rel=1e-3
    )
    for place in ("US", "BR"):
        assert net[place, "RTX 4090"] == table["In USD"][place, "RTX 4090"]
    assert "For BR no one rate of tax is known" in words(app)
    assert f"reference rates of {texts.day(load_rates().days[-1])}" in words(app)
    drawn = charts_value.plane(compare.in_one_currency(queries.scores("vision-cnn-train")), palette("light"))
    assert drawn is not None
    assert 9000 not in set(drawn.data["price"])  # reais stand on the axis as dollars
    assert [offer.region for offer in queries.offers("RTX 4090") if offer.region != "US"] == ["DE", "BR"]


def money_of(text: str) -> float:
    return float(re.sub(r"[^\d.]", "", text))


def test_a_rented_hour_says_where_its_link_leads(fill: Callable[[], None]) -> None:
    fill()
    rented = {"market": Market.CLOUD, "billing": Billing.ON_DEMAND, "condition": Condition.RENTAL, "source": "cloud"}
    assert "leads to its provider's price list" not in words(opened("gpu", **CARD))
    with session_scope(base.engine()) as session:
        repo.add_offers(session, [make_offer("RTX 4090", "0.5", seen_at=utc_now(), **rented)], utc_now())
    base.forget()
    assert "leads to its provider's price list" in words(opened("gpu", **CARD))


def test_every_offer_leads_back_to_its_page(fill: Callable[[], None]) -> None:
    fill()
    found = {"syntax": "jsonld", "snippet": "price: 1234.00", "url": "https://shop.example/77"}
    with session_scope(base.engine()) as session:
        repo.add_offers(session, [make_offer("RTX 4090", "1234", seen_at=utc_now(), **found)], utc_now())
    base.forget()
    tables = (table.value for table in opened("gpu", **CARD).dataframe)
    offers = next(table for table in tables if "Read from" in table.columns)
    (row,) = (row for _, row in offers.iterrows() if row["Price"] == 1234)
    assert (row["Page"], row["Found in"], row["Read from"]) == (found["url"], "JSON-LD", found["snippet"])
    assert row["Seen"].date() == utc_now().date()
