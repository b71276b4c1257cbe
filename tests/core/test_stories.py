"""One event told by several feeds has one key; different events never share one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.models import NewsEvent
from monitor.core.stories import same_story, with_story_keys

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def news(
    title: str, event: str = "launch", gpus: tuple[str, ...] = ("RTX 5080 Super",), **changes: object
) -> NewsEvent:
    values: dict[str, object] = {
        "title": title, "event": event, "gpus": gpus, "expected_date": "", "effect": "none", "source": "feed-a",
        "url": f"https://n.example/{title}", "published_at": NOW,
    }  # fmt: skip
    return NewsEvent(**{**values, **changes})  # type: ignore[arg-type]


LAUNCH = news("Nvidia launches the GeForce RTX 5080 Super")

TOGETHER = [
    (LAUNCH, news("RTX 5080 Super now available at $999", source="feed-b")),
    (LAUNCH, news("GeForce RTX 5080 Super ab sofort im Handel", source="feed-c", published_at=NOW + timedelta(days=2))),
    (LAUNCH, replace(LAUNCH, title="⭐ Nvidia launches the GeForce RTX 5080 Super", source="copy", url="")),
    (
        news("Leak: RTX 6090 gets 48 GB of memory", "rumour", ("RTX 6090",)),
        news("RTX 6090 gets 48 GB of memory, says leak", "rumour", ("RTX 6090",)),
    ),
    (news("显卡涨价：RTX 5090 突破三万元", "price_rise", ()), news("RTX 5090 显卡涨价突破三万元", "price_rise", ())),
]
TOGETHER.append(
    (
        news("AMD unveils RX 9090 and RX 9080", "announcement", ("RX 9090", "RX 9080")),
        news("RX 9090 vorgestellt", "announcement", ("RX 9090",)),
    )
)
APART = [
    (LAUNCH, news("Nvidia launches the GeForce RTX 5070 Super", gpus=("RTX 5070 Super",))),
    (LAUNCH, news("RTX 5080 Super now available", published_at=NOW + timedelta(days=5))),
    (LAUNCH, news("RTX 5080 Super gets its first price cut", "price_cut")),
    (
        news("Leak: RTX 6090 gets 48 GB of memory", "rumour", ("RTX 6090",)),
        news("The next flagship is said to cost 2,500 dollars", "rumour", ("RTX 6090",)),
    ),
    (news("GPU prices rise in May", "price_rise", ()), news("Samsung lifts memory prices again", "price_rise", ())),
]


@pytest.mark.parametrize(("one", "other"), TOGETHER)
def test_one_event_has_one_key(one: NewsEvent, other: NewsEvent) -> None:
    assert same_story(one, other)
    assert len({event.key for event in with_story_keys([one, other])}) == 1


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_events_have_two_keys(one: NewsEvent, other: NewsEvent) -> None:
    assert not same_story(one, other)
    assert len({event.key for event in with_story_keys([one, other])}) == 2


def test_a_stored_event_lends_its_key() -> None:
    (stored,) = with_story_keys([LAUNCH])
    (later,) = with_story_keys([news("RTX 5080 Super now available", source="feed-b")], [stored])
    assert later.key == stored.key != ""


def test_order_and_everything_else_stay() -> None:
    given = [one for pair in APART for one in pair]
    assert [replace(event, key="") for event in with_story_keys(given)] == given
