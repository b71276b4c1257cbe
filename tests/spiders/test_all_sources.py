"""One crawl of everything that is shipped, against the replay server: the counts come out right, source by source."""

import json
from collections import Counter
from dataclasses import dataclass, field

import pytest

from monitor.clock import utc_now
from monitor.store import repo
from monitor.store.engine import make_engine, session_scope
from spiders.sources import load_sources

KEYS = ("GPU_LIMBO_EBAY_KEY", "GPU_LIMBO_BESTBUY_KEY", "GPU_LIMBO_KEEPA_KEY")
UNITS_FOR_A_DOLLAR = {"BDT": 120, "BRL": 6, "DKK": 7, "INR": 85, "JPY": 150, "NOK": 11, "PLN": 4, "SEK": 11, "TWD": 32,
                      "UAH": 41}  # fmt: skip

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>NVIDIA launches GeForce RTX 5090 today</title><link>https://{host}/rtx-5090</link>
<pubDate>{date}</pubDate></item>
<item><title>A recipe for apple pie</title><link>https://{host}/pie</link><pubDate>{date}</pubDate></item>
</channel></rss>"""
RATES = """<?xml version="1.0"?><gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
 xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><Cube><Cube time="2026-11-20">
 <Cube currency="USD" rate="1.1500"/><Cube currency="GBP" rate="0.8500"/></Cube></Cube></gesmes:Envelope>"""
VAST = {"gpu_name": "RTX 4090", "num_gpus": 1, "gpu_ram": 24564, "dph_total": 0.4, "machine_id": 7,
        "geolocation": "Sweden, SE", "rentable": True, "verification": "verified"}  # fmt: skip


@dataclass
class Expected:
    """What each source should come to: state, number of offers or headlines, and articles where searches overlap."""

    lines: dict[str, tuple[str, int]] = field(default_factory=dict)
    articles: dict[str, int] = field(default_factory=dict)


def price(currency: str) -> str:
    return f"{2000 * UNITS_FOR_A_DOLLAR.get(currency, 1)}.00"


def serve_shops(replay, expected: Expected, product_page) -> None:
    """Each start address of a shop shows one card of its own; three shops fail in ways of their own."""
    for source in load_sources().values():
        if source.kind != "shop" or source.reader != "page" or source.posture == "off":
            continue
        for start in source.starts:
            replay.add(start, product_page("ASUS GeForce RTX 5090 32GB", price(source.currency), source.currency))
        expected.lines[source.name] = ("ok", len(source.starts))
    walled, forbidding, broken = "alternate-de", "x-kom", "scorptec"
    sources = load_sources()
    replay.add(sources[walled].starts[0], b"Access denied", status=403)
    replay.add("https://www.x-kom.pl/robots.txt", "User-agent: *\nDisallow: /", Content_Type="text/plain")
    replay.add(sources[broken].starts[0], b"oops", status=404)
    expected.lines |= {walled: ("blocked", 0), forbidding: ("robots", 0), broken: ("failed", 0)}


def keepa_answer() -> dict[str, object]:
    """A card for 200,000, new, and 150,000, used, in the smallest coins of whichever country asks."""
    current = [-1, 200_000, 150_000, 0, -1, -1, -1]
    return {"products": [{"title": "GeForce RTX 4090 24GB", "asin": "B0", "stats": {"current": current}}]}


def shopify_answer(amount: str) -> dict[str, object]:
    """A card in two variants."""
    variants = [{"id": n, "title": f"V{n}", "price": amount, "available": True} for n in (1, 2)]
    return {"products": [{"title": "GeForce RTX 4090 24GB", "handle": "x", "variants": variants}]}


def serve_endpoints(replay, expected: Expected) -> None:
    """Two cards in the first answer of each official interface and shop system, nothing in the others."""
    sources = load_sources()
    replay.add("https://api.ebay.com/identity/v1/oauth2/token", json.dumps({"access_token": "t", "expires_in": 7200}))
    item = {"title": "GeForce RTX 4090 24GB", "price": {"value": "1400.00", "currency": "USD"}, "conditionId": "3000"}
    items = [{**item, "itemId": f"v1|{n}|0", "itemWebUrl": f"https://www.ebay.com/itm/{n}?x=1"} for n in (1, 2)]
    items.append({**items[0], "itemId": "v1|3|0", "conditionId": "7000"})
    card = {
        "sku": 1,
        "name": "GeForce RTX 5090 32GB",
        "salePrice": 1999.99,
        "onlineAvailability": True,
        "url": "https://b/1",
    }
    bestbuy = {"products": [card, {**card, "sku": 2}], "totalPages": 1}
    prices = {"price": "19999900", "currency_code": "INR", "currency_minor_unit": 2}
    woo = [{"id": n, "name": "GeForce RTX 4090 24GB", "permalink": f"https://w/{n}", "prices": prices} for n in (1, 2)]
    answers = {
        "ebay": {"itemSummaries": items},
        "bestbuy": bestbuy,
        "keepa": keepa_answer(),
        "woocommerce": woo,
    }
    for source in sources.values():
        units = UNITS_FOR_A_DOLLAR.get(source.currency, 1)
        answers["shopify"] = shopify_answer(f"{2000 * units}.00")
        if source.reader in answers:
            for start in source.starts:
                replay.add(start.partition("?")[0] + "*", json.dumps(answers[source.reader]))
            expected.lines[source.name] = ("ok", 2 * len(source.starts))
            expected.articles[source.name] = 2  # every search finds the same two


def serve_clouds_and_feeds(replay, expected: Expected, date: str) -> None:
    """One cloud that answers, the others away; every feed tells the same story, and one source the exchange rates."""
    for source in load_sources().values():
        if source.posture == "off":
            continue
        if source.kind == "cloud" and not source.key_setting:
            expected.lines[source.name] = ("failed", 0)
        elif source.kind == "feed":
            host = source.starts[0].split("/")[2]
            for start in source.starts:
                replay.add(start, RATES if source.reader == "ecb" else FEED.format(host=host, date=date))
            expected.lines[source.name] = ("ok", 1)
    replay.add("https://console.vast.ai/api/v0/bundles/", json.dumps({"offers": [VAST]}))
    expected.lines["vastai"] = ("ok", 1)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_crawl_of_all_sources_ends_with_the_right_counts(home, replay, product_page, monkeypatch) -> None:
    for name in KEYS:
        monkeypatch.setenv(name, "id:secret")
    expected = Expected()
    serve_shops(replay, expected, product_page)
    serve_endpoints(replay, expected)
    serve_clouds_and_feeds(replay, expected, "Sun, 22 Nov 2026 10:00:00 GMT")
    lines = home.crawl()
    found = {name: (line["state"], line["offers"]) for name, line in lines.items()}
    other = [line for name, line in lines.items() if found[name] != expected.lines.get(name)]
    assert found == expected.lines, json.dumps(other)
    with session_scope(make_engine(home.database)) as session:
        health = {one.source: one for one in repo.source_health(session)}
        news = repo.news_as_of(session, utc_now())
        stored = Counter(offer.source for offer in repo.offers_as_of(session, utc_now()))
    assert set(health) == set(expected.lines)
    sellers = {source.name for source in load_sources().values() if source.kind != "feed"}
    said = {name: count for name, (_, count) in expected.lines.items() if name in sellers and count}
    believed = said | expected.articles
    del believed["amazon-in"]  # a card for 2,000 rupees is kept, and not believed
    assert stored == believed
    assert {event.event for event in news} == {"launch"}
    assert len({event.key for event in news}) == 1
    faulty = {name for name, one in health.items() if one.fault}
    assert faulty == {name for name, (state, _) in expected.lines.items() if state != "ok"}
    assert not any("secret" in json.dumps(line) for line in lines.values())
