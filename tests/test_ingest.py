"""Raw offers against a real database: what is believed, what waits, what is refused, and that nothing is lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from monitor import ingest
from monitor.catalog import load_catalog
from monitor.core.models import Availability, Condition, Offer, RawOffer, Rejection, SourceInfo
from monitor.core.source_memory import CrawlFacts
from monitor.store import repo

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
SHOP = SourceInfo(name="shop-a", country="US", currency="USD", condition=Condition.NEW)
OTHER = replace(SHOP, name="shop-b")
THIRD = replace(SHOP, name="shop-c")


def raw(price: str = "1599.00", title: str = "ASUS GeForce RTX 4090 TUF 24GB", **changes: object) -> RawOffer:
    values: dict[str, object] = {
        "title": title, "price_text": price, "currency": "USD", "url": "https://a.example/1", "sku": "A-1",
        "availability": Availability.IN_STOCK, "syntax": "jsonld", "snippet": f"price: {price}",
    }  # fmt: skip
    return RawOffer(**{**values, **changes})  # type: ignore[arg-type]


def read(session, *raws: RawOffer, source: SourceInfo = SHOP, at: datetime = NOW) -> ingest.Ingested:
    """One crawl of one source at a time of its own."""
    catalog = load_catalog()
    known = ingest.gather(session, catalog, at)
    return ingest.ingest_offers(session, raws, source, catalog, at + timedelta(minutes=5), known)


def counted(session, at: datetime) -> list[Decimal]:
    return sorted(offer.price.amount for offer in repo.offers_as_of(session, at + timedelta(minutes=10)))


@pytest.fixture
def market(session):
    """Three shops that ask about 1,600 for a new RTX 4090 since a day."""
    for source, price in ((SHOP, "1599.00"), (OTHER, "1649.00"), (THIRD, "1620.00")):
        read(session, raw(price), source=source, at=NOW - timedelta(days=1))
    return session


@pytest.mark.parametrize(
    ("title", "price", "reason"),
    [
        ("ASUS GeForce RTX 4090 TUF 24GB", "call for price", "unreadable_price"),
        ("EKWB water block for RTX 4090", "149.00", "accessory"),
        ("A very nice toaster", "29.00", "not_a_gpu"),
    ],
)
def test_what_cannot_be_used_is_kept_with_its_reason(session, title, price, reason) -> None:
    result = read(session, raw(price, title))
    assert [rejection.reason for rejection in result.rejections] == [reason]
    (kept,) = repo.rejections(session)
    assert (kept.reason, kept.title, kept.url) == (reason, title, "https://a.example/1")


def test_every_offer_leads_back_to_its_page(session) -> None:
    read(session, raw())
    (offer,) = repo.offers_as_of(session, NOW + timedelta(hours=1))
    assert (offer.url, offer.syntax, offer.snippet) == ("https://a.example/1", "jsonld", "price: 1599.00")
    assert offer.seen_at == NOW + timedelta(minutes=5)
    assert offer.reason


def test_one_offer_comes_back_as_an_offer_or_a_rejection(session) -> None:
    catalog = load_catalog()
    assert isinstance(ingest.ingest_offer(session, raw(), SHOP, catalog, NOW), Offer)
    assert isinstance(ingest.ingest_offer(session, raw("none"), SHOP, catalog, NOW), Rejection)


def test_the_same_price_again_is_the_same_row(session) -> None:
    assert read(session, raw()).new == 1
    assert read(session, raw(), at=NOW + timedelta(days=1)).new == 0
    (first, last_seen), *others = repo.offer_history(session, "RTX 4090", NOW, NOW + timedelta(days=2))
    assert not others
    assert last_seen - first.seen_at == timedelta(days=1)


def test_a_price_far_from_its_market_waits_and_is_shown_as_unconfirmed(market) -> None:
    result = read(market, raw("899.00", sku="A-2"))
    assert result.offers[0].quarantined
    assert result.offers[0].reason.startswith("unconfirmed: 899 USD without tax against about 1,620 USD in 3 shops")
    assert Decimal("899.00") not in counted(market, NOW)
    ((_, waiting),) = repo.quarantined(market)
    assert waiting.snippet == "price: 899.00"


def test_a_real_deal_counts_from_the_next_crawl_on(market) -> None:
    read(market, raw("899.00", sku="A-2"))
    later = NOW + timedelta(hours=12)
    result = read(market, raw("899.00", sku="A-2"), at=later)
    assert not result.offers[0].quarantined
    assert Decimal("899.00") in counted(market, later)
    assert repo.quarantined(market) == []


def test_a_doubt_that_a_later_reading_settled_asks_nobody_any_more(market) -> None:
    deal = raw("800.00", availability=Availability.IN_STOCK)
    read(market, deal, at=NOW)
    assert len(repo.quarantined(market)) == 1
    later = NOW + timedelta(hours=12)
    read(market, replace(deal, availability=Availability.LIMITED), at=later)  # another stock: another row
    assert Decimal("800.00") in counted(market, later)
    assert repo.quarantined(market) == []


def test_a_crawl_that_meets_the_same_article_twice_does_not_confirm_itself(market) -> None:
    result = read(market, raw("899.00", sku="A-2"), raw("899.00", sku="A-2"))
    assert all(offer.quarantined for offer in result.offers)
    assert Decimal("899.00") not in counted(market, NOW)


def test_a_second_source_confirms_both(market) -> None:
    read(market, raw("899.00", sku="A-2"))
    result = read(market, raw("915.00", sku="B-2"), source=OTHER, at=NOW + timedelta(hours=1))
    assert not result.offers[0].quarantined
    assert "confirmed by shop-a" in result.offers[0].reason
    assert {Decimal("899.00"), Decimal("915.00")} <= set(counted(market, NOW + timedelta(hours=1)))


@pytest.mark.parametrize("price", ["15.99", "159900.00"])
def test_a_price_that_no_market_shows_is_kept_and_never_used_by_itself(market, price) -> None:
    for days in range(3):
        result = read(market, raw(price, sku="A-3"), at=NOW + timedelta(days=days))
        assert result.offers[0].reason.startswith("suspicious_price: ")
        assert Decimal(price) not in counted(market, NOW + timedelta(days=days))


def test_a_jump_of_an_articles_own_price_waits_unless_the_market_explains_it(session) -> None:
    read(session, raw("2900.00"), at=NOW - timedelta(days=1))
    assert read(session, raw("1700.00")).offers[0].reason.startswith("unconfirmed: its own price moved by -41 %")


def test_a_return_to_the_market_price_is_believed_at_once(market) -> None:
    dear = raw("2900.00", sku="A-4")
    read(market, dear, at=NOW - timedelta(hours=9))
    result = read(market, raw("1600.00", sku="A-4"))
    assert not result.offers[0].quarantined


def test_a_person_may_confirm_what_the_service_does_not(market) -> None:
    read(market, raw("399.00", sku="A-5"))
    ((row_id, _),) = repo.quarantined(market)
    assert repo.confirm_quarantined(market, row_id, NOW + timedelta(hours=1))
    read(market, raw("399.00", sku="A-5"), at=NOW + timedelta(hours=2))
    read(market, raw("395.00", sku="A-5"), at=NOW + timedelta(hours=4))
    assert Decimal("395.00") in counted(market, NOW + timedelta(hours=4))


def test_without_a_market_the_launch_price_tells_nonsense_from_prices(session) -> None:
    assert read(session, raw("1999.00", sku="1")).offers[0].quarantined is False
    assert read(session, raw("99.00", sku="2")).offers[0].reason.startswith("suspicious_price")
    assert read(session, raw("299.00", sku="3")).offers[0].reason.startswith("unconfirmed")


def test_a_lot_is_priced_by_the_card(session) -> None:
    (offer,) = read(session, raw("3000.00", quantity=2)).offers
    assert (offer.price.amount, offer.quantity) == (Decimal("1500.00"), 2)


def test_the_price_of_a_card_of_a_lot_is_not_rounded_to_cents(session) -> None:
    assert read(session, raw("5000.00", quantity=3)).offers[0].price.amount == Decimal("1666.666667")
    again = read(session, raw("5000.00", quantity=3), at=NOW + timedelta(hours=2))
    assert again.new == 0  # the stored price is the same to the last digit
    assert counted(session, NOW + timedelta(hours=2)) == [Decimal("1666.666667")]


def test_used_on_the_page_wins_over_what_the_shop_usually_sells(session) -> None:
    (offer,) = read(session, raw(condition=Condition.USED)).offers
    assert offer.condition is Condition.USED
    (silent,) = read(session, raw(sku="2", condition=Condition.UNKNOWN)).offers
    assert silent.condition is Condition.NEW


def test_a_net_price_for_business_is_kept_as_a_buyer_pays_it(session) -> None:
    business = replace(SHOP, name="b2b", country="DE", currency="EUR", tax_included=False)
    (offer,) = read(session, raw("1000.00", currency="EUR"), source=business).offers
    assert offer.price.amount == Decimal("1190.00")
    assert "tax added" in offer.reason


def test_what_the_user_said_about_a_title_holds(session) -> None:
    repo.correct_title(session, "Mystery card 24GB", "RTX 4090", NOW)
    repo.correct_title(session, "ASUS GeForce RTX 4090 TUF 24GB", None, NOW)
    result = read(session, raw(title="Mystery card 24GB"), raw())
    assert [offer.gpu for offer in result.offers] == ["RTX 4090"]
    assert [rejection.reason for rejection in result.rejections] == ["corrected by you"]


def shelf(prices: list[str], stock: Availability = Availability.IN_STOCK) -> list[RawOffer]:
    return [raw(price, sku=f"S-{n}", availability=stock) for n, price in enumerate(prices)]


def test_a_whole_shop_that_changes_its_prices_at_once_is_a_fault_of_the_source(session) -> None:
    began = NOW + timedelta(days=1)
    read(session, *shelf(["1600.00"] * 12))
    read(session, *shelf(["1180.00"] * 10 + ["1600.00"] * 2), at=began)
    fault = ingest.doubt_burst(session, SHOP, began, began + timedelta(minutes=9))
    assert fault == "10 of 12 prices moved by more than 25% in one crawl"
    assert Decimal("1180.00") not in counted(session, began)
    assert len(repo.quarantined(session)) == 10


def test_a_source_fault_is_not_confirmed_by_the_same_source(session) -> None:
    read(session, *shelf(["1600.00"] * 12))
    for day in (1, 2, 3):
        began = NOW + timedelta(days=day)
        read(session, *shelf(["1180.00"] * 12), at=began)
        ingest.doubt_burst(session, SHOP, began, began + timedelta(minutes=9))
        assert Decimal("1180.00") not in counted(session, began), day


@pytest.mark.parametrize("price", ["400.00", "133.25", "4000.00"])
def test_prices_that_were_doubted_one_by_one_are_a_fault_too_when_the_whole_shop_shows_them(session, price) -> None:
    """An instalment read as the price: each article's jump waits for a second sighting, which must not come from it."""
    read(session, *shelf(["1600.00"] * 12))
    for day in (1, 2, 3):
        began = NOW + timedelta(days=day)
        read(session, *shelf([price] * 12), at=began)
        assert ingest.doubt_burst(session, SHOP, began, began + timedelta(minutes=9))
        assert Decimal(price) not in counted(session, began), day
        assert all(offer.reason.startswith("source fault") for _, offer in repo.quarantined(session))


