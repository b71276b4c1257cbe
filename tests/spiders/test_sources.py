"""`gpu-limbo sources`: what is shipped, what a check says, and how an address becomes a source."""

import json
import tomllib

import pytest

from monitor.errors import CatalogError
from spiders.sources import load_sources, read_entry, read_file

SHOP = """
[shop-a]
country = "US"
currency = "USD"
condition = "new"
starts = ["https://a.example/p/1"]
"""


@pytest.fixture(scope="module")
def shipped():
    return load_sources()


def test_forty_shops_in_twelve_countries_are_shipped_and_on(shipped) -> None:
    shops = [source for source in shipped.values() if source.kind == "shop"]
    readable = [source for source in shops if source.posture == "robots"]
    assert len(readable) >= 40
    assert len({source.country for source in readable}) >= 12


def test_every_shipped_source_says_how_it_may_be_read(shipped) -> None:
    for source in shipped.values():
        assert source.starts, source.name
        assert source.posture in ("api", "robots", "off"), source.name
        assert source.cadence_hours > 0, source.name
        if source.kind == "shop":
            assert source.country, source.name
            assert source.currency, source.name
            assert (source.tax_included is None) == (source.country in ("US", "CA")), source.name
        if source.posture == "off":
            assert source.note, f"{source.name} is off and does not say why"


def test_sources_behind_bot_walls_are_off(shipped) -> None:
    off = {name for name, source in shipped.items() if source.posture == "off"}
    assert {"mediamarkt-de", "caseking", "idealo-de", "geizhals-at", "digitec", "adorama"} <= off


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({}, "starts: give at least one address"),
        ({"starts": ["ftp://a.example"]}, "addresses begin with http"),
        ({"starts": ["https://a.example"], "currency": "euro"}, "currency: three capital letters"),
        ({"starts": ["https://a.example"], "posture": "yes"}, "posture: one of api, robots, off"),
        ({"starts": ["https://a.example"], "condition": "nice"}, "condition: "),
        ({"starts": ["https://a.example"], "reader": "magic"}, "reader: one of page, "),
        ({"starts": ["https://a.example"], "kind": "bank"}, "kind: one of shop, cloud, feed"),
        ({"stars": ["https://a.example"]}, "'stars' is not a field; did you mean 'starts'?"),
    ],
)
def test_an_entry_that_is_not_sound_is_named_with_what_is_wrong(entry, complaint) -> None:
    with pytest.raises(CatalogError, match=r"mine\.toml") as caught:
        read_entry("mine", entry, {}, "shop", "mine.toml")
    assert complaint in str(caught.value)


