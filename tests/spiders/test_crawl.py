"""A crawl from end to end: the real engine, a replay server on loopback, a real database.

Each crawl starts an engine, so cases that do not disturb each other share one.
"""

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
CAPTCHA = (
    "<html><head><title>Robot check</title></head><body><p>Please complete the captcha to continue.</p></body></html>"
)
FORBID = "User-agent: *\nDisallow: /p/\n"
BAD_DAY = {  # shop -> what it answers (path, body, status), the state that follows, and words of its fault
    "fine": ([], "ok", ""),
    "forbids": ([("robots.txt", FORBID, 200)], "robots", "robots.txt forbids https://forbids.example/p/1"),
    "hides-robots": ([("robots.txt", "refused", 403)], "robots", "robots.txt forbids"),
    "busy-robots": ([("robots.txt", "busy", 503)], "robots", "robots.txt forbids"),
    "asks-human": ([("robots.txt", "<!doctype html><p>Are you human?</p>", 200)], "robots", "robots.txt forbids"),
    "refuses": ([("p/1", "Access denied", 403)], "blocked", "https://refuses.example/p/1 answered 403"),
    "limits": ([("p/1", "slow down", 429)], "blocked", "answered 429"),
    "shuts": ([("p/1", "busy", 503)], "blocked", "answered 503"),
    "captcha": ([("p/1", CAPTCHA, 200)], "blocked", "https://captcha.example/p/1"),
    "breaks": ([("p/1", "oh no", 500), ("p/2", "oh no", 500)], "failed", "https://breaks.example/p/1 answered 500"),
    "half": ([("p/2", "gone", 404)], "partly", "https://half.example/p/2 answered 404"),
    "huge": (
        [("p/1", "<!-- " + "x" * 5_500_000, 200), ("p/2", "gone", 404)],
        "failed",
        "huge.example/p/1 is too large",
    ),
    "circles": (
        [("p/1", "https://circles.example/p/1", 302)],
        "partly",
        "circles.example/p/1: max redirections reached",
    ),
    "moves": ([("p/1", "https://other.example/p/9", 302), ("p/2", "gone", 404)], "moved", "leads to another host"),
    "inward": ([("p/1", "http://169.254.169.254/meta-data/", 302)], "private", "GPU_LIMBO_ALLOW_PRIVATE_HOSTS"),
}


def stored(home) -> list[Any]:
    with session_scope(make_engine(home.database)) as session:
        return repo.offers_as_of(session, utc_now())


def test_a_price_on_a_page_becomes_an_offer_that_leads_back_to_it(home, replay, product_page) -> None:
    replay.add("https://a.example/p/1", product_page(price="1599.00"), ETag='"v1"')
    home.sources(SHOP)
    line = home.crawl("shop-a")["shop-a"]
    assert (line["state"], line["offers"], line["new"], line["errors"]) == ("ok", 1, 1, 0)
    (first,) = stored(home)
    assert (first.gpu, str(first.price.amount), first.price.currency) == ("RTX 4090", "1599.00", "USD")
    assert (first.url, bool(first.syntax), "1599" in first.snippet) == ("https://a.example/p/1", True, True)
    assert {"owner@limbo.example" in headers["User-Agent"] for _, headers in replay.asked} == {True}

    # The same page a second time costs a 304, counts as seen, and adds no row.
    line = home.crawl("shop-a")["shop-a"]
    again = [headers for url, headers in replay.asked if url == "a.example/p/1"][1]
    assert again["If-None-Match"] == '"v1"'
    assert (line["offers"], line["new"]) == (1, 0)
    assert stored(home)[0].seen_at > first.seen_at


def test_an_old_copy_never_stands_in_for_an_answer(home, replay, product_page) -> None:
    fresh = {"ETag": '"v1"', "Cache_Control": "max-age=86400", "Last_Modified": "Mon, 02 Nov 2020 10:00:00 GMT"}
    replay.add("https://a.example/p/1", product_page(), **fresh)
    home.sources(SHOP)
    home.crawl("shop-a")
    replay.add("https://a.example/p/1", b"oh no", status=500)
    line = home.crawl("shop-a")["shop-a"]
    assert (line["state"], line["offers"]) == ("failed", 0)