def test_a_new_layout_with_new_addresses_and_another_price_is_a_fault_of_the_source(session) -> None:
    cards = ("RTX 4090", "RTX 4080", "RTX 4070", "RTX 4060", "RX 7900 XTX", "RX 7800 XT")
    prices = {gpu: 1600 - 200 * n for n, gpu in enumerate(cards)}

    def page(share: float, folder: str) -> list[RawOffer]:
        return [raw(f"{share * prices[g]:.2f}", title=f"ASUS {g} TUF", sku="", url=f"https://s.example/{folder}/{n}")
                for n, g in enumerate(cards)]  # fmt: skip

    read(session, *page(1.0, "p"))
    for day in (1, 2, 3):
        began = NOW + timedelta(days=day)
        read(session, *page(0.65, "article"), at=began)
        fault = ingest.doubt_burst(session, SHOP, began, began + timedelta(minutes=9))
        assert fault == "the prices of 6 of 6 articles fell by more than 25% in one crawl"
        assert not any(price < Decimal("600.00") for price in counted(session, began)), day
    began = NOW + timedelta(days=4)  # and when the true prices are back they count
    read(session, *page(1.02, "article"), at=began)
    assert ingest.doubt_burst(session, SHOP, began, began + timedelta(minutes=9)) == ""
    assert Decimal("1632.00") in counted(session, began)


