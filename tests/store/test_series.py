from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from monitor.core.market import street_prices
from monitor.core.models import Availability, Billing, Condition, Market
from monitor.store import repo
from tests.conftest import NOW, make_offer

DAY = timedelta(days=1)


def on(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def filed(day: str, price: str, **changes):
    return make_offer(price=price, seen_at=on(day), **{"stat": "min_offer", "source": "file", "n_obs": 3, **changes})


def points(series):
    return {
        s.key.stat: [(str(np.datetime64(int(d), "D")), p) for d, p in zip(s.days, s.prices, strict=True)]
        for s in series
    }


def test_lines_of_price_files_come_back_in_order_of_time(session):
    repo.add_observations(session, [filed("2024-03-02", "900.00"), filed("2024-03-01", "1000.00", n_obs=None)])
    [series] = repo.series_as_of(session, NOW)
    assert points([series]) == {"min_offer": [("2024-03-01", 1000.0), ("2024-03-02", 900.0)]}
    assert np.array_equal(series.n_obs, [np.nan, 3.0], equal_nan=True)
    assert (series.key.source, series.key.gpu, series.key.condition) == ("file", "RTX 4090", "new")


def test_lines_count_from_the_day_they_carry(session):
    repo.add_observations(session, [filed("2024-03-01", "1000.00"), filed("2024-03-05", "900.00")])
    assert points(repo.series_as_of(session, on("2024-03-04"))) == {"min_offer": [("2024-03-01", 1000.0)]}
    assert len(repo.series_as_of(session, on("2024-03-05"))[0].days) == 2
    assert points(repo.series_as_of(session, NOW, since=on("2024-03-02"))) == {"min_offer": [("2024-03-05", 900.0)]}


def test_the_same_line_twice_is_one_row(session):
    lines = [filed("2024-03-01", "1000.00"), filed("2024-03-01", "1001.00"), filed("2024-03-01", "1000.00")]
    assert repo.add_observations(session, lines) == repo.Counts(new=2, known=1)
    assert repo.add_observations(session, lines) == repo.Counts(known=3)
    assert repo.observation_count(session) == 2


def test_an_import_is_written_down(session):
    number = repo.begin_import(session, "a.csv", NOW)
    counts = repo.add_observations(session, [filed("2024-03-01", "1000.00")], number)
    repo.end_import(session, number, counts, rejected=4)
    assert repo.imports(session) == [("a.csv", NOW, 1, 0, 4)]


@pytest.mark.parametrize("asked", [{"gpus": ["RTX 3090"]}, {"sources": ["b"]}])
def test_gpus_and_sources_narrow_the_question(session, asked):
    repo.add_observations(session, [filed("2024-03-01", "1000.00")])
    repo.add_observations(session, [make_offer("RTX 3090", source="b", stat="min_offer", seen_at=on("2024-03-01"))])
    repo.add_offers(session, [make_offer(), make_offer("RTX 3090", source="b")], NOW)
    found = repo.series_as_of(session, NOW, **asked)
    assert {(s.key.source, s.key.gpu) for s in found} == {("b", "RTX 3090")}


def test_our_own_crawls_give_the_lowest_and_the_median_price_of_each_day(session):
    for days, prices in enumerate([("100", "200", "400"), ("90", "200", "400")]):
        at = NOW + days * DAY
        repo.add_offers(session, [make_offer(price=p, title=f"t{i}", seen_at=at) for i, p in enumerate(prices)], at)
    expected = {
        "min_offer": [("2026-11-01", 100.0), ("2026-11-02", 90.0)],
        "median_offer": [("2026-11-01", 200.0), ("2026-11-02", 200.0)],
    }
    assert points(repo.series_as_of(session, NOW + DAY)) == expected
    assert repo.roll_up(session, NOW + DAY) == 1
    assert points(repo.series_as_of(session, NOW + DAY)) == expected


def test_the_cloud_has_series_of_its_own_kind(session):
    repo.add_offers(session, [make_offer(market=Market.CLOUD, billing=Billing.SPOT, condition=Condition.RENTAL)], NOW)
    found = repo.series_as_of(session, NOW)
    assert [(s.key.condition, s.key.stat) for s in found] == [
        ("rental", "rental_spot_median"),
        ("rental", "rental_spot_min"),
    ]


@pytest.mark.parametrize("stock", Availability)
def test_a_days_price_and_the_street_price_count_the_same_offers(session, stock):
    repo.add_offers(session, [make_offer(availability=stock)], NOW)
    counted = stock in (Availability.IN_STOCK, Availability.LIMITED, Availability.UNKNOWN)
    assert bool(repo.series_as_of(session, NOW)) is counted
    assert bool(street_prices(repo.offers_as_of(session, NOW), NOW)) is counted


def crawl_of_a_year(session, until: datetime) -> None:
    """Three shops with a price walk, days without a crawl, sold-out days, and one doubtful price."""
    rng = np.random.default_rng(7)
    at, prices = NOW - 400 * DAY, rng.integers(800, 1200, 6)
    while at <= until:
        offers = [
            make_offer(
                price=f"{price}.00",
                source=f"shop-{article % 3}",
                title=f"t{article}",
                seen_at=at,
                availability=Availability.OUT_OF_STOCK if rng.random() < 0.05 else Availability.IN_STOCK,
                quarantined=bool(rng.random() < 0.01),
            )
            for article, price in enumerate(prices)
        ]
        repo.add_offers(session, [offer for offer in offers if rng.random() < 0.8], at)
        prices = prices + rng.integers(-3, 3, 6) * (rng.random(6) < 0.2)
        at += timedelta(hours=31)


def everything(session, moments):
    found = [repo.series_as_of(session, at) for at in moments]
    return [[(s.key, s.days.tolist(), s.prices.tolist(), s.n_obs.tolist()) for s in series] for series in found]


def test_thinning_out_changes_no_series_at_any_day(session):
    crawl_of_a_year(session, NOW)
    midnights = [NOW.replace(hour=0) - days * DAY for days in (0, 1, 10, 100, 200, 370, 390)]
    before, rows = everything(session, [NOW, *midnights]), repo.offer_count(session)
    assert len(before[0]) == 6
    assert repo.thin_out(session, NOW, keep_days=90, most=100) == 100
    assert repo.thin_out(session, NOW, keep_days=90) > rows / 2
    assert everything(session, [NOW, *midnights]) == before
    assert repo.thin_out(session, NOW, keep_days=90) == 0


def test_days_are_the_same_worked_out_at_once_or_much_later(session):
    at = NOW - 10 * DAY
    while at <= NOW:
        repo.add_offers(session, [make_offer(price=f"{1000 + at.day % 3}.00", seen_at=at)], at)
        repo.roll_up(session, at)
        at += timedelta(hours=37)
    repo.roll_up(session, NOW)
    stepwise = everything(session, [NOW])
    repo.drop_choice(session, "rolled_until_day")
    assert repo.roll_up(session, NOW) == 10
    assert everything(session, [NOW]) == stepwise


def test_a_clock_that_ran_years_ahead_thins_out_nothing_and_its_days_are_made_anew(session):
    crawl_of_a_year(session, NOW)
    moments, rows = [NOW, NOW + DAY, NOW - 100 * DAY], repo.offer_count(session)
    before = everything(session, moments)
    assert repo.thin_out(session, NOW + 3000 * DAY, keep_days=401) == 0
    assert repo.offer_count(session) == rows
    repo.add_offers(session, [make_offer(price="777.00", seen_at=NOW + DAY / 2)], NOW + DAY / 2)
    assert repo.roll_up(session, NOW + 2 * DAY) == 25
    after = everything(session, moments)
    assert (after[0], after[2]) == (before[0], before[2])
    assert 777.0 in [price for series in after[1] for price in series[2]]
