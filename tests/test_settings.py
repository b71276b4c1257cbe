"""What the environment may say."""

import pytest

from monitor.errors import SettingsError
from monitor.settings import load_settings


def test_a_country_may_be_written_as_people_do(monkeypatch):
    monkeypatch.setenv("GPU_LIMBO_REGION", "uk")
    assert load_settings().region == "GB"


def test_what_is_no_country_is_told_with_the_name_of_the_setting(monkeypatch):
    monkeypatch.setenv("GPU_LIMBO_REGION", "Atlantis")
    with pytest.raises(SettingsError, match="GPU_LIMBO_REGION"):
        load_settings()
