"""Words made of values."""

import pytest

from dashboard.wording import run_detail


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"sources": 110, "new": 0, "failed": ["newegg", "heise"]}, "110 sources, 2 could not be read, 0 new"),
        ({"sources": 1, "new": 7, "failed": []}, "1 source, 7 new"),
        ({"signals": 173, "flips": 26, "alerts": 0}, "173 calls, 26 changed, 0 alerts"),
        ({"sent": 2, "failed": 0, "dead": 1}, "2 sent, 1 given up"),
        ({"thinned": 0}, ""),
        ({}, ""),
    ],
)
def test_a_run_says_what_it_did(counts: dict[str, object], said: str) -> None:
    assert run_detail(counts) == said
