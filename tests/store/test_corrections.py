"""What the user says about titles holds for the offers that are stored, and for those that come."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from sqlmodel import select

from monitor.core.models import Money
from monitor.store import repo
from monitor.store.tables import OfferRow
from tests.conftest import NOW, make_offer

LATER = NOW + timedelta(hours=1)
DAY = timedelta(days=1)


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


def daily(session, at) -> dict[str, list[float]]:
    found = repo.series_as_of(session, at)
    return {one.key.gpu: one.prices.tolist() for one in found if one.key.stat == "median_offer"}


def week(session, *offers) -> None:
    """A week of daily crawls that see these offers, each day rolled up."""
    for day in range(7):
        at = NOW + day * DAY
        repo.add_offers(session, [replace(offer, seen_at=at) for offer in offers], at)
        repo.roll_up(session, at)


def test_daily_prices_of_the_past_follow_a_corrected_title(session):
    week(session, make_offer("RTX 4090", "150", title="odd words"), make_offer("RTX 4090", "1600"))
    end = NOW + 6 * DAY
    assert daily(session, end) == {"RTX 4090": [875.0] * 7}
    repo.correct_title(session, "odd words", "RTX 3060", end)
    assert daily(session, end) == {"RTX 4090": [1600.0] * 7, "RTX 3060": [150.0] * 7}
    repo.correct_title(session, "odd words", None, end)
    assert daily(session, end) == {"RTX 4090": [1600.0] * 7}


def test_days_whose_offers_were_thinned_out_are_left_as_they_are(session):
    week(session, make_offer("RTX 4090", "150", title="odd words"), make_offer("RTX 4090", "1600"))
    later = NOW + 40 * DAY
    repo.add_offers(session, [make_offer("RTX 4090", "150", title="odd words", seen_at=later)], later)
    repo.thin_out(session, later, keep_days=30)
    repo.correct_title(session, "odd words", "RTX 3060", later)
    assert daily(session, later)["RTX 4090"][:7] == [875.0] * 7


def test_doubts_that_nobody_settled_are_thinned_out_like_other_offers(session):
    repo.add_offers(session, [replace(make_offer(price="99"), quarantined=True), make_offer(title="other")], NOW)
    later = NOW + 40 * DAY
    repo.add_offers(session, [make_offer(title="other", seen_at=later)], later)
    assert repo.thin_out(session, later, keep_days=30) == 2
    assert repo.quarantined(session) == []


def test_a_change_of_mind_lets_offers_count_as_they_did(session):
    plain, doubted = make_offer("RTX 4090"), make_offer("RTX 4090", "99", url="https://shop.example/2")
    week(session, plain, replace(doubted, quarantined=True))
    end = NOW + 6 * DAY
    [(number, _)] = repo.quarantined(session)
    before = daily(session, end)
    repo.correct_title(session, plain.title, None, end)
    assert (repo.offers_as_of(session, end), repo.quarantined(session)) == ([], [])
    repo.correct_title(session, plain.title, "RTX 4090", end)
    assert [offer.price.amount for offer in repo.offers_as_of(session, end)] == [plain.price.amount]
    assert [row for row, _ in repo.quarantined(session)] == [number]
    assert daily(session, end) == before


def test_a_forgotten_correction_gives_stored_offers_back_to_what_the_title_says(session):
    week(session, make_offer("RTX 4090"))
    end = NOW + 6 * DAY
    before = daily(session, end)
    repo.correct_title(session, make_offer().title, "RTX 3090", end)
    assert repo.drop_title_correction(session, make_offer().title, "RTX 4090") == 1
    assert daily(session, end) == before
    assert [offer.gpu for offer in repo.offers_as_of(session, end)] == ["RTX 4090"]
    assert repo.drop_title_correction(session, "never corrected", "RTX 4090") == 0


def test_days_before_follow_when_a_sources_prices_are_doubted_afterwards(session):
    week(session, make_offer("RTX 4090", "1600"), make_offer("RTX 4090", "160", url="https://shop.example/2"))
    end = NOW + 6 * DAY
    cheap = select(OfferRow.id).where(OfferRow.price == Decimal(160))
    numbers = [number for number in session.exec(cheap) if number]
    assert daily(session, end) == {"RTX 4090": [880.0] * 7}
    repo.doubt_offers(session, numbers, "source fault: test", end)
    assert daily(session, end) == {"RTX 4090": [1600.0] * 7}
