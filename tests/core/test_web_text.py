"""What a shop may have written, and what becomes of it before a person sees it."""

import re
from unicodedata import category
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.web_text import LONGEST_ADDRESS, LONGEST_TITLE, host_of, shown_title, web_address

PASSES = {
    "https://shop.example/1": "https://shop.example/1",
    "HTTPS://Shop.Example:8443/A?b=1&c=2#d": "https://shop.example:8443/A?b=1&c=2#d",
    "http://localhost:80/p/1": "http://localhost:80/p/1",
    "https://shop.example/rtx 4090/%C3%BC": "https://shop.example/rtx%204090/%C3%BC",
    "https://shop.example/100%": "https://shop.example/100%25",
    "https://m\u00fcller.example/": "https://xn--mller-kva.example/",
    "https://[2001:db8::1]/x": "https://[2001:db8::1]/x",
    "https://shop.example/@me/(a)*[b]'\"<c>`|~": "https://shop.example/%40me/%28a%29%2A%5Bb%5D%27%22%3Cc%3E%60%7C%7E",
}
DOES_NOT = [
    "", "//shop.example", "/p/1", "shop.example/1", "javascript:alert(1)", "data:text/html,<script>", "ftp://shop.example/",
    "mailto:a@shop.example", "file:///etc/passwd", "http://", "http:///x", "https:/shop.example", "http://[", "https://[::1%25x]/",
    "https://user@shop.example/", "https://user:pw@shop.example/", "https://shop.example@evil.example/", "https://@evil.example/",
    "https://shop.example\\@evil.example/", "https://evil.example\\.shop.example/", "https:\\\\evil.example",
    "https://shop.example/\r\nBcc: all", "https://shop.example/\t", "https://shop.example/\x00", "https://shop.example/\u202egpj.exe",
    "java\nscript:alert(1)", "https://shop .example/", "https://shop..example/", "https://<b>/", "https://sh\"op.example/",
    "https://shop.example:99999/", "https://shop.example:x/", "https://stra\u00dfe.example/", "https://\ud800.example/",
    "https://api.example/prices?api_key=abc", "https://api.example/?a=1&access_token=abc",
    "https://shop.example/" + "x" * 2000, "https://shop.example/" + "\u00fc" * 700,
]  # fmt: skip


@pytest.mark.parametrize(("url", "expected"), PASSES.items())
def test_an_ordinary_address_is_written_so_that_nothing_takes_it_for_markup(url: str, expected: str):
    assert web_address(url) == expected


@pytest.mark.parametrize("url", DOES_NOT)
def test_what_is_no_plain_address_of_the_web_becomes_no_link(url: str):
    assert web_address(url) == ""


@given(st.text(max_size=60).map(lambda rest: f"https://shop.example/{rest}") | st.text(max_size=60))
def test_what_passes_holds_no_markup_leads_where_it_says_and_passes_again(url: str):
    found = web_address(url)
    if found:
        assert re.fullmatch(r"https?://[A-Za-z0-9%/?:;=&+$,.!#_\[\]-]+", found)
        assert len(found) <= LONGEST_ADDRESS
        assert host_of(found)
        assert "@" not in urlsplit(found).netloc
        assert web_address(found) == found
    if url.startswith("https://shop.example/") and found:
        assert host_of(found) == "shop.example"


TITLES = {
    "ASUS GeForce RTX 4090 24GB GDDR6X 384-bit 1008 GB/s": "ASUS GeForce RTX 4090 24GB GDDR6X 384-bit 1008 GB/s",
    "RTX 4090\r\nBcc: all\x1b[31m": "RTX 4090 Bcc: all [31m",
    "RTX\u00a04090 \u202egnp.exe\u200b\ufeff\ud800": "RTX 4090 gnp.exe",
    "RTX 4090 [win](https://evil.example) www.evil.example evil.example/x mailto:a@b.c": "RTX 4090 … … … …",
}


@pytest.mark.parametrize(("title", "expected"), TITLES.items())
def test_a_title_is_one_line_without_addresses_or_hidden_characters(title: str, expected: str):
    assert shown_title(title) == expected


@given(st.text(max_size=400))
def test_any_title_is_short_and_can_be_shown(title: str):
    shown = shown_title(title)
    assert len(shown) <= LONGEST_TITLE
    assert not [char for char in shown if category(char)[0] == "C"]
    assert "://" not in shown
    assert shown_title(shown) == shown


def test_a_title_that_goes_on_for_ever_takes_no_time():
    assert shown_title("a." * 1_000_000).endswith("…")
