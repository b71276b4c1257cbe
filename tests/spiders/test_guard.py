"""Private networks stay out of reach, by address, by name, and after a redirect; the user's own hosts do not."""

import json

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from spiders.guard import PublicHostsOnly, is_ip_literal

SHOP = """
[own]
country = "US"
currency = "USD"
condition = "new"
starts = ["{address}/p/1"]
"""


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://10.1.2.3/", "http://192.168.0.1:8080/", "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/", "http://[fd00::1]/", "http://[::ffff:10.0.0.1]/", "http://0.0.0.0/", "http://2130706433/",
        "http://0x7f.1/", "http://127.1/", "http://100.64.0.1/", "ftp://shop.example/", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_in_every_spelling(url) -> None:
    with pytest.raises(IgnoreRequest):
        PublicHostsOnly(()).process_request(Request(url))


@pytest.mark.parametrize("url", ["https://shop.example/", "http://93.184.216.34/", "http://[2606:2800:220:1::1]/"])
def test_public_addresses_pass(url) -> None:
    assert PublicHostsOnly(()).process_request(Request(url)) is None


def test_a_host_of_the_users_own_passes_and_is_not_slowed_down() -> None:
    request = Request("http://10.1.2.3/shop")
    PublicHostsOnly(("10.1.2.3",)).process_request(request)
    assert request.meta["autothrottle_dont_adjust_delay"] is True


@pytest.mark.parametrize(
    ("host", "literal"), [("shop.example", False), ("127.1", True), ("a.0x7f", True), ("::1", True)]
)
def test_addresses_are_told_from_names(host, literal) -> None:
    assert is_ip_literal(host) is literal


@pytest.fixture
def real(home, monkeypatch):
    """An installation whose crawls use the settings of the service, connections included."""
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "spiders.settings")
    return home


def test_a_name_that_leads_inside_is_refused_when_it_is_looked_up(real, replay) -> None:
    real.sources(SHOP.format(address=replay.address.replace("127.0.0.1", "localhost")))
    line = real.crawl("own")["own"]
    assert line["state"] == "private"
    assert "localhost leads to a loopback address" in line["faults"][0]
    assert replay.asked == []


def test_the_users_own_host_is_read_without_pause_and_by_its_robots_txt(
    real, replay, product_page, monkeypatch
) -> None:
    monkeypatch.setenv("GPU_LIMBO_ALLOW_PRIVATE_HOSTS", "127.0.0.1")
    replay.add("robots.txt", "User-agent: *\nAllow: /\n", Content_Type="text/plain")
    replay.add("p/1", product_page())
    code, out, _ = real.run("sources", "add", f"{replay.address}/p/1", "--json")
    assert code == 0
    added = json.loads(out)["entry"]["name"]
    line = real.crawl(added)[added]
    assert (line["state"], line["offers"]) == ("ok", 1)
    assert line["seconds"] < 9


def test_without_a_network_no_source_is_blamed(real) -> None:
    """Names under .invalid never exist, so every look-up fails as it does without a network."""
    toml = "".join(
        f'[shop-{n}]\nstarts = ["https://shop-{n}.invalid/1", "https://shop-{n}.invalid/2"]\n' for n in "abc"
    )
    real.sources(toml)
    code, out, err = real.run("crawl", "shop-a", "shop-b", "shop-c", "--json")
    assert code == 1
    assert "no source can be reached: check the network connection" in err
    faults = [json.loads(line)["faults"] for line in out.splitlines()]
    told = [f"shop-{n}.invalid cannot be found: check its address and your connection" for n in "abc"]
    assert sorted(faults) == [[sentence] for sentence in told]
    _, out, _ = real.run("sources", "list", "--json")
    assert not any(line.get("fault") for line in map(json.loads, out.splitlines()))
