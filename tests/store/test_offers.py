import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.models import Availability, Billing, Condition, Market
from monitor.store import repo
from monitor.store.columns import from_micros, to_micros
from monitor.store.engine import session_scope
from tests.conftest import NOW, make_offer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def live(session, at=NOW, **asked):
    return repo.offers_as_of(session, at, **asked)


def test_an_offer_comes_back_as_it_went_in(session):
    offer = make_offer(
        price="0.123456",
        market=Market.CLOUD,
        billing=Billing.SPOT,
        condition=Condition.RENTAL,
        availability=Availability.LIMITED,
        quantity=8,
        seller="Händler „A“",
        sku="x-1",
        syntax="jsonld",
        snippet="0,12 €",
        reason="alias",
    )
    repo.add_offers(session, [offer], NOW)
    assert live(session) == [offer]


def test_the_same_price_again_is_no_new_row(session):
    assert repo.add_offers(session, [make_offer()], NOW) == repo.Counts(new=1)
    later = make_offer(seen_at=NOW + HOUR)
    assert repo.add_offers(session, [later], NOW + HOUR) == repo.Counts(known=1)
    assert repo.offer_count(session) == 1
    assert live(session, NOW + HOUR) == [later]


@pytest.mark.parametrize(
    "changes", [{"price": "1499.00"}, {"availability": Availability.OUT_OF_STOCK}], ids=["price", "availability"]
)
def test_a_change_is_a_new_row_and_the_newest_counts(session, changes):
    repo.add_offers(session, [make_offer()], NOW)
    changed = make_offer(seen_at=NOW + HOUR, **changes)
    assert repo.add_offers(session, [changed], NOW + HOUR).new == 1
    assert live(session, NOW + HOUR) == [changed]
    assert live(session, NOW) == [make_offer()]


@pytest.mark.parametrize(
    "changes", [{"title": "other"}, {"seller": "B"}, {"condition": Condition.USED}, {"region": "DE"}]
)
def test_another_article_is_another_offer(session, changes):
    repo.add_offers(session, [make_offer(), make_offer(**changes)], NOW)
    assert len(live(session)) == 2


def test_a_shop_may_rename_an_article_that_has_a_number(session):
    repo.add_offers(session, [make_offer(sku="1", title="a")], NOW)
    assert repo.add_offers(session, [make_offer(sku="1", title="b", seen_at=NOW + HOUR)], NOW + HOUR).known == 1


def test_nothing_recorded_later_is_visible(session):
    repo.add_offers(session, [make_offer(seen_at=NOW - DAY)], NOW)
    assert live(session, NOW - HOUR) == []
    assert len(live(session, NOW)) == 1


def test_an_old_sighting_fades_after_three_days(session):
    repo.add_offers(session, [make_offer()], NOW)
    assert live(session, NOW + 3 * DAY)
    assert not live(session, NOW + 3 * DAY + HOUR)


def test_a_longer_gap_starts_a_new_row_so_that_the_gap_stays_empty(session):
    repo.add_offers(session, [make_offer()], NOW)
    back = make_offer(seen_at=NOW + 10 * DAY)
    assert repo.add_offers(session, [back], NOW + 10 * DAY).new == 1
    assert not live(session, NOW + 6 * DAY)
    assert live(session, NOW + 10 * DAY) == [back]


def test_a_late_arrival_does_not_become_the_present_price(session):
    repo.add_offers(session, [make_offer(price="1500.00")], NOW)
    late = [make_offer(price="1400.00", seen_at=NOW - HOUR)]
    assert repo.add_offers(session, late, NOW + HOUR).new == 1
    assert repo.add_offers(session, late, NOW + HOUR).known == 1
    assert [offer.price.amount for offer in live(session, NOW + HOUR)] == [Decimal("1500.00")]


def test_one_batch_may_hold_an_article_twice(session):
    first, second = make_offer(price="10.00"), make_offer(price="11.00", seen_at=NOW + HOUR)
    assert repo.add_offers(session, [first, second, second], NOW + HOUR) == repo.Counts(new=2, known=1)
    assert live(session, NOW + HOUR) == [second]