def test_doubts_of_long_ago_do_not_confirm_each_other(market) -> None:
    other = replace(SHOP, name="shop-z")
    read(market, raw("800.00", sku="X-1"))
    late = NOW + timedelta(days=5)
    for source, price in ((SHOP, "1599.00"), (OTHER, "1649.00"), (THIRD, "1620.00")):
        read(market, raw(price), source=source, at=late - timedelta(hours=1))
    (second,) = read(market, raw("801.00", sku="X-2"), source=other, at=late).offers
    assert second.quarantined


def test_a_whole_shop_that_sells_out_at_once_is_a_fault_of_the_source(session) -> None:
    began = NOW + timedelta(days=1)
    read(session, *shelf(["1600.00"] * 12))
    read(session, *shelf(["1600.00"] * 12, Availability.OUT_OF_STOCK), at=began)
    assert "12 of 12 articles became out_of_stock" in ingest.doubt_burst(
        session, SHOP, began, began + timedelta(minutes=9)
    )


CARDS = {"RTX 4090": 1600, "RTX 4080": 1000, "RTX 4070": 600, "RTX 4060": 300, "RX 7900 XTX": 900, "RX 7800 XT": 500}


def crawl(session, source: SourceInfo, share: float, at: datetime) -> str:
    """A crawl of all these cards at a share of their usual price; the fault that it ends with."""
    host = source.name
    page = [raw(f"{share * usd:.2f}", title=f"ASUS {gpu} TUF", sku="", url=f"https://{host}.example/{gpu}")
            for gpu, usd in CARDS.items()]  # fmt: skip
    done = read(session, *page, source=source, at=at)
    facts = CrawlFacts(state="ok", readings=len(page), compared=done.compared, agreed=done.agreed)
    return ingest.end_crawl(session, source, facts, at, at + timedelta(minutes=9), errors=0)


