import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from monitor.core.models import Alert, AlertRule, Goal, Money, RuleState
from monitor.store import repo
from monitor.store.engine import session_scope
from monitor.store.repo.alerts import CLAIM_LASTS
from tests.conftest import NOW

MINUTE = timedelta(minutes=1)
ALERT = Alert(key="k1", rule="flip", subject="Wait", body="…", payload={"gpu": "RTX 4090", "n": [1]}, created_at=NOW)


def test_an_alert_is_stored_once_per_key_and_channel(session):
    assert repo.add_alerts(session, [ALERT, ALERT], ["mail", "hook", "mail"]) == 2
    assert repo.add_alerts(session, [replace(ALERT, subject="other")], ["mail", "hook", "chat"]) == 1
    assert {delivery.channel for delivery in repo.deliveries(session)} == {"mail", "hook", "chat"}
    assert repo.alerts_since(session, NOW) == [ALERT]


def test_a_rule_for_a_goal_that_was_renamed_follows_it(session):
    repo.save_rule(session, AlertRule(slug="mine", kind="signal_flip", goal="lora-7b-home"), NOW)
    [rule] = repo.alert_rules(session)
    assert rule.goal == "lora-8b-home"


def test_a_claim_is_had_once(session):
    repo.add_alerts(session, [ALERT], ["mail", "hook"])
    [claimed] = repo.claim_alerts(session, NOW, channel="mail")
    assert (claimed.alert, claimed.channel, claimed.attempts, claimed.state) == (ALERT, "mail", 0, "sending")
    assert repo.claim_alerts(session, NOW, channel="mail") == []
    assert [delivery.channel for delivery in repo.claim_alerts(session, NOW)] == ["hook"]


def test_what_was_sent_is_not_sent_again(session):
    repo.add_alerts(session, [ALERT], ["mail"])
    [claimed] = repo.claim_alerts(session, NOW)
    repo.record_sent(session, claimed, NOW + MINUTE)
    assert repo.claim_alerts(session, NOW + timedelta(days=9)) == []
    assert repo.delivery_counts(session) == {"sent": 1}


def test_a_failure_waits_for_its_time_and_counts(session):
    repo.add_alerts(session, [ALERT], ["mail"])
    [claimed] = repo.claim_alerts(session, NOW)
    repo.record_failed(session, claimed, "500", NOW + 5 * MINUTE)
    assert repo.claim_alerts(session, NOW + 4 * MINUTE) == []
    [again] = repo.claim_alerts(session, NOW + 5 * MINUTE)
    assert (again.attempts, again.error) == (1, "500")


def test_a_given_up_delivery_stays_visible_until_somebody_says_retry(session):
    repo.add_alerts(session, [ALERT, replace(ALERT, key="k2")], ["mail"])
    for claimed in repo.claim_alerts(session, NOW):
        repo.record_failed(session, claimed, "no such address", None)
    assert repo.claim_alerts(session, NOW + timedelta(days=1)) == []
    assert [delivery.error for delivery in repo.deliveries(session, state="dead")] == ["no such address"] * 2
    assert repo.retry_alerts(session, NOW, ["k2"]) == 1
    assert [(delivery.alert.key, delivery.attempts) for delivery in repo.claim_alerts(session, NOW)] == [("k2", 0)]
    assert repo.retry_alerts(session, NOW) == 1


def test_a_sender_that_died_loses_its_claim_after_a_while(session):
    repo.add_alerts(session, [ALERT], ["mail"])
    repo.claim_alerts(session, NOW)
    assert repo.claim_alerts(session, NOW + CLAIM_LASTS - MINUTE) == []
    assert [delivery.alert.key for delivery in repo.claim_alerts(session, NOW + CLAIM_LASTS)] == ["k1"]


def test_what_was_queued_by_a_clock_years_ahead_goes_when_the_clock_is_right(session):
    repo.add_alerts(session, [replace(ALERT, created_at=NOW + timedelta(days=3000))], ["mail"])
    assert len(repo.claim_alerts(session, NOW)) == 1
    assert repo.claim_alerts(session, NOW) == []


def test_two_senders_at_once_never_get_the_same(engine):
    with session_scope(engine) as session:
        repo.add_alerts(session, [replace(ALERT, key=f"k{n}") for n in range(40)], ["mail"])
    got: list[str] = []

    def send() -> None:
        while True:
            with session_scope(engine) as session:
                claimed = repo.claim_alerts(session, NOW, limit=3)
            got.extend(delivery.alert.key for delivery in claimed)
            if not claimed:
                return

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == sorted(f"k{n}" for n in range(40))


def test_a_rule_comes_back_as_it_went_in(session):
    rule = AlertRule(
        slug="cheap", kind="price_below", gpu="RTX 4090", goal="g", condition="used", region="DE",
        threshold=Money(amount=Decimal("999.99"), currency="EUR"), margin=0.1, needed=1, sightings=5,
        cooldown_hours=2.5, cap_per_day=9, still_days=7.0, quiet_from="22:00", quiet_to="07:00",
        time_zone="Europe/Berlin", digest="daily", muted_until=NOW, enabled=False,
    )  # fmt: skip
    plain = AlertRule(slug="flips", kind="flip")
    repo.save_rule(session, rule, NOW)
    repo.save_rule(session, plain, NOW)
    session.expire_all()
    assert repo.alert_rules(session) == [rule, plain]
    assert repo.alert_rules(session, enabled=True) == [plain]


def test_a_rule_of_an_own_goal_keeps_its_name_though_a_shipped_goal_once_had_it(session):
    repo.save_rule(session, AlertRule(slug="mine", kind="signal_flip", goal="lora-7b-home"), NOW)
    repo.save_goal(session, Goal(slug="lora-7b-home", title="LoRA 7B home", workload="lora-8b"), NOW)
    assert [rule.goal for rule in repo.alert_rules(session)] == ["lora-7b-home"]


def test_what_a_rule_remembers_goes_with_it(session):
    repo.save_rule(session, AlertRule(slug="flips", kind="flip"), NOW)
    state = RuleState(
        rule="flips", subject="RTX 4090|new|US", value=None, looks=("wait",), fired=(NOW,), pending=("x",)
    )
    repo.save_rule_states(session, [state])
    repo.save_rule_states(session, [replace(state, value="wait")])
    session.expire_all()
    assert repo.rule_states(session) == [replace(state, value="wait")]
    assert repo.delete_rule(session, "flips")
    assert not repo.delete_rule(session, "flips")
    assert repo.rule_states(session) == []
