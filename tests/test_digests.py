"""The weekly digest: the same cards as the first page, in a real mail, whatever has happened."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import html as lxml_html
from sqlalchemy import Engine

from dashboard.goal_cards import goal_card
from dashboard.queries import base
from monitor.catalog import load_catalog
from monitor.clock import utc_now
from monitor.core.goal_card import card_of
from monitor.core.models import Action, Alert, AlertRule, Goal, Money, Verdict
from monitor.jobs.decide import decide
from monitor.jobs.digests import with_cards
from monitor.jobs.notify import notify
from monitor.jobs.preview import preview_rule
from monitor.notify import ChannelOptions, open_channels
from monitor.notify.cards import goal_cards
from monitor.notify.rendering import Links
from monitor.store import repo
from monitor.store.engine import open_store, session_scope
from tests.filled import fill_database

LINKS = Links(public_url="https://limbo.example", mute_key=b"key")
RULE = AlertRule(slug="weekly", kind="summary")
HOSTILE = "<script>alert(1)</script><img src=https://evil.example/x>"


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A year of prices with calls and scores, which the pages read too."""
    address = f"sqlite:///{tmp_path / 'gpu-limbo.db'}"
    monkeypatch.setenv("DATABASE_URL", address)
    base.forget()
    fill_database(address, utc_now())
    base.forget()
    return open_store(address)


def test_the_weekly_mail_carries_the_cards_of_the_first_page(filled: Engine, mailbox):
    now, catalog = utc_now(), load_catalog()
    [channel] = open_channels(mailbox.url, ChannelOptions(clock=utc_now, allow_private_hosts="127.0.0.1"))
    with session_scope(filled) as session:
        repo.save_rule(session, RULE, now)
        decide(session, catalog, now, [channel.name])  # the first look starts the clock
        pages = [goal_card(goal, None) for goal in catalog.goals.values()]
    for days in (8, 9, 14):  # nothing has changed, and it comes all the same; once a week
        with session_scope(filled) as session:
            decide(session, catalog, now + timedelta(days=days), [channel.name])
        notify(lambda: session_scope(filled), [channel], now + timedelta(days=days), LINKS)
    assert 1 <= len(mailbox.mails) <= 2
    mail = mailbox.mails[0]
    words = "Buy now|Rent now|Wait|Hardware limbo: wait|Cannot tell|No fresh price"
    assert re.match(rf"Weekly digest: ({words}) \(\d goal", mail["Subject"])
    assert mail["List-Unsubscribe"].startswith("<https://limbo.example/mute?token=")
    assert [part.get_content_type() for part in mail.walk()].count("image/png") == 1
    text = mail.get_body(("plain",)).get_content()
    html = lxml_html.fromstring(mail.get_body(("html",)).get_content())
    assert len(html.findall(".//h2")) == len(pages)
    for page in pages:
        card = lxml_html.fromstring(page)
        title, what = card.findtext(".//h3"), card.findtext(".//p[@class='gl-what']")
        assert title in text
        assert what in text
        assert title in html.text_content()
        assert what in html.text_content()
    filled.dispose()


GOAL = Goal(slug="g", title="One card", workload="lora-8b")
NOTHING = Verdict(goal="g", action=Action.NO_CALL, gpus=(), signals=(), reasons=(), as_of=utc_now())


def summary(**payload: object) -> Alert:
    values = {"kind": "summary", "goal": "", "changes": [], **payload}
    return Alert(key="k", rule="weekly", subject="Weekly digest", body="", payload=values, created_at=utc_now())


@pytest.mark.parametrize(
    ("verdicts", "subject"),
    [
        ([NOTHING], "Weekly digest: Cannot tell: No card to name"),
        ([NOTHING] * 3, "Weekly digest: Cannot tell (3 goals)"),
        ([], "Weekly digest"),
    ],
)
def test_the_subject_says_the_verdict(verdicts: Sequence[Verdict], subject: str):
    assert with_cards(summary(), [GOAL], verdicts, utc_now()).subject == subject


def test_a_digest_for_one_goal_has_its_card_only():
    other = Goal(slug="h", title="Another", workload="lora-8b")
    verdicts = [NOTHING, Verdict(**{**vars(NOTHING), "goal": "h"})]
    cards = with_cards(summary(goal="h"), [GOAL, other], verdicts, utc_now()).payload["cards"]
    assert [card["title"] for card in cards] == ["Another"]


def test_an_alert_that_is_no_digest_stays_as_it_is():
    alert = summary(kind="signal_flip")
    assert with_cards(alert, [GOAL], [NOTHING], utc_now()) is alert


def test_a_card_without_prices_says_so_and_needs_no_figures():
    card = card_of(GOAL, NOTHING, utc_now(), str)
    assert (card.verdict, card.facts, card.note) == ("Cannot tell", (), "No prices for this yet.")


@pytest.mark.parametrize("cards", [None, "text", [], [1], [{}], [{"facts": [["a"]], "reasons": "x"}]])
def test_whatever_stands_in_the_payload_is_drawn_or_left_out(cards: object):
    assert isinstance(goal_cards(cards), str)


def test_hostile_words_in_a_card_are_text():
    names = ("title", "verdict", "what", "note", "action")
    drawn = goal_cards([{**dict.fromkeys(names, HOSTILE), "facts": [[HOSTILE, HOSTILE]], "reasons": [HOSTILE]}])
    page = lxml_html.fromstring(f"<div>{drawn}</div>")
    assert not list(page.iter("script", "img"))
    assert not re.search(r"[^-]color\s*:|background", drawn)  # light or dark is the reader's choice


def test_before_it_is_kept_it_says_when_it_comes(session, now, catalog_of: Callable[[], object]):
    assert preview_rule(session, catalog_of(), RULE, now, now).sentence == (
        "It comes every Monday morning, whatever has happened."
    )


@pytest.fixture
def catalog_of() -> Callable[[], object]:
    return load_catalog


def test_money_in_a_letter_is_plain():
    from monitor.jobs.digests import _money

    assert _money(Money(amount=Decimal("1599.5"), currency="EUR")) == "1,600 EUR"
    assert _money(Money(amount=Decimal("2.49"), currency="USD")) == "2.49 USD"
