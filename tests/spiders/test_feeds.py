"""Feeds as they really are, as they should never be, and a crawl of them through the real engine."""

import os
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.catalog import load_headline_rules
from monitor.clock import utc_now
from monitor.core.models import SourceInfo
from monitor.rates import load_rates
from monitor.store import repo
from monitor.store.engine import make_engine, session_scope
from spiders.feed_entries import FeedEntry, read_date, read_feed
from spiders.feeds import read_entry
from spiders.sources import FEEDS, read_file

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
SHARED = Path(os.environ.get("GPU_LIMBO_SHARED", Path(__file__).parents[3] / "shared")).resolve()
SAVED = sorted(path.name for path in (SHARED / "data" / "feeds").glob("*.xml"))

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><language>en</language>
<item><title>AMD &amp; friends: Radeon RX 9070 GRE &eacute;tait &lt;b&gt;launched&lt;/b&gt;</title>
<link>https://n.example/1</link><pubDate>Sun, 01 Nov 2026 08:00:00 +0200</pubDate></item>
<item><title><![CDATA[RTX 6090 <i>rumoured</i> for Q1 2027]]></title><guid>https://n.example/2</guid>
<pubDate>yesterday</pubDate></item><item><description>no title</description></item></channel></rss>"""

RDF = """<?xml version="1.0" encoding="UTF-8"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>x</title></channel>
<item rdf:about="https://j.example/1"><title>GeForce RTX 5090が値下げ</title><link>https://j.example/1</link>
<dc:date>2026-10-30T09:00:00+09:00</dc:date></item></rdf:RDF>""".encode()

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><title type="html">Intel &amp;amp; Arc B770
 unveiled</title><link rel="self" href="https://a.example/feed"/><link href="https://a.example/1"/>
<updated>2026-10-31T10:00:00Z</updated></entry></feed>"""


def test_rss_titles_links_and_dates() -> None:
    first, second = read_feed(RSS).entries
    assert first.title == "AMD & friends: Radeon RX 9070 GRE était <b>launched</b>"
    assert (first.url, first.published) == ("https://n.example/1", datetime(2026, 11, 1, 6, tzinfo=UTC))
    assert second == FeedEntry(title="RTX 6090 <i>rumoured</i> for Q1 2027", url="https://n.example/2", published=None)


def test_rss_1_and_atom() -> None:
    assert read_feed(RDF).entries == (
        FeedEntry(
            title="GeForce RTX 5090が値下げ",
            url="https://j.example/1",
            published=datetime(2026, 10, 30, 0, 0, tzinfo=UTC),
        ),
    )
    (entry,) = read_feed(ATOM).entries
    assert (entry.url, entry.title) == ("https://a.example/1", "Intel &amp; Arc B770 unveiled")


@pytest.mark.parametrize("name", SAVED or ["none saved"])
def test_saved_feeds_read_as_feedparser_reads_them(shared: Path, name: str) -> None:
    body = (shared / "data" / "feeds" / name).read_bytes()
    theirs = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False).entries
    ours = read_feed(body).entries
    assert [entry.url for entry in ours] == [entry.get("link", "") for entry in theirs]
    assert [entry.published and entry.published.timetuple()[:6] for entry in ours] == [
        entry.published_parsed and tuple(entry.published_parsed)[:6] for entry in theirs
    ]


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<rss><channel><item><title>&b;</title></item></channel></rss>"
)
THIEF = (
    b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    b"<rss><channel><item><title>a &e;</title></item></channel></rss>"
)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "empty_answer"),
        (b"   \n", "empty_answer"),
        (b"<html><body>Access denied</body></html>", "not_a_feed"),
        (b'{"items": []}', "not_a_feed"),
        (b"\x00\x01\x02", "not_a_feed"),
        (BOMB, "entities_declared"),
        (THIEF, "entities_declared"),
        (b"<rss>" + b" " * (5 * 1024 * 1024 + 1), "too_large"),
    ],
    ids=["nothing", "blank", "html", "json", "bytes", "bomb", "thief", "large"],
)
def test_what_is_no_feed_says_why(body: bytes, problem: str) -> None:
    assert read_feed(body).problem == problem


def test_an_empty_feed_is_a_feed() -> None:
    assert read_feed(b"<rss version='2.0'><channel><title>x</title></channel></rss>").problem == ""


def test_a_feed_that_breaks_off_gives_what_came_before() -> None:
    assert len(read_feed(RSS[: RSS.index(b"<item><title><![CDATA")]).entries) == 1