@pytest.fixture
def bad_day(home, replay, product_page) -> dict[str, Any]:
    """One crawl of shops that each answer in their own bad way; otherwise page 1 and 2 show a card."""
    toml = ""
    for name, (answers, _, _) in BAD_DAY.items():
        starts = ", ".join(f'"https://{name}.example/p/{page}"' for page in (1, 2))
        toml += f'[{name}]\ncountry = "US"\ncurrency = "USD"\nstarts = [{starts}]\n'
        for page in ("p/1", "p/2"):
            replay.add(f"https://{name}.example/{page}", product_page())
        for path, body, status in answers:
            headers = {"Location": body} if status == 302 else {}
            replay.add(f"https://{name}.example/{path}", body, status=status, **headers)
    replay.add("https://other.example/p/9", product_page())
    home.sources(toml)
    return home.crawl(*BAD_DAY)


def test_each_source_says_what_went_wrong_and_the_others_go_on(bad_day, home, replay) -> None:
    assert {name: line["state"] for name, line in bad_day.items()} == {n: state for n, (_, state, _) in BAD_DAY.items()}
    for name, (_, _, words) in BAD_DAY.items():
        assert any(words in fault for fault in bad_day[name]["faults"]) or not words, (name, bad_day[name]["faults"])
    # A refusal means "cannot tell", never "out of stock", and ends the visit; a shop that failed is still read on.
    assert {offer.source for offer in stored(home)} == {"fine", "half", "inward", "circles"}
    asked = replay.urls()
    for name in ("refuses", "limits", "shuts", "captcha"):
        assert f"{name}.example/p/1" in asked
        assert f"{name}.example/p/2" not in asked
    assert not any(url.startswith(("forbids", "hides-robots", "busy-robots", "asks-human")) for url in asked)
    assert not any("169.254" in url for url, _ in replay.asked)
    with session_scope(make_engine(home.database)) as session:
        health = {one.source: one.fault for one in repo.source_health(session)}
    assert health["refuses"] == "refused: https://refuses.example/p/1 answered 403"
    assert not health["fine"]


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


def test_a_listing_without_prices_leads_to_the_pages_of_its_cards(home, replay, product_page) -> None:
    links = '<a href="/rtx-4090">GeForce RTX 4090</a> <a href="/toaster">Toaster</a> <a rel="next" href="?page=2">2</a>'
    replay.add("https://a.example/p/1", f"<html><body><h1>Cards</h1>{links}</body></html>")
    replay.add("https://a.example/p/1?page=2", '<html><body><a href="/rtx-5090">GeForce RTX 5090</a></body></html>')
    for card in ("4090", "5090"):
        replay.add(f"https://a.example/rtx-{card}", product_page(title=f"GeForce RTX {card}", price="2000.00"))
    home.sources(SHOP)
    assert home.crawl("shop-a")["shop-a"]["offers"] == 2
    assert "a.example/toaster" not in replay.urls()


def test_wrong_names_and_files_are_one_sentence(home) -> None:
    code, out, err = home.run("crawl", "neweg", "--json")
    assert (code, out) == (2, "")
    assert "newegg" in err
    home.sources('[mine]\nstart = ["https://a.example/"]\n')
    code, _, err = home.run("crawl", "newegg")
    assert code == 1
    assert "sources.toml, mine: 'start' is not a field; did you mean 'starts'?" in err


def test_a_crawl_that_finds_nothing_ends_with_one_and_no_traceback(home, replay) -> None:
    home.sources(SHOP)
    code, out, err = home.run("crawl", "shop-a")
    assert code == 1
    assert "answered 404" in out
    assert "Traceback" not in out + err


def test_an_entry_that_its_reader_cannot_use_harms_no_other(home, replay, product_page, monkeypatch) -> None:
    monkeypatch.setenv("GPU_LIMBO_KEEPA_KEY", "mine")
    replay.add("https://a.example/p/1", product_page())
    odd = '[odd]\nreader = "keepa"\ncountry = "NO"\nstarts = ["https://api.keepa.example/search"]\n'
    home.sources(odd + 'key_setting = "GPU_LIMBO_KEEPA_KEY"\n' + SHOP)
    lines = home.crawl("odd", "shop-a")
    assert lines["odd"]["faults"] == ["the reader 'keepa' does not know this source's 'NO'; mend its entry"]
    assert lines["shop-a"]["state"] == "ok"
