"""What the pages work out, keep and change: forecasts, costs, alerts, choices, the record, and days of the past."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from streamlit.testing.v1 import AppTest

from dashboard import actions, charts_record, queries, texts
from dashboard.queries import base
from dashboard.theme import palette
from monitor.catalog import load_catalog
from monitor.cli.backtest_shows import record_lines
from monitor.clock import utc_now
from monitor.core.models import AlertRule, Condition, Goal, Money, NewsEvent, Preferences
from monitor.core.record import CALL, ENDING, RunningSum
from monitor.errors import UsageError
from monitor.jobs.decide import decide
from monitor.jobs.score import score
from monitor.store import repo
from monitor.store.engine import open_store, session_scope
from monitor.store.repo.record import add_to_record
from tests.conftest import make_offer
from tests.dashboard.test_pages import opened, words

CARD = {"gpu": "rtx-4090"}


def control(app: AppTest, kind: str, label: str) -> object:
    """The control of a page whose label begins so."""
    return next(one for one in app.get(kind) if one.label.startswith(label))


def press(app: AppTest, label: str) -> AppTest:
    return control(app, "button", label).click().run()  # type: ignore[attr-defined]


def rules_kept() -> dict[str, AlertRule]:
    with base.read() as session:
        return {rule.slug: rule for rule in repo.alert_rules(session)}


def test_a_cards_page_expects_prices_and_says_what_owning_costs(fill: Callable[[], None]) -> None:
    fill()
    app = opened("gpu", **CARD, market="used-us-usd")
    said = words(app)
    assert "after 13 weeks about" in said
    assert "half of all cases" in said
    assert re.search(r"Bought (new|used) in US for \\\$[\d,.]+ and kept 3 years, it costs \\\$[\d,]+ in all", said)
    assert "What it sells for" in said
    assert "not counted, with the reason" in said  # the rejected neighbour of the same number
    assert "RTX 4090 does about" in said


def test_the_fan_of_a_market_begins_at_its_newest_price_and_ends_after_half_a_year(fill: Callable[[], None]) -> None:
    fill()
    found = queries.fan(("RTX 4090", "used", "US", "USD"))
    assert found is not None
    newest = [n for n in queries.newest_of(queries.price_series("RTX 4090")) if n.key == found.series]
    assert found.points[0].middle == pytest.approx(newest[0].price, rel=0.01)
    assert found.points[-1].weeks == 26


def test_a_rule_from_a_cards_page_says_what_it_would_have_done_and_only_then_is_kept(fill: Callable[[], None]) -> None:
    fill()
    app = opened("gpu", **CARD)
    control(app, "number_input", "Below, in").set_value(1000000.0).run()  # type: ignore[attr-defined]
    assert not [button for button in app.button if button.label == "Keep this rule"]
    press(app, "What would it have done?")
    assert "It would have fired" in words(app)
    press(app, "Keep this rule")
    (rule,) = [rule for rule in rules_kept().values() if rule.kind == "price_below"]
    assert (rule.gpu, rule.condition, rule.region) == ("RTX 4090", "new", "US")
    assert rule.threshold == Money(amount=Decimal(1000000), currency="USD")
    assert {"calls", "sources"} <= set(rules_kept())  # the default ones stay


@pytest.mark.parametrize(("answer", "least", "most"), [("nothing", 0.0, 0.0), ("lost", 0.001, 0.1), ("", 0.005, 0.005)])
def test_what_is_done_meanwhile_is_the_cost_of_delay_of_a_goal(
    answer: str, least: float, most: float, fill: Callable[[], None]
) -> None:
    fill()
    app = opened("now")
    control(app, "selectbox", "And while you wait?").set_value(answer)  # type: ignore[attr-defined]
    press(app, "Show my verdict")
    assert not app.exception
    assert least <= float("".join(app.query_params["delay"])) <= most


def test_a_changed_rule_must_be_tried_again(fill: Callable[[], None]) -> None:
    fill()
    app = opened("gpu", **CARD)
    press(app, "What would it have done?")
    assert "Keep this rule" in [button.label for button in app.button]
    control(app, "number_input", "Below, in").set_value(77.0).run()  # type: ignore[attr-defined]
    assert "Keep this rule" not in [button.label for button in app.button]


def test_a_flip_of_the_call_can_be_watched(fill: Callable[[], None]) -> None:
    fill()
    app = opened("gpu", **CARD)
    control(app, "radio", "Tell me when").set_value("call").run()  # type: ignore[attr-defined]
    press(press(app, "What would it have done?"), "Keep this rule")
    assert "signal-flip-rtx-4090-new-us" in rules_kept()


def test_settings_show_the_rules_in_force_and_refuse_one_without_a_limit(fill: Callable[[], None]) -> None:
    fill()
    app = opened("settings")
    assert "a source breaks or works again" in words(app)  # a default rule
    control(app, "selectbox", "Tell me when").set_value("price_below").run()  # type: ignore[attr-defined]
    press(app, "What would it have done?")
    assert "needs a price above 0" in words(app)
    assert "Keep this rule" not in [button.label for button in app.button]


@pytest.mark.parametrize("kind", ["signal_flip", "source_broken", "record_settled"])
def test_rules_on_goals_sources_and_endings_have_a_preview(kind: str, fill: Callable[[], None]) -> None:
    fill()
    app = opened("settings")
    control(app, "selectbox", "Tell me when").set_value(kind).run()  # type: ignore[attr-defined]
    if kind == "signal_flip":
        control(app, "selectbox", "Goal").set_value("vision-one-card").run()  # type: ignore[attr-defined]
    press(app, "What would it have done?")
    assert "It would have fired" in words(app)


def test_a_test_goes_over_every_channel_and_says_what_came(
    fill: Callable[[], None], httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpserver.expect_request("/good", method="POST").respond_with_data("", status=204)
    httpserver.expect_request("/bad", method="POST").respond_with_data("", status=404)
    here = f"127.0.0.1:{httpserver.port}"
    monkeypatch.setenv(
        "GPU_LIMBO_CHANNELS", f"webhook+http://{here}/good webhook+http://localhost:{httpserver.port}/bad"
    )
    monkeypatch.setenv("GPU_LIMBO_WEBHOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    monkeypatch.setenv("GPU_LIMBO_ALLOW_PRIVATE_HOSTS", "127.0.0.1,localhost")
    fill()
    app = press(opened("settings"), "Send it over every channel")
    assert not app.exception
    assert len(app.success) == 1
    assert len(app.error) == 1
    assert len(httpserver.log) == 2


def test_choices_change_calls_rankings_goals_and_the_way_numbers_are_written(fill: Callable[[], None]) -> None:
    fill()
    before = {s.gpu: s.per_dollar for s in queries.scores("lora-8b") if s.condition is Condition.NEW}
    actions.save_preferences(
        Preferences(region="US", power_price_kwh=1.5, tax_percent=20.0, delay_cost_per_week=0.02, numbers_as_in="de-DE")
    )
    after = {s.gpu: s.per_dollar for s in queries.scores("lora-8b") if s.condition is Condition.NEW}
    assert all(after[gpu] < before[gpu] for gpu in before)
    assert {goal.slug: goal for goal in queries.goals()}["lora-8b-home"].delay_cost_per_week == 0.02
    said = words(opened("gpu", **CARD))
    assert re.search(r"für|kept 3 years", said)
    assert re.search(r"\d\.\d{3}\xa0\\\$", said)  # 1.599 $, as in Germany
    actions.save_preferences(replace(queries.preferences(), region="DE", numbers_as_in=""))
    assert {goal.region for goal in queries.goals()} == {"DE"}
    with base.read() as session:
        assert repo.alerts_since(session, utc_now() - timedelta(hours=1)) == []  # the own change is told to nobody


@pytest.mark.parametrize("wrong", [{"region": "Atlantis"}, {"currency": "XXX"}, {"tax_percent": 99.0}])
def test_choices_that_make_no_sense_are_refused_and_change_nothing(wrong: dict[str, object], database: Path) -> None:
    with pytest.raises(UsageError):
        actions.save_preferences(replace(queries.preferences(), **wrong))
    assert queries.preferences() == Preferences()


def test_what_is_set_back_follows_the_environment_again(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.save_preferences(Preferences(region="DE", currency="EUR"))
    monkeypatch.setenv("GPU_LIMBO_REGION", "FR")
    base.settings.cache_clear()
    assert (queries.preferences().region, queries.preferences().currency) == ("DE", "EUR")
    actions.save_preferences(replace(queries.preferences(), region="FR"))
    monkeypatch.setenv("GPU_LIMBO_REGION", "JP")
    base.settings.cache_clear()
    assert queries.preferences().region == "JP"


def test_the_form_of_choices_keeps_them(fill: Callable[[], None]) -> None:
    fill()
    app = opened("settings")
    control(app, "number_input", "A kWh costs").set_value(0.4)  # type: ignore[attr-defined]
    press(app, "Keep and rank anew")
    assert not app.exception
    assert queries.preferences().power_price_kwh == 0.4


def test_the_backtest_runs_on_the_own_prices_and_stands_beside_simple_rules(fill: Callable[[], None]) -> None:
    fill()
    app = opened("record")
    assert "No backtest has run" in words(app)
    app = press(app, "Run it now")
    assert not app.exception
    said = words(app)
    assert "buyers who followed the calls saved" in said
    for rule in (
        "Knowing the future",
        "Always buy at once",
        "Always wait",
        "MSRP",
        "Two thresholds",
        "its price falls",
    ):
        assert rule in said
    assert "Does the stated confidence come true?" in said


def test_the_live_record_adds_up(fill: Callable[[], None], database: Path) -> None:
    fill()
    with session_scope(base.engine()) as session:
        for weeks, followed in ((3, -40.0), (2, 15.0)):
            at = utc_now() - timedelta(weeks=weeks)
            body = f'{{"call":1,"currency":"USD","followed":{followed},"hit":"hit","waited":7.5,"weeks":26}}'
            add_to_record(session, ENDING, [("RTX 4090|new|US|", body)], at)
    base.forget()
    said = words(opened("record"))
    assert "2 settled" in said
    assert "-25.00 USD against buying at once by following" in said
    assert "+15.00 by always waiting" in said


@pytest.mark.parametrize(("sum_", "shown"), [(-1234.56, "-1,235"), (12.345, "+12.35"), (-0.0031, "-0.0031")])
def test_sums_of_the_record_are_rounded_alike_on_the_page_and_by_the_command(sum_: float, shown: str) -> None:
    points = [RunningSum(on=utc_now().date(), followed=sum_, waited=0.0)]
    picture = charts_record.running_sum(points, "USD", palette("light"))
    assert picture is not None
    assert f"cost {shown} USD against" in picture.alt
    state = {"entries": 2, "newest_digest": "d", "first_broken": None, "missing_at_the_end": 0, "calls": 1}
    state |= {"settled": 1, "noted_digest_found": None, "hits": 1, "misses": 0, "cost_of_following": {"USD": sum_}}
    told = list(record_lines({**state, "cost_of_waiting_always": {"USD": 0.0}}))
    assert f"following {shown} USD, always waiting" in told[-1]


def test_any_month_says_what_was_called_and_what_came(fill: Callable[[], None]) -> None:
    fill()
    months = queries.known_months()
    app = opened("record")
    app.session_state["replay-month"] = months[4]
    app.run()
    assert not app.exception
    assert "In the middle of" in words(app)
    assert "were right" in words(app)


@pytest.mark.parametrize("path", ["now", "market", "gpu", "compare", "rent-or-buy", "timeline", "record"])
def test_later_data_leave_the_page_of_a_past_day_as_it_was(path: str, fill: Callable[[], None]) -> None:
    fill()
    day = (utc_now() - timedelta(weeks=12)).date()
    asked = {"as_of": day.isoformat(), **(CARD if path == "gpu" else {})}
    before = words(opened(path, **asked))
    add_later(utc_now())
    after = words(opened(path, **asked))
    assert after == before
    assert "knows nothing later" in before or path == "record"


def add_later(now: datetime) -> None:
    """Prices, news, calls and entries of the record that come after the day that is asked about."""
    with session_scope(base.engine()) as session:
        later = [make_offer("RTX 4090", "9999", stat="median_offer", n_obs=5, seen_at=now - timedelta(days=1))]
        repo.add_observations(session, later)
        repo.add_offers(session, [make_offer("RTX 4090", "49", seen_at=now, url="https://shop.example/9")], now)
        event = NewsEvent(
            title="RTX 6090 on sale", event="launch", gpus=("RTX 4090",), expected_date="", effect="wait",
            source="f", url="https://f.example", published_at=now, key="later",
        )  # fmt: skip
        repo.add_news(session, [event], now)
        add_to_record(session, CALL, [("RTX 4090|new|US|", '{"action":"wait","price":"1","currency":"USD"}')], now)
        decide(session, load_catalog(), now)
    with session_scope(base.engine()) as session:
        score(session, load_catalog(), now)


def test_a_budget_holds_in_the_owners_currency(fill: Callable[[], None]) -> None:
    fill()
    actions.save_preferences(replace(queries.preferences(), currency="KRW"))
    app = opened("compare", work="vision-cnn-train")
    control(app, "number_input", "Budget").set_value(1_300_000).run()  # type: ignore[attr-defined]
    table = app.dataframe[0].value
    assert len(table)
    assert "RTX 4090" not in set(table["GPU"])  # the used one costs 1,119 dollars, about 1.5 million won
    assert "In KRW" in table.columns


def test_how_many_cards_and_how_much_memory_are_asked_for_and_kept(fill: Callable[[], None]) -> None:
    fill()
    app = opened("now", work="lora-8b", cards="8", memory="24", weeks="12")
    control(app, "number_input", "Budget").set_value(90_000)  # type: ignore[attr-defined]
    press(app, "Show my verdict")
    kept = app.query_params
    assert [kept[name] for name in ("cards", "memory", "weeks", "budget")] == ["8", "24", "12", "90000"]
    control(app, "number_input", "How many cards").set_value(2)  # type: ignore[attr-defined]
    control(app, "number_input", "Memory of each").set_value(48)  # type: ignore[attr-defined]
    press(app, "Show my verdict")
    assert [app.query_params[name] for name in ("cards", "memory")] == ["2", "48"]


def test_every_price_of_the_ranking_has_its_day(fill: Callable[[], None]) -> None:
    fill()
    table = opened("compare").dataframe[0].value
    known = {(call.gpu, texts.CONDITIONS[call.condition]): call.data_on for call in queries.signals()}
    assert len(table)
    for _, row in table.iterrows():
        assert row["Price from"] == known[(row["GPU"], row["Condition"])] is not None


def test_every_price_of_a_table_leads_to_its_evidence(fill: Callable[[], None]) -> None:
    fill()
    for path in ("market", "compare"):
        links = list(opened(path).dataframe[0].value["Evidence"])
        assert links
        address = dict(part.split("=") for part in links[0].partition("?")[2].split("&"))
        app = opened("gpu", **address)
        assert not app.exception
        chosen = control(app, "selectbox", "Market").value  # type: ignore[attr-defined]
        assert "-".join(chosen).lower() == address["market"]
    table = next(t.value for t in app.dataframe if "Offers behind it" in t.value.columns)
    assert set(table["Offers behind it"].dropna()) >= {5}


def test_a_goal_of_the_own_has_a_verdict_at_the_owners_cost_of_delay(fill: Callable[[], None]) -> None:
    fill()
    hasty = Goal(slug="", title="", workload="vision-cnn-train", delay_cost_per_week=0.05)
    kept = actions.save_goal(hasty, "Hasty")
    assert queries.verdict(kept).gpus
    assert [goal.slug for goal in queries.goals()] == ["hasty"]


@pytest.fixture
def shipped(database: Path) -> None:
    """One market that ended years ago, as in the shipped history."""
    engine, start = open_store(f"sqlite:///{database}"), datetime.combine(datetime(2023, 1, 1), time(), UTC)
    with session_scope(engine) as session:
        offers = [
            make_offer("RTX 4090", str(1600 - n), stat="min_offer", seen_at=start + timedelta(weeks=n))
            for n in range(60)
        ]
        repo.add_observations(session, offers)
    with session_scope(engine) as session:
        decide(session, load_catalog(), utc_now())
    with session_scope(engine) as session:
        score(session, load_catalog(), utc_now())
    engine.dispose()
    base.forget()


def test_the_fan_of_a_market_that_has_ended_is_that_of_its_last_day(shipped: None) -> None:
    found = queries.fan(("RTX 4090", "new", "US", "USD"))
    assert found is not None
    assert found.made_on.year == 2024
    assert "What is expected from 18 February 2024 on" in words(opened("gpu", **CARD))
