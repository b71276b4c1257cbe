"""What leads a ranking on the pages: sets of cards, old prices, and the first days of crawling."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from dashboard import goal_links, queries, texts
from dashboard.queries import base
from monitor.catalog import load_catalog
from monitor.clock import utc_now
from monitor.jobs.decide import decide
from monitor.jobs.score import score
from monitor.store import repo
from monitor.store.engine import open_store, session_scope
from tests.conftest import make_offer
from tests.dashboard.test_pages import opened, words
from tests.dashboard.test_pages_deep import control


def test_compare_ranks_sets_of_cards_as_a_goal_of_so_many_does(fill: Callable[[], None]) -> None:
    fill()
    app = opened("compare", work="transformer-pretrain", cards="8")
    assert "8 cards do together" in words(app)
    goal = {goal.slug: goal for goal in queries.goals()}["pretrain-eight-cards"]
    found = queries.verdict(goal)
    fitting = [gpu for gpu in app.dataframe[0].value["GPU"] if queries.catalog().gpus[gpu].memory_gb >= 24]
    assert found.gpus[0] in fitting
    assert f"Most for the money: 8 x {app.dataframe[0].value['GPU'][0]}" in words(app)
    assert "Throughput of 8" in app.dataframe[0].value.columns
    assert f"8 x {fitting[0]}" in found.reasons[0].text
    assert queries.scores("transformer-pretrain", None, 8)[0].cards == 8
    asked = replace(goal, slug="asked", cards=4)  # which no round has ranked
    assert queries.verdict(asked).reasons[0].text.startswith("4 x ")


def test_a_price_too_old_for_a_call_is_not_ranked_and_shown_with_its_day(fill: Callable[[], None]) -> None:
    fill()
    with session_scope(base.engine()) as session:
        seen = utc_now() - timedelta(weeks=20)
        repo.add_observations(session, [make_offer("Titan RTX", "100", seen_at=seen, stat="median_offer", n_obs=5)])
        decide(session, load_catalog(), utc_now())
        score(session, load_catalog(), utc_now())
    base.forget()
    assert queries.scores("lora-8b")[0].gpu == "Titan RTX"
    app = opened("compare", work="lora-8b")
    ranking, aside = (app.dataframe[number].value for number in (0, 1))
    assert "Titan RTX" not in set(ranking["GPU"])
    assert list(aside["GPU"]) == ["Titan RTX"]
    assert list(aside["Price from"]) == [texts.day(seen.date())]
    assert "Most for the money: Titan RTX" not in words(app)
    assert "Titan RTX (new) is left aside" in words(opened("now", work="lora-8b"))


def test_the_market_lists_calls_before_prices_too_old_for_one(fill: Callable[[], None]) -> None:
    fill()
    with session_scope(base.engine()) as session:
        seen = utc_now() - timedelta(weeks=20)
        repo.add_observations(session, [make_offer("Arc A310", "100", seen_at=seen, stat="median_offer", n_obs=5)])
        decide(session, load_catalog(), utc_now())
    base.forget()
    app = opened("market")
    table = app.dataframe[0].value
    assert list(table["GPU"]) == [*sorted(set(table["GPU"]) - {"Arc A310"}), "Arc A310"]
    assert control(app, "selectbox", "Prices of").value == table["GPU"][0]  # type: ignore[attr-defined]


def test_on_the_first_day_of_crawling_the_page_says_what_is_missing_until_when_and_what_held_before(
    database: Path,
) -> None:
    now, long_ago = utc_now(), utc_now() - timedelta(weeks=60)
    with session_scope(open_store(f"sqlite:///{database}")) as session:
        then = [make_offer("RTX 3090", f"{900 + week}", stat="median_offer", seen_at=long_ago - timedelta(weeks=week))
                for week in range(30)]  # fmt: skip
        repo.add_observations(session, then)
        for _ in range(2):
            decide(session, load_catalog(), now)
            score(session, load_catalog(), now)
        repo.add_offers(session, [make_offer("RTX 4090", "1599", seen_at=now)], now)
        decide(session, load_catalog(), now)
        score(session, load_catalog(), now)
        decide(session, load_catalog(), now)
    base.forget()
    said = words(opened("now", **goal_links.params_of(queries.goals()[0])))  # one card alone needs four prices
    shown = words(opened("now"))
    assert "Until then" in said
    assert "Cannot tell" in shown
    assert "prices of one card from two weeks are needed" in shown
    assert f"a first call is due on {texts.day((now + timedelta(weeks=3)).date())}" in said
    assert f"Until then, from the prices known before: on {texts.day(long_ago.date())} RTX 3090: " in shown
