"""Politeness, asserted: Scrapy's defaults are the opposite of most of these lines."""

import importlib

import pytest
from scrapy.extensions.httpcache import RFC2616Policy
from scrapy.utils.misc import load_object


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch):
    """The spiders' settings as an installation with a contact address reads them."""
    monkeypatch.setenv("GPU_LIMBO_CONTACT", "owner@limbo.example")
    monkeypatch.setenv("GPU_LIMBO_ALLOW_PRIVATE_HOSTS", "nas.local")
    import spiders.settings

    yield importlib.reload(spiders.settings)
    monkeypatch.undo()
    importlib.reload(spiders.settings)


def test_robots_txt_is_obeyed_and_refusals_count_as_no(settings) -> None:
    assert settings.ROBOTSTXT_OBEY is True
    assert settings.DOWNLOADER_MIDDLEWARES["spiders.guard.CarefulRobots"] == 100
    assert settings.DOWNLOADER_MIDDLEWARES["scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware"] is None


def test_one_request_at_a_time_for_each_host_and_at_least_ten_seconds_between(settings) -> None:
    assert settings.CONCURRENT_REQUESTS_PER_DOMAIN == 1
    assert settings.DOWNLOAD_DELAY >= 10
    assert settings.AUTOTHROTTLE_ENABLED is True
    assert settings.AUTOTHROTTLE_TARGET_CONCURRENCY == 1.0


def test_a_page_may_have_five_megabytes_and_no_more(settings) -> None:
    assert settings.DOWNLOAD_MAXSIZE == 5 * 1024 * 1024


def test_unchanged_pages_are_asked_for_with_validators(settings) -> None:
    assert settings.HTTPCACHE_ENABLED is True
    assert issubclass(load_object(settings.HTTPCACHE_POLICY), RFC2616Policy)
    assert {403, 429, 503} <= set(settings.HTTPCACHE_IGNORE_HTTP_CODES)


def test_the_user_agent_says_who_we_are_and_whom_to_write_to(settings) -> None:
    assert settings.USER_AGENT.startswith("gpu-limbo/")
    assert "owner@limbo.example" in settings.USER_AGENT
    assert "Mozilla" not in settings.USER_AGENT


def test_only_the_hosts_that_the_user_owns_are_asked_without_pause(settings) -> None:
    assert list(settings.DOWNLOAD_SLOTS) == ["nas.local"]


def test_hosts_that_refuse_are_not_tried_again(settings) -> None:
    assert not {403, 429, 503} & set(settings.RETRY_HTTP_CODES)
