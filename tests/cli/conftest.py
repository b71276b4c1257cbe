"""The command line in tests writes to no terminal: lines are not folded, whatever width their runner has."""

import pytest


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Test runners in several processes set a width; a test of folding sets its own."""
    monkeypatch.delenv("COLUMNS", raising=False)
