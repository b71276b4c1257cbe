"""What is small: rejections, news, measurements, goals, runs, leases, sources, choices."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from monitor.core.models import Condition, Goal, Measurement, Money, NewsEvent, Rejection
from monitor.store import repo
from tests.conftest import NOW, make_offer
from tests.store.test_signals import SIGNAL

HOUR = timedelta(hours=1)
REJECTION = Rejection(source="s", reason="no_match", text="x", seen_at=NOW, url="u", where="f:3", title="t")
NEWS = NewsEvent(
    title="RTX 6090 in March", event="rumour", gpus=("RTX 6090", "B300"), expected_date="2027-03", effect="wait",
    source="feed", url="https://n.example/1", published_at=NOW - HOUR, language="en", key="rtx 6090 rumour",
)  # fmt: skip
MEASUREMENT = Measurement(
    gpu="RTX 4090", device_name="NVIDIA GeForce RTX 4090", device_kind="gpu", op="gemm", precision="bf16", value=161.5,
    unit="TFLOP/s", rel_mad=0.01, n=12, measured_at=NOW, status="ok", conditions={"power_watts": 450}, origin="local",
)  # fmt: skip


def test_a_rejection_is_kept_once_with_its_last_sighting(session):
    assert repo.add_rejections(session, [REJECTION, REJECTION], NOW) == repo.Counts(new=1)
    again = replace(REJECTION, seen_at=NOW + HOUR)
    assert repo.add_rejections(session, [again, replace(REJECTION, reason="blocked")], NOW + HOUR).new == 1
    assert repo.rejections(session) == [again, replace(REJECTION, reason="blocked")]
    assert repo.rejections(session, since=NOW + HOUR, source="s") == [again]
    assert repo.rejection_counts(session) == {("s", "blocked"): 1, ("s", "no_match"): 1}
    assert repo.rejection_counts(session, NOW + HOUR) == {("s", "no_match"): 1}
    assert repo.drop_old_rejections(session, NOW + HOUR) == 1
    assert repo.rejections(session) == [again]


def test_a_headline_is_kept_once_and_known_from_when_it_was_recorded(session):
    assert repo.add_news(session, [NEWS, NEWS], NOW) == repo.Counts(new=1, known=1)
    assert repo.add_news(session, [replace(NEWS, title="changed")], NOW + HOUR).known == 1
    assert repo.news_as_of(session, NOW - timedelta(minutes=1)) == []
    assert repo.news_as_of(session, NOW) == [NEWS]
    assert repo.news_as_of(session, NOW, since=NOW) == []


def test_a_record_can_be_imported_twice(session):
    other = replace(MEASUREMENT, op="copy", unit="GB/s", gpu=None)
    assert repo.add_measurements(session, [MEASUREMENT, other], NOW).new == 2
    assert repo.add_measurements(session, [MEASUREMENT, other], NOW + HOUR) == repo.Counts(known=2)
    assert repo.measurements_as_of(session, NOW) == [MEASUREMENT, other]
    assert repo.measurements_as_of(session, NOW, gpu="RTX 4090", origin="local") == [MEASUREMENT]
    assert repo.measurements_as_of(session, NOW - HOUR) == []


def test_a_goal_comes_back_as_it_went_in_and_can_be_replaced(session):
    goal = Goal(
        slug="mine", title="Meins", workload="lora-8b", conditions=(Condition.USED,), region="DE", cards=2,
        budget=Money(amount=Decimal("1800.50"), currency="EUR"), delay_cost_per_week=0.01, deadline_weeks=8,
        min_memory_gb=24.0,
    )  # fmt: skip
    plain = Goal(slug="plain", title="Plain", workload="w")
    repo.save_goal(session, goal, NOW)
    repo.save_goal(session, plain, NOW + HOUR)
    session.expire_all()
    assert repo.goals(session) == [goal, plain]
    repo.save_goal(session, replace(goal, title="Neu"), NOW)
    assert [kept.title for kept in repo.goals(session)] == ["Neu", "Plain"]
    assert repo.delete_goal(session, "mine")
    assert not repo.delete_goal(session, "mine")


def test_runs_are_told_newest_first(session):
    number = repo.begin_run(session, "crawl", NOW)
    assert repo.runs(session)[0].status == "running"
    repo.end_run(session, number, NOW + HOUR, status="ok", counts={"offers": 3})
    missed = repo.Run(job="score", started_at=NOW + HOUR, finished_at=None, status="missed", detail="slept", counts={})
    repo.record_run(session, missed)
    done = repo.Run(job="crawl", started_at=NOW, finished_at=NOW + HOUR, status="ok", counts={"offers": 3})
    assert repo.runs(session) == [missed, done]
    assert repo.runs(session, job="crawl", status="ok") == [done]
    assert repo.last_good_runs(session) == {"crawl": NOW + HOUR}
    assert repo.drop_old_runs(session, NOW + HOUR) == 1


def test_a_lease_has_one_holder_until_it_ends_or_is_given_back(session):
    assert repo.take_lease(session, "scheduler", "a", NOW, HOUR) == "a"
    assert repo.take_lease(session, "scheduler", "b", NOW, HOUR) == "a"
    assert repo.take_lease(session, "scheduler", "a", NOW + HOUR / 2, HOUR) == "a"
    assert repo.take_lease(session, "scheduler", "b", NOW + HOUR, HOUR) == "a"
    assert repo.take_lease(session, "scheduler", "b", NOW + 2 * HOUR, HOUR) == "b"
    repo.give_lease_back(session, "scheduler", "a")
    assert repo.take_lease(session, "scheduler", "a", NOW + 2 * HOUR, HOUR) == "b"
    repo.give_lease_back(session, "scheduler", "b")
    assert repo.take_lease(session, "scheduler", "a", NOW + 2 * HOUR, HOUR) == "a"


def test_a_lease_that_a_clock_years_ahead_took_is_nobodys(session):
    repo.take_lease(session, "scheduler", "gone", NOW + timedelta(days=3000), HOUR)
    assert repo.take_lease(session, "scheduler", "b", NOW, HOUR) == "b"


def test_the_last_good_run_is_the_one_stored_last_also_after_the_clock_was_set_back(session):
    for at in (NOW + timedelta(days=3000), NOW):
        repo.record_run(session, repo.Run(job="upkeep", started_at=at, finished_at=at, status="ok", counts={}))
    assert repo.last_good_runs(session) == {"upkeep": NOW}


def test_a_fault_is_told_since_it_began_and_ends_with_a_good_crawl(session):
    figures = {"offers": 5, "rejections": 1, "errors": 0, "seconds": 2.0}
    repo.record_crawl(session, "shop", NOW, **figures)
    repo.record_crawl(session, "shop", NOW + HOUR, fault="403", **figures)
    health = repo.record_crawl(session, "shop", NOW + 2 * HOUR, fault="timeout", **figures)
    assert (health.last_good_at, health.fault, health.fault_since) == (NOW, "timeout", NOW + HOUR)
    good = repo.record_crawl(session, "shop", NOW + 3 * HOUR, **figures)
    assert (good.fault, good.fault_since, good.last_good_at) == ("", None, NOW + 3 * HOUR)
    assert repo.source_health(session) == [good]


def test_the_age_of_a_source_survives_thinning_out(session):
    repo.add_offers(session, [make_offer(source="live"), make_offer(source="old", seen_at=NOW)], NOW)
    later = NOW + timedelta(days=100)
    repo.add_offers(session, [make_offer(source="live", seen_at=later)], later)
    repo.add_observations(session, [make_offer(source="file", stat="min_offer", seen_at=NOW.replace(hour=0))])
    repo.thin_out(session, later, keep_days=30)
    newest = repo.newest_prices(session)
    assert newest["live"] == later
    assert newest["file"] == NOW.replace(hour=0)
    assert abs(newest["old"] - NOW) <= timedelta(days=3)


def test_choices_are_json_by_name(session):
    repo.put_choice(session, "page.theme", {"dark": True, "n": [1, None]}, NOW)
    repo.put_choice(session, "page.theme", {"dark": False}, NOW)
    repo.put_choice(session, "other", 1, NOW)
    assert repo.choice(session, "page.theme") == {"dark": False}
    assert repo.choices(session, "page.") == {"page.theme": {"dark": False}}
    assert repo.choice(session, "none", "default") == "default"
    repo.drop_choice(session, "other")
    assert repo.choice(session, "other") is None


def test_a_title_correction_does_not_mind_case_and_spaces(session):
    repo.correct_title(session, "  Some   RTX card", "RTX 4090", NOW)
    repo.correct_title(session, "a bracket", None, NOW)
    assert repo.title_corrections(session) == {"some rtx card": "RTX 4090", "a bracket": None}
    repo.drop_title_correction(session, "A Bracket", None)
    assert repo.title_corrections(session) == {"some rtx card": "RTX 4090"}


def test_text_that_a_database_would_refuse_is_made_clean(session):
    repo.add_offers(session, [make_offer(title="a\0b \ud800 c", snippet="\udfff", quantity=10**12)], NOW)
    [offer] = repo.offers_as_of(session, NOW)
    assert (offer.title, offer.snippet, offer.quantity) == ("ab ? c", "?", 2**31 - 1)


def test_the_version_of_the_data_changes_with_each_change_that_a_page_shows(session):
    before = repo.data_version(session)
    steps = (
        lambda: repo.add_offers(session, [make_offer(quarantined=True)], NOW),
        lambda: repo.confirm_quarantined(session, repo.quarantined(session)[0][0], NOW),
        lambda: repo.save_goal(session, Goal(slug="g", title="G", workload="w"), NOW),
        lambda: repo.delete_goal(session, "g"),
        lambda: repo.add_news(session, [NEWS], NOW),
        lambda: repo.add_rejections(session, [REJECTION], NOW),
        lambda: repo.put_choice(session, "a", 1, NOW + HOUR),
        lambda: repo.record_crawl(session, "s", NOW, offers=1, rejections=0, errors=0, seconds=1.0),
    )
    for step in steps:
        step()
        after = repo.data_version(session)
        assert after != before
        before = after


def test_a_round_is_changed_by_calls_imports_and_corrections_and_not_by_each_price(session):
    repo.add_offers(session, [make_offer()], NOW)
    assert repo.versions(session).round == repo.versions(session).data  # there were no calls yet
    repo.add_signals(session, [SIGNAL])
    before = repo.versions(session)
    repo.add_offers(session, [make_offer(source="another")], NOW)
    repo.record_crawl(session, "s", NOW, offers=1, rejections=0, errors=0, seconds=1.0)
    after_a_crawl = repo.versions(session)
    assert after_a_crawl.data != before.data
    assert after_a_crawl.round == before.round
    for step in (
        lambda: repo.add_signals(session, [replace(SIGNAL, as_of=NOW + HOUR)]),
        lambda: repo.correct_title(session, "a fan", None, NOW),
        lambda: repo.correct_title(session, "a bracket", None, NOW + HOUR),
        lambda: repo.drop_title_correction(session, "a fan", None),  # which is not the newest
        lambda: repo.begin_import(session, "prices.csv", NOW),
    ):
        begun = repo.versions(session).round
        step()
        assert repo.versions(session).round != begun
