"""When a source counts as broken, and how long one that refuses us is left alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.source_memory import (
    CrawlFacts,
    SourceMemory,
    lost_markup,
    memory_from_json,
    memory_to_json,
    remember,
)

NOW = datetime(2026, 11, 1, tzinfo=UTC)
GOOD = CrawlFacts(state="ok", readings=40, syntaxes=("jsonld",), compared=20, agreed=19)
EMPTY = CrawlFacts(state="empty")
REFUSED = CrawlFacts(state="blocked", why="https://a.example answered 403")


def after(*crawls: CrawlFacts) -> tuple[SourceMemory, list[str]]:
    """The memory after some crawls, and the fault of each."""
    memory, faults = SourceMemory(), []
    for crawl in crawls:
        memory, fault = remember(memory, crawl, NOW)
        faults.append(fault)
    return memory, faults


@pytest.mark.parametrize(
    ("crawls", "faulty"),
    [
        ([GOOD, GOOD], [False, False]),
        ([GOOD, EMPTY], [False, True]),  # it read well before
        ([EMPTY, EMPTY], [False, True]),  # it never did: two crawls
        ([GOOD, replace(EMPTY, rejections=30), replace(EMPTY, rejections=30)], [False, False, True]),
        ([GOOD, replace(GOOD, readings=5), replace(GOOD, readings=4)], [False, False, True]),
        ([GOOD, replace(GOOD, readings=20), replace(GOOD, readings=20)], [False, False, False]),
        ([GOOD, REFUSED], [False, True]),
        ([replace(GOOD, burst="9 of 10 prices moved")], [True]),
        ([replace(EMPTY, kind="feed")] * 3, [False, False, False]),  # nothing new for us
        ([replace(EMPTY, kind="feed", state="failed", why="no feed")], [True]),
        ([EMPTY, EMPTY, GOOD], [False, True, False]),
    ],
)
def test_a_broken_source_is_flagged_within_two_crawls(crawls, faulty) -> None:
    assert [bool(fault) for fault in after(*crawls)[1]] == faulty


def test_the_fault_says_what_happened() -> None:
    assert after(REFUSED)[1] == ["refused: https://a.example answered 403"]
    assert after(GOOD, EMPTY)[1][1] == "markup lost: nothing read where it was 40"
    assert "usually has 40" in after(GOOD, replace(GOOD, readings=5), replace(GOOD, readings=5))[1][2]


def test_a_refusal_holds_for_a_day_then_for_a_week_and_ends_with_a_good_crawl() -> None:
    assert after(REFUSED)[0].left_alone_until == NOW + timedelta(days=1)
    assert after(REFUSED, REFUSED)[0].left_alone_until == NOW + timedelta(days=7)
    assert after(REFUSED, REFUSED, REFUSED)[0].left_alone_until == NOW + timedelta(days=7)
    assert after(REFUSED, GOOD)[0].left_alone_until is None


def test_a_source_is_scored_by_what_others_confirm_and_how_often_it_breaks() -> None:
    memory, _ = after(GOOD, GOOD)
    assert memory.confirmed_share == pytest.approx(0.95)
    assert memory.broken_share == 0
    assert after(GOOD, EMPTY)[0].broken_share == pytest.approx(1 / 1.9)
    assert SourceMemory().confirmed_share is None


def test_lost_markup_names_the_syntax() -> None:
    memory, _ = after(GOOD)
    assert lost_markup(memory, ("visible",), 38) == "markup lost: no jsonld any more"
    assert lost_markup(memory, ("jsonld", "visible"), 38) == ""
    several = replace(memory, syntaxes=("jsonld", "visible"))  # on different pages, of which one is checked
    assert lost_markup(several, ("visible",), 1) == ""
    assert lost_markup(several, ("listing",), 9) == "markup lost: no jsonld, visible any more"
    assert lost_markup(SourceMemory(), (), 0) == ""


FACTS = st.builds(
    CrawlFacts,
    state=st.sampled_from(["ok", "empty", "partly", "failed", "blocked", "robots"]),
    readings=st.integers(0, 500),
    rejections=st.integers(0, 500),
    syntaxes=st.tuples(st.sampled_from(["jsonld", "visible"])),
)


@given(st.lists(FACTS, max_size=12))
def test_a_memory_survives_its_storing_and_its_shares_stay_shares(crawls) -> None:
    memory, _ = after(*crawls)
    assert memory_from_json(memory_to_json(memory)) == memory
    assert memory.broken_share is None or 0 <= memory.broken_share <= 1
