"""When a rule speaks and, above all, when it keeps quiet."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.alert_state import digest_slot, quiet_until
from monitor.core.alerting import RULES, Look, alerts_for, checked, preview
from monitor.core.models import (
    Action,
    Alert,
    AlertRule,
    Ask,
    Condition,
    Market,
    Money,
    NewsEvent,
    Reason,
    Signal,
    StreetPrice,
    Verdict,
)
from monitor.core.source_memory import LEFT_ALONE
from monitor.errors import UsageError

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
USD = Money(amount=Decimal(1000), currency="USD")


def signal(action: Action, gpu: str = "RTX 4090", **changes: object) -> Signal:
    values: dict[str, object] = {
        "gpu": gpu, "condition": Condition.NEW, "region": "US", "action": action, "window_low_weeks": None,
        "window_high_weeks": None, "expected_saving": 0.1, "saving_low": 0.0, "saving_high": 0.2, "confidence": 0.6,
        "price": USD, "as_of": NOW, "data_on": NOW.date(), "reasons": (Reason(code="x", text="prices fall"),),
    }  # fmt: skip
    return Signal(**(values | changes))  # type: ignore[arg-type]


def price(amount: float, gpu: str = "RTX 4090", market: Market = Market.RETAIL, region: str = "US") -> StreetPrice:
    value = Decimal(str(amount))
    return StreetPrice(
        gpu=gpu, condition=Condition.NEW, region=region, price=Money(amount=value, currency="USD"), n=3, shops=2,
        low=value, high=value, spread=0.0, seen_on=NOW.date(), carried=False, market=market,
    )  # fmt: skip


def verdict(action: Action, goal: str = "lora-7b-home") -> Verdict:
    reasons = (Reason(code="x", text="prices fall"),)
    return Verdict(goal=goal, action=action, gpus=("RTX 4090",), signals=(), reasons=reasons, as_of=NOW)


def looks(*contents: dict[str, object], every: timedelta = DAY) -> list[Look]:
    return [Look(as_of=NOW + i * every, **content) for i, content in enumerate(contents)]  # type: ignore[arg-type]


def fired_on(rule: AlertRule, seen: Sequence[Look]) -> list[int]:
    """The numbers of the looks at which the rule spoke."""
    return [seen.index(next(look for look in seen if look.as_of == alert.created_at)) for alert in preview(rule, seen)]


def prices(*amounts: float | None) -> list[Look]:
    """A look a day; `None`: the price could not be read that day."""
    return looks(*({} if amount is None else {"prices": [price(amount)]} for amount in amounts))


def shelf(*days: dict[str, float]) -> list[Look]:
    """A look a day at single articles: name and price."""
    return looks(*({"prices": [shelved(NOW + n * DAY, articles)]} for n, articles in enumerate(days)))


def shelved(seen_at: datetime, articles: dict[str, float]) -> StreetPrice:
    cheapest = sorted(articles.items(), key=lambda item: item[1])
    asks = tuple(Ask(amount=Decimal(str(p)), source="shop", article=name, seen_at=seen_at) for name, p in cheapest)
    return replace(price(sum(articles.values()) / len(articles)), asks=asks)


BELOW = AlertRule(slug="deal", kind="price_below", gpu="RTX 4090", threshold=USD, cooldown_hours=0)
ONCE = replace(BELOW, needed=1, sightings=1)
B, W, L, N = Action.BUY_NOW, Action.WAIT, Action.LIMBO, Action.NO_CALL

PRICE_PATHS = {
    "two of three looks confirm": (BELOW, (1100, 990, 990), [2]),
    "one glitch says nothing": (BELOW, (1100, 500, 1100, 1100), []),
    "a glitch between two looks does not confirm twice": (BELOW, (1100, 990, 1100, 990, 1100), [3]),
    "already below when the rule is made": (ONCE, (990,), [0]),
    "it stays below: told once": (ONCE, (990, 985, 990, 980), [0]),
    "wiggling by 1 % round the threshold: told once": (ONCE, (1005, 995, 1005, 995, 1010, 990, 1009, 991), [1]),
    "it recovers beyond the margin and falls again: told again": (ONCE, (990, 1030, 990), [0, 2]),
    "recovery within the margin does not arm again": (ONCE, (990, 1019, 990), [0]),
    "another 5 % down is news": (ONCE, (990, 945, 940, 900), [0, 1, 3]),
    "up and down between levels is not": (ONCE, (940, 990, 940, 990), [0]),
    "a failed read keeps the last price": (ONCE, (990, None, None, 990), [0]),
    "exactly at the threshold is not below": (ONCE, (1000, 1000), []),
}


@pytest.mark.parametrize(("rule", "amounts", "expected"), PRICE_PATHS.values(), ids=PRICE_PATHS.keys())
def test_a_price_rule(rule: AlertRule, amounts: tuple[float, ...], expected: list[int]):
    assert fired_on(rule, prices(*amounts)) == expected


SIGNAL_PATHS = {
    "the first call is no flip": ((B,), []),
    "a flip": ((B, W), [1]),
    "the same call again is no flip": ((B, W, W, W), [1]),
    "no call is a source's fault, not news": ((B, N, N, B), []),
    "a flip behind a gap": ((B, N, W), [2]),
    "back again": ((B, W, B), [1, 2]),
}
FLIP = AlertRule(slug="calls", kind="signal_flip", gpu="RTX 4090", needed=1, sightings=1, cooldown_hours=0)


@pytest.mark.parametrize(("actions", "expected"), SIGNAL_PATHS.values(), ids=SIGNAL_PATHS.keys())
def test_a_flip_rule(actions: tuple[Action, ...], expected: list[int]):
    for_gpu = looks(*({"signals": [signal(action)]} for action in actions))
    for_goal = looks(*({"verdicts": [verdict(action)]} for action in actions))
    assert fired_on(FLIP, for_gpu) == expected
    assert fired_on(replace(FLIP, gpu="", goal="lora-7b-home"), for_goal) == expected


def test_rules_hear_only_of_what_they_watch():
    seen = looks(*({"signals": [signal(a, gpu="RTX 3090")], "verdicts": [verdict(a, "other")]} for a in (B, W)))
    assert fired_on(FLIP, seen) == []
    assert fired_on(replace(FLIP, gpu="", goal="lora-7b-home"), seen) == []
    assert fired_on(replace(FLIP, gpu="", goal=""), seen) == [1]
    assert fired_on(replace(FLIP, gpu="RTX 3090", region="DE"), seen) == []


def test_limbo_tells_when_it_begins_and_when_it_is_over():
    rule = AlertRule(slug="limbo", kind="limbo", needed=1, sightings=1, cooldown_hours=0)
    seen = looks(*({"signals": [signal(action)]} for action in (W, L, L, N, B)))
    assert [alert.subject for alert in preview(rule, seen)] == [
        "RTX 4090 new in US: limbo begins",
        "RTX 4090 new in US: limbo is over",
    ]


def test_a_price_under_the_usual_one_and_a_rental():
    fair = AlertRule(slug="fair", kind="below_fair", needed=1, sightings=1)
    usual = {"RTX 4090|new|US": USD}
    seen = looks(*({"prices": [price(amount)], "fair": usual} for amount in (1000, 901, 899)))
    assert fired_on(fair, seen) == [2]
    assert fired_on(fair, looks({"prices": [price(1)]})) == []  # nothing is claimed where no usual price is known
    rent = AlertRule(
        slug="rent", kind="rental_below", needed=1, sightings=1, threshold=Money(amount=Decimal("0.4"), currency="USD")
    )
    seen = looks(
        {"prices": [price(0.5, market=Market.CLOUD), price(0.1)]}, {"prices": [price(0.39, market=Market.CLOUD)]}
    )
    assert fired_on(rent, seen) == [1]


def test_an_hour_is_told_to_the_hundredth_of_a_cent():
    limit = Money(amount=Decimal("0.345"), currency="USD")
    rent = AlertRule(slug="rent", kind="rental_below", needed=1, sightings=1, threshold=limit)
    [alert] = preview(rent, looks({"prices": [price(0.3425, market=Market.CLOUD)]}))
    assert "0.3425 USD an hour, below 0.345 USD an hour" in alert.body


def test_a_quarantined_price_is_called_unconfirmed():
    [alert] = preview(ONCE, looks({"unconfirmed": [price(10)]}))
    assert alert.subject.startswith("Unconfirmed: RTX 4090")


def stock(*there: bool | None, shop: str = "shop-a", n: int = 1) -> list[Look]:
    return looks(*({"stock": {(f"GPU {i}|new|US", shop): state for i in range(n)}} for state in there))


def test_a_restock_is_told_and_a_whole_shop_at_once_is_a_fault():
    rule = AlertRule(slug="stock", kind="restock", needed=1, sightings=1, cooldown_hours=0)
    assert fired_on(rule, stock(False, True, True, False, True)) == [1, 4]
    assert fired_on(rule, stock(True, True)) == []  # it was there when the rule was made
    assert fired_on(rule, stock(False, None, None, True)) == [3]  # "cannot tell" changes nothing
    assert fired_on(rule, stock(False, True, n=10)) == []


def test_a_source_with_a_fault_says_nothing_about_stock():
    rule = AlertRule(slug="stock", kind="restock", needed=1, sightings=1)
    states = [{"stock": {("GPU|new|US", "shop-a"): there}, "faults": {"shop-a": "503"}} for there in (False, True)]
    assert fired_on(rule, looks(*states)) == []


def test_a_broken_source_is_told_once_and_so_is_its_return():
    rule = AlertRule(slug="src", kind="source_broken", needed=2, sightings=2, cooldown_hours=0)
    faults = ("", "503", "", "503", "503", "503", "", "")
    seen = looks(*({"faults": {"shop-a": fault}} for fault in faults))
    assert [alert.subject for alert in preview(rule, seen)] == ["Source shop-a is broken", "Source shop-a works again"]


def test_a_shop_that_refuses_once_is_not_called_broken_but_one_that_refuses_again_is():
    rule = AlertRule(slug="src", kind="source_broken", needed=2, sightings=2, cooldown_hours=0)
    refused, rests = "refused: 403", f"{LEFT_ALONE} 2026-11-03 12:00 UTC, since it refused us"
    once = looks(*({"faults": {"shop-a": fault}} for fault in ("", refused, rests, rests, "", "")))
    assert preview(rule, once) == []
    again = looks(*({"faults": {"shop-a": fault}} for fault in ("", refused, rests, refused, rests, rests, "", "")))
    assert fired_on(rule, again) == [3, 7]


def news(event: str, age: timedelta, key: str) -> NewsEvent:
    return NewsEvent(
        title=f"{event} {key}", event=event, gpus=("RTX 5090",), expected_date="", effect="wait", source="feed",
        url=f"https://feed.example/{key}", published_at=NOW - age, key=key,
    )  # fmt: skip


def test_a_launch_is_told_once_however_many_feeds_repeat_it():
    rule = AlertRule(slug="news", kind="launch", gpu="RTX 5090", cooldown_hours=0)
    events = [news("launch", DAY, "a"), news("rumour", DAY, "b"), news("launch", 30 * DAY, "old")]
    seen = looks({"news": events}, {"news": [*events, news("launch", DAY, "a")]}, {"news": events})
    assert [alert.body for alert in preview(rule, seen)] == ["launch a (feed) https://feed.example/a"]


def test_a_headline_adds_no_link_and_no_line():
    rule = AlertRule(slug="news", kind="launch", gpu="RTX 5090", cooldown_hours=0)
    hostile = replace(news("launch", DAY, "a"), title="Sale!\nhttps://evil.example\u202e", url="javascript:alert(1)")
    [alert] = preview(rule, looks({"news": [hostile]}))
    assert (alert.subject, alert.body) == ("Sale! …", "Sale! … (feed)")


def test_a_settled_call_is_told_once():
    rule = AlertRule(slug="rec", kind="record_settled")
    assert fired_on(rule, looks(*({"settled": {"RTX 4090|new|US|1": "it saved 9 %"}},) * 3)) == [0]


def test_what_changes_at_once_is_told_in_one_message():
    rule = replace(FLIP, gpu="", slug="all")
    seen = looks(*({"verdicts": [verdict(a, goal) for goal in "abc"]} for a in (B, W)))
    [alert] = preview(rule, seen)
    assert alert.subject == "a: wait (and 2 more)"
    assert len(alert.body.splitlines()) == 3


def test_a_cooldown_holds_news_back_and_forgets_what_did_not_last():
    rule = replace(FLIP, cooldown_hours=48)
    assert fired_on(rule, looks(*({"signals": [signal(a)]} for a in (B, W, B, B, B)))) == [1, 3]
    assert fired_on(rule, looks(*({"signals": [signal(a)]} for a in (B, W, B, W, W)))) == [1]


def test_the_cap_of_a_day_holds_back_what_is_told_the_next_day():
    rule = replace(ONCE, gpu="", cap_per_day=2)
    seen = looks(
        *({"prices": [price(990, gpu=f"GPU {i}") for i in range(k + 1)]} for k in range(6)), every=timedelta(hours=1)
    )
    later = [Look(as_of=NOW + DAY, prices=[price(990, gpu=f"GPU {i}") for i in range(6)])]
    alerts = preview(rule, seen + later)
    assert [alert.created_at for alert in alerts] == [NOW, NOW + timedelta(hours=1), NOW + DAY]
    assert len(alerts[-1].body.splitlines()) == 4


def test_a_repeat_says_still():
    rule = replace(ONCE, still_days=3)
    seen = prices(*[990] * 8)
    alerts = preview(rule, seen)
    assert [(alert.created_at - NOW).days for alert in alerts] == [0, 3, 6]
    assert [alert.subject.startswith("Still: ") for alert in alerts] == [False, True, True]


def test_a_muted_rule_is_silent_and_does_not_make_up_for_it():
    rule = replace(FLIP, muted_until=NOW + 3 * DAY)
    assert fired_on(rule, looks(*({"signals": [signal(a)]} for a in (B, W, W, W, W)))) == []
    assert fired_on(rule, looks(*({"signals": [signal(a)]} for a in (B, W, W, W, B)))) == [4]


def test_a_rule_that_is_off_neither_speaks_nor_remembers():
    alerts, states = alerts_for({}, looks({"signals": [signal(W)]})[0], [replace(FLIP, enabled=False)])
    assert (alerts, states) == ([], [])


QUIET = {
    "before": ("2026-11-02T20:59", None),  # 21:59 in Berlin
    "begins": ("2026-11-02T21:00", "2026-11-03T06:00"),
    "after midnight": ("2026-11-03T01:00", "2026-11-03T06:00"),
    "ends": ("2026-11-03T06:00", None),
    "summer": ("2026-07-01T21:00", "2026-07-02T05:00"),
    "the night summer time ends": ("2026-10-24T23:30", "2026-10-25T06:00"),
    "the night it begins": ("2026-03-28T22:30", "2026-03-29T05:00"),
}


@pytest.mark.parametrize(("now", "until"), QUIET.values(), ids=QUIET.keys())
def test_quiet_hours_follow_the_clock_on_the_wall(now: str, until: str | None):
    rule = AlertRule(slug="q", kind="limbo", quiet_from="22:00", quiet_to="07:00", time_zone="Europe/Berlin")
    expected = None if until is None else datetime.fromisoformat(until).replace(tzinfo=UTC)
    assert quiet_until(rule, datetime.fromisoformat(now).replace(tzinfo=UTC)) == expected


def test_an_alert_in_quiet_hours_waits_for_their_end():
    [alert] = preview(replace(ONCE, quiet_from="11:00", quiet_to="13:00"), prices(990))
    assert alert.not_before == NOW + timedelta(hours=1)


def test_a_digest_gathers_and_comes_once_a_day():
    rule = replace(FLIP, digest="daily", cooldown_hours=0)
    hours = timedelta(hours=6)
    actions = (B, W, B, B, B, W, W, W, W, W)  # from Monday 12:00 on, every six hours
    seen = looks(*({"signals": [signal(a)]} for a in actions), every=hours)
    alerts = preview(rule, seen)
    assert [alert.created_at for alert in alerts] == [NOW + DAY, NOW + 2 * DAY]
    assert [len(alert.body.splitlines()) for alert in alerts] == [2, 1]
    assert alerts[0].subject == "Daily digest: 2 changes"


def test_a_weekly_digest_is_due_on_monday_morning():
    rule = AlertRule(slug="d", kind="limbo", digest="weekly", time_zone="America/New_York")
    slot = datetime(2026, 11, 2, 13, 0, tzinfo=UTC)  # 8:00 in New York
    assert digest_slot(rule, slot) == slot
    assert digest_slot(rule, slot - timedelta(seconds=1)) == datetime(2026, 10, 26, 12, 0, tzinfo=UTC)
    assert digest_slot(rule, slot + 6 * DAY) == slot


WRONG = {
    "unknown kind": {"kind": "gossip"}, "no threshold": {"threshold": None}, "margin": {"margin": 1.5},
    "n of m": {"needed": 4, "sightings": 3}, "zone": {"time_zone": "Mars/Base"}, "quiet": {"quiet_from": "22:00"},
    "time": {"quiet_from": "25:00", "quiet_to": "07:00"}, "digest": {"digest": "hourly"}, "cap": {"cap_per_day": 0},
}  # fmt: skip


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG.keys())
def test_a_rule_that_makes_no_sense_is_refused(changes: dict[str, object]):
    with pytest.raises(UsageError):
        checked(replace(BELOW, **changes))  # type: ignore[arg-type]


def test_every_kind_has_a_rule_that_is_sound():
    for kind in RULES:
        assert checked(AlertRule(slug=kind, kind=kind, threshold=USD)).kind == kind


@given(st.lists(st.sampled_from([None, 850.0, 940.0, 990.0, 1010.0, 1050.0]), max_size=40), st.integers(1, 3))
def test_one_look_gives_at_most_one_alert_and_keys_never_repeat(amounts: list[float | None], needed: int):
    alerts = preview(replace(BELOW, needed=needed), prices(*amounts))
    assert len({alert.key for alert in alerts}) == len(alerts) <= len(amounts)


@given(st.lists(st.floats(985, 1015), min_size=1, max_size=60))
def test_noise_within_the_margin_is_told_at_most_once(amounts: list[float]):
    assert len(preview(ONCE, prices(*amounts))) <= 1


@given(st.lists(st.sampled_from([B, W, L, N]), max_size=30))
def test_flips_alternate(actions: list[Action]):
    alerts = preview(FLIP, looks(*({"signals": [signal(action)]} for action in actions)))
    told = [alert.payload["changes"][0]["value"] for alert in alerts]  # type: ignore[index]
    calls = [str(action) for action in actions if action is not N]
    changes = [after for before, after in pairwise(calls) if before != after]
    assert told == changes


def test_the_same_look_gives_the_same_keys():
    seen = prices(1100, 990, 990)
    assert [a.key for a in preview(BELOW, seen)] == [a.key for a in preview(BELOW, seen)]
    assert isinstance(preview(BELOW, seen)[0], Alert)


def test_ten_looks_at_one_reading_are_one_look():
    """The market is looked at every hour, but a shop is read twice a day: a glitch must not confirm itself."""
    read = replace(price(500), low_seen_at=NOW)
    hours = [Look(as_of=NOW + timedelta(hours=i), prices=[read]) for i in range(10)]
    again = Look(as_of=NOW + timedelta(hours=12), prices=[replace(read, low_seen_at=NOW + timedelta(hours=12))])
    assert preview(BELOW, hours) == []
    assert fired_on(BELOW, [*hours, again]) == [10]


def test_a_source_is_broken_after_two_readings_not_after_two_looks():
    rule = AlertRule(slug="src", kind="source_broken", needed=2, sightings=2)
    faults: dict[str, object] = {"faults": {"shop-a": "503"}, "tried": {"shop-a": NOW}}
    later: dict[str, object] = {"faults": {"shop-a": "503"}, "tried": {"shop-a": NOW + DAY}}
    assert fired_on(rule, looks(faults, faults, faults, later)) == [3]


ARTICLES = {
    "one article on sale among dear ones": (({"a": 900, "b": 2000, "c": 2100},) * 3, [1]),
    "two articles that are misread once each": (({"a": 900, "b": 2000}, {"a": 2000, "b": 910}, {"a": 2000}), []),
    "a misread article beside one on sale": (({"a": 900, "b": 1500}, {"a": 900, "b": 500}, {"a": 900}), [1]),
    "a sale whose price moves": (({"a": 990}, {"a": 980}, {"a": 985}), [1]),
    "a day without a reading between": (({"a": 900, "b": 1500}, {"b": 1500}, {"a": 900, "b": 1500}), [2]),
    "sold out, and on sale again later": (
        ({"a": 900, "b": 1500},) * 2 + ({"b": 1500},) * 3 + ({"a": 900, "b": 1500},) * 2,
        [1, 6],
    ),
}


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_is_confirmed_by_itself_only(name):
    days, expected = ARTICLES[name]
    assert fired_on(BELOW, shelf(*days)) == expected


def test_the_message_names_the_shop_and_the_price_of_the_article_that_was_confirmed():
    [alert] = preview(BELOW, shelf({"a": 900, "b": 1500}, {"a": 900, "b": 500}))
    assert alert.subject == "RTX 4090 new in US: 900.00 USD"
    assert "at shop" in alert.body