def test_a_file_that_is_no_toml_is_one_sentence(tmp_path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text("[[[")
    with pytest.raises(CatalogError, match="cannot be read"):
        read_file(path, "shop")


def test_list_says_what_needs_a_key_and_what_is_off(home, monkeypatch) -> None:
    monkeypatch.setenv("GPU_LIMBO_KEEPA_KEY", "mine")
    code, out, _ = home.run("sources", "list", "--json")
    states = {line["name"]: line["state"] for line in map(json.loads, out.splitlines())}
    assert code == 0
    assert states["ebay-de"] == "needs key GPU_LIMBO_EBAY_KEY"
    assert states["amazon-de"] == "on"
    assert states["mediamarkt-de"] == "off"
    assert states["ldlc-fr"] == "on"


def test_a_key_may_stand_in_a_file(home, monkeypatch, tmp_path) -> None:
    (tmp_path / "key").write_text("mine\n")
    monkeypatch.setenv("GPU_LIMBO_BESTBUY_KEY_FILE", str(tmp_path / "key"))
    _, out, _ = home.run("sources", "list", "--json")
    assert {line["name"]: line["state"] for line in map(json.loads, out.splitlines())}["bestbuy"] == "on"


CHECKED = """
[good]
starts = ["https://good.example/1", "https://good.example/2"]
[walled]
starts = ["https://walled.example/1"]
[forbidding]
starts = ["https://forbidding.example/1"]
[gone]
starts = ["https://gone.example/1"]
[keyed]
starts = ["https://api.keyed.example/search"]
reader = "keepa"
country = "US"
currency = "USD"
key_setting = "GPU_LIMBO_NO_SUCH_KEY"
"""


def test_check_reads_one_page_of_each_and_says_what_it_gave(home, replay, product_page) -> None:
    replay.add("https://good.example/1", product_page())
    replay.add("https://walled.example/1", b"no", status=403)
    replay.add("https://forbidding.example/robots.txt", "User-agent: *\nDisallow: /", Content_Type="text/plain")
    home.sources(CHECKED)
    code, out, _ = home.run("sources", "check", "good", "walled", "forbidding", "gone", "keyed", "--json")
    found = {line["source"]: line for line in map(json.loads, out.splitlines())}
    assert {name: line["result"] for name, line in found.items()} == {
        "good": "ok", "walled": "blocked", "forbidding": "robots forbids", "gone": "failed", "keyed": "needs key",
    }  # fmt: skip
    assert code == 1
    assert found["good"]["read"][0]["gpu"] == "RTX 4090"
    assert "needs key GPU_LIMBO_NO_SUCH_KEY" in found["keyed"]["why"]
    assert "good.example/2" not in replay.urls()


def test_lost_markup_is_told_by_a_check_which_stores_nothing_and_flagged_by_a_crawl(home, replay, product_page) -> None:
    replay.add("https://a.example/p/1", product_page())
    home.sources(SHOP)
    assert home.crawl("shop-a")["shop-a"]["fault"] == ""
    replay.add("https://a.example/p/1", "<html><body><h1>New look</h1><p>Loading</p></body></html>")
    code, out, _ = home.run("sources", "check", "shop-a", "--json")
    assert (code, json.loads(out)["result"]) == (1, "markup lost")
    assert fault_of(home, "shop-a") == ""
    home.crawl("shop-a")
    home.crawl("shop-a")
    assert fault_of(home, "shop-a")


TWO_KINDS = """
[shop-a]
starts = ["https://a.example/p/1", "https://a.example/p/2"]
country = "US"
currency = "USD"
"""
BARE = "<html><body><h1>MSI GeForce RTX 4080 SUPER 16GB</h1><p class=price>$1,049.00</p><p>In stock</p></body></html>"
LISTING = """<html><body><h1>Graphics cards</h1><a href="/p/1">ASUS GeForce RTX 4090 TUF 24GB</a>
<a href="/p/2">MSI GeForce RTX 4080 SUPER 16GB</a><a href="/about">About</a></body></html>"""


def test_a_check_of_one_page_does_not_miss_the_markup_of_the_others(home, replay, product_page) -> None:
    replay.add("https://a.example/p/1", product_page())
    replay.add("https://a.example/p/2", BARE)
    home.sources(TWO_KINDS)
    assert sorted(home.crawl("shop-a")["shop-a"]["syntaxes"]) == ["jsonld", "visible"]
    code, out, _ = home.run("sources", "check", "shop-a", "--json")
    assert (code, json.loads(out)["result"], json.loads(out)["changed"]) == (0, "ok", "")


def test_a_check_of_a_listing_without_prices_reads_one_of_its_articles(home, replay, product_page) -> None:
    replay.add("https://a.example/cards", LISTING)
    replay.add("https://a.example/p/1", product_page())
    replay.add("https://a.example/p/2", BARE)
    replay.add("https://a.example/more", LISTING)
    home.sources(TWO_KINDS.replace("/p/1", "/cards").replace("/p/2", "/more"))
    assert home.crawl("shop-a")["shop-a"]["offers"] == 2
    replay.asked.clear()
    code, out, _ = home.run("sources", "check", "shop-a", "--json")
    assert replay.urls() == ["a.example/cards", "a.example/p/1"]
    assert (code, json.loads(out)["result"], json.loads(out)["offers"]) == (0, "ok", 1)
    code, out, _ = home.run("sources", "add", "https://a.example/cards", "--name", "mine", "--json")
    assert (code, len(json.loads(out)["offers"])) == (0, 1)


def fault_of(home, name: str) -> str:
    _, out, _ = home.run("sources", "list", "--json")
    return next(line["fault"] for line in map(json.loads, out.splitlines()) if line["name"] == name)


def test_a_shop_that_refused_is_left_alone_by_the_next_crawl_but_not_by_a_check(home, replay, product_page) -> None:
    replay.add("https://a.example/p/1", b"no", status=429)
    home.sources(SHOP)
    home.crawl("shop-a")
    replay.add("https://a.example/p/1", product_page())
    line = home.crawl("shop-a")["shop-a"]
    assert line["state"] == "left_alone"
    assert "left alone until" in line["faults"][0]
    assert len(replay.urls()) == 1
    _, out, _ = home.run("sources", "check", "shop-a", "--json")
    assert json.loads(out)["result"] == "ok"


def test_add_writes_a_working_entry_and_shows_its_offers(home, replay, product_page) -> None:
    replay.add("https://www.karten.de/rtx-4090", product_page(currency="EUR"))
    code, out, _ = home.run("sources", "add", "https://www.karten.de/rtx-4090")
    assert code == 0
    assert "1599.00 EUR  RTX 4090  in_stock" in out
    entry = tomllib.loads((home.folder / "sources.toml").read_text())["karten-de"]
    assert (entry["country"], entry["currency"], entry["tax_included"]) == ("DE", "EUR", True)
    assert home.crawl("karten-de")["karten-de"]["offers"] == 1


def test_add_finds_a_shop_systems_own_answers(home, replay) -> None:
    variants = [{"id": 7, "title": "Default Title", "price": "1649.00", "available": True, "sku": "S7"}]
    product = {"title": "GeForce RTX 4090 24GB", "handle": "rtx-4090", "variants": variants}
    replay.add("https://cards.example/", "<html><body>Welcome</body></html>")
    replay.add("https://cards.example/products.json?limit=250&page=1", json.dumps({"products": [product]}))
    code, out, _ = home.run("sources", "add", "https://cards.example/", "--currency", "USD", "--json")
    assert code == 0
    added = json.loads(out)
    assert added["entry"]["reader"] == "shopify"
    assert added["offers"][0]["price"] == "1649.00"


@pytest.mark.parametrize(
    ("url", "code", "words"),
    [
        ("http://169.254.169.254/latest/meta-data/", 1, "GPU_LIMBO_ALLOW_PRIVATE_HOSTS"),
        ("file:///etc/passwd", 2, "is no web address"),
        ("https://nothing.example/", 1, "nothing was added"),
    ],
)
def test_add_refuses_what_it_cannot_or_must_not_read(home, url, code, words) -> None:
    got, out, err = home.run("sources", "add", url)
    assert (got, out) == (code, "")
    assert words in err
    assert not (home.folder / "sources.toml").exists()


def test_add_refuses_a_name_that_is_taken(home) -> None:
    code, _, err = home.run("sources", "add", "https://a.example/", "--name", "newegg")
    assert code == 2
    assert "--name" in err
