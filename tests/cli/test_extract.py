"""`gpu-limbo extract`: what is printed, for files, lists of files and addresses."""

import csv
import gzip
import json
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from monitor.cli import run
from monitor.cli.extract import unpack

PAGE = """<html lang="en-US"><h1>ASUS TUF GeForce RTX 4090 24GB (Renewed)</h1>
<script type="application/ld+json">{"@type":"Product","name":"ASUS TUF GeForce RTX 4090 24GB (Renewed)","offers":
{"price":"1599.00","priceCurrency":"USD","availability":"http://schema.org/InStock","seller":{"name":"Cards"}}}</script>"""


def printed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_an_offer_is_printed_with_the_gpu_it_sells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    assert run(["extract", str(tmp_path / "page.html"), "--url", "https://shop.example/1", "--json"]) == 0
    (page,) = printed(capsys)
    assert set(page) == {"file", "url", "offers", "rejections"}
    (offer,) = page["offers"]  # type: ignore[misc]
    reason = offer.pop("reason")
    assert reason
    assert offer == {
        "title": "ASUS TUF GeForce RTX 4090 24GB (Renewed)",
        "price": "1599.00",
        "currency": "USD",
        "availability": "in_stock",
        "condition": "refurbished",
        "seller": "Cards",
        "url": "https://shop.example/1",
        "gpu": "RTX 4090",
        "quantity": 1,
    }


def test_a_list_of_pages_gives_one_line_each_and_an_unreadable_file_ends_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (tmp_path / "broken.gz").write_bytes(gzip.compress(PAGE.encode())[:50])
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(b"\0" * 30_000_000))
    with (tmp_path / "pages.csv").open("w", newline="") as file:
        csv.writer(file).writerows(
            [
                ["url", "file"],
                ["https://shop.example/1", "a.html.gz"],
                ["", "no-such.html"],
                ["", "broken.gz"],
                ["", "bomb.gz"],
            ]
        )
    assert run(["extract", "--pages", str(tmp_path / "pages.csv"), "--json"]) == 0
    pages = printed(capsys)
    assert [page["file"] for page in pages] == ["a.html.gz", "no-such.html", "broken.gz", "bomb.gz"]
    assert [len(page["offers"]) for page in pages] == [1, 0, 0, 0]  # type: ignore[arg-type]
    reasons = [[entry["reason"] for entry in page["rejections"]] for page in pages]  # type: ignore[attr-defined]
    assert reasons == [[], ["unreadable_file"], ["unreadable_file"], ["too_large"]]


def test_nothing_found_is_exit_1_and_wrong_use_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.html").write_text("<h1>Nothing</h1>")
    (tmp_path / "bad.csv").write_text("name\nx\n")
    assert run(["extract", str(tmp_path / "empty.html"), "--json"]) == 1
    assert run(["extract"]) == 2
    assert run(["extract", "--pages", str(tmp_path / "bad.csv")]) == 2
    assert run(["extract", "--pages", str(tmp_path / "missing.csv")]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_an_address_is_fetched_only_where_it_is_allowed(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    httpserver.expect_request("/p").respond_with_data(PAGE, content_type="text/html; charset=utf-8")
    httpserver.expect_request("/away").respond_with_data("", status=302, headers={"Location": "file:///etc/passwd"})
    httpserver.expect_request("/wall").respond_with_data("no", status=403)
    assert run(["extract", httpserver.url_for("/p"), "--json"]) == 1
    assert printed(capsys)[0]["rejections"][0]["reason"] == "unsafe_address"  # type: ignore[index]
    monkeypatch.setenv("GPU_LIMBO_ALLOW_PRIVATE_HOSTS", httpserver.host)
    assert run(["extract", httpserver.url_for("/p"), "--json"]) == 0
    assert printed(capsys)[0]["offers"][0]["price"] == "1599.00"  # type: ignore[index]
    assert run(["extract", httpserver.url_for("/away"), httpserver.url_for("/wall"), "--json"]) == 1
    reasons = [page["rejections"][0]["reason"] for page in printed(capsys)]  # type: ignore[index]
    assert reasons == ["unsafe_address", "blocked"]


def test_unpacking_stops_behind_the_limit() -> None:
    assert len(unpack(gzip.compress(b"a" * 5000), limit=1000)) == 1001
    assert unpack(gzip.compress(b"a") + gzip.compress(b"b")) == b"ab"


def test_text_output_never_passes_control_characters_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "page.html").write_text(PAGE.replace("ASUS", "\x1b[31mASUS\u202e"), encoding="utf-8")
    assert run(["extract", str(tmp_path / "page.html")]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
