"""What a message looks like: safe, self-contained, the same at every try, with a link that mutes."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from PIL import Image

from monitor.core.models import Alert
from monitor.core.mute import LINK_LASTS, mute_token, muted_rule
from monitor.notify import chart as pictures
from monitor.notify.chart import price_chart
from monitor.notify.rendering import Links, message_of

NOW = datetime(2026, 11, 1, tzinfo=UTC)
CHART = {"title": "RTX 4090 new", "currency": "USD", "points": [[20000, 1599.0], [20100, 1499.0]], "msrp": 1599.0}
ALERT = Alert(
    key="k1",
    rule="calls",
    subject="RTX 4090: wait",
    body="RTX 4090: wait (1499 USD).\nRTX 3090: buy now.",
    payload={"kind": "signal_flip", "chart": CHART, "changes": []},
    created_at=NOW,
)
LINKS = Links(public_url="https://limbo.example/", mute_key=b"key")
HOSTILE = "<script>alert(1)</script>\"'><img src=https://evil.example/x onerror=alert(1)>\r\nBcc: a@b.c\x1b[31m\u202e"


def test_text_and_html_say_the_same_and_the_picture_travels_inside():
    message = message_of(ALERT, LINKS)
    page = lxml_html.fromstring(message.html)
    assert "RTX 3090: buy now." in message.text
    assert "RTX 3090: buy now." in page.text_content()
    assert [image.get("src") for image in page.iter("img")] == ["cid:chart"]
    assert all(image.get("alt") for image in page.iter("img"))
    assert "chart" not in message.data
    assert message.id == "k1"


def test_nothing_is_fetched_from_elsewhere_and_nothing_runs():
    message = message_of(replace(ALERT, subject=HOSTILE, body=HOSTILE), LINKS)
    page = lxml_html.fromstring(message.html)
    assert not list(page.iter("script", "link", "iframe", "object", "style"))
    assert [element.get("src") for element in page.iter() if element.get("src")] == ["cid:chart"]
    assert all(str(a.get("href")).startswith("https://limbo.example") for a in page.iter("a"))
    assert not [name for element in page.iter() for name in element.attrib if str(name).startswith("on")]
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e]", message.text + message.subject)
    assert "\n" not in message.subject


def test_both_colour_schemes_are_named_and_no_colour_is_forced_on_text():
    message = message_of(ALERT, LINKS)
    assert '<meta name="color-scheme" content="light dark">' in message.html
    assert not re.search(r"[^-]color\s*:", message.html.replace("color-scheme", ""))
    assert "background" not in message.html


def test_the_message_is_the_same_at_every_try():
    assert message_of(ALERT, LINKS) == message_of(ALERT, LINKS)


def test_without_an_address_of_the_dashboard_there_are_no_links():
    message = message_of(ALERT, Links(mute_key=b"key"))
    assert message.mute_url == ""
    assert "<a " not in message.html


def test_a_message_without_prices_has_no_picture():
    message = message_of(replace(ALERT, payload={}), LINKS)
    assert message.png is None
    assert "<img" not in message.html


def test_the_mute_link_names_the_rule_and_ends():
    token = message_of(ALERT, LINKS).mute_url.partition("token=")[2]
    assert muted_rule(b"key", token, NOW) == "calls"
    assert muted_rule(b"key", token, NOW + LINK_LASTS) == "calls"
    assert muted_rule(b"key", token, NOW + LINK_LASTS + timedelta(seconds=1)) is None
    assert muted_rule(b"other key", token, NOW) is None


@given(st.text(max_size=80))
def test_no_text_that_somebody_makes_up_mutes_anything(token: str):
    assert muted_rule(b"key", token, NOW) is None


@given(st.integers(0, 200), st.integers(1, 255))
def test_a_link_that_was_changed_in_one_place_is_no_good(place: int, change: int):
    token = mute_token(b"key", "calls", NOW)
    at = place % len(token)
    forged = token[:at] + chr(ord(token[at]) ^ change) + token[at + 1 :]
    assert muted_rule(b"key", forged, NOW) is None or _same_bytes(token, forged)


def _same_bytes(token: str, forged: str) -> bool:
    """The last character of base64 carries unused bits: another spelling of the same signature is no forgery."""
    from monitor.core import mute

    return all(mute._bytes(a) == mute._bytes(b) for a, b in zip(token.split("."), forged.split("."), strict=True))


def test_the_picture_is_a_small_png_with_a_background_of_its_own():
    png = price_chart(CHART)
    assert png is not None
    assert len(png) < 30_000
    image = Image.open(io.BytesIO(png))
    assert (image.format, image.width) == ("PNG", 1136)
    assert image.convert("RGB").getpixel((2, 2)) == (255, 255, 255)


POINTS = st.lists(st.tuples(st.integers(0, 30_000), st.floats(0.001, 1e7)), max_size=60).map(sorted)


@settings(deadline=None, max_examples=25)
@given(POINTS, st.none() | st.floats(1, 1e6))
def test_any_prices_can_be_drawn(points: list[tuple[int, float]], msrp: float | None):
    png = price_chart({"title": "x", "currency": "USD", "points": points, "msrp": msrp})
    assert (png is None) == (len(points) < 2)


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.005), (0.31, 0.33), (1.95, 2.35), (24.0, 31.0), (0.0, 90_000.0)])
def test_the_lines_of_the_picture_are_told_apart_at_any_price(low: float, high: float):
    places, labels = zip(*pictures._labelled(low, high), strict=True)
    assert len(set(labels)) == 3
    step = (high - low) / 2
    assert [float(label.replace(",", "")) for label in labels] == pytest.approx(places, abs=step / 10)


@pytest.mark.parametrize("chart", [{}, {"points": []}, {"points": [[1, 2.0]]}])
def test_too_few_prices_give_no_picture(chart: dict[str, object]):
    assert price_chart(chart) is None


OFFER = {
    "subject": "RTX 4090|new|US", "value": "1", "still": False, "line": "RTX 4090: 949.00 USD", "currency": "USD",
    "offer_url": "https://shop.example/p?a=1&b=2", "source": "corner-shop", "title": "ASUS RTX 4090", "per": "card",
    "price": {"amount": "949.00", "currency": "USD"}, "seen_at": "2026-11-01T09:30:00+00:00", "unconfirmed": True,
    "card_page": "/gpu?gpu=rtx-4090&market=new-us-usd",
}  # fmt: skip
CARD = "https://limbo.example/gpu?gpu=rtx-4090&market=new-us-usd"


def about(*changes: object) -> Alert:
    return replace(ALERT, payload={"kind": "price_below", "changes": list(changes)})


def links_in(page: str) -> dict[str, str]:
    return {str(a.get("href")): a.text_content() for a in lxml_html.fromstring(page).iter("a")}


def test_a_price_leads_to_its_offer_and_to_its_card():
    message = message_of(about(OFFER), LINKS)
    told = "At corner-shop for 949.00 USD, unconfirmed, so look at it twice, seen 2026-11-01 09:30 UTC: ASUS RTX 4090"
    assert told in message.text.splitlines()
    assert told in lxml_html.fromstring(message.html).text_content()
    assert links_in(message.html)["https://shop.example/p?a=1&b=2"] == "Offer at shop.example"
    assert CARD in links_in(message.html)
    assert "Offer at shop.example: https://shop.example/p?a=1&b=2" in message.text.splitlines()
    assert f"This card on the dashboard: {CARD}" in message.text.splitlines()
    assert message.data["changes"] == [{k: v for k, v in OFFER.items() if k != "card_page"} | {"card_url": CARD}]


def test_without_an_address_of_the_dashboard_only_the_offer_is_linked():
    message = message_of(about(OFFER), Links())
    assert list(links_in(message.html)) == ["https://shop.example/p?a=1&b=2"]
    assert "/gpu" not in message.text + message.html + str(message.data)


def test_several_changes_stand_apart_in_plain_text():
    plain = {"subject": "x", "value": "1", "still": False, "line": "RTX 3090: buy now."}
    lines = message_of(about(plain, OFFER, plain, OFFER), Links()).text.splitlines()
    assert [line for line in lines if not line] == ["", "", ""]
    assert (lines[0], lines[1], lines[-1]) == (
        plain["line"],
        "",
        "Offer at shop.example: https://shop.example/p?a=1&b=2",
    )


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://u:p@shop.example/", "//evil.example", HOSTILE, None, 7, ""]
)
def test_an_address_that_does_not_pass_is_no_link_even_if_it_was_stored(url: object):
    message = message_of(
        about(OFFER | {"offer_url": url, "title": HOSTILE, "source": HOSTILE, "line": HOSTILE}), Links()
    )
    page = lxml_html.fromstring(message.html)
    assert links_in(message.html) == {}
    assert not list(page.iter("script", "img"))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e]", message.text)
    assert len(message.text.splitlines()) == 2


def test_an_alert_that_was_stored_before_there_were_offers_is_told_as_it_was():
    old = replace(ALERT, payload={"kind": "price_below", "changes": [{"subject": "x", "value": "1", "still": False}]})
    assert message_of(old, Links()).text == ALERT.body
    assert message_of(old, Links()).data["changes"] == [{"subject": "x", "value": "1", "still": False}]
