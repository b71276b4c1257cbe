"""A served page -> a crawl -> the store -> a flip -> an e-mail and a signed webhook that really arrive."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path

import pytest
from lxml import html as lxml_html
from pytest_httpserver import HTTPServer
from standardwebhooks.webhooks import Webhook

from monitor.clock import utc_now
from monitor.core.models import AlertRule, Condition, Money, Offer
from monitor.jobs.rounds import Rounds
from monitor.notify.webhook import new_secret
from monitor.settings import load_settings
from monitor.store import repo
from monitor.store.engine import make_engine, session_scope

PAGE = """<!doctype html><html><head><title>{title}</title><script type="application/ld+json">
{{"@context": "https://schema.org", "@type": "Product", "name": "{title}", "offers": {{"@type": "Offer",
 "price": "{price}", "priceCurrency": "USD", "availability": "https://schema.org/InStock"}}}}</script></head>
<body><h1>{title}</h1><p>${price}</p></body></html>"""
SOURCE = '[corner-shop]\ncountry = "US"\ncurrency = "USD"\ncondition = "new"\nstarts = ["{url}"]\n'
CARDS = {"RTX 4090": 1599.0, "RTX 4080": 1199.0, "RTX 4070": 599.0, "RTX 4060": 299.0, "RX 7900 XTX": 999.0}
SECRET = new_secret()
LIMIT = Money(amount=Decimal(950), currency="USD")
RULES = [
    AlertRule(slug="calls", kind="signal_flip", gpu="RTX 4090", condition="new", region="US", needed=1, sightings=1),
    AlertRule(slug="deal", kind="price_below", gpu="RTX 4090", needed=1, sightings=1, threshold=LIMIT),
]


@pytest.fixture
def installation(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mailbox, httpserver: HTTPServer
) -> Path:
    """A home folder, a shop, a mailbox and a webhook, all on loopback."""
    monkeypatch.setenv("GPU_LIMBO_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("GPU_LIMBO_CONTACT", "owner@limbo.example")
    monkeypatch.setenv("GPU_LIMBO_ALLOW_PRIVATE_HOSTS", "localhost,127.0.0.1")
    monkeypatch.setenv("GPU_LIMBO_PUBLIC_URL", "https://limbo.example")
    monkeypatch.setenv("GPU_LIMBO_CHANNELS", f"{mailbox.url} webhook+{httpserver.url_for('/hook')}")
    monkeypatch.setenv("GPU_LIMBO_WEBHOOK_SECRET", SECRET)
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nAllow: /\n")
    page = PAGE.format(title="ASUS GeForce RTX 4090 TUF 24GB", price="949.00")
    httpserver.expect_request("/p/1").respond_with_data(page, content_type="text/html")
    (tmp_path / "sources.toml").write_text(SOURCE.format(url=httpserver.url_for("/p/1")), "utf-8")
    return tmp_path


def market(now: datetime) -> list[Offer]:
    """Two shops over a year: prices fall by 3 % a week until twelve weeks ago, and have risen by 2 % a week since."""
    offers: list[Offer] = []
    for week in range(52, 0, -1):
        factor = 0.97 ** (52 - week) if week >= 12 else 0.97**40 * 1.02 ** (12 - week)
        for gpu, msrp in CARDS.items():
            for shop in ("shop-a", "shop-b"):
                amount = Decimal(f"{msrp * 2 * factor:.2f}")
                seen_at = now - timedelta(weeks=week)
                offers.append(
                    Offer(
                        gpu=gpu, title=gpu, price=Money(amount=amount, currency="USD"), condition=Condition.NEW,
                        source=shop, region="US", seen_at=seen_at, stat="min_offer", n_obs=5,
                    )
                )  # fmt: skip
    return offers


def crawl() -> dict[str, object]:
    command = [sys.executable, "-m", "monitor", "crawl", "corner-shop", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout)


def leads_to(offer: str, mail: EmailMessage, change: dict[str, object]) -> None:
    """The price leads to the page that it was read from, and to its card: in the mail and for programs."""
    card = "https://limbo.example/gpu?gpu=rtx-4090&market=new-us-usd"
    html, plain = mail.get_body(("html",)), mail.get_body(("plain",))
    assert html is not None
    assert plain is not None
    assert {offer, card} < {str(a.get("href")) for a in lxml_html.fromstring(html.get_content()).iter("a")}
    said = (offer, card, "At corner-shop for 949.00 USD", "ASUS GeForce RTX 4090 TUF")
    assert all(one in plain.get_content() for one in said)
    assert (change["offer_url"], change["source"], change["unconfirmed"]) == (offer, "corner-shop", False)
    assert change["title"] == "ASUS GeForce RTX 4090 TUF 24GB"


def test_from_a_served_page_to_an_email_and_a_signed_webhook(
    installation: Path, database_url: str, mailbox, httpserver
):
    settings, engine = load_settings(), make_engine(database_url)
    then, now = utc_now() - timedelta(weeks=14), utc_now()
    with session_scope(engine) as session:
        repo.add_observations(session, market(now), repo.begin_import(session, "market.csv", then))
        for rule in RULES:
            repo.save_rule(session, rule, then)

    # fourteen weeks ago the market falls: wait, which is the first call and so no news
    before = Rounds(engine, settings, clock=lambda: then)
    before.update()
    with session_scope(engine) as session:
        [call] = [s for s in repo.latest_signals(session, gpu="RTX 4090", goal="") if s.condition is Condition.NEW]
        assert str(call.action) in ("wait", "limbo")
        assert repo.delivery_counts(session) == {}

    # today a page is served, crawled and stored, and the call is another one
    assert crawl()["offers"] == 1
    today = Rounds(engine, settings, clock=utc_now)
    today.update()
    for channel in today.channels:
        today.notify(channel)

    with session_scope(engine) as session:
        [call] = [s for s in repo.latest_signals(session, gpu="RTX 4090", goal="") if s.condition is Condition.NEW]
        assert str(call.action) == "buy_now"
        assert repo.delivery_counts(session) == {"sent": 4}
    mails = {str(mail["Subject"]): mail for mail in mailbox.mails}
    assert set(mails) == {"RTX 4090 new in US: buy now", "RTX 4090 new in US: 949.00 USD"}
    text = mails["RTX 4090 new in US: buy now"].get_body(("plain",)).get_content()
    assert "https://limbo.example/mute?token=" in text
    assert any(part.get_content_type() == "image/png" for part in mails["RTX 4090 new in US: buy now"].walk())

    posts = [request for request, _ in httpserver.log if request.path == "/hook"]
    bodies = [Webhook(SECRET).verify(request.data, dict(request.headers)) for request in posts]
    assert {body["type"] for body in bodies} == {"signal_flip", "price_below"}
    [flip] = [body for body in bodies if body["type"] == "signal_flip"]
    told = {"subject": "RTX 4090|new|US", "value": "buy_now", "still": False}
    assert [{name: change[name] for name in told} for change in flip["data"]["changes"]] == [told]
    assert datetime.fromisoformat(flip["timestamp"]).tzinfo == UTC

    [change] = next(body for body in bodies if body["type"] == "price_below")["data"]["changes"]
    leads_to(httpserver.url_for("/p/1"), mails["RTX 4090 new in US: 949.00 USD"], change)
    assert then < datetime.fromisoformat(change["seen_at"]) <= utc_now()

    # the next round has nothing to say
    today.update()
    for channel in today.channels:
        today.notify(channel)
    assert len(mailbox.mails) == 2
    engine.dispose()