def test_a_summary_is_refused_as_a_single_offer(session):
    with pytest.raises(ValueError, match="add_observations"):
        repo.add_offers(session, [make_offer(stat="min_offer")], NOW)


def test_market_and_gpu_narrow_the_question(session):
    repo.add_offers(session, [make_offer(), make_offer("RTX 3090"), make_offer(market=Market.CLOUD)], NOW)
    assert len(live(session, market=Market.CLOUD)) == 1
    assert [offer.gpu for offer in live(session, gpu="RTX 3090")] == ["RTX 3090"]


def test_a_quarantined_offer_counts_from_its_confirmation_on(session):
    repo.add_offers(session, [make_offer(quarantined=True)], NOW)
    assert live(session) == []
    [(offer_id, offer)] = repo.quarantined(session)
    assert offer.quarantined
    assert repo.confirm_quarantined(session, offer_id, NOW + HOUR)
    assert live(session, NOW) == []
    assert live(session, NOW + HOUR) == [make_offer()]
    assert not repo.confirm_quarantined(session, offer_id, NOW + HOUR)


def test_a_rejected_offer_never_counts_even_when_seen_again(session):
    repo.add_offers(session, [make_offer(quarantined=True)], NOW)
    assert repo.reject_quarantined(session, repo.quarantined(session)[0][0], NOW)
    repo.add_offers(session, [make_offer(seen_at=NOW + HOUR)], NOW + HOUR)
    assert live(session, NOW + HOUR) == []
    assert repo.quarantined(session) == []


def test_a_quarantined_price_that_is_believed_at_the_next_sighting_counts_from_then_on(session):
    repo.add_offers(session, [make_offer(quarantined=True)], NOW)
    repo.add_offers(session, [make_offer(seen_at=NOW + HOUR)], NOW + HOUR)
    assert live(session, NOW) == []
    assert len(live(session, NOW + HOUR)) == 1


def test_the_last_believed_price_stays_while_a_doubtful_one_waits(session):
    repo.add_offers(session, [make_offer()], NOW)
    repo.add_offers(session, [make_offer(price="1.00", quarantined=True, seen_at=NOW + HOUR)], NOW + HOUR)
    assert live(session, NOW + HOUR) == [make_offer()]


def test_the_history_of_a_gpu_tells_each_change_with_its_end(session):
    repo.add_offers(session, [make_offer()], NOW)
    repo.add_offers(session, [make_offer(seen_at=NOW + HOUR)], NOW + HOUR)
    cheaper = make_offer(price="1499.00", seen_at=NOW + 2 * HOUR)
    repo.add_offers(session, [cheaper], NOW + 2 * HOUR)
    told = repo.offer_history(session, "RTX 4090", NOW, NOW + 2 * HOUR)
    assert told == [(make_offer(), NOW + HOUR), (cheaper, NOW + 2 * HOUR)]


def test_a_naive_time_is_refused(session):
    with pytest.raises(Exception, match="time zone"):
        repo.add_offers(session, [make_offer(seen_at=NOW.replace(tzinfo=None))], NOW)


@given(st.decimals(min_value=0, max_value=10**12, places=6))
def test_money_is_exact_to_six_decimals(amount):
    assert from_micros(to_micros(amount)) == amount


def test_large_money_survives_the_database(session):
    offer = make_offer(price="1234567890123.45")
    repo.add_offers(session, [offer], NOW)
    assert live(session) == [offer]


def test_two_crawls_at_once_store_each_article_once(engine):
    offers = [make_offer(title=f"t{number}") for number in range(30)]
    counted: list[repo.Counts] = []

    def crawl(order: int) -> None:
        with session_scope(engine) as session:
            counted.append(repo.add_offers(session, offers[::order], NOW))

    threads = [threading.Thread(target=crawl, args=(order,)) for order in (1, -1, 1, -1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(count.new for count in counted) == [0, 0, 0, 30]
    with session_scope(engine) as session:
        assert repo.offer_count(session) == len(live(session)) == 30
