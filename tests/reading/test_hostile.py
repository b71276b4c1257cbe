"""Pages made to break a reader: each ends within seconds with a reason, and what is good beside the bomb is read."""

import gzip
import json
import time
import tracemalloc
from pathlib import Path

import pytest

from monitor.reading.page import PageReading, read_page

GOOD_BLOCK = (
    b'<script type="application/ld+json">{"@type":"Product","name":"ASUS TUF RTX 4080 16GB",'
    b'"offers":{"price":"1199.00","priceCurrency":"USD","availability":"InStock"}}</script>'
)
GOOD_BODY = b"<h1>ASUS TUF RTX 4080 16GB</h1><p>$1,199.00</p>"
LIMIT_SECONDS = 5.0


def timed(body: bytes, url: str = "https://shop.example/1") -> PageReading:
    start = time.process_time()
    reading = read_page(body, url)
    assert time.process_time() - start < LIMIT_SECONDS
    return reading


BOMBS = {
    "ten megabytes of brackets": b'<script type="application/ld+json">' + b"[" * 10_000_000 + b"</script>",
    "deep braces in a small block": b'<script type="application/ld+json">' + b'{"a":' * 50_000 + b"</script>",
    "ten thousand attributes": b"<a " + b" ".join(b"a%d=1" % i for i in range(100_000)) + b">x</a>",
    "attributes hidden behind a quote": b'<a x=">" ' + b" ".join(b"a%d" % i for i in range(100_000)) + b">x</a>",
    "many tags with many attributes": (b"<i " + b" ".join(b"b%d" % i for i in range(150)) + b">") * 2_000,
    "a script that does not end in sight": b"<script>" + b"x=1;" * 1_500_000 + b"</script>",
    "digits without end": b"<p>" + b"1.234" * 200_000 + b"</p>",
    "prices without end": b"<p>" + b"$1,299.00 " * 50_000 + b"</p>",
    "links without end": b"<ul>" + b'<li><a href="/x">RTX 4090 card</a> $1</li>' * 20_000 + b"</ul>",
    "dots between names and prices": (b"<li><a href=/x>" + b"." * 600 + b" RTX 4090</a> $999.00</li>") * 9,
    "spaces within a block": b'<script type="application/ld+json">{"a": 1,' + b" " * 1_000_000 + b'"b": }</script>',
    "a list below one number": b"<p>" + b"1" * 500_000 + b"</p>" + b"<li><a href=/x>RTX 4090 card</a> $999.00</li>" * 9,
    "a list below digits": b"<p>" + b"1 " * 300_000 + b"</p>" + b"<li><a href=/x>RTX 4090 card</a> $999.00</li>" * 9,
    "a long row of siblings": b"<ul>" + b"<li>text $1</li>" * 60_000 + b"</ul>",
    "quotes and backslashes": b'<script type="application/ld+json">{"a":"' + b'\\"' * 200_000 + b"</script>",
    "commas before nothing": b'<script type="application/ld+json">[' + b", " * 300_000 + b"</script>",
    "digits behind a word for a code": b"<p>$1,199.00</p><p>with code " + b"1" * 100_000 + b"</p><p>end</p>",
    "open comments": b'<script type="application/ld+json">{' + b"/* " * 200_000 + b"</script>",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_costs_only_itself(bomb: bytes) -> None:
    reading = timed(b"<html><head><title>ASUS TUF RTX 4080</title>" + bomb + GOOD_BLOCK + b"</head>" + GOOD_BODY)
    assert [(offer.price_text, offer.currency) for offer in reading.offers[:1]] == [("1199.00", "USD")]


def test_deep_nesting_ends_and_says_what_it_could_read() -> None:
    reading = timed(b"<html><head>" + GOOD_BLOCK + b"</head><body>" + GOOD_BODY + b"<div>" * 300_000)
    assert reading.offers[0].price_text == "1199.00"


def test_a_page_over_twenty_megabytes_is_refused_at_once() -> None:
    reading = timed(b"<p>" + b"x" * 20_000_001)
    assert reading == PageReading(rejections=(("too_large", "20000004 bytes"),))


@pytest.mark.parametrize(
    "body", [b"", b"\x00\x00", b"   ", b"\xff\xfe", b"<", b"{", b"[", b"<!--", b"<html", b"null", b"[1, 2]"]
)
def test_scraps_yield_a_reason_and_no_offer(body: bytes) -> None:
    reading = timed(body)
    assert reading.offers == ()
    assert reading.rejections


def test_wrong_and_unknown_encodings_are_survived() -> None:
    text = '<meta charset="windows-1252"><h1>Miele Wärmepumpe TCF620</h1><p>€ 1249,--</p>'
    for data, encoding in [
        (text.encode("cp1252"), None),
        (text.encode("utf-8"), "utf-8"),
        (text.encode("cp1252"), "no-such"),
    ]:
        offer = timed_encoding(data, encoding).offers[0]
        assert (offer.title, offer.price_text, offer.currency) == ("Miele Wärmepumpe TCF620", "1249", "EUR")


def timed_encoding(data: bytes, encoding: str | None) -> PageReading:
    return read_page(data, "https://shop.example/1", encoding=encoding)


def test_text_encoded_twice_is_repaired() -> None:
    rows = "".join(
        f"<li><a href='/p/{n}'>Karta graficzna RTX 3080 wersja {n}</a><b>{n} 899,00 zł</b>Dostępny</li>"
        for n in range(1, 6)
    )
    page = f"<meta charset=utf-8><title>Karty graficzne ąęłżź ąęłżź</title><h1>Wyniki</h1><ul>{rows}</ul>"
    mangled = page.encode("utf-8").decode("cp1252", "replace").encode("utf-8")
    reading = timed(mangled)
    assert [offer.currency for offer in reading.offers] == ["PLN"] * 5


@pytest.mark.parametrize("url", ["", "http://[", "javascript:alert(1)", "https://" + "a" * 5000, "ftp://x/y"])
def test_any_address_is_survived_and_no_script_address_comes_out(url: str) -> None:
    body = b"<html><h1>RTX 4090 Gaming OC</h1><p>$1,599.00</p>" + GOOD_BLOCK.replace(
        b'"offers"', b'"url":"javascript:alert(1)","offers"'
    )
    for offer in timed(body, url).offers:
        assert not offer.url.startswith("javascript")


def test_the_shared_hostile_pages_end_in_time(shared: Path) -> None:
    for path in sorted((shared / "data" / "pages" / "handmade").iterdir()):
        data = path.read_bytes()
        timed(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)


def test_prices_that_are_none_are_said_to_be_none() -> None:
    for price in ("1e309", "NaN", "-5", 0, None, True, [], {"a": 1}, "0.00", "free"):
        block = json.dumps(
            {"@type": "Product", "name": "RTX 3090 SUPRIM", "offers": {"price": price, "priceCurrency": "USD"}}
        )
        reading = timed(f'<script type="application/ld+json">{block}</script><h1>RTX 3090 SUPRIM</h1>'.encode())
        assert reading.offers == ()
        assert {"unreadable_price", "no_price"} & {reason for reason, _ in reading.rejections}


@pytest.mark.parametrize("kind", ["Offer", "Product"])
def test_offers_within_offers_without_end_raise_nothing(kind: str) -> None:
    opened = f"<div itemprop=offers itemscope itemtype='https://schema.org/{kind}'><b itemprop=price>5"
    assert timed(GOOD_BODY + opened.encode() * 5_000) is not None


def test_offers_that_refer_to_further_offers_twice_each_come_to_an_end() -> None:
    things = [{"@type": "Product", "name": "RTX 3090 SUPRIM", "offers": {"@id": "#0"}}]
    for number in range(22):
        further = [{"@id": f"#{number + 1}", "price": 5}] * 2
        things.append({"@type": "Offer", "@id": f"#{number}", "price": 5, "offers": further})
    things.append({"@type": "Offer", "@id": "#22", "price": 5})
    block = f'<script type="application/ld+json">{json.dumps(things)}</script>'
    assert timed(block.encode() + GOOD_BODY) is not None


def test_one_line_of_many_megabytes_takes_neither_its_time_nor_its_memory_many_times() -> None:
    text = b"&lt;$5 1 234 with code " * 500_000
    tracemalloc.start()
    try:
        assert timed(GOOD_BLOCK + GOOD_BODY + b"<p>" + text).offers[0].price_text == "1199.00"
        assert tracemalloc.get_traced_memory()[1] < 300_000_000
    finally:
        tracemalloc.stop()