def test_nesting_without_end_takes_no_time() -> None:
    body = b"<rss><channel><item><title>" + b"<b>" * 300_000
    begun = time.perf_counter()
    read_feed(body)
    assert time.perf_counter() - begun < 2


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_mangled_feeds_never_raise(data: st.DataObject) -> None:
    body = data.draw(st.sampled_from([RSS, RDF, ATOM]))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body)))
        body = body[:at] + data.draw(st.binary(max_size=6)) + body[at + data.draw(st.integers(0, 9)) :]
    for entry in read_feed(body).entries:
        assert entry.title
        assert entry.published is None or entry.published.tzinfo is UTC


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_a_date_or_none(text: str) -> None:
    found = read_date(text)
    assert found is None or found.tzinfo is UTC


FEED = SourceInfo(name="feed-a", kind="feed", language="en", starts=("https://n.example/feed",))


def event_of(title: str, published: datetime | None = NOW):
    entry = FeedEntry(title=title, url="https://n.example/1", published=published)
    return read_entry(entry, FEED, load_headline_rules(), NOW)


def test_an_entry_becomes_an_event() -> None:
    event = event_of("AMD announces Radeon RX 9070 GRE, launching <b>November 20</b>", NOW - timedelta(days=1))
    assert event is not None
    assert (event.event, event.gpus, event.expected_date) == ("announcement", ("RX 9070 GRE",), "2026-11-20")
    assert event.title == "AMD announces Radeon RX 9070 GRE, launching November 20"
    assert event.published_at == NOW - timedelta(days=1)


def test_what_says_nothing_to_a_buyer_is_passed_over() -> None:
    assert event_of("Ten ways to cook rice") is None
    assert event_of("GeForce NOW gets 14 games") is None


def test_a_date_in_the_future_or_none_is_the_time_of_sight() -> None:
    for published in (None, NOW + timedelta(days=30)):
        event = event_of("Nvidia launches RTX 5080 Super", published)
        assert event is not None
        assert event.published_at == NOW


def test_what_an_archive_repeats_is_no_news() -> None:
    assert event_of("Nvidia launches RTX 4090", NOW - timedelta(days=800)) is None


def test_shipped_feeds_cover_languages() -> None:
    feeds = read_file(FEEDS, "feed")
    assert len(feeds) >= 15
    assert len({feed.language for feed in feeds.values()}) >= 5
    assert all(feed.kind == "feed" and feed.language and feed.title for feed in feeds.values())


SOURCES = """
[feed-a]
kind = "feed"
language = "en"
starts = ["https://a.example/feed"]

[feed-b]
kind = "feed"
language = "en"
starts = ["https://b.example/feed"]

[feed-c]
kind = "feed"
language = "en"
starts = ["https://c.example/feed"]

[feed-d]
kind = "feed"
language = "en"
starts = ["https://d.example/feed"]
"""


RATES = """<Envelope xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><Cube><Cube time="2026-11-23">
<Cube currency="USD" rate="1.2"/></Cube></Cube></Envelope>"""


def feed_of(*titles: str) -> str:
    when = (utc_now() - timedelta(hours=5)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    items = "".join(
        f"<item><title>{title}</title><link>https://x.example/{hash(title)}</link><pubDate>{when}</pubDate></item>"
        for title in titles
    )
    return f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>'


def test_a_crawl_of_feeds_stores_one_story_once_and_asks_with_validators_the_second_time(home, replay) -> None:
    replay.add("https://a.example/feed", feed_of("Nvidia launches GeForce RTX 5080 Super", "My cat"), ETag='"1"')
    replay.add("https://b.example/feed", feed_of("RTX 5080 Super is now available: all about the card"))
    replay.add("https://c.example/feed", "<html>Access denied</html>")
    replay.add("https://d.example/feed", "", status=302, Location="https://d.example/feed")
    replay.add("https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist-90d.xml", RATES)
    home.sources(SOURCES)
    lines = home.crawl("feed-a", "feed-b", "feed-c", "feed-d", "ecb-rates")
    assert {name: (line["state"], line["offers"]) for name, line in lines.items()} == {
        "feed-a": ("ok", 1),
        "feed-b": ("ok", 1),
        "feed-c": ("failed", 0),
        "feed-d": ("failed", 0),
        "ecb-rates": ("ok", 1),
    }
    assert lines["feed-d"]["faults"] == ["https://d.example/feed: max redirections reached"]
    assert load_rates(home.folder).days[-1] == date(2026, 11, 23)
    with session_scope(make_engine(home.database)) as session:
        events = repo.news_as_of(session, utc_now())
        assert [event.event for event in events] == ["launch", "launch"]
        assert len({event.key for event in events}) == 1
        assert [r.reason for r in repo.rejections(session)] == ["not_a_feed"]
    home.crawl("feed-a")
    asked = [headers for url, headers in replay.asked if url == "a.example/feed"]
    assert [headers.get("If-None-Match") for headers in asked] == [None, '"1"']
    with session_scope(make_engine(home.database)) as session:
        assert len(repo.news_as_of(session, utc_now())) == 2
