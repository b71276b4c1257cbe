"""The dead man's switch against a real server."""

import pytest
from pytest_httpserver import HTTPServer

from monitor.errors import DeliveryError, SettingsError
from monitor.notify.ping import ping

ALLOWED = frozenset({"localhost"})


@pytest.mark.parametrize(("well", "path"), [(True, "/ping/uuid"), (False, "/ping/uuid/fail")])
def test_it_says_well_or_not(httpserver: HTTPServer, well: bool, path: str):
    httpserver.expect_request(path, method="GET").respond_with_data("OK")
    ping(httpserver.url_for("/ping/uuid"), well=well, allowed=ALLOWED)
    assert [request.path for request, _ in httpserver.log] == [path]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_an_answer_that_is_no_yes_is_said_without_the_secret_address(httpserver: HTTPServer, status: int):
    httpserver.expect_request("/ping/uuid").respond_with_data("", status=status, headers={"location": "/other"})
    with pytest.raises(DeliveryError, match=f"answered {status}") as caught:
        ping(httpserver.url_for("/ping/uuid"), well=True, allowed=ALLOWED)
    assert "uuid" not in str(caught.value)
    assert len(httpserver.log) == 1


def test_it_reaches_no_private_address_unless_that_is_allowed(httpserver: HTTPServer):
    with pytest.raises(DeliveryError, match="ALLOW_PRIVATE_HOSTS"):
        ping(httpserver.url_for("/ping/uuid"), well=True, allowed=frozenset())
    assert httpserver.log == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x.example/", "https://", "nonsense"])
def test_an_address_that_is_none_is_refused(url: str):
    with pytest.raises(SettingsError, match="GPU_LIMBO_PING_URL"):
        ping(url, well=True, allowed=ALLOWED)
