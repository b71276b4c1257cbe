"""Rent or buy, and the machine around the cards: the visitor's own figures are answered in a sentence."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dashboard import actions, queries, texts
from dashboard.queries import base
from monitor.catalog import load_catalog
from monitor.cli import machine, run
from monitor.clock import utc_now
from monitor.core.models import Condition, Money, Offer
from monitor.core.usual import USUAL_WORK
from monitor.jobs.decide import decide
from monitor.store import repo
from monitor.store.engine import open_store, session_scope
from tests.conftest import make_offer
from tests.dashboard.test_pages import opened, words
from tests.dashboard.test_pages_deep import control


def rent_page(fill: Callable[[], None], card: str, work: str = "lora-8b", hours: int = 0) -> str:
    fill()
    app = opened("rent-or-buy")
    control(app, "selectbox", "Card to own").set_value(card).run()  # type: ignore[attr-defined]
    control(app, "selectbox", "What do you train").set_value(work).run()  # type: ignore[attr-defined]
    control(app, "number_input", "Price to rent").set_value(0.4).run()  # type: ignore[attr-defined]
    control(app, "number_input", "Price to buy").set_value(1800.0).run()  # type: ignore[attr-defined]
    control(app, "number_input", "Your hours").set_value(hours).run()  # type: ignore[attr-defined]
    assert not app.exception
    return words(app)


def test_hours_a_month_are_answered_with_both_costs(fill: Callable[[], None]) -> None:
    told = rent_page(fill, "RTX 4090", hours=700)
    assert "**At 700 hours a month (23.0 a day): buy.** In 3 years owning costs" in told
    assert "hours a month (" not in rent_page(fill, "RTX 4090")


def test_a_card_that_cannot_hold_the_work_is_said_to(fill: Callable[[], None]) -> None:
    assert "RTX 4060 Ti 16GB does not do this work: needs" in rent_page(fill, "RTX 4060 Ti 16GB")
    assert "does not do this work" not in rent_page(fill, "RTX 4090")


def test_a_price_from_the_database_is_dated_and_one_that_is_typed_in_is_not(fill: Callable[[], None]) -> None:
    fill()
    app = opened("rent-or-buy")
    control(app, "number_input", "Price to rent").set_value(0.4).run()  # type: ignore[attr-defined]
    assert "The price to buy is of " in words(app)
    control(app, "number_input", "Price to buy").set_value(123.0).run()  # type: ignore[attr-defined]
    assert "The price to buy is of " not in words(app)


def test_the_usual_card_holds_the_usual_work(database: Path) -> None:
    now = utc_now()
    with session_scope(open_store(f"sqlite:///{database}")) as session:
        for gpu in ("Quadro RTX 5000", "RTX A5000"):  # 16 and 24 GB: the first alone comes first by name
            for condition, price in ((Condition.NEW, "900"), (Condition.RENTAL, "0.4")):
                days = (now - timedelta(weeks=n) for n in range(1, 30))
                seen = [make_offer(gpu, price, condition=condition, stat="median_offer", seen_at=day) for day in days]
                repo.add_observations(session, seen)
        decide(session, load_catalog(), now)
    base.forget()
    assert queries.newest_price("Quadro RTX 5000", "rental") is not None
    assert queries.usual_card() == "RTX A5000"


def test_a_part_that_is_not_known_is_not_said_to_suit(fill: Callable[[], None]) -> None:
    fill()
    app = opened("build")
    assert "This machine suits these cards." in words(app)
    control(app, "number_input", "Power supply").set_value(0).run()  # type: ignore[attr-defined]
    assert "not known: power supply." in words(app)
    assert "Power supply: at least 780 W\n" in f"{words(app)}\n"
    control(app, "number_input", "How many").set_value(8).run()  # type: ignore[attr-defined]
    assert "(need 3,600 W of heat, a free slot beside each card)" in words(app)
    control(app, "number_input", "How many").set_value(1).run()  # type: ignore[attr-defined]
    control(app, "number_input", "Power supply").set_value(500).run()  # type: ignore[attr-defined]
    assert "This will not work: power supply." in words(app)


def test_the_mains_of_a_build_are_those_of_the_owners_country(fill: Callable[[], None]) -> None:
    fill()
    assert "15 A at 120 V" in set(opened("build").dataframe[0].value["Have"])
    actions.save_preferences(replace(queries.preferences(), region="DE"))
    assert "16 A at 230 V" in set(opened("build").dataframe[0].value["Have"])


def _fill_for_rent(database: Path, *, euros: str = "") -> None:
    """Half a year of prices of one card, bought in two countries and rented; and one rent of long ago."""
    now, offers = utc_now(), list[Offer]()
    kinds = [(Condition.NEW, "1800", "US", "USD"), (Condition.RENTAL, "0.40", "", "USD")]
    kinds += [(Condition.NEW, euros, "DE", "EUR")] * bool(euros)
    for condition, price, region, currency in kinds:
        money = Money(amount=Decimal(price), currency=currency)
        for n in range(1, 30):
            seen = {"stat": "median_offer", "seen_at": now - timedelta(weeks=n)}
            offers.append(replace(make_offer("RTX 4090", condition=condition, region=region, **seen), price=money))
    long_ago = {"stat": "median_offer", "seen_at": now - timedelta(weeks=40)}
    offers.append(make_offer("RTX 3090", "0.01", condition=Condition.RENTAL, region="", **long_ago))
    with session_scope(open_store(f"sqlite:///{database}")) as session:
        repo.add_observations(session, offers)
        decide(session, load_catalog(), now)
    base.forget()


def _rented(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    assert run(["rent", "--json", *options]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_command_answers_as_the_page_does(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _fill_for_rent(database)
    told = _rented(capsys, "--gpu", "RTX 4090")
    app = opened("rent-or-buy")
    assert control(app, "selectbox", "Card to own").value == "RTX 4090"  # type: ignore[attr-defined]
    assert control(app, "number_input", "Price to buy").value == told["price"]  # type: ignore[attr-defined]
    assert control(app, "number_input", "Price to rent").value == told["rent_per_hour"]  # type: ignore[attr-defined]
    assert texts.sentence(told["sentence"]) in words(app)
    ranked = _rented(capsys)["options"]
    assert [one["gpu"] for one in ranked] == ["RTX 4090"]  # the other's price is of long ago
    assert ranked[0]["dollars_per_million"] == queries.rented_for(USUAL_WORK)[0][0].dollars_per_million


def test_the_owners_currency_stands_beside_dollars_and_moves_no_answer(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _fill_for_rent(database, euros="1700")
    usual = queries.preferences()
    actions.save_preferences(replace(usual, currency="EUR", region="DE"))
    app = opened("rent-or-buy")
    price = control(app, "number_input", "Price to buy, EUR").value  # type: ignore[attr-defined]
    assert price == pytest.approx(1700)  # the own country's price
    told = _rented(capsys, "--gpu", "RTX 4090")
    assert told["price"] == pytest.approx(1700 * queries.dollars()["EUR"])
    assert texts.sentence(told["sentence"]) in words(app)
    assert "In US dollars, by the European Central Bank" in words(app)
    control(app, "number_input", "Your hours").set_value(300).run()  # type: ignore[attr-defined]
    assert re.search(r"owning costs €[\d,]+ \(\\\$[\d,]+\), renting €[\d,]+ \(", words(app))
    assert run(["rent", "--gpu", "RTX 4090", "--month-hours", "300"]) == 0
    told_in_one_line = " ".join(capsys.readouterr().out.split())
    assert re.search(r"owning costs [\d,]+ USD \([\d,]+ EUR\)", told_in_one_line)


def test_prices_of_two_times_are_said_to_be_apart(database: Path) -> None:
    now = utc_now()
    with session_scope(open_store(f"sqlite:///{database}")) as session:
        for condition, price, ago in ((Condition.NEW, "1800", 30), (Condition.RENTAL, "0.4", 0)):
            days = (now - timedelta(weeks=ago + n) for n in range(20))
            kind = {"condition": condition, "stat": "median_offer"}
            repo.add_observations(session, [make_offer("RTX 4090", price, seen_at=day, **kind) for day in days])
        decide(session, load_catalog(), now)
    base.forget()
    app = opened("rent-or-buy")
    assert "The price to buy is 7 months older than the price to rent" in words(app)
    control(app, "number_input", "Price to buy").set_value(1500.0).run()  # type: ignore[attr-defined]
    assert "older than the price to rent" not in words(app)


def test_a_build_is_for_the_same_work_by_the_command_and_on_the_page(fill: Callable[[], None]) -> None:
    fill()
    usual = next(option for option in machine.build_command.params if option.name == "slug")
    asked = control(opened("build"), "selectbox", "What do you train").value  # type: ignore[attr-defined]
    assert usual.default == asked == USUAL_WORK
