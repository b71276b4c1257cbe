"""A goal in an address: what a link says is read again as it was written, and nonsense in it is left out."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.goal_links import OFFERED, goal_from, params_of
from monitor.catalog import load_catalog
from monitor.core.models import Condition, Goal, Money

WORKLOADS = load_catalog().workloads

goals = st.builds(
    Goal,
    slug=st.just("asked"),
    title=st.just(""),
    workload=st.sampled_from(sorted(WORKLOADS)),
    conditions=st.lists(st.sampled_from(OFFERED), min_size=1, unique=True).map(tuple),
    region=st.sampled_from(["US", "DE", "JP"]),
    budget=st.none()
    | st.builds(Money, amount=st.decimals(1, 99999, places=2), currency=st.sampled_from(["USD", "EUR"])),
    delay_cost_per_week=st.sampled_from([0.001, 0.005, 0.05]),
    deadline_weeks=st.integers(1, 104),
    min_memory_gb=st.integers(0, 192).map(float),
    cards=st.integers(1, 64),
)


@given(goals)
def test_a_link_reads_back_as_the_goal_it_was_made_from(goal: Goal) -> None:
    read = goal_from(params_of(goal), WORKLOADS, "USD")
    assert read is not None
    assert params_of(read) == params_of(goal)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"work": "<script>alert(1)</script>"},
        {"work": "mine-bitcoin"},
    ],
)
def test_an_address_without_known_work_is_no_goal(params: dict[str, str]) -> None:
    assert goal_from(params, WORKLOADS, "USD") is None


@pytest.mark.parametrize(
    ("params", "field", "expected"),
    [
        ({"budget": "-5"}, "budget", None),
        ({"budget": "NaN"}, "budget", None),
        ({"budget": "1e400"}, "budget", None),
        ({"budget": "900", "currency": "dollars"}, "budget", None),
        ({"budget": "900", "currency": "eur"}, "budget", Money(amount=Decimal(900), currency="EUR")),
        ({"in": "Atlantis"}, "region", "US"),
        ({"in": "uk"}, "region", "GB"),
        ({"in": "de"}, "region", "DE"),
        ({"get": "stolen,used"}, "conditions", (Condition.USED,)),
        ({"weeks": "1000000"}, "deadline_weeks", 26),
        ({"memory": "inf"}, "min_memory_gb", 0.0),
        ({"cards": "0"}, "cards", 1),
        ({"delay": "x"}, "delay_cost_per_week", 0.005),
        ({"delay": "0"}, "delay_cost_per_week", 0.0),
    ],
)
def test_nonsense_in_a_link_is_left_out(params: dict[str, str], field: str, expected: object) -> None:
    goal = goal_from({"work": "lora-8b", **params}, WORKLOADS, "USD")
    assert getattr(goal, field) == expected