def shown_by(session, source: SourceInfo, at: datetime) -> int:
    return sum(offer.source == source.name for offer in repo.offers_as_of(session, at + timedelta(hours=1)))


def test_a_new_source_whose_prices_nobody_shares_does_not_confirm_itself(session) -> None:
    """A deposit read as the price, from the first day on: each price waits, and none is confirmed by the next crawl."""
    for source in (SHOP, OTHER, THIRD):
        assert crawl(session, source, 1.0, NOW - timedelta(days=1)) == ""
    fresh = replace(SHOP, name="shop-new")
    for day in range(3):
        at = NOW + timedelta(days=day)
        assert crawl(session, fresh, 0.5, at) == "not believed: 6 of 6 prices are far from what others ask"
        assert not [
            offer for offer in repo.offers_as_of(session, at + timedelta(hours=1)) if offer.source == "shop-new"
        ]
    at = NOW + timedelta(days=3)  # read right at last
    assert crawl(session, fresh, 0.97, at) == ""
    assert shown_by(session, fresh, at) == 6


def test_one_real_deal_of_a_new_source_is_no_fault_of_it(market) -> None:
    fresh = replace(SHOP, name="shop-new")
    for day in (0, 1):
        at = NOW + timedelta(days=day)
        done = read(market, *[raw("880.00")] * 6, source=fresh, at=at)  # which six searches find
        seen = {"compared": done.compared, "agreed": done.agreed}
        assert ingest.doubt_burst(market, fresh, at, at + timedelta(minutes=9), **seen) == ""
    assert Decimal("880.00") in counted(market, NOW + timedelta(days=1))


def test_a_sale_of_some_cards_is_no_fault(session) -> None:
    began = NOW + timedelta(days=1)
    read(session, *shelf(["1600.00"] * 12))
    read(session, *shelf(["1180.00"] * 3 + ["1600.00"] * 9), at=began)
    assert ingest.doubt_burst(session, SHOP, began, began + timedelta(minutes=9)) == ""


def test_prices_of_other_countries_are_weighed_without_tax_and_in_one_currency(market) -> None:
    german = replace(SHOP, name="shop-de", country="DE", currency="EUR")
    (fair,) = read(market, raw("1.749,00 €", currency="EUR"), source=german).offers
    assert not fair.quarantined
    assert (fair.price.amount, fair.price.currency) == (Decimal("1749.00"), "EUR")
    (low,) = read(market, raw("899,00 €", sku="2", currency="EUR"), source=german).offers
    assert low.quarantined


def test_a_price_with_a_tax_that_nobody_knows_is_not_said_to_be_without_it(market) -> None:
    brazilian = replace(SHOP, name="shop-br", country="BR", currency="BRL")
    (dear,) = read(market, raw("R$ 20.999,00", currency="BRL"), source=brazilian).offers
    assert dear.quarantined
    assert "USD with whatever tax is in it against" in dear.reason


def test_a_currency_without_a_rate_is_weighed_against_the_articles_own_past(session) -> None:
    dhaka = replace(SHOP, name="shop-bd", country="BD", currency="BDT")
    read(session, raw("250000", currency="BDT"), source=dhaka, at=NOW - timedelta(days=1))
    (offer,) = read(session, raw("25000", currency="BDT"), source=dhaka).offers
    assert offer.reason.startswith("unconfirmed: its own price moved by -90 %")
