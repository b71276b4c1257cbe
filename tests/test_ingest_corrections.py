"""A title that somebody puts right brings in what was refused under it, with its prices and days."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from monitor import ingest
from monitor.catalog import load_catalog
from monitor.core.models import Condition
from monitor.store import repo
from tests.test_ingest import NOW, OTHER, SHOP, THIRD, raw, read

MYSTERY = "Mystery card 24GB"


def test_what_was_refused_comes_in_as_soon_as_somebody_says_which_card_it_is(session) -> None:
    german = replace(SHOP, name="b2b", country="DE", currency="EUR", tax_included=False, condition=Condition.USED)
    read(session, raw("1000.00", MYSTERY, currency="EUR"), source=german)
    read(session, raw("1000.00", MYSTERY, currency="EUR"), source=german, at=NOW + timedelta(hours=12))
    assert [one.title for one in repo.rejections(session)] == [MYSTERY]
    done = ingest.correct_title(session, "  MYSTERY card 24gb", "RTX 4090", load_catalog(), NOW + timedelta(hours=13))
    assert (done.articles, done.offers, done.waiting) == (0, 1, 0)
    (offer,) = repo.offers_as_of(session, NOW + timedelta(hours=13))
    assert (offer.gpu, offer.price.amount, offer.price.currency) == ("RTX 4090", Decimal("1190.00"), "EUR")
    assert (offer.source, offer.region, offer.url, offer.sku) == ("b2b", "DE", "https://a.example/1", "A-1")
    assert offer.condition is Condition.USED
    assert offer.seen_at == NOW + timedelta(hours=12, minutes=5)
    assert offer.reason.startswith("corrected by you; tax added")
    assert repo.rejections(session) == []
    again = read(session, raw("1000.00", MYSTERY, currency="EUR"), source=german, at=NOW + timedelta(hours=24))
    assert (len(again.offers), again.new) == (1, 0)  # the same article, known by now


def test_what_came_in_is_weighed_like_any_price(session) -> None:
    for source, price in ((SHOP, "1599.00"), (OTHER, "1649.00"), (THIRD, "1620.00")):
        read(session, raw(price), source=source, at=NOW - timedelta(days=1))
    read(session, raw("199.00", MYSTERY, sku="M"), raw("1650.00", MYSTERY, sku="N"), at=NOW)
    done = ingest.correct_title(session, MYSTERY, "RTX 4090", load_catalog(), NOW + timedelta(hours=1))
    assert (done.offers, done.waiting) == (2, 1)
    prices = [offer.price.amount for offer in repo.offers_as_of(session, NOW + timedelta(hours=1))]
    assert Decimal("1650.00") in prices
    assert Decimal("199.00") not in prices


def test_every_price_of_a_refused_article_is_kept(session) -> None:
    for days, price in enumerate(("1700.00", "1650.00", "1600.00")):
        read(session, raw(price, MYSTERY), at=NOW + timedelta(days=days))
    later = NOW + timedelta(days=3)
    assert ingest.correct_title(session, MYSTERY, "RTX 4090", load_catalog(), later).offers == 1
    history = repo.offer_history(session, "RTX 4090", NOW, later)
    assert [str(offer.price.amount) for offer, _ in history] == ["1700.00", "1650.00", "1600.00"]


def test_a_price_that_the_text_does_not_show_is_no_price_of_the_days_before_it(session) -> None:
    for days, price in enumerate(("1700.00", "1600.00", "1600.00")):
        read(session, replace(raw(price, MYSTERY), snippet="a card"), at=NOW + timedelta(days=days))
    later = NOW + timedelta(days=3)
    assert ingest.correct_title(session, MYSTERY, "RTX 4090", load_catalog(), later).offers == 1
    history = repo.offer_history(session, "RTX 4090", NOW, later)
    (found,) = [(str(offer.price.amount), offer.seen_at.date(), last.date()) for offer, last in history]
    assert found == ("1600.00", (NOW + timedelta(days=1)).date(), (NOW + timedelta(days=2)).date())


def test_a_refused_title_whose_price_nobody_can_read_stays_refused(session) -> None:
    read(session, raw("call us", MYSTERY), raw("1600.00", "a bracket"))
    done = ingest.correct_title(session, MYSTERY, "RTX 4090", load_catalog(), NOW + timedelta(hours=1))
    assert done == ingest.Corrected()
    assert {one.title for one in repo.rejections(session)} == {MYSTERY, "a bracket"}
    assert ingest.correct_title(session, "a bracket", None, load_catalog(), NOW) == ingest.Corrected()
    assert len(repo.rejections(session)) == 2


def test_a_correction_that_is_taken_back_sets_aside_what_came_in_by_it(session) -> None:
    read(session, raw("1600.00", MYSTERY))
    later = NOW + timedelta(hours=1)
    ingest.correct_title(session, MYSTERY, "RTX 4090", load_catalog(), later)
    assert len(repo.offers_as_of(session, later)) == 1
    assert repo.drop_title_correction(session, MYSTERY, None) == 1
    assert repo.offers_as_of(session, later) == []
