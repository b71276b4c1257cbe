"""Addresses that a channel may not reach, whatever the name resolves to and whoever makes the connection."""

import http.client
import socket
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from monitor.clock import utc_now
from monitor.core.addresses import private_reason
from monitor.errors import DeliveryError
from monitor.notify import ChannelOptions, Message, open_channels
from monitor.notify.guard import BlockedAddress, public_only
from monitor.notify.webhook import new_secret

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "0.0.0.0",
    "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "::", "::1", "fe80::1",
    "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::7f00:1",
    "2002:7f00:1::", "ff02::1", "2001:db8::1", "localhost", "",
]  # fmt: skip
PUBLIC = ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101", "2002:101:101::"]
MESSAGE = Message(id="1", kind="x", subject="s", text="t", created_at=utc_now())


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_named(address: str):
    assert private_reason(address) is not None


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str):
    assert private_reason(address) is None


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=4, network="169.254.0.0/16"))
def test_a_private_address_is_private_in_every_dress(address):
    value = int(address)
    dresses = [str(address), f"::ffff:{address}", f"64:ff9b::{value >> 16:x}:{value & 0xFFFF:x}"]
    assert all(private_reason(dress) for dress in dresses)


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch):
    """Names answer with the addresses given, one after another; the last one stays."""
    real, answers = socket.getaddrinfo, {}

    def lookup(host, port, *args, **kwargs):
        if host in answers:
            address = answers[host].pop(0) if len(answers[host]) > 1 else answers[host][0]
            return real(address, port, *args, **kwargs)
        return real(host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return answers


def standard_library(url: str) -> bytes:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=5)
    connection.request("GET", "/")
    return connection.getresponse().read()


@pytest.mark.parametrize("client", [httpx.get, standard_library], ids=["httpx", "http.client"])
def test_a_name_that_leads_home_is_refused_for_every_client(httpserver: HTTPServer, resolver, client):
    resolver["evil.example"] = ["127.0.0.1"]
    httpserver.expect_request("/").respond_with_data("inside")
    with (
        pytest.raises(BlockedAddress, match=r"evil\.example leads to a loopback address"),
        public_only("evil.example", frozenset()),
    ):
        client(f"http://evil.example:{httpserver.port}/")
    assert httpserver.log == []


def test_a_name_that_changes_its_answer_is_checked_when_it_connects(httpserver: HTTPServer, resolver):
    """DNS rebinding: a public address at the first question, loopback at the second, which makes the connection."""
    resolver["evil.example"] = ["93.184.215.14", "127.0.0.1"]
    assert private_reason(socket.getaddrinfo("evil.example", 80)[0][4][0]) is None
    with pytest.raises(BlockedAddress), public_only("evil.example", frozenset()):
        httpx.get(f"http://evil.example:{httpserver.port}/")


def test_a_redirect_home_is_refused(httpserver: HTTPServer, resolver):
    """The first hop is allowed here by name; where it leads on is checked all the same."""
    with pytest.raises(BlockedAddress), public_only("evil.example", frozenset({"localhost"})):
        httpx.get(httpserver.url_for("/"), follow_redirects=True)


def test_an_allowed_host_is_reached_and_the_guard_ends_with_the_block(httpserver: HTTPServer):
    httpserver.expect_request("/").respond_with_data("inside")
    with public_only("localhost", frozenset({"localhost"})):
        assert httpx.get(httpserver.url_for("/")).text == "inside"
    with pytest.raises(BlockedAddress), public_only("x.example", frozenset()):
        httpx.get(httpserver.url_for("/"))
    assert httpx.get(httpserver.url_for("/")).text == "inside"


def test_a_local_socket_is_refused(tmp_path):
    with pytest.raises(BlockedAddress), public_only("x.example", frozenset()):
        socket.socket(socket.AF_UNIX).connect(str(tmp_path / "docker.sock"))


CHANNELS = {
    "webhook": "webhook+http://evil.example:{port}/x",
    "mail": "mailto://evil.example:{port}?smtp=evil.example&from=a@b.example&to=me@home.example",
    "ntfy": "ntfy://evil.example:{port}/topic",
    "matrix": "matrix://user:token@evil.example:{port}/!room:evil.example",
    "gotify": "gotify://evil.example:{port}/token",
}


@pytest.mark.parametrize("kind", CHANNELS)
def test_no_channel_reaches_a_private_address(httpserver: HTTPServer, resolver, kind: str):
    resolver["evil.example"] = ["127.0.0.1"]
    [channel] = open_channels(
        CHANNELS[kind].format(port=httpserver.port), ChannelOptions(clock=utc_now, webhook_secret=new_secret())
    )
    with pytest.raises(DeliveryError, match="GPU_LIMBO_ALLOW_PRIVATE_HOSTS") as caught:
        channel.send(MESSAGE)
    assert caught.value.permanent
    assert httpserver.log == []
