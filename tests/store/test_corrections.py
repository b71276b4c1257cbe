"""What the user says about titles holds for the offers that are stored, and for those that come."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from monitor.core.models import Money
from monitor.store import repo
from tests.conftest import NOW, make_offer

LATER = NOW + timedelta(hours=1)


def test_stored_offers_follow_a_corrected_title(session):
    wrong = make_offer("RTX 4090", title="RTX 4090  waterblock Strix", url="https://shop.example/9")
    repo.add_offers(session, [wrong, make_offer("RTX 4090")], NOW)
    assert repo.correct_title(session, "rtx 4090 Waterblock strix", "RTX 3090", NOW) == 1
    gpus = {offer.title: offer.gpu for offer in repo.offers_as_of(session, NOW)}
    assert gpus == {"RTX 4090  waterblock Strix": "RTX 3090", "ASUS RTX 4090 Gaming": "RTX 4090"}


def test_what_is_no_gpu_counts_in_no_price(session):
    repo.add_offers(session, [make_offer("RTX 4090", title="RTX 4090 waterblock"), make_offer("RTX 4090")], NOW)
    assert repo.correct_title(session, "RTX 4090 waterblock", None, LATER) == 1
    assert [offer.title for offer in repo.offers_as_of(session, LATER)] == ["ASUS RTX 4090 Gaming"]


def test_a_later_sighting_joins_the_moved_article(session):
    offer = make_offer("RTX 4090", title="odd words")
    repo.add_offers(session, [offer], NOW)
    repo.correct_title(session, "odd words", "RTX 3090", NOW)
    cheaper = replace(offer, gpu="RTX 3090", price=Money(amount=Decimal(900), currency="USD"), seen_at=LATER)
    repo.add_offers(session, [cheaper], LATER)
    assert [(found.gpu, found.price.amount) for found in repo.offers_as_of(session, LATER)] == [("RTX 3090", 900)]


def test_a_correction_of_an_unseen_title_moves_nothing(session):
    repo.add_offers(session, [make_offer("RTX 4090")], NOW)
    assert repo.correct_title(session, "never seen", "RTX 3090", NOW) == 0
