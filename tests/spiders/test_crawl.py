"""A crawl from end to end: the real engine, a replay server on loopback, a real database."""

from typing import Any

import pytest

from monitor.clock import utc_now
from monitor.store import repo
from monitor.store.engine import make_engine, session_scope

SHOP = """
[shop-a]
country = "US"
currency = "USD"
condition = "new"
starts = ["https://a.example/p/1"]

[shop-b]
country = "DE"
currency = "EUR"
condition = "new"
starts = ["https://b.example/p/1", "https://b.example/p/2"]
"""


def stored(home) -> list[Any]:
    with session_scope(make_engine(home.database)) as session:
        return repo.offers_as_of(session, utc_now())


def test_a_price_on_a_page_becomes_an_offer_in_the_store(home, replay, product_page) -> None:
    replay.add("https://a.example/p/1", product_page(price="1599.00"))
    home.sources(SHOP)
    lines = home.crawl("shop-a")
    assert lines["shop-a"]["offers"] == 1, lines
    assert lines["shop-a"]["errors"] == 0
    (offer,) = stored(home)
    assert (offer.gpu, str(offer.price.amount), offer.price.currency) == ("RTX 4090", "1599.00", "USD")
    assert offer.url == "https://a.example/p/1"
    assert offer.syntax
    assert "1599" in offer.snippet


def test_a_source_that_fails_says_why_and_the_others_go_on(home, replay, product_page) -> None:
    replay.add("https://a.example/p/1", b"oh no", status=500)
    replay.add("https://b.example/p/1", product_page(currency="EUR"))
    home.sources(SHOP)
    lines = home.crawl("shop-a", "shop-b")
    assert lines["shop-a"]["state"] == "failed"
    assert any("https://a.example/p/1 answered 500" in fault for fault in lines["shop-a"]["faults"])
    assert lines["shop-b"]["offers"] == 1
    assert any("p/2 answered 404" in fault for fault in lines["shop-b"]["faults"])


def test_a_page_that_robots_txt_forbids_is_not_asked_for(home, replay, product_page) -> None:
    replay.add("https://a.example/robots.txt", "User-agent: *\nDisallow: /p/\n", Content_Type="text/plain")
    replay.add("https://a.example/p/1", product_page())
    home.sources(SHOP)
    lines = home.crawl("shop-a")
    assert lines["shop-a"]["state"] == "robots"
    assert lines["shop-a"]["faults"] == ["robots.txt forbids https://a.example/p/1"]
    assert replay.urls() == []


@pytest.mark.parametrize(
    ("body", "status"), [("refused", 403), ("busy", 503), ("<!doctype html><p>Are you a human?</p>", 200)]
)
def test_robots_txt_that_is_refused_or_is_a_challenge_forbids_everything(
    home, replay, product_page, body, status
) -> None:
    replay.add("https://a.example/robots.txt", body, status=status)
    replay.add("https://a.example/p/1", product_page())
    home.sources(SHOP)
    assert home.crawl("shop-a")["shop-a"]["state"] == "robots"
    assert replay.urls() == []


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_refusal_stops_the_source_and_stores_no_stock(home, replay, product_page, status) -> None:
    replay.add("https://b.example/p/1", b"Access denied", status=status)
    replay.add("https://b.example/p/2", product_page(currency="EUR"))
    home.sources(SHOP)
    lines = home.crawl("shop-b")
    assert lines["shop-b"]["state"] == "blocked"
    assert replay.urls() == ["b.example/p/1"]
    assert stored(home) == []


def test_a_captcha_answered_with_200_is_a_refusal_too(home, replay) -> None:
    page = "<html><head><title>Robot check</title></head><body><p>Please complete the captcha to continue.</p></body></html>"
    replay.add("https://a.example/p/1", page)
    home.sources(SHOP)
    assert home.crawl("shop-a")["shop-a"]["state"] == "blocked"
    assert stored(home) == []


def test_a_page_over_five_megabytes_is_left(home, replay, product_page) -> None:
    replay.add("https://a.example/p/1", product_page() + "<!-- " + "x" * 6_000_000 + " -->")
    home.sources(SHOP)
    lines = home.crawl("shop-a")
    assert lines["shop-a"]["state"] == "failed"
    assert lines["shop-a"]["offers"] == 0


def test_a_page_that_has_not_changed_costs_a_304_and_is_still_seen(home, replay, product_page) -> None:
    replay.add("https://a.example/p/1", product_page(), ETag='"v1"')
    home.sources(SHOP)
    home.crawl("shop-a")
    (first,) = stored(home)
    lines = home.crawl("shop-a")
    second_request = [headers for url, headers in replay.asked if url == "a.example/p/1"][1]
    assert second_request["If-None-Match"] == '"v1"'
    assert (lines["shop-a"]["offers"], lines["shop-a"]["new"]) == (1, 0)
    (again,) = stored(home)
    assert again.seen_at > first.seen_at


def test_a_redirect_to_another_host_is_not_this_shops_page(home, replay, product_page) -> None:
    replay.add("https://a.example/p/1", b"", status=302, Location="https://other.example/p/9")
    replay.add("https://other.example/p/9", product_page())
    home.sources(SHOP)
    lines = home.crawl("shop-a")
    assert lines["shop-a"]["state"] == "moved"
    assert stored(home) == []


def test_a_redirect_into_a_private_network_is_not_followed(home, replay) -> None:
    replay.add("https://a.example/p/1", b"", status=302, Location="http://169.254.169.254/latest/meta-data/")
    home.sources(SHOP)
    lines = home.crawl("shop-a")
    assert lines["shop-a"]["state"] == "private"
    assert "GPU_LIMBO_ALLOW_PRIVATE_HOSTS" in lines["shop-a"]["faults"][0]
    assert not any("169.254" in url for url in replay.urls(without_robots=False))


def test_shops_are_told_who_reads_them(home, replay, product_page) -> None:
    replay.add("https://a.example/p/1", product_page())
    home.sources(SHOP)
    home.crawl("shop-a")
    agents = {headers["User-Agent"] for _, headers in replay.asked}
    assert len(agents) == 1
    assert "owner@limbo.example" in agents.pop()


def test_what_cannot_be_used_is_kept_with_its_reason(home, replay, product_page) -> None:
    replay.add("https://b.example/p/1", product_page(title="Water block for RTX 4090", currency="EUR"))
    replay.add("https://b.example/p/2", product_page(title="RTX 4090 24GB", price="call us", currency="EUR"))
    home.sources(SHOP)
    lines = home.crawl("shop-b")
    assert lines["shop-b"]["offers"] == 0
    with session_scope(make_engine(home.database)) as session:
        kept = {rejection.reason for rejection in repo.rejections(session)}
    assert "accessory" in kept
    assert len(kept) >= 2


def test_an_unknown_source_is_wrong_use_with_the_nearest_names(home) -> None:
    code, out, err = home.run("crawl", "neweg", "--json")
    assert (code, out) == (2, "")
    assert "newegg" in err


def test_a_crawl_that_finds_nothing_ends_with_one(home, replay) -> None:
    home.sources(SHOP)
    code, out, err = home.run("crawl", "shop-a")
    assert code == 1
    assert "answered 404" in out
    assert "Traceback" not in out + err


def test_a_broken_sources_file_is_named_with_its_entry(home) -> None:
    home.sources('[mine]\nstart = ["https://a.example/"]\n')
    code, _, err = home.run("crawl", "newegg")
    assert code == 1
    assert "sources.toml, mine: 'start' is not a field; did you mean 'starts'?" in err
