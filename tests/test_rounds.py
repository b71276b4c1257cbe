"""What the jobs of the service tell the dead man's switch."""

from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from monitor.errors import StoreError
from monitor.jobs.rounds import Rounds
from monitor.settings import Settings
from monitor.store.engine import open_store


def asked(httpserver: HTTPServer) -> list[str]:
    return [request.path for request, _ in httpserver.log]


def test_the_switch_hears_of_each_good_round_and_of_a_bad_one(httpserver: HTTPServer, tmp_path: Path):
    httpserver.expect_request("/ping").respond_with_data("OK")
    httpserver.expect_request("/ping/fail").respond_with_data("OK")
    settings = Settings(home=tmp_path, ping_url=httpserver.url_for("/ping"), allow_private_hosts="localhost")
    engine = open_store(settings.database)
    rounds = Rounds(engine, settings)
    rounds.update()
    assert asked(httpserver) == ["/ping"]
    (tmp_path / "gpu-limbo.db").rename(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="is gone"):
        rounds.update()
    assert asked(httpserver) == ["/ping", "/ping/fail"]
    (tmp_path / "elsewhere").rename(tmp_path / "gpu-limbo.db")
    rounds.update()
    assert asked(httpserver)[-1] == "/ping"
    engine.dispose()


def test_a_switch_that_does_not_answer_stops_no_round(httpserver: HTTPServer, tmp_path: Path):
    httpserver.expect_request("/ping").respond_with_data("no", status=503)
    settings = Settings(home=tmp_path, ping_url=httpserver.url_for("/ping"), allow_private_hosts="localhost")
    engine = open_store(settings.database)
    assert "signals" in Rounds(engine, settings).update()
    assert asked(httpserver) == ["/ping"]
    engine.dispose()
